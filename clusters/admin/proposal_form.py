"""The form with which an editor decides a proposal: which fields, with which values, on which source."""

import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.curation import proposals
from clusters.models import Proposal, Record, Source
from clusters.models.fields import PartialDateField
from clusters.text import validate_line

from .choosers import ChooseOne


class ReviewForm(forms.Form):
    """A box to accept each field and its value to edit; the source to record; why."""

    sends_back = False

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=200,
        validators=[validate_line],
        help_text=gettext_lazy("Kept in the history, and shown to a proposer with an account."),
    )

    def __init__(
        self, data, *, proposal: Proposal, record: Record | None, values: dict[str, forms.Field]
    ) -> None:
        super().__init__(data)
        self.proposal, self.record = proposal, record
        self.columns = {one.field.name: one for one in proposals.compare(proposal, record)}
        for name, one in self.columns.items():
            if name not in values:
                continue
            self.fields[f"take_{name}"] = forms.BooleanField(
                label=_("Accept “%(field)s”") % {"field": one.label}, required=False
            )
            field = copy.deepcopy(values[name])
            field.help_text = ""
            field.label = _("Write into “%(field)s”") % {"field": one.label}
            self.fields[f"value_{name}"] = field
            self.initial[f"value_{name}"] = proposals.typed(one.field, one.proposed)
            self.initial[f"take_{name}"] = not one.in_conflict

    def clean(self):
        cleaned = super().clean() or {}
        if self.sends_back:
            self.errors.clear()
            if not cleaned.get("reason"):
                self.add_error("reason", _("Say why, so that the proposer can read it."))
            return cleaned
        for name in self.columns:
            if not cleaned.get(f"take_{name}"):
                self.errors.pop(f"value_{name}", None)
        if self.columns and not self.values() and not self.errors:
            raise ValidationError(_("Choose at least one field to accept, or send the proposal back."))
        self._clean_source(cleaned)
        return cleaned

    def _clean_source(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("evidence") == "other" and not cleaned.get("source"):
            self.add_error("source", _("Choose the source."))
        if cleaned.get("evidence") == "link" and "source_title" in self.fields:
            for name in ("source_title", "source_publisher"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A new source needs its title and publisher."))

    def values(self) -> dict[str, Any]:
        """What is to be written, field by field, as a proposal keeps it."""
        return {
            name: proposals.plain(one.field, self.cleaned_data[f"value_{name}"])
            for name, one in self.columns.items()
            if self.cleaned_data.get(f"take_{name}") and f"value_{name}" in self.cleaned_data
        }

    def bounds(self, name: str) -> tuple[forms.BoundField, forms.BoundField] | None:
        return (self[f"take_{name}"], self[f"value_{name}"]) if f"take_{name}" in self.fields else None

    def evidence_fields(self) -> list[forms.BoundField]:
        names = (
            "evidence",
            "source_title",
            "source_publisher",
            "source_published",
            "source_public",
            "source",
            "place",
        )
        return [self[name] for name in names if name in self.fields]


def review_form(request, site, proposal: Proposal, record: Record | None) -> ReviewForm:
    values: dict[str, forms.Field] = {}
    names = [entry["field"] for entry in proposal.changes]
    if record is not None and names:
        model_admin = site.get_model_admin(type(record))
        known = {field.name for field in (*record._meta.concrete_fields, *record._meta.many_to_many)}
        made = model_admin.get_form(request, record, change=True, fields=[n for n in names if n in known])
        values = {name: field for name, field in made.base_fields.items() if name in names}
    form = ReviewForm(request.POST or None, proposal=proposal, record=record, values=values)
    if record is not None:
        _add_evidence(form, site)
    return form


def _add_evidence(form: ReviewForm, site) -> None:
    """Where the evidence comes from: the proposed link, a source that is there already, or nothing."""
    link = form.proposal.link
    there = Source.objects.filter(url=link).first() if link else None
    choices = [("none", _("Record no source"))]
    if there:
        choices.append(("link", _("The proposed link, already here as “%(source)s”") % {"source": there}))
    elif link:
        choices.append(("link", _("The proposed link, as a new source")))
    choices.append(("other", _("Another source of the directory")))
    form.fields["evidence"] = forms.ChoiceField(
        label=_("Source"), choices=choices, widget=forms.RadioSelect, initial="link" if link else "none"
    )
    if link and not there:
        title: Any = Source._meta.get_field("title")
        publisher: Any = Source._meta.get_field("publisher")
        form.fields["source_title"] = title.formfield(required=False)
        form.fields["source_publisher"] = publisher.formfield(required=False)
        form.fields["source_published"] = _partial_date()
        form.fields["source_public"] = forms.BooleanField(
            label=_("Publish the new source at once"), required=False, initial=True
        )
    column: Any = Proposal._meta.get_field("source")
    form.fields["source"] = forms.ModelChoiceField(
        Source.objects.all(), label=_("Other source"), required=False, widget=ChooseOne(column, site)
    )
    model = type(form.record) if form.record else None
    if model and any(field.name == "further_sources" for field in model._meta.many_to_many):
        form.fields["place"] = forms.ChoiceField(
            label=_("Place"),
            choices=[("first", _("As the first source")), ("beside", _("Beside the present source"))],
            widget=forms.RadioSelect,
            initial="first",
        )


def _partial_date() -> forms.Field:
    column = Source._meta.get_field("published")
    assert isinstance(column, PartialDateField)
    made = column.formfield(required=False)
    assert made is not None
    clean = column.clean

    def checked(value: str) -> None:
        if value:
            clean(value, None)

    made.validators.append(checked)
    return made
