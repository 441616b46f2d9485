"""The sitemap: every public page in both languages."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from clusters.directory.registry import DIRECTORIES
from clusters.models import Company, District, Institution, Program, Source


class Pages(Sitemap):
    i18n = True
    alternates = True

    def items(self) -> list[str]:
        return ["home", *(entry.name for entry in DIRECTORIES), "compare", "about"]

    def location(self, item: str) -> str:
        return reverse(item)


class Records(Sitemap):
    i18n = True
    alternates = True
    limit = 5000

    def __init__(self, model) -> None:
        self.model = model

    def items(self):
        return self.model.objects.published().only("slug", "updated_at").order_by("slug")

    def lastmod(self, item):
        return item.updated_at


SITEMAPS = {
    "pages": Pages,
    **{model.__name__.lower(): Records(model) for model in (District, Company, Institution, Program, Source)},
}
