"""The latest changes made in the admin: who did what to which record, and when."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clusters.curation import proposals

from .lists import BoundedLists


@admin.register(LogEntry)
class LogEntryAdmin(BoundedLists, admin.ModelAdmin):
    """Editors see what was done to the records; whoever keeps the accounts also what was done to those."""

    list_display = ("action_time", "user", "action_flag", "content_type", "linked", "get_change_message")
    list_display_links = None
    list_filter = ("action_flag", "action_time")
    list_select_related = ("user", "content_type")
    search_fields = ("user__username", "user__first_name", "user__last_name", "object_repr")
    date_hierarchy = None
    ordering = ("-action_time", "-pk")

    @admin.display(description=_("record"))
    def linked(self, entry: LogEntry) -> str:
        kind: Any = entry.content_type
        if entry.is_deletion() or kind is None or entry.object_id is None:
            return entry.object_repr
        try:
            address = reverse(f"admin:{kind.app_label}_{kind.model}_history", args=[entry.object_id])
        except NoReverseMatch:
            return entry.object_repr
        return format_html('<a href="{}">{}</a>', address, entry.object_repr)

    def get_queryset(self, request):
        found = super().get_queryset(request)
        if request.user.has_perm("admin.view_logentry"):
            return found
        return found.filter(Q(content_type__app_label="clusters") | Q(user=request.user))

    def has_view_permission(self, request, obj=None) -> bool:
        return super().has_view_permission(request, obj) or proposals.may_decide(request.user)

    def has_module_permission(self, request) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
