"""Who may publish in the admin: curators draft, editors publish, and the actions that do it for many records."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from clusters.curation import history, review
from clusters.curation.history import CLOSED, Outcome
from clusters.models import Publication

from .forms import reason_field, reason_given

TOLD_AT_MOST = 10


class ActionWithReason(ActionForm):
    """The bar above a list: what to do with the chosen records, and why."""

    reason = reason_field()


class PublicationActions(admin.ModelAdmin):
    """Permissions by publication: what is or was before the public is changed by those who may publish."""

    action_form = ActionWithReason
    actions = ("publish", "send_to_review", "archive")

    def has_publish_permission(self, request) -> bool:
        return history.may_publish(request.user, self.model)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.may_write(request, obj) or self.may_propose(request, obj)

    def may_write(self, request, obj=None) -> bool:
        """Whether somebody's changes are written at once."""
        return super().has_change_permission(request, obj) and self._open_to(request, obj)

    def may_propose(self, request, obj=None) -> bool:
        """Whether somebody's changes go to the editors as a proposal."""
        is_closed = obj is not None and obj.is_public and not self._open_to(request, obj)
        return is_closed and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and self._open_to(request, obj)

    def _open_to(self, request, obj) -> bool:
        return obj is None or obj.publication not in CLOSED or self.has_publish_permission(request)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.publication != Publication.ARCHIVED:
            context["review"] = review.findings(type(obj)._default_manager.filter(pk=obj.pk).first() or obj)
        if obj is not None and super().has_change_permission(request) and not self._open_to(request, obj):
            context["closed_to_curators"] = True
            context["proposing"] = self.may_propose(request, obj)
            context["facts_to_add"] = self._facts_to_add(request, obj)
        return super().render_change_form(
            request, context, add=add, change=change, form_url=form_url, obj=obj
        )

    def _facts_to_add(self, request, obj) -> list[tuple[str, str]]:
        """Where a curator may still add drafts to a published record: each kind of row on a page of its own."""
        links = []
        for inline in self.get_inlines(request, obj):
            model_admin = self.admin_site.get_model_admin(inline.model)
            names = [f.name for f in inline.model._meta.fields if f.related_model is self.model]
            if names and model_admin.has_add_permission(request):
                try:
                    address = reverse(
                        f"admin:{inline.model._meta.app_label}_{inline.model._meta.model_name}_add"
                    )
                except NoReverseMatch:
                    continue
                links.append((str(inline.model._meta.verbose_name), f"{address}?{names[0]}={obj.pk}"))
        return links

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        self._tell(request, history.publish(queryset, by=request.user, reason=reason_given(request.POST)))

    @admin.action(description=_("Archive"), permissions=["publish"])
    def archive(self, request, queryset):
        self._tell(request, history.archive(queryset, by=request.user, reason=reason_given(request.POST)))

    @admin.action(description=_("Send to review"), permissions=["change"])
    def send_to_review(self, request, queryset):
        self._tell(
            request, history.send_to_review(queryset, by=request.user, reason=reason_given(request.POST))
        )

    def _tell(self, request, outcome: Outcome) -> None:
        """Report how many changed, which did not and why."""
        if count := len(outcome.changed):
            text = ngettext("%(count)d record was changed.", "%(count)d records were changed.", count)
            self.message_user(request, text % {"count": count}, messages.SUCCESS)
        if count := len(outcome.unchanged):
            text = ngettext(
                "%(count)d record was already in that state.",
                "%(count)d records were already in that state.",
                count,
            )
            self.message_user(request, text % {"count": count}, messages.INFO)
        if outcome.waiting:
            text = gettext("Published, but not visible until the record it belongs to is published too: {}")
            self.message_user(request, format_html(text, _names(outcome.waiting)), messages.WARNING)
        if outcome.warned:
            self.message_user(
                request,
                format_html("{} {}", gettext("Published, but worth another look:"), _reasons(outcome.warned)),
                messages.WARNING,
            )
        if outcome.failed:
            text = ngettext(
                "%(count)d record was not changed:",
                "%(count)d records were not changed:",
                len(outcome.failed),
            ) % {"count": len(outcome.failed)}
            self.message_user(request, format_html("{} {}", text, _reasons(outcome.failed)), messages.ERROR)


def _reasons(records) -> str:
    shown = format_html_join("; ", "{} – {}", ((str(r), why) for r, why in records[:TOLD_AT_MOST]))
    return format_html("{}{}", shown, "; …" if len(records) > TOLD_AT_MOST else "")


def _names(records) -> str:
    shown = ", ".join(str(record) for record in records[:TOLD_AT_MOST])
    return f"{shown}, …" if len(records) > TOLD_AT_MOST else shown
