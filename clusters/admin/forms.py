"""The forms of the curators: each knows which state of its record it was opened on, and who may change it."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet, InlineForeignKeyField
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clusters.curation import changes, review
from clusters.curation.history import CLOSED
from clusters.models import Record
from clusters.text import validate_line

# Fields of the form that are no fields of the record.
ABOUT_THE_EDIT = ("version", "reason")

WHY = _("In a few words; it is kept in the history.")


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Why"), required=False, max_length=200, strip=True, validators=[validate_line], help_text=WHY
    )


def reason_given(data) -> str:
    """The reason in a request that has no form of its own for it; what cannot be kept is left out."""
    try:
        return reason_field().clean(data.get("reason", ""))
    except ValidationError:
        return ""


class VersionedForm(forms.ModelForm):
    """A form that notices when its record was saved by somebody else after it was opened.

    It is then refused with what changed. It keeps what this curator wrote, takes over what the other one wrote
    elsewhere, and carries the new version, so that saving again is a decision and not an accident.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    # Set for each request by the admin that makes the form.
    may_publish = False
    may_propose = False
    refused_by_database = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: list[str] = []
        self.proposing = False
        self.closed = self._keep_publication_rules()
        if self.instance.pk is None or self.instance._state.adding:
            return
        self.initial["version"] = changes.stamp(self.instance)
        if self.is_bound and not self.closed:
            self._compare_versions()

    def _keep_publication_rules(self) -> bool:
        """Lock what is before the public, and offer no such state, to those who may not publish.

        Where the form may propose, what they change in a public record is sent to the editors.
        """
        record = self.instance
        if self.may_publish or not isinstance(record, Record):
            return False
        if not record._state.adding and record.is_public and self.may_propose:
            self.proposing = True
            if "publication" in self.fields:
                self.fields["publication"].disabled = True
            return False
        if not record._state.adding and record.publication in CLOSED:
            for field in self.fields.values():
                field.disabled = True
            return True
        if "publication" in self.fields:
            states: Any = self.fields["publication"]
            states.choices = [(state, label) for state, label in states.choices if state not in CLOSED]
            states.help_text = _(
                "Choose “In review” when it is ready: an editor looks at it and publishes it."
            )
        return False

    def _own_fields(self) -> Iterator[tuple[str, forms.Field, models.Field]]:
        columns = {column.name: column for column in changes.tracked_fields(self._meta.model)}
        for name, field in self.fields.items():
            if name in columns and not field.disabled:
                yield name, field, columns[name]

    def _compare_versions(self) -> None:
        opened_on = self.data.get(self.add_prefix("version"), "")
        if opened_on == changes.stamp(self.instance):
            return
        before = changes.state_at(self.instance, opened_on)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        touched = bool(data.get(self.add_prefix(DELETION_FIELD_NAME)))
        told: list[str] = []
        for name, field, column in self._own_fields():
            now = self.get_initial_for_field(field, name)
            raw = self._raw(name, field)
            theirs_moved = before is None or changes.value(before, column) != changes.value(
                self.instance, column
            )
            if not field.has_changed(now, raw):
                continue
            if before is not None and not field.has_changed(changes.value(before, column), raw):
                put(data, field.widget, self.add_prefix(name), field.prepare_value(now))
                told.append(
                    gettext(
                        "%(field)s: now “%(theirs)s”. You had not changed it; your form has the new text."
                    )
                    % {"field": field.label, "theirs": self._stored_in_words(column)}
                )
                continue
            touched = True
            if theirs_moved:
                told.append(
                    gettext("%(field)s: now “%(theirs)s”; yours is “%(yours)s”.")
                    % {
                        "field": field.label,
                        "theirs": self._stored_in_words(column),
                        "yours": self._posted_in_words(field, column, raw),
                    }
                )
        data[self.add_prefix("version")] = changes.stamp(self.instance)
        self.data = data
        if touched:
            saver = changes.last_saver(self.instance)
            self.conflict = [
                gettext(
                    "%(who)s saved this record while you were editing it (%(when)s), so yours was not saved. "
                    "None of your text is lost. Read what changed, then save again."
                )
                % {"who": saver.name, "when": saver.when},
                *told,
            ]

    def _stored_in_words(self, column: models.Field) -> str:
        return changes.in_words(column, changes.value(self.instance, column))

    def _posted_in_words(self, field: forms.Field, column: models.Field, raw: Any) -> str:
        try:
            cleaned = field.clean(raw)
        except ValidationError:
            return str(raw)[: changes.SHOWN_LENGTH]
        if isinstance(cleaned, models.QuerySet):
            cleaned = [record.pk for record in cleaned]
        elif isinstance(cleaned, models.Model):
            cleaned = cleaned.pk
        return changes.in_words(column, cleaned)

    def clean(self):
        cleaned = super().clean()
        if self.conflict:
            raise ValidationError(self.conflict, code="conflict")
        if self.refused_by_database:
            raise ValidationError(
                _("The database refused this, most likely because two rows say the same. Nothing was saved."),
                code="refused",
            )
        return cleaned

    def _post_clean(self) -> None:
        """What blocks publication is said when somebody publishes, with everything else they wrote in place."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and self.publishes():
            for rule in review.blocking(self.instance):
                self.add_error(None, str(rule.why))

    def publishes(self) -> bool:
        """Whether saving this form brings its record before the public."""
        record = self.instance
        return isinstance(record, Record) and record.is_public and "publication" in self.changed_data

    def validate_unique(self) -> None:
        """Model forms leave the parent of a row out of the check of constraints with a condition; here it is in."""
        super().validate_unique()
        parents = {name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)}
        for rule in self._meta.model._meta.constraints:
            if isinstance(rule, models.UniqueConstraint) and rule.condition and parents & set(rule.fields):
                left_out = self._get_validation_exclusions()  # type: ignore[attr-defined]
                try:
                    rule.validate(self._meta.model, self.instance, exclude=left_out)  # type: ignore[attr-defined]
                except ValidationError as problem:
                    self.add_error(None, problem)

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in ABOUT_THE_EDIT]

    def written(self) -> list[tuple[str, str]]:
        """What was typed or chosen in the form, in words."""
        return [
            (str(field.label), self._posted_in_words(field, column, self._raw(name, field)))
            for name, field, column in self._own_fields()
            if self._raw(name, field) not in (None, "", [], ["", ""]) and name in self.changed_data
        ]

    def _raw(self, name: str, field: forms.Field) -> Any:
        return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def relations(self) -> dict[str, Any]:
        """What the many-to-many fields of the form shall hold."""
        names = {field.name for field in self._meta.model._meta.many_to_many}
        return {name: chosen for name, chosen in self.cleaned_data.items() if name in names}

    def proposed(self) -> dict[models.Field, Any]:
        """What was changed in the form, for a proposal."""
        relations = self.relations()
        return {
            column: relations[column.name]
            if column.name in relations
            else getattr(self.instance, column.attname)
            for column in changes.tracked_fields(self._meta.model)
            if column.name in self.changed_data
        }


class RecordForm(VersionedForm):
    """The form of a record's own page, which also asks why."""

    reason = reason_field()


