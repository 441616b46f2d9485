"""Every public address on one screen."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from clusters.directory.registry import DIRECTORIES
from clusters.views import compare, detail, directory, pages, search
from clusters.views.sitemaps import SITEMAPS


class RecordSlugConverter:
    """The last part of a record's address; anything else is not an address of ours."""

    regex = "[a-z0-9]+(?:[-_][a-z0-9]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RecordSlugConverter, "record")

public = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("search/", search.page, name="search"),
    path("search/suggest.json", search.suggest, name="suggest"),
    path("compare/", compare.page, name="compare"),
    path("compare.csv", compare.csv, name="compare.csv"),
    path("compare.json", compare.json, name="compare.json"),
    path("components/", pages.components, name="components"),
    path("districts/<record:slug>/", detail.district, name="district"),
    path("companies/<record:slug>/", detail.company, name="company"),
    path("institutions/<record:slug>/", detail.institution, name="institution"),
    path("programs/<record:slug>/", detail.program, name="program"),
    path("sources/<record:slug>/", detail.source, name="source"),
]
for entry in DIRECTORIES:
    public += [
        path(f"{entry.name}/", directory.page, {"name": entry.name}, name=entry.name),
        path(f"{entry.name}.csv", directory.csv, {"name": entry.name}, name=f"{entry.name}.csv"),
        path(f"{entry.name}.json", directory.json, {"name": entry.name}, name=f"{entry.name}.json"),
    ]

languageless = [
    path("healthz", pages.healthz, name="healthz"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
]
