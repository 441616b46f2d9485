"""Owns the list of every public address: what the tests of the whole house visit."""

from types import SimpleNamespace

from django.urls import reverse
from django.utils import translation

from clusters.compare.kinds import KINDS
from clusters.directory.registry import DIRECTORIES
from clusters.models import Company, District, Institution, Program, Source

LANGUAGES = ("ko", "en")
PROFILES = {
    "district": District,
    "company": Company,
    "institution": Institution,
    "program": Program,
    "source": Source,
}
FORMATS = ("", ".csv", ".json")
COMPARED = (".csv", ".json", ".svg")  # files of a comparison
LIST_FORMATS = (*FORMATS, ".atom")


def both(name: str, *args: str, query: str = "") -> list[str]:
    """The addresses of one page in both languages."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(reverse(name, args=args) + (f"?{query}" if query else ""))
    return found


def lists(suffix: str = "", query: str = "") -> list[str]:
    return [address for entry in DIRECTORIES for address in both(entry.name + suffix, query=query)]


def profiles(world: SimpleNamespace) -> list[str]:
    """The profiles of the world's main records."""
    return [address for kind in PROFILES for address in both(kind, getattr(world, kind).slug)]


def all_profiles() -> list[str]:
    """The profile of every published record."""
    return [
        address
        for kind, model in PROFILES.items()
        for record in model.objects.published()
        for address in both(kind, record.slug)
    ]


def comparison(slugs: list[str], suffix: str = "") -> list[str]:
    return both(f"compare{suffix}", query="&".join(f"d={slug}" for slug in slugs))


def side_by_side(suffix: str = "", of_each: int = 3) -> list[str]:
    """Comparisons of the first records of every other kind, three at a time: the main records of a world come first."""
    found = []
    for kind in KINDS[1:]:
        slugs = list(kind.public().order_by("pk").values_list("slug", flat=True)[:of_each])
        for place in range(0, len(slugs), 3):
            query = "&".join(f"{kind.parameter}={slug}" for slug in slugs[:1] + slugs[place + 1 : place + 3])
            if "&" in query:
                found += both(f"{kind.route}{suffix}", query=query)
    return found


def pages_to_find() -> list[str]:
    """What search engines may list beside lists and profiles."""
    routes = (kind.route for kind in KINDS)
    names = ("home", "about", "api", *routes, "locate", "match", "programs/calendar", "changes")
    return [address for name in names for address in both(name)]


def simple_pages() -> list[str]:
    return [*pages_to_find(), *both("search"), *both("correction")]


def pages(world: SimpleNamespace, slugs: list[str]) -> list[str]:
    """Every kind of page once, in both languages; `slugs` are the districts to compare."""
    return [
        *simple_pages(),
        *lists(),
        *profiles(world),
        *comparison(slugs),
        *side_by_side(),
        *both("locate", query="who=research&d=main-district"),
        *both("search", query="q=1"),
        *both("match", query="form=corporation&founded=2020&province=seoul"),
        *both("correction", query="about=company:main-company"),
        *both("companies", query="district=main-district&q=1&sort=-name"),
    ]


def files(slugs: list[str]) -> list[str]:
    return [
        *(address for suffix in (".csv", ".json", ".atom") for address in lists(suffix)),
        *(address for suffix in COMPARED for address in comparison(slugs, suffix)),
        *(address for suffix in COMPARED for address in side_by_side(suffix)),
        *both("programs.ics"),
        *(address for suffix in (".csv", ".json") for address in both(f"locate{suffix}")),
        *(address for suffix in (".json", ".atom") for address in both(f"changes{suffix}")),
        reverse("sitemap"),
        reverse("robots"),
        reverse("healthz"),
    ]
