"""Every public address on one screen."""

from django.urls import path, register_converter
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from clusters.api import views as api
from clusters.compare.kinds import KINDS
from clusters.directory.registry import DIRECTORIES
from clusters.views import (
    as_of,
    calendars,
    changes,
    compare,
    corrections,
    detail,
    directory,
    locate,
    match,
    month,
    pages,
    search,
    sitemaps,
)
from clusters.views.caching import DAILY, EVERY_MINUTE, cacheable
from clusters.views.embedding import frameable


class RecordSlugConverter:
    """The last part of a record's address; anything else is not an address of ours."""

    regex = "[a-z0-9]+(?:[-_][a-z0-9]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ReferenceConverter(RecordSlugConverter):
    """The reference of a proposal, as its sender got it."""

    regex = "[2-9B-Z]{4}-[2-9B-Z]{4}"


register_converter(RecordSlugConverter, "record")
register_converter(ReferenceConverter, "reference")

# Pages with deadlines change by the minute, those with dates by the day, the others with the data only.
public = [
    path("", cacheable(pages.home, EVERY_MINUTE), name="home"),
    path("about/", cacheable(pages.about, DAILY), name="about"),
    path("api/", cacheable(api.page, DAILY), name="api"),
    path("api/openapi.json", cacheable(api.openapi, DAILY), name="api.openapi"),
    path("search/", cacheable(search.page, EVERY_MINUTE), name="search"),
    path("search/suggest.json", cacheable(search.suggest), name="suggest"),
    path("programs.ics", cacheable(calendars.programs, EVERY_MINUTE), name="programs.ics"),
    path("programs/match/", cacheable(match.page, EVERY_MINUTE), name="match"),
    path("programs/match.json", cacheable(match.json, EVERY_MINUTE), name="match.json"),
    path("programs/calendar/", cacheable(month.page, EVERY_MINUTE), name="programs/calendar"),
    path("locate/", cacheable(locate.page, EVERY_MINUTE), name="locate"),
    path("locate.csv", cacheable(locate.csv, EVERY_MINUTE), name="locate.csv"),
    path("locate.json", cacheable(locate.json, EVERY_MINUTE), name="locate.json"),
    path("changes/", cacheable(changes.page), name="changes"),
    path("changes.atom", cacheable(changes.atom), name="changes.atom"),
    path("changes.json", cacheable(changes.json), name="changes.json"),
    path("components/", pages.components, name="components"),
    path("districts/<record:slug>/", as_of.profile(detail.district, EVERY_MINUTE), name="district"),
    path("companies/<record:slug>/", as_of.profile(detail.company, DAILY), name="company"),
    path("institutions/<record:slug>/", as_of.profile(detail.institution, EVERY_MINUTE), name="institution"),
    path("programs/<record:slug>/", as_of.profile(detail.program, EVERY_MINUTE), name="program"),
    path("sources/<record:slug>/", cacheable(detail.source, DAILY), name="source"),
    path("corrections/new/", corrections.new, name="correction"),
    path("corrections/thanks/<reference:reference>/", corrections.thanks, name="correction-thanks"),
]
for kind in KINDS:
    address = "compare" if kind.route == "compare" else f"compare/{kind.name}"
    given = {"name": kind.name}
    public += [
        path(f"{address}/", frameable(as_of.page(compare.page, EVERY_MINUTE)), given, name=kind.route),
        path(f"{address}.csv", as_of.file(compare.csv, EVERY_MINUTE), given, name=f"{kind.route}.csv"),
        path(f"{address}.json", as_of.file(compare.json, EVERY_MINUTE), given, name=f"{kind.route}.json"),
        path(f"{address}.svg", as_of.file(compare.svg, EVERY_MINUTE), given, name=f"{kind.route}.svg"),
    ]
CLOCKS = {"programs": EVERY_MINUTE, "events": DAILY}
for entry in DIRECTORIES:
    for suffix, view in (
        ("", directory.page),
        (".csv", directory.csv),
        (".xlsx", directory.xlsx),
        (".json", directory.json),
        (".ndjson", directory.ndjson),
        (".atom", directory.atom),
    ):
        address = f"{entry.name}{suffix or '/'}"
        public.append(
            path(
                address,
                cacheable(view, CLOCKS.get(entry.name)),
                {"name": entry.name},
                name=entry.name + suffix,
            )
        )

languageless = [
    path("healthz", pages.healthz, name="healthz"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon),
    path("sitemap.xml", cacheable(sitemaps.sitemap), name="sitemap"),
    path("sitemap-<slug:kind>-<int:number>.xml", cacheable(sitemaps.sitemap_of), name="sitemap-of"),
]

for one in (*public, *languageless):
    if one.name != "correction":  # which takes a form
        # Where nothing is sent, what is sent is no forgery but the wrong method.
        one.callback = csrf_exempt(require_safe(one.callback))
