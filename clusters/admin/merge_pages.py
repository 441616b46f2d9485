"""Pages of a record that may be doubled: those most like it, and the merge of two, field by field."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext

from clusters.curation import duplicates
from clusters.curation.duplicates.likeness import STRONG
from clusters.curation.merging import plans
from clusters.curation.merging.applying import merge, name_lists
from clusters.curation.merging.plans import NotMerged, Plan
from clusters.models import EditConflict, Merge

from .base import RecordAdmin
from .choosers import is_id
from .forms import reason_field, reason_given

SHOWN = 10  # of the rows of one kind that move


def page_of(record: Any, page: str = "change", *more: Any) -> str:
    return reverse(f"admin:clusters_{record._meta.model_name}_{page}", args=[record.pk, *more])


def reasons_list(reasons):
    return format_html(
        '<ul class="reasons">{}</ul>',
        format_html_join("", "<li>{}</li>", ((str(reason),) for reason in reasons)),
    )


def how_likely(score: int) -> str:
    word = gettext("strong") if score >= STRONG else gettext("possible")
    return f"{word} ({score})"


class DuplicatePages(RecordAdmin):
    """What the pages of a mergeable record have more: the records most like it."""

    def get_urls(self):
        page = path(
            "<path:object_id>/duplicates/",
            self.admin_site.admin_view(self.duplicates_view),
            name=f"clusters_{self.opts.model_name}_duplicates",
        )
        return [page, *super().get_urls()]

    def duplicates_view(self, request, object_id):
        record = self.get_object(request, unquote(object_id)) if is_id(unquote(object_id)) else None
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Possible duplicates"),
            "subtitle": str(record),
            "opts": self.opts,
            "object": record,
            "alike": [
                {
                    "record": other,
                    "url": page_of(other),
                    "merge_url": page_of(record, "merge", other.pk),
                    "likely": how_likely(likeness.score),
                    "reasons": reasons_list(likeness.reasons),
                }
                for other, likeness in duplicates.like(record)
            ],
        }
        return TemplateResponse(request, "admin/duplicates_of_record.html", context)


class MergePages(DuplicatePages):
    """What the pages of a mergeable record have more: the page on which another one is merged into it."""

    def get_urls(self):
        page = path(
            "<path:object_id>/merge/<path:other_id>/",
            self.admin_site.admin_view(self.merge_view),
            name=f"clusters_{self.opts.model_name}_merge",
        )
        return [page, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        more = {}
        if is_id(unquote(object_id)):
            more["duplicates_url"] = page_of(self.model(pk=int(unquote(object_id))), "duplicates")
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def changelist_view(self, request, extra_context=None):
        more = {}
        if request.user.has_perm("clusters.view_suspectedpair"):
            address = reverse("admin:clusters_suspectedpair_changelist")
            more["duplicates_url"] = f"{address}?kind__exact={self.opts.model_name}"
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def merge_view(self, request, object_id, other_id):
        pks = [unquote(object_id), unquote(other_id)]
        if not all(map(is_id, pks)):
            raise Http404
        kept, merged = (self.get_object(request, pk) for pk in pks)
        if kept is None or merged is None:
            return self._merged_already(request, *map(int, pks))
        for record in (kept, merged):
            if not self.has_view_or_change_permission(request, record):
                raise PermissionDenied
        try:
            plan = plans.make(kept, merged)
        except NotMerged as problem:
            messages.error(request, str(problem))
            return HttpResponseRedirect(page_of(kept))
        errors: list[str] = []
        if request.method == "POST":
            answer, errors = self._decide(request, plan)
            if answer is not None:
                return answer
            plan = plans.make(
                *(
                    self.get_object(request, pk) or record
                    for pk, record in zip(pks, (kept, merged), strict=True)
                )
            )
        return self._merge_page(request, plan, errors)

    def _merged_already(self, request, kept_pk: int, merged_pk: int):
        """A page sent twice, or opened again later, tells what became of the two."""
        done = Merge.objects.filter(
            kind=self.opts.model_name, kept_pk=kept_pk, merged_pk=merged_pk, undone_at=None
        ).first()
        if done is None or not request.user.has_perm("clusters.view_merge"):
            raise Http404
        messages.info(request, gettext("These two were merged already."))
        return HttpResponseRedirect(reverse("admin:clusters_merge_change", args=[done.pk]))

    def _decide(self, request, plan: Plan) -> tuple[Any, list[str]]:
        """Do what was asked: an answer when it was done, and else what is in the way."""
        kept, merged = plan.main.kept, plan.main.merged
        if "apart" in request.POST:
            if not request.user.has_perm("clusters.add_distinctpair"):
                raise PermissionDenied
            duplicates.tell_apart(kept, merged, by=request.user, reason=reason_given(request.POST))
            messages.success(request, gettext("These two are not suggested as duplicates any more."))
            return HttpResponseRedirect(reverse("admin:clusters_suspectedpair_changelist")), []
        if plan.closed_to(request.user):
            raise PermissionDenied
        sides, errors = _sides(request.POST, plan)
        lists = {field.name for field in name_lists(self.model)}
        names_to = request.POST.get("names_to", "")
        if errors:
            return None, errors
        try:
            done = merge(
                kept,
                merged,
                by=request.user,
                stamp=request.POST.get("stamp", ""),
                sides=sides,
                names_to=names_to if names_to in lists else "",
                reason=reason_given(request.POST),
            )
        except ValidationError as problem:
            return None, _told(problem, self.model)
        except (EditConflict, DatabaseError):
            text = gettext(
                "Something of this was saved by somebody else meanwhile. Nothing was merged; look again."
            )
            return None, [text]
        except NotMerged as problem:
            return None, [str(problem)]
        self.log_change(request, kept, gettext("Merged with %(record)s.") % {"record": merged})
        messages.success(request, gettext("The two records are one now. You can take it back here."))
        return HttpResponseRedirect(reverse("admin:clusters_merge_change", args=[done.pk])), []

    def _merge_page(self, request, plan: Plan, errors: list[str]):
        kept, merged = plan.main.kept, plan.main.merged
        request.current_app = self.admin_site.name
        posted = request.POST if request.method == "POST" else {}
        closed = plan.closed_to(request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Merge two records"),
            "opts": self.opts,
            "plan": plan,
            "kept": kept,
            "merged": merged,
            "kept_url": page_of(kept),
            "merged_url": page_of(merged),
            "swap_url": page_of(merged, "merge", kept.pk),
            "errors": errors,
            "pairings": [_shown(pairing, posted) for pairing in plan.pairings],
            "moves": [
                (capfirst(str(model._meta.verbose_name_plural)), len(rows), rows[:SHOWN], len(rows) - SHOWN)
                for model, rows in plan.moved_by_model()
            ],
            "closed": closed[:SHOWN],
            "name_lists": name_lists(self.model),
            "names_to": posted.get("names_to", "aliases"),
            "reason": reason_given(posted),
            "reason_field": reason_field(),
            "may_tell_apart": request.user.has_perm("clusters.add_distinctpair"),
        }
        return TemplateResponse(request, "admin/merge_records.html", context)


def _sides(data, plan: Plan) -> tuple[dict, list[str]]:
    sides, errors = {}, []
    for pairing in plan.pairings:
        for choice in pairing.choices:
            side = data.get(f"{pairing.key}-{choice.field.name}", "")
            if side in choice.sides:
                sides[pairing.key, choice.field.name] = side
            else:
                errors.append(gettext("%(field)s: choose what stays.") % {"field": choice.label})
    return sides, errors


def _told(problem: ValidationError, model) -> list[str]:
    """What the record that would result does not fulfill, each with the name of its field."""
    if not hasattr(problem, "error_dict"):
        return problem.messages
    names = {field.name: capfirst(str(field.verbose_name)) for field in model._meta.concrete_fields}
    return [
        f"{names[name]}: {text}" if name in names else text
        for name, texts in problem.message_dict.items()
        for text in texts
    ]


def _shown(pairing, posted) -> dict[str, Any]:
    which = {
        "kept": gettext("Record that stays"),
        "merged": gettext("Record merged into it"),
        "both": gettext("Both"),
    }
    choices = []
    for choice in pairing.choices:
        name = f"{pairing.key}-{choice.field.name}"
        chosen = posted.get(name, choice.proposed)
        options = [
            {"side": side, "which": which[side], "text": choice.shown(side), "checked": side == chosen}
            for side in choice.sides
        ]
        choices.append({"name": name, "label": choice.label, "options": options})
    kind = capfirst(str(pairing.kept._meta.verbose_name))
    return {
        "kind": kind,
        "kept": pairing.kept,
        "merged": pairing.merged,
        "choices": choices,
        "same": pairing.same,
    }
