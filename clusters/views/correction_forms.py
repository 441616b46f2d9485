"""The form of a reader's correction: each field of a record as shown and as it should be, and how the reader knows."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms.models import modelform_factory
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clusters import models as m
from clusters.curation import changes, correctable, proposals
from clusters.models.fields import LinesField, LongTextField, ProseField, TextListField
from clusters.text import validate_line, validate_text, validate_web_address

MOST_LINES_TEXT = 4000
SHAPE_OF_MOMENTS = "%Y-%m-%d %H:%M"


class VocabularyChoices(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


def public_field(field: models.Field, **kwargs) -> forms.Field | None:
    """A form field that shows and takes only what readers may see: relations by name, never by number."""
    if field.is_relation:
        related: Any = field.related_model
        offered = related.objects.published() if issubclass(related, m.Record) else related.objects.all()
        if isinstance(field, models.ManyToManyField):
            return VocabularyChoices(offered, to_field_name="slug", required=False, label=_label(field))
        return forms.ModelChoiceField(
            offered, to_field_name="slug", required=not field.blank, label=_label(field)
        )
    made = field.formfield(**kwargs)
    if made is None:
        return None
    if isinstance(made, LinesField):
        made.validators.append(MaxLengthValidator(MOST_LINES_TEXT))
    if isinstance(made, forms.DateTimeField):
        made.widget = forms.DateTimeInput(format=SHAPE_OF_MOMENTS)
    if isinstance(made, forms.DateField):
        made.widget = forms.DateInput(format="%Y-%m-%d")
    if isinstance(made.widget, forms.Textarea):
        made.widget.attrs["rows"] = 4 if isinstance(field, ProseField) else 2
    made.widget.attrs.pop("class", None)
    return made


def _label(field: models.Field) -> str:
    return str(capfirst(field.verbose_name))


@dataclass
class Row:
    """One field as the page shows it: its name, what stands there now, and where to write."""

    bound: forms.BoundField
    now: str
    several_lines: bool

    @property
    def input(self) -> str:
        marks = [mark for mark, there in ((self.now_id, True), (self.error_id, self.bound.errors)) if there]
        attrs: dict[str, str | bool] = {"aria-describedby": " ".join(marks)}
        stem, _underscore, language = self.bound.name.rpartition("_")
        if stem and language in ("ko", "en") and language != get_language():
            attrs["lang"] = language
        return self.bound.as_widget(attrs=attrs)

    @property
    def now_id(self) -> str:
        return f"{self.bound.auto_id}-now"

    @property
    def error_id(self) -> str:
        return f"{self.bound.auto_id}-err"


class FieldsForm(forms.ModelForm):
    """The fields of a published record, each filled with what stands there.

    Only what was changed is checked, and never against other records: whether a name or a code is taken already
    would tell about records that are not published.
    """

    use_required_attribute = False

    def __init__(self, data, *, record: m.Record, seen: models.Model) -> None:
        self.record, self.seen = record, seen
        proposed = copy.copy(record)
        # The check of all constraints would look at other records: the rest of them is done below.
        vars(proposed)["validate_constraints"] = lambda exclude=None: None
        super().__init__(data, instance=proposed, initial=self._shown(), prefix="new")

    def _columns(self) -> Iterator[models.Field]:
        for name in correctable.FIELDS[type(self.record)]:
            column: Any = self.record._meta.get_field(name)
            yield column

    def _shown(self) -> dict[str, Any]:
        """What the reader saw; related records that are not public are as if there were none."""
        shown: dict[str, Any] = {}
        for column in self._columns():
            kept = changes.value(self.seen, column)
            if column.is_relation:
                related: Any = column.related_model
                offered = (
                    related.objects.published() if issubclass(related, m.Record) else related.objects.all()
                )
                several = isinstance(column, models.ManyToManyField)
                found = list(offered.filter(pk__in=kept if several else [kept]))
                shown[column.name] = found if several else (found[0] if found else None)
            elif isinstance(kept, datetime):
                shown[column.name] = kept.replace(second=0, microsecond=0)
            elif isinstance(kept, Decimal):
                shown[column.name] = Decimal(f"{kept.normalize():f}")
            else:
                shown[column.name] = kept
        return shown

    def clean(self):
        for name in set(self.errors) - set(self.changed_data):
            del self.errors[name]
        return super().clean()

    def _get_validation_exclusions(self):
        untouched = set(self.fields) - set(self.changed_data)
        return super()._get_validation_exclusions() | untouched  # type: ignore[misc]

    def validate_unique(self) -> None:
        """Never here: see above."""

    def _post_clean(self) -> None:
        """What a record must hold by itself is checked as well, such as an end after its beginning."""
        super()._post_clean()  # type: ignore[misc]
        touched = set(self.changed_data) - set(self.errors)
        for rule in self.record._meta.constraints:
            if isinstance(rule, models.CheckConstraint) and touched & _names_in(rule.condition):
                try:
                    rule.validate(type(self.record), self.instance)  # type: ignore[attr-defined]
                except ValidationError as problem:
                    self.add_error(None, problem)

    def entries(self) -> list[dict[str, Any]]:
        """What the reader proposes, field by field."""
        found = []
        for column in self._columns():
            if column.name in self.changed_data:
                found.append(
                    {
                        "field": column.name,
                        "shown": proposals.plain(column, self._kept(column)),
                        "proposed": proposals.plain(column, self.cleaned_data[column.name]),
                    }
                )
        return [entry for entry in found if entry["shown"] != entry["proposed"]]

    def _kept(self, column: models.Field) -> Any:
        return self.initial[column.name] if column.is_relation else changes.value(self.seen, column)

    def rows(self) -> Iterator[Row]:
        for column in self._columns():
            now: Any = self.initial[column.name]
            if isinstance(column, models.ManyToManyField):
                now = [record.pk for record in now]
            elif isinstance(now, models.Model):
                now = now.pk
            yield Row(
                self[column.name],
                changes.in_words(column, now),
                isinstance(column, ProseField | TextListField),
            )


def _names_in(condition) -> set[str]:
    names: set[str] = set()
    for child in getattr(condition, "children", []):
        names |= {child[0].split("__")[0]} if isinstance(child, tuple) else _names_in(child)
    return names


def fields_form(data, *, record: m.Record, seen: models.Model) -> FieldsForm:
    made: Any = modelform_factory(
        type(record),
        form=FieldsForm,
        fields=correctable.FIELDS[type(record)],
        formfield_callback=public_field,  # type: ignore[arg-type]
    )
    return made(data, record=record, seen=seen)


class GroundsForm(forms.Form):
    """How the reader knows, anything else to say, and how to ask back."""

    use_required_attribute = False

    link = forms.CharField(
        label=gettext_lazy("Link to the source"),
        help_text=gettext_lazy(
            "A page that says so: a press release, a public notice, a register. It starts with http:// or https://."
        ),
        required=False,
        max_length=500,
        validators=[validate_web_address],
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    grounds = LongTextField(
        label=gettext_lazy("Or how you know"),
        help_text=gettext_lazy("If there is no such page: for example, that you work there."),
        required=False,
        max_length=1000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    comment = LongTextField(
        label=gettext_lazy("Anything else"),
        help_text=gettext_lazy(
            "What the fields above have no place for: something missing, something that is no longer so."
        ),
        required=False,
        max_length=2000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail (optional)"),
        help_text=gettext_lazy(
            "Only if we may ask back. It is never shown, and it is erased 30 days after the decision."
        ),
        required=False,
        max_length=254,
        validators=[validate_line],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # People do not see this one; programs that fill in every form do not know that.
    homepage = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise ValidationError(
                _("This field is there to stop programs. Please empty it and send the form again.")
            )
        return ""

    def clean(self):
        cleaned = super().clean() or {}
        if not (self.errors.get("link") or cleaned.get("link") or cleaned.get("grounds")):
            self.add_error(
                "link",
                _("Give a link to a source, or write below how you know. Without either nobody can check."),
            )
        return cleaned

    def rows(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.fields if name != "homepage")
