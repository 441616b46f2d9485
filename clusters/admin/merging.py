"""The list of merges: what became one, what that changed, and the way back."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from clusters.curation import changes
from clusters.curation.merging import undoing
from clusters.curation.merging.plans import NotMerged
from clusters.models import EditConflict, Merge

from .choosers import is_id
from .kept import KeptAsMade
from .merge_pages import page_of

SHOWN_CHANGES = 50


@admin.register(Merge)
class MergeAdmin(KeptAsMade):
    """What was merged into what, by whom and why; each merge can be undone from its page."""

    list_display = ("merged_name", "kept_name", "kind", "by", "reason", "merged_at", "undone_at")
    list_filter = ("kind",)
    search_fields = ("merged_name", "kept_name", "merged_slug", "reason")
    list_select_related = ("by",)
    fields = (("merged_name", "merged_slug"), "kept_name", "kind", "by", "reason", "merged_at", "undone_at")
    change_form_template = "admin/merge.html"

    def get_urls(self):
        undo = path(
            "<path:object_id>/undo/", self.admin_site.admin_view(self.undo_view), name="clusters_merge_undo"
        )
        return [undo, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, unquote(object_id)) if is_id(unquote(object_id)) else None
        more: dict[str, Any] = {}
        if found is not None and self.has_view_permission(request, found):
            model = apps.get_model("clusters", found.kind)
            number = found.changes.count()
            more = {
                "rows": [_change_in_words(change) for change in found.changes.all()[:SHOWN_CHANGES]],
                "more_rows": number - SHOWN_CHANGES,
                "kept_url": page_of(model(pk=found.kept_pk))
                if model._default_manager.filter(pk=found.kept_pk).exists()
                else "",
                "history_url": page_of(model(pk=found.merged_pk), "history"),
            }
            if not found.undone_at:
                left = undoing.edited_since(found)
                more |= {
                    "left": left[:SHOWN_CHANGES],
                    "later": undoing.in_the_way(found),
                    "may_undo": undoing.may_undo(found, request.user),
                }
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def undo_view(self, request, object_id):
        found = self.get_object(request, unquote(object_id)) if is_id(unquote(object_id)) else None
        if found is None:
            raise Http404
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        if request.method == "POST":
            if not undoing.may_undo(found, request.user):
                raise PermissionDenied
            try:
                left = undoing.undo(found, by=request.user, leave_edited="leave_edited" in request.POST)
            except NotMerged as problem:
                messages.error(request, str(problem))
            except EditConflict:
                text = gettext("Others were saving at the same moment. Nothing was saved; please try again.")
                messages.error(request, text)
            else:
                self.log_change(request, found, gettext("Undone."))
                text = (
                    gettext("The merge was undone, but for what was edited since.")
                    if left
                    else gettext("The merge was undone: everything is as before.")
                )
                messages.success(request, text)
        return HttpResponseRedirect(reverse("admin:clusters_merge_change", args=[found.pk]))


def _change_in_words(change) -> dict[str, Any]:
    model = apps.get_model(change.model)
    told = []
    if change.before is not None and change.after is not None:
        for name, before in change.before.items():
            field = model._meta.get_field(name)
            words = (changes.in_words(field, value) for value in (before, change.after.get(name)))
            told.append(changes.Change(capfirst(str(field.verbose_name)), *words))
    return {
        "kind": capfirst(str(model._meta.verbose_name)),
        "key": change.key,
        "made": change.before is None,
        "gone": change.after is None,
        "changes": told,
    }
