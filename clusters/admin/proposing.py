"""What curators change in public records: sent to the editors as proposals, and said so."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from clusters.curation import proposals
from clusters.models import Proposal

from .forms import VersionedForm


def propose(request, form: VersionedForm, reason: str) -> None:
    """Send what was changed in a form to the editors."""
    stored = type(form.instance)._default_manager.get(pk=form.instance.pk)
    entries = proposals.differences(stored, form.proposed())
    if entries:
        made = proposals.propose(stored, by=request.user, entries=entries, comment=reason)
        _made(request).append(made)


def _made(request) -> list[Proposal]:
    """The proposals that this request made."""
    if not hasattr(request, "made_proposals"):
        request.made_proposals = []
    return request.made_proposals


class ProposalsInsteadOfChanges(admin.ModelAdmin):
    """Pages of records that say when a change was not written but proposed."""

    def log_change(self, request, obj, message):
        made = _made(request)
        if made:
            references = ", ".join(proposal.reference for proposal in made)
            message = gettext("Proposed: %(references)s") % {"references": references}
        return super().log_change(request, obj, message)

    def response_change(self, request, obj):
        made = _made(request)
        if not made:
            return super().response_change(request, obj)
        text = ngettext(
            "Your change was sent to the editors as a proposal: {}. The public page stays as it is until they "
            "accept it.",
            "Your changes were sent to the editors as proposals: {}. The public page stays as it is until they "
            "accept them.",
            len(made),
        )
        messages.success(request, format_html(text, ", ".join(one.reference for one in made)))
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.path)
        return self.response_post_save_change(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["waiting_proposals"] = self._waiting(request, obj)
        return super().render_change_form(
            request, context, add=add, change=change, form_url=form_url, obj=obj
        )

    def _waiting(self, request, obj) -> list[tuple[Proposal, str]]:
        """The waiting proposals about a record that this person may see, with their addresses."""
        if not request.user.has_perm("clusters.view_proposal"):
            return []
        found = proposals.waiting_for(obj)
        if not proposals.may_decide(request.user):
            found = found.filter(by=request.user)
        return [
            (proposal, reverse("admin:clusters_proposal_change", args=[proposal.pk]))
            for proposal in found[:20]
        ]
