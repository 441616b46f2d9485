"""The sitemap: every public page in both languages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from clusters.directory.registry import DIRECTORIES
from clusters.models import Company, District, Institution, Program, Source


class InBothLanguages(Sitemap):
    """Addresses as the pages themselves give them, whatever name the site was asked by."""

    i18n = True
    alternates = True

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class Pages(InBothLanguages):
    def items(self) -> list[str]:
        return ["home", *(entry.name for entry in DIRECTORIES), "compare", "locate", "match", "about"]

    def location(self, item: str) -> str:
        return reverse(item)


class Records(InBothLanguages):
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
