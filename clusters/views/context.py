"""What every template may use: the site's address, the page in the other language, numbered references."""

from collections.abc import Callable, Sequence
from urllib.parse import quote

from django.conf import settings
from django.db.models import Count, Max, Value
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import pgettext_lazy

from clusters.models import Call, Company, District, Institution, Source, version

from .address import language_of, query_of


class References:
    """The sources of one page, numbered in the order in which it cites them; and its figures and tables."""

    def __init__(self) -> None:
        self.sources: dict[int, tuple[int, Source]] = {}
        self.counts: dict[str, int] = {}

    def number(self, source: Source) -> int:
        return self.sources.setdefault(source.pk, (len(self.sources) + 1, source))[0]

    def cite(self, sources: Sequence[Source], draw: Callable[[dict[int, int]], str]) -> str:
        """What `draw` makes of the sources' numbers."""
        return draw({source.pk: self.number(source) for source in sources})

    def count(self, kind: str, draw: Callable[[int], str]) -> str:
        """What `draw` makes of the number of the next figure or table."""
        self.counts[kind] = number = self.counts.get(kind, 0) + 1
        return draw(number)

    def __iter__(self):
        return (source for _, source in self.sources.values())

    def __len__(self) -> int:
        return len(self.sources)


_edition: tuple[int, dict] = (0, {})  # the last one, with the version of the data it speaks of


def edition(data_version: int | None) -> dict:
    """How much the directory holds and when it last changed; read once per version of the data."""
    global _edition
    if data_version is None:
        data_version = version.current()
    known, found = _edition
    if not data_version or known != data_version:
        found = _read_edition()
        _edition = (data_version, found)
    return found


def _read_edition() -> dict:
    """In one query."""
    parts = [
        model.objects.published()
        .order_by()
        .values(of=Value(name))
        .annotate(number=Count("pk"), when=Max("updated_at"))
        .values_list("of", "number", "when")
        for name, model in (
            ("districts", District),
            ("companies", Company),
            ("institutions", Institution),
            ("calls", Call),
            ("sources", Source),
        )
    ]
    rows = list(parts[0].union(*parts[1:], all=True))
    changed = [when for _, _, when in rows if when]
    return {**{name: count for name, count, _ in rows}, "changed": max(changed) if changed else None}


def addresses(path: str, query: str = "") -> dict[str, str]:
    """The same page in both languages."""
    bare = path[3:] if language_of(path) == "en" else path
    # One slash at the beginning: with two the link would lead to another site.
    bare = "/" + escape_uri_path(bare).lstrip("/")
    tail = f"?{query}" if query else ""
    return {"ko": bare + tail, "en": "/en" + bare + tail}


def menu(path: str) -> list[dict]:
    """The main menu, with the entry of the current page marked."""
    entries = [
        ("districts", pgettext_lazy("menu", "Districts")),
        ("companies", pgettext_lazy("menu", "Companies")),
        ("institutions", pgettext_lazy("menu", "Institutions")),
        ("programs", pgettext_lazy("menu", "Programs")),
        ("events", pgettext_lazy("menu", "Events")),
        ("compare", pgettext_lazy("menu", "Compare")),
        ("locate", pgettext_lazy("menu", "Locate")),
        ("search", pgettext_lazy("menu", "Search")),
    ]
    found = []
    for name, label in entries:
        url = reverse(name)
        current = "page" if path == url else "true" if path.startswith(url) else ""
        found.append({"url": url, "label": label, "current": current})
    return found


def section(path: str) -> str:
    """What the menu marks: the part of the site that a page belongs to, and whether it is its front page."""
    parts = [part for part in path.split("/") if part]
    parts = parts[1:] if parts[:1] == ["en"] else parts
    return f"{parts[0]}{'/' * (len(parts) > 1)}" if parts else ""


def site(request) -> dict:
    query = quote(query_of(request), safe="!$&'()*+,-./:;=?@_~%")
    here, bare = addresses(request.path, query), addresses(request.path)
    return {
        "site_url": settings.SITE_URL,
        "language": language_of(request.path),
        "here": here,
        "canonical": settings.SITE_URL + bare[language_of(request.path)],
        "alternates": {language: settings.SITE_URL + address for language, address in bare.items()},
        "data_version": getattr(request, "data_version", 0),
        "earlier": getattr(request, "past", None),
        "section": section(request.path),
        "menu": SimpleLazyObject(lambda: menu(request.path)),
        "refs": References(),
        "edition": SimpleLazyObject(lambda: edition(getattr(request, "data_version", None))),
    }
