"""Proposals in the admin: the queue, what each would change, and the editors' decision."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clusters.curation import changes, proposals
from clusters.models import EditConflict, Proposal, Record, Source
from clusters.search import index

from .choosers import is_id
from .lists import BoundedLists
from .proposal_form import ReviewForm, review_form


@admin.register(Proposal)
class ProposalAdmin(BoundedLists, admin.ModelAdmin):
    """Editors see all proposals and decide them; curators see what became of their own."""

    list_display = ("called", "kind", "state", "proposer", "made_at", "decided_by", "reason", "reference")
    list_filter = ("state", "from_public", "model")
    list_select_related = ("by", "decided_by")
    search_fields = ("reference", "called", "comment", "link")

    @admin.display(description=_("kind of record"), ordering="model")
    def kind(self, proposal: Proposal) -> str:
        model = proposals.model_of(proposal)
        return str(model._meta.verbose_name) if model else proposal.model

    @admin.display(description=_("proposed by"))
    def proposer(self, proposal: Proposal) -> str:
        if proposal.from_public:
            return gettext("A reader")
        return (
            (proposal.by.get_full_name() or proposal.by.get_username()) if proposal.by else gettext("Someone")
        )

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found if proposals.may_decide(request.user) else found.filter(by=request.user)

    def get_ordering(self, request):
        waiting_first = Case(
            When(state="waiting", then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        return (waiting_first, "-made_at", "-pk")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not is_id(unquote(object_id)):
            raise Http404
        proposal = self.get_queryset(request).filter(pk=int(unquote(object_id))).first()
        if proposal is None:
            raise Http404
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        record = proposals.record_of(proposal)
        form = None
        if proposal.is_waiting and proposals.may_decide(request.user):
            form = review_form(request, self.admin_site, proposal, record)
        if request.method == "POST":
            if not proposals.may_decide(request.user):
                raise PermissionDenied
            if form is None or self._decide(request, proposal, record, form):
                if form is None:
                    self._tell_decided(request)
                return HttpResponseRedirect(reverse("admin:clusters_proposal_changelist"))
            record = proposals.record_of(proposal)
        return self._page(request, proposal, record, form)

    def _page(self, request, proposal: Proposal, record: Record | None, form: ReviewForm | None):
        differences = proposals.compare(proposal, record)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Proposal %(reference)s") % {"reference": proposal.reference},
            "opts": self.opts,
            "media": self.media + form.media if form else self.media,
            "proposal": proposal,
            "proposer": self.proposer(proposal),
            "kind": self.kind(proposal),
            "record": record,
            "record_url": _admin_address(record) if record else "",
            "differences": [(one, form.bounds(one.field.name) if form else None) for one in differences],
            "form": form,
            "stamp": changes.stamp(record) if record else "",
            "merges": list(proposals.merges_of(proposal))
            if record and record.pk != proposal.record_pk
            else [],
            "moved_on": record is not None and record.version != proposal.version,
            "may_delete": self.has_delete_permission(request, proposal),
            "may_see_sender": proposals.may_decide(request.user),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/proposal.html", context)

    def _decide(self, request, proposal: Proposal, record: Record | None, form: ReviewForm) -> bool:
        """Carry out what the editor chose; false when the page is to be shown again."""
        form.sends_back = "_send_back" in request.POST
        if not form.is_valid():
            return False
        reason = form.cleaned_data["reason"]
        try:
            with transaction.atomic(), index.deferred():
                if form.sends_back:
                    done = proposals.send_back(proposal, by=request.user, reason=reason)
                else:
                    done = proposals.accept(
                        proposal,
                        by=request.user,
                        values=form.values(),
                        opened_on=request.POST.get("version", ""),
                        source=self._source(request, proposal, form),
                        beside=form.cleaned_data.get("place") == "beside",
                        reason=reason,
                    )
        except proposals.AlreadyDecided:
            self._tell_decided(request)
            return True
        except EditConflict:
            text = gettext(
                "The record was changed meanwhile. Nothing was written; look at it again, then decide."
            )
            messages.error(request, text)
        except PermissionDenied:
            messages.error(request, gettext("You may not change this record. Nothing was written."))
        except ValidationError as problem:
            _show(form, problem)
        else:
            text = gettext("Proposal %(reference)s: %(state)s.")
            messages.success(request, text % {"reference": done.reference, "state": done.get_state_display()})
            return True
        return False

    def _source(self, request, proposal: Proposal, form: ReviewForm) -> Source | None:
        cleaned = form.cleaned_data
        if cleaned.get("evidence") == "other":
            return cleaned["source"]
        if cleaned.get("evidence") != "link":
            return None
        return proposals.record_source(
            proposal.link,
            by=request.user,
            title=cleaned.get("source_title", ""),
            publisher=cleaned.get("source_publisher", ""),
            published=cleaned.get("source_published", ""),
            public=cleaned.get("source_public", False),
        )

    def _tell_decided(self, request) -> None:
        messages.warning(
            request, gettext("This proposal was decided by somebody else before. Nothing was written.")
        )


def _show(form: ReviewForm, problem: ValidationError) -> None:
    """Say what the record would not be valid by, beside the field where it has one here."""
    said: dict[str | None, list[str]] = (
        {name: list(texts) for name, texts in problem.message_dict.items()}
        if hasattr(problem, "error_dict")
        else {None: problem.messages}
    )
    for name, texts in said.items():
        field: Any = f"value_{name}" if f"value_{name}" in form.fields else None
        for text in texts:
            form.add_error(field, text)


def _admin_address(record: Record) -> str:
    try:
        return reverse(f"admin:clusters_{record._meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""
