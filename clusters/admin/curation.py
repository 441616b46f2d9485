"""The redirects, which curation keeps for addresses that were given up."""

from django.contrib import admin

from clusters.models import Redirect

from .base import SafeWrites


@admin.register(Redirect)
class RedirectAdmin(SafeWrites):
    """Made by themselves when a public record's address changes; editors may add what is missing."""

    list_display = ("kind", "old_slug", "new_slug", "created_at")
    list_display_links = ("old_slug",)
    list_filter = ("kind",)
    search_fields = ("old_slug", "new_slug")
    fields = ("kind", "old_slug", "new_slug")
