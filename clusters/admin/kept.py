"""Lists of what the site itself keeps: people look at it and write nothing."""

from django.contrib import admin

from .lists import BoundedLists


class KeptAsMade(BoundedLists, admin.ModelAdmin):
    """Records that nobody writes by hand."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