class RowFormSet(BaseInlineFormSet):
    """Rows inside another record's form: each with its own version, some of them locked, some perhaps gone."""

    def total_form_count(self) -> int:
        """As many rows as were sent, whatever number stands beside them."""
        total = super().total_form_count()
        if not self.is_bound:
            return total
        pattern = re.compile(rf"{re.escape(self.prefix or '')}-([0-9]{{1,4}})-")
        return min(total, len({found[1] for found in map(pattern.match, self.data) if found}))

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.gone = self.is_bound and i < self.initial_form_count() and form.instance._state.adding
        return form

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields and getattr(form, "closed", False):
            form.fields[DELETION_FIELD_NAME].disabled = True

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.conflict:
                raise ValidationError(form.conflict, code="conflict")
        for form in self.initial_forms:
            if form.gone and form not in self.deleted_forms:
                form.add_error(None, self._gone_message(form))

    def _gone_message(self, form) -> str:
        raw = str(form.data.get(form.add_prefix("id"), ""))
        row = None
        if issubclass(self.model, Record) and raw.isascii() and raw.isdigit() and len(raw) < 19:
            row = self.model.history.filter(id=int(raw), history_type="-").first()
        who = (
            (row.history_user.get_full_name() or row.history_user.get_username())
            if row and row.history_user
            else ""
        )
        return gettext(
            "%(who)s deleted this row while you were editing it. Check “Delete” to remove it, or copy your text "
            "into a new row."
        ) % {"who": who or gettext("Someone")}


def put(data, widget: forms.Widget, name: str, value: Any) -> None:
    """Write a value into posted data the way a browser would send it."""
    widget = getattr(widget, "widget", widget)  # inside the wrapper with the "add another" links
    if isinstance(widget, forms.MultiWidget):
        suffixes = widget.widgets_names  # type: ignore[attr-defined]
        for suffix, inner, part in zip(
            suffixes, widget.widgets, widget.decompress(value) or [], strict=False
        ):
            put(data, inner, name + suffix, part)
    elif isinstance(widget, forms.CheckboxInput):
        data.pop(name, None)
        if value:
            data[name] = "on"
    elif isinstance(widget, forms.SelectMultiple):
        data.setlist(name, [str(item) for item in value or []])
    elif isinstance(widget, forms.Select):
        data[name] = "" if value is None else str(value)
    else:
        shown = widget.format_value(value)
        data[name] = "" if shown is None else str(shown)
