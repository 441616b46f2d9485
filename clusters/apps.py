"""Wiring: the app itself, what its index listens to, and the admin site it brings."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ClustersConfig(AppConfig):
    name = "clusters"
    verbose_name = _("Directory")

    def ready(self) -> None:
        from clusters.directory.registry import DIRECTORIES
        from clusters.search import declare, events

        for directory in DIRECTORIES:
            declare(directory.model, directory.search)
        events.connect(self)


class SiteAdminConfig(AdminConfig):
    default_site = "clusters.admin.site.CuratorSite"

    def ready(self) -> None:
        super().ready()
        import_module("clusters.admin.records")
