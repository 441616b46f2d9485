"""The machine's notes on upkeep: pulls from the portals, and checks of links."""

from django.contrib import admin

from clusters.models import LinkCheck, SyncRun

from .kept import KeptAsMade


@admin.register(SyncRun)
class SyncRunAdmin(KeptAsMade):
    """What each pull brought, or why it brought nothing."""

    list_display = (
        "portal",
        "started_at",
        "ended_at",
        "state",
        "pulled",
        "created",
        "changed",
        "unchanged",
        "left_out",
        "vanished",
        "message",
    )
    list_display_links = ("started_at",)
    list_filter = ("portal", "state")
    list_select_related = ("batch",)


@admin.register(LinkCheck)
class LinkCheckAdmin(KeptAsMade):
    """What became of each address when it was last asked."""

    list_display = (
        "url",
        "state",
        "status",
        "failures",
        "message",
        "final_url",
        "checked_at",
    )
    list_filter = ("state",)
    search_fields = ("url", "final_url", "message")
