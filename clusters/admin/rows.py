"""Facts as rows of the record they belong to, and the groups of fields that all records share."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.utils.translation import gettext_lazy as _

from clusters.curation import history

from .choosers import Relations
from .forms import ABOUT_THE_EDIT, RowFormSet, VersionedForm

MAX_ROWS = 420  # more have too many fields for one request

PUBLICATION: Any = (_("Publication"), {"fields": ["publication"]})
EVIDENCE_FIELDS: list[Any] = ["source", "as_of", ("note_ko", "note_en")]
EVIDENCE: Any = (
    _("Evidence"),
    {
        "fields": EVIDENCE_FIELDS,
        "description": _("The document that supports all of the above, unless a row names its own."),
    },
)
FACT_FIELDS: list[Any] = ["status", "source", "further_sources", "as_of", ("note_ko", "note_en")]
FACT: Any = (
    _("Finding and evidence"),
    {
        "fields": FACT_FIELDS,
        "description": _("What we found out, the documents that say so, and the date they speak of."),
    },
)


class FactInline(Relations, admin.StackedInline):
    """Facts as rows of the record they belong to; what the public sees stays with the editors here as well."""

    form = VersionedForm
    formset = RowFormSet
    extra = 0
    max_num = MAX_ROWS
    show_change_link = True
    view_on_site = False
    classes = ("collapse",)
    # What the fact itself says, above its evidence.
    says: tuple = ()
    # Relations that the name of a row is made of.
    named_with: tuple[str, ...] = ()

    def __init__(self, parent_model, admin_site) -> None:
        super().__init__(parent_model, admin_site)
        self.autocomplete_fields = self.relation_names()  # type: ignore[misc]

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        if self.named_with:
            queryset = queryset.select_related(*self.named_with)
        if request.method == "POST" and connection.in_atomic_block:
            return queryset.select_for_update(of=("self",), no_key=True)
        return queryset

    def get_fieldsets(self, request, obj=None):
        evidence = FACT_FIELDS if "status" in {field.name for field in self.opts.fields} else []
        about = [*self.says, "publication", *evidence]
        parent = self.admin_site.get_model_admin(self.parent_model)
        if parent.has_change_permission(request, obj) if obj else parent.has_add_permission(request):
            about.append("version")
        return [(None, {"fields": about})]

    def get_formset(self, request, obj=None, **kwargs):
        fields = kwargs.pop("fields", None) or flatten_fieldsets(self.get_fieldsets(request, obj))
        kwargs["fields"] = [name for name in fields if name not in ABOUT_THE_EDIT]
        kwargs["absolute_max"] = MAX_ROWS
        formset = super().get_formset(request, obj, **kwargs)
        form = cast("type[VersionedForm]", formset.form)
        form.may_publish = history.may_publish(request.user, self.model)
        form.may_propose = True
        return formset
