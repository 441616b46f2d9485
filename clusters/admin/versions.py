"""The history of a record: who changed what, when and why, and the way back to an earlier state."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from simple_history.admin import SimpleHistoryAdmin

from clusters.curation import changes, history, reasons
from clusters.models import EditConflict, Merge

from .choosers import is_id
from .forms import reason_field, reason_given


class HistoryPages(SimpleHistoryAdmin):
    object_history_template = "admin/record_history.html"
    object_history_list_template = "admin/record_history_list.html"
    history_list_per_page = 50

    def history_view(self, request, object_id, extra_context=None):
        if not is_id(unquote(object_id)):
            raise Http404
        pk = unquote(object_id)
        context: dict[str, Any] = {"is_there": self.model._default_manager.filter(pk=pk).exists()}
        if not context["is_there"]:
            merges = Merge.objects.filter(kind=self.opts.model_name, merged_pk=pk, undone_at=None)
            context["merge"] = merges.order_by("pk").last()
        return super().history_view(request, object_id, {**context, **(extra_context or {})})

    def set_history_delta_changes(self, request, historical_records, foreign_keys_are_objs=True) -> None:
        rows = list(historical_records)
        for row, earlier in zip(rows, [*rows[1:], None], strict=False):
            if earlier is None and row.history_type != "+":
                earlier = row.prev_record  # the list goes on on another page
            row.why = reasons.in_words(row.history_change_reason)
            row.history_delta_changes = changes.between(earlier, row, self.model) if earlier else []

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Show an earlier state beside the present one; an editor can bring it back."""
        if not (is_id(unquote(object_id)) and is_id(version_id)):
            raise Http404
        with transaction.atomic():
            record = self.get_object(request, unquote(object_id))
            row = self.model.history.filter(
                **{self.opts.pk.name: unquote(object_id), "history_id": version_id}
            ).first()
            if row is None:
                raise Http404
            if not self.has_view_or_change_permission(request, record):
                raise PermissionDenied
            if request.method == "POST":
                if record is None or not self.may_write(request, record):
                    raise PermissionDenied
                if self._bring_back(request, record, row):
                    address = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
                    return HttpResponseRedirect(reverse(address, args=[record.pk]))
                record = self.get_object(request, unquote(object_id))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("An earlier state"),
            "subtitle": str(record or row.instance),
            "opts": self.opts,
            "object": record,
            "object_id": object_id,
            "row": row,
            "why": reasons.in_words(row.history_change_reason),
            "differences": changes.between(row, record, self.model) if record else [],
            "state": [
                (field.verbose_name, changes.in_words(field, changes.value(row, field)))
                for field in changes.tracked_fields(self.model)
            ],
            "version": changes.stamp(record) if record else "",
            "reason_field": reason_field(),
            "may_bring_back": record is not None and self.may_write(request, record),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/record_state.html", context)

    def _bring_back(self, request, record, row) -> bool:
        if request.POST.get("version") != changes.stamp(record):
            saver = changes.last_saver(record)
            text = gettext(
                "%(who)s saved this record meanwhile (%(when)s). Nothing was restored; compare again."
            )
            messages.error(request, text % {"who": saver.name, "when": saver.when})
            return False
        try:
            with transaction.atomic():
                history.restore(record, row=row, by=request.user, reason=reason_given(request.POST))
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
            return False
        except EditConflict:
            messages.error(
                request,
                gettext("Others were saving at the same moment. Nothing was saved; please try again."),
            )
            return False
        messages.success(request, gettext("The earlier state was restored."))
        return True
