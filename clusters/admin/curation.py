"""Curation's own records: the redirects, and the imports with what they changed."""

from django.contrib import admin

from clusters.models import ImportBatch, ImportedChange, Redirect

from .base import SafeWrites
from .lists import BoundedLists


@admin.register(Redirect)
class RedirectAdmin(SafeWrites):
    """Made by themselves when a public record's address changes; editors may add what is missing."""

    list_display = ("kind", "old_slug", "new_slug", "created_at")
    list_display_links = ("old_slug",)
    list_filter = ("kind",)
    search_fields = ("old_slug", "new_slug")
    fields = ("kind", "old_slug", "new_slug")


class KeptAsMade(BoundedLists, admin.ModelAdmin):
    """Records that the importer keeps; nobody writes them by hand."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(ImportBatch)
class ImportBatchAdmin(KeptAsMade):
    """What was imported, by whom and when. Imports are made and undone by their own commands."""

    list_display = (
        "file_name",
        "profile",
        "by",
        "applied_at",
        "created",
        "changed",
        "unchanged",
        "left_out",
        "undone_at",
    )
    list_filter = ("profile",)
    search_fields = ("file_name", "reason")
    list_select_related = ("by",)


@admin.register(ImportedChange)
class ImportedChangeAdmin(KeptAsMade):
    """What an import did to each record."""

    list_display = ("key", "model", "batch", "version")
    list_filter = ("model",)
    search_fields = ("key",)
    list_select_related = ("batch",)
