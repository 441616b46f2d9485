"""The sitemap: every public page in both languages, in one file while it is short, else in files by kind."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from clusters.compare import kinds as comparisons
from clusters.directory.registry import DIRECTORIES
from clusters.models import Company, District, Institution, Program, Source

# sitemaps.org allows 50,000 addresses and 50 MB to a file; here a record has two, with a link to each other.
MOST_IN_ONE = 2_500
MOST_IN_A_FILE = 10_000
MOST_FILES = 50_000  # of one index, by the same rules

KINDS = {model.__name__.lower(): model for model in (District, Company, Institution, Program, Source)}
PAGES = (
    "home",
    *(entry.name for entry in DIRECTORIES),
    *(kind.route for kind in comparisons.KINDS),
    "locate",
    "match",
    "programs/calendar",
    "changes",
    "about",
    "api",
)
_SLUG = "any-slug"


class Entry(NamedTuple):
    """A page by its path in each language, and when it changed."""

    paths: dict[str, str]
    changed: datetime | None = None


@require_safe
def sitemap(request):
    sizes = {kind: model.objects.published().count() for kind, model in KINDS.items()}
    if sum(sizes.values()) <= MOST_IN_ONE:
        return _file([*_pages(), *(entry for kind in KINDS for entry in _records(kind, 1))])
    files = [reverse("sitemap-of", args=["pages", 1])]
    for kind, size in sizes.items():
        files += [
            reverse("sitemap-of", args=[kind, 1 + place]) for place in range(-(-size // MOST_IN_A_FILE))
        ]
    listed = "".join(f"<sitemap><loc>{_whole(path)}</loc></sitemap>\n" for path in files)
    return _answer("sitemapindex", "", listed)


@require_safe
def sitemap_of(request, kind: str, number: int):
    if kind == "pages" and number == 1:
        return _file(_pages())
    entries = list(_records(kind, number)) if kind in KINDS and 1 <= number <= MOST_FILES else []
    if not entries:
        raise Http404
    return _file(entries)


def _pages() -> Iterator[Entry]:
    return (Entry(_paths(name)) for name in PAGES)


def _records(kind: str, number: int) -> Iterator[Entry]:
    published = KINDS[kind].objects.published().order_by("slug").values_list("slug", "updated_at")
    patterns = _paths(kind, _SLUG)
    first = (number - 1) * MOST_IN_A_FILE
    for slug, changed in published[first : first + MOST_IN_A_FILE]:
        yield Entry({code: path.replace(_SLUG, slug) for code, path in patterns.items()}, changed)


def _paths(name: str, *slug: str) -> dict[str, str]:
    paths = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            paths[code] = reverse(name, args=slug)
    return paths


def _file(entries: Iterable[Entry]) -> HttpResponse:
    return _answer("urlset", ' xmlns:xhtml="http://www.w3.org/1999/xhtml"', "".join(map(_entry, entries)))


def _entry(entry: Entry) -> str:
    """Each language is an address of its own and names all of them, as search engines ask."""
    addresses = {code: _whole(path) for code, path in entry.paths.items()}
    changed = f"<lastmod>{entry.changed:%Y-%m-%d}</lastmod>" if entry.changed else ""
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>'
        for code, address in addresses.items()
    )
    return "".join(f"<url><loc>{address}</loc>{changed}{others}</url>\n" for address in addresses.values())


def _whole(path: str) -> str:
    """The address as the pages themselves give it, whatever name the site was asked by."""
    return escape(settings.SITE_URL + path)


def _answer(root: str, more: str, body: str) -> HttpResponse:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{more}>\n{body}</{root}>\n'
    )
    response = HttpResponse(text, content_type="application/xml")
    response["X-Robots-Tag"] = "noindex"
    return response
