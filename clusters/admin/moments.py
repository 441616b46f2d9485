"""A record and its rows at a moment: what would change, and the way back."""

from datetime import datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from clusters.curation import moments, reasons
from clusters.models import EditConflict

from .choosers import is_id
from .forms import reason_field, reason_given


class MomentPages(admin.ModelAdmin):
    """The page that leads a record with its rows back to a moment."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_moment"
        view = self.admin_site.admin_view(self.moment_view)
        return [path("<int:object_id>/moment/", view, name=name), *super().get_urls()]

    def moment_view(self, request, object_id: int):
        record = self.get_object(request, str(object_id)) if is_id(str(object_id)) else None
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        moment, told = _moment(request.GET.get("at", ""))
        may_go_back = self.may_write(request, record)  # type: ignore[attr-defined]
        if request.method == "POST":
            if not may_go_back or moment is None:
                raise PermissionDenied
            if self._go_back(request, record, moment):
                return HttpResponseRedirect(
                    reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
                )
            record = self.get_object(request, str(object_id))
            if record is None:
                raise Http404
        steps = moments.steps_back(record, moment) if moment else []
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("The record and its rows at a moment"),
            "subtitle": str(record),
            "opts": self.opts,
            "object": record,
            "moment": moment,
            "at": request.GET.get("at", "")[:40],
            "told": told,
            "steps": [(step, step.is_allowed(request.user)) for step in steps],
            "timeline": [
                (
                    row,
                    str(row.instance),
                    timezone.localtime(row.history_date).isoformat(),
                    reasons.in_words(row.history_change_reason),
                )
                for row in moments.timeline(record)
            ],
            "stamp": moments.stamp(record),
            "reason_field": reason_field(),
            "may_go_back": may_go_back,
        }
        return TemplateResponse(request, "admin/record_moment.html", context)

    def _go_back(self, request, record, moment: datetime) -> bool:
        chosen = request.POST.getlist("step")[:1000]
        if not chosen:
            messages.warning(request, gettext("Nothing was chosen, so nothing was changed."))
            return False
        try:
            count = moments.go_back(
                record,
                moment=moment,
                chosen=chosen,
                opened_on=request.POST.get("stamp", ""),
                by=request.user,
                reason=reason_given(request.POST),
            )
        except EditConflict:
            messages.error(
                request, gettext("Something was saved meanwhile. Nothing was restored; compare again.")
            )
        except PermissionDenied:
            messages.error(request, gettext("You may not change one of these records. Nothing was restored."))
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        else:
            messages.success(request, gettext("Restored: %(count)d.") % {"count": count})
            return True
        return False


def _moment(text: str) -> tuple[datetime | None, str]:
    """A moment as a form sends it, and what is wrong with it."""
    if not text:
        return None, ""
    try:
        moment = parse_datetime(text[:40].replace(" ", "+") if "T" in text else text[:40])
        if moment is None or not 1900 <= moment.year <= 2200:
            raise ValueError
        return (timezone.make_aware(moment) if timezone.is_naive(moment) else moment), ""
    except (ValueError, OverflowError):
        return None, gettext("Choose a date and a time.")
