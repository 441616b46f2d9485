"""What the pages of all records share: rules of publication, the recorder, and safety between two curators."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clusters.curation import changes, history, review
from clusters.models import EditConflict
from clusters.search import index

from . import proposing
from .choosers import Relations, is_id
from .forms import ABOUT_THE_EDIT, RecordForm, VersionedForm, reason_given
from .lists import BoundedLists
from .moments import MomentPages
from .proposing import ProposalsInsteadOfChanges
from .publication import PublicationActions
from .versions import HistoryPages

ATTEMPTS = 3


class SafeWrites(BoundedLists, Relations, admin.ModelAdmin):
    """Pages whose saves go through the recorder and never overwrite what somebody else just saved."""

    form = RecordForm
    save_on_top = True

    def __init__(self, model, admin_site) -> None:
        super().__init__(model, admin_site)
        self.autocomplete_fields = self.relation_names()  # type: ignore[misc]

    # Forms

    def get_object(self, request, object_id, from_field=None):
        """For a change the row is locked, so that two saves at the same instant come one after the other."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and connection.in_atomic_block:
            return history.locked(found)
        return found

    def _get_list_editable_queryset(self, request, prefix):
        return (
            super()._get_list_editable_queryset(request, prefix).select_for_update(of=("self",), no_key=True)
        )

    def get_fieldsets(self, request, obj=None):
        fieldsets = list(super().get_fieldsets(request, obj))
        if self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj):
            fieldsets.append((_("This change"), {"fields": list(ABOUT_THE_EDIT)}))
        return fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        # The fields about the edit are declared on the form; the model would not let them be edited.
        fields = kwargs.pop("fields", None) or flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in fields if name not in ABOUT_THE_EDIT]
        return self._prepared(request, super().get_form(request, obj, change=change, **kwargs))

    def get_changelist_form(self, request, **kwargs):
        return self._prepared(
            request, super().get_changelist_form(request, **{"form": VersionedForm, **kwargs})
        )

    def get_changelist_formset(self, request, **kwargs):
        most = {"max_num": self.list_max_show_all, "absolute_max": self.list_max_show_all}
        return super().get_changelist_formset(request, **most, **kwargs)

    def _prepared(self, request, form):
        form.may_publish = history.may_publish(request.user, self.model)
        form.may_propose = request.resolver_match.url_name.endswith("_change")
        form.refused_by_database = getattr(request, "refused_by_database", False)
        return form

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        for formset in formsets:
            if formset.is_bound:
                # Rows are shown in the order in which they were sent, beside the records they were read into,
                # also when somebody added or deleted rows meanwhile.
                formset._queryset = [form.instance for form in formset.initial_forms]
        return super().get_inline_formsets(request, formsets, inline_instances, obj)

    # Writing

    def save_model(self, request, obj, form, change) -> None:
        if change and not form.changed_data:
            return
        reason = form.cleaned_data.get("reason") or reason_given(request.POST)
        if form.proposing:
            proposing.propose(request, form, reason)
            return
        history.save(obj, by=request.user, reason=reason, relations=form.relations())
        if form.publishes() and (points := review.findings(obj)):
            text = gettext("Published, but worth another look: {}")
            told = ", ".join(str(rule.title) for rule in points)
            self.message_user(request, format_html(text, told), messages.WARNING)

    def save_related(self, request, form, formsets, change) -> None:
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)
        if connection.features.has_select_for_update:
            connection.check_constraints()  # a related record deleted meanwhile shows now, not at the end

    def save_formset(self, request, form, formset, change) -> None:
        reason = reason_given(request.POST)
        formset.save(commit=False)
        for record in formset.deleted_objects:
            history.delete(record, by=request.user, reason=reason)
        for row in formset.saved_forms:
            if row.proposing:
                proposing.propose(request, row, reason)
                continue
            history.save(row.instance, by=request.user, reason=reason, relations=row.relations())

    def delete_model(self, request, obj) -> None:
        opened_on = request.POST.get("version")
        if opened_on and opened_on != changes.stamp(obj):
            raise ChangedMeanwhile(changes.last_saver(obj))
        history.delete(obj, by=request.user, reason=reason_given(request.POST))

    def delete_queryset(self, request, queryset) -> None:
        for record in queryset:
            history.delete(record, by=request.user, reason=reason_given(request.POST))

    # Two people at the same moment

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return self._again(
            request,
            lambda: super(SafeWrites, self).changeform_view(request, object_id, form_url, extra_context),
        )

    def changelist_view(self, request, extra_context=None):
        def view():
            if request.method != "POST":
                return super(SafeWrites, self).changelist_view(request, extra_context)
            with transaction.atomic(), index.deferred():
                response = super(SafeWrites, self).changelist_view(request, extra_context)
                return response.render() if isinstance(response, TemplateResponse) else response

        return self._again(request, view)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return self._again(
                request, lambda: super(SafeWrites, self).delete_view(request, object_id, extra_context)
            )
        except ChangedMeanwhile as problem:
            text = gettext(
                "%(who)s changed this record meanwhile (%(when)s). It was not deleted; look at it again."
            )
            messages.error(request, text % {"who": problem.saver.name, "when": problem.saver.when})
            return HttpResponseRedirect(request.get_full_path())

    def render_delete_form(self, request, context):
        return super().render_delete_form(request, {**context, "stamp": changes.stamp(context["object"])})

    def _again(self, request, view: Callable[[], HttpResponse]) -> HttpResponse:
        """Run a view anew when another save came between: the form then finds and tells what changed."""
        for _attempt in range(ATTEMPTS):
            try:
                return view()
            except EditConflict:
                continue
            except DatabaseError as problem:
                if not _came_between(problem):
                    raise
        request.refused_by_database = True  # the forms say so and keep the text
        return view()

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        if request.method != "POST" or not request.resolver_match.url_name.endswith("_change"):
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        return self._deleted_meanwhile(request, unquote(object_id))

    def _deleted_meanwhile(self, request, object_id: str) -> HttpResponse:
        """Say that the record is gone, and give back every text that was in the form."""
        written = self.get_form(request)(request.POST).written()
        for formset_class, inline in self.get_formsets_with_inlines(request):
            for row in formset_class(request.POST, prefix=formset_class.get_default_prefix()).forms:
                written += [(f"{inline.verbose_name}: {label}", text) for label, text in row.written()]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("This record was deleted"),
            "opts": self.opts,
            "written": written,
            "saver": changes.last_saver(self.model(pk=int(object_id))) if is_id(object_id) else None,
            "add_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
            if self.has_add_permission(request)
            else None,
        }
        return TemplateResponse(request, "admin/deleted_meanwhile.html", context, status=409)


