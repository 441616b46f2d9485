"""Wiring: the app itself, what its index listens to, and the admin site it brings."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ClustersConfig(AppConfig):
    name = "clusters"
    verbose_name = _("Directory")

    def ready(self) -> None:
        self._let_connections_be_prepared()
        self._let_writes_move_the_data_version()
        self._let_the_index_follow_writes()

    def _let_connections_be_prepared(self) -> None:
        from django.db.backends.signals import connection_created

        from clusters.models import statistics

        connection_created.connect(statistics.compile_nothing)

    def _let_the_index_follow_writes(self) -> None:
        from clusters.directory.registry import DIRECTORIES
        from clusters.search import declare, events

        for directory in DIRECTORIES:
            declare(directory.model, directory.search)
        events.connect(self)

    def _let_writes_move_the_data_version(self) -> None:
        from django.db.models import signals

        from clusters.models import version
        from clusters.models.base import NaturalKey

        for model in self.get_models():
            if issubclass(model, NaturalKey):
                signals.pre_save.connect(version.saving, sender=model)
                signals.post_save.connect(version.written, sender=model)
                signals.post_delete.connect(version.written, sender=model)
                for field in model._meta.many_to_many:
                    signals.m2m_changed.connect(version.related, sender=field.remote_field.through)


class SiteAdminConfig(AdminConfig):
    default_site = "clusters.admin.site.CuratorSite"

    def ready(self) -> None:
        super().ready()
        import_module("clusters.admin.records")
