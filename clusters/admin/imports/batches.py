"""Imports that were applied: what each did to every record, and the way back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.curation.importing import told, undoing
from clusters.curation.importing.applying import NotApplied
from clusters.models import ImportBatch, ImportedChange

from ..choosers import is_id
from ..forms import reason_field
from ..kept import KeptAsMade
from .access import page

PAGE = 50
SHOWN_LEFT = 100


class UndoForm(forms.Form):
    force = forms.BooleanField(
        label=gettext_lazy("Undo records that were edited since, too. Those edits are lost."), required=False
    )
    reason = reason_field()


@admin.register(ImportBatch)
class ImportBatchAdmin(KeptAsMade):
    """What was imported, by whom and when; from here files are brought in, and imports undone."""

    change_list_template = "admin/imports/batches.html"
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

    def get_urls(self):
        undo = path(
            "<path:object_id>/undo/",
            self.admin_site.admin_view(self.undo_view),
            name="clusters_importbatch_undo",
        )
        return [undo, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        may = {name: request.user.has_perm(f"clusters.{name}") for name in ("import_data", "export_data")}
        return super().changelist_view(request, {**(extra_context or {}), "may": may})

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        batch = self._batch(request, object_id)
        rows = Paginator(batch.changes.order_by("pk"), PAGE).get_page(_page_number(request))
        return page(
            request,
            "batch",
            _("Import %(number)d") % {"number": batch.pk},
            step="result",
            batch=batch,
            rows=rows,
            changes=[(one, _address(one)) for one in told.told(rows.object_list)],
            may_undo=request.user.has_perm("clusters.import_data") and not batch.undone_at,
        )

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        batch = self._batch(request, object_id)
        if not request.user.has_perm("clusters.import_data"):  # type: ignore[union-attr]
            raise PermissionDenied
        back = reverse("admin:clusters_importbatch_change", args=[batch.pk])
        if batch.undone_at:
            messages.warning(request, _("This import was undone already."))
            return HttpResponseRedirect(back)
        form = UndoForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and self._undo(request, batch, form.cleaned_data):
            return HttpResponseRedirect(back)
        careful = undoing.preview(batch, by=request.user)
        forced = undoing.preview(batch, by=request.user, force=True) if careful.left else careful
        return page(
            request,
            "undo",
            _("Undo import %(number)d") % {"number": batch.pk},
            batch=batch,
            form=form,
            careful=careful,
            forced=forced,
            left=[(change, why, _record_address(change)) for change, why in careful.left[:SHOWN_LEFT]],
            more=max(0, len(careful.left) - SHOWN_LEFT),
        )

    def _undo(self, request: HttpRequest, batch: ImportBatch, chosen: dict[str, Any]) -> bool:
        try:
            outcome = undoing.undo(batch, by=request.user, force=chosen["force"], reason=chosen["reason"])
        except NotApplied as problem:
            messages.warning(request, str(problem))
            return True
        counts = _("Deleted: %(deleted)d. Restored: %(restored)d. Left as they are: %(left)d.") % {
            "deleted": outcome.deleted,
            "restored": outcome.restored,
            "left": len(outcome.left),
        }
        messages.add_message(request, messages.WARNING if outcome.left else messages.SUCCESS, counts)
        return not outcome.left

    def _batch(self, request: HttpRequest, object_id: str) -> ImportBatch:
        found = (
            ImportBatch.objects.select_related("by", "upload").filter(pk=object_id).first()
            if is_id(object_id)
            else None
        )
        if found is None:
            raise Http404
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        return found


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _address(one: told.Told) -> str:
    return _change_address(one.model, one.pk) if one.pk is not None else ""


def _record_address(change: ImportedChange) -> str:
    return _change_address(change.model.rpartition(".")[2].lower(), change.record_pk)


def _change_address(model: str, pk: int) -> str:
    try:
        return reverse(f"admin:clusters_{model}_change", args=[pk])
    except NoReverseMatch:
        return ""


@admin.register(ImportedChange)
class ImportedChangeAdmin(KeptAsMade):
    """What an import did to each record."""

    list_display = ("key", "model", "batch", "version")
    list_filter = ("model",)
    search_fields = ("key",)
    list_select_related = ("batch",)