class ChangedMeanwhile(Exception):
    """A record was changed between the question whether to delete it and the answer."""

    def __init__(self, saver: changes.Saver) -> None:
        super().__init__(saver)
        self.saver = saver


def _came_between(problem: DatabaseError) -> bool:
    """Whether a write failed because of another one: a key just taken, a row just gone, a deadlock."""
    return isinstance(problem, IntegrityError) or getattr(problem.__cause__, "sqlstate", "") in {
        "40001",
        "40P01",
    }


class RecordAdmin(ProposalsInsteadOfChanges, PublicationActions, MomentPages, HistoryPages, SafeWrites):  # type: ignore[misc]
    """The pages of a record under curation."""

    # The record on whose public page this one is shown; None for records with a page of their own.
    shown_with: str | None = None

    def get_queryset(self, request):
        related = cast("tuple[str, ...]", self.list_select_related)
        queryset = super().get_queryset(request)
        return queryset.select_related(*related) if related else queryset

    def view_on_site(self, obj) -> str | None:
        page: Any = getattr(obj, self.shown_with) if self.shown_with else obj
        if page is None or not page.is_public or not hasattr(page, "get_absolute_url"):
            return None
        return page.get_absolute_url()


class VocabularyAdmin(SafeWrites):
    """The words of a vocabulary. They are public at once, so editors keep them."""

    list_display = ("slug", "name_ko", "name_en", "order")
    list_display_links = ("slug",)
    list_editable = ("order",)
    search_fields = ("slug", "name_ko", "name_en")
    fields = (("name_ko", "name_en"), "slug", "order")
    prepopulated_fields = {"slug": ("name_en",)}
