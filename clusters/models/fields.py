"""Field types: lines, prose, addresses, lists and partial dates that refuse what no page can show."""

from collections.abc import Iterable
from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters.dates import PartialDate
from clusters.text import validate_line, validate_text, validate_web_address

LANGUAGES = ("ko", "en")

_read = lru_cache(4096)(PartialDate)  # the same few dates stand in many rows


class Localized(str):
    """A text with the language it is written in; `fallback` is true when that is not the reader's."""

    lang: str
    fallback: bool

    def __new__(cls, text: str, lang: str, fallback: bool) -> "Localized":
        self = super().__new__(cls, text)
        self.lang, self.fallback = lang, fallback
        return self


class Bilingual:
    """Reads a pair of columns, name_ko and name_en, as one attribute in the reader's language."""

    def __init__(self, stem: str) -> None:
        self.stem = stem

    def __get__(self, record, owner=None):
        if record is None:
            return self
        wanted = "en" if (get_language() or "ko").startswith("en") else "ko"
        other = "ko" if wanted == "en" else "en"
        text = getattr(record, f"{self.stem}_{wanted}")
        if text:
            return Localized(text, wanted, False)
        text = getattr(record, f"{self.stem}_{other}")
        return Localized(text, other, bool(text))


class LineField(models.CharField):
    """One line of text without control or invisible characters."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(*args, **kwargs)

    @property
    def validators(self):
        # What CharField adds when it is made is lost with the list it was added to.
        return [*super().validators, MaxLengthValidator(self.max_length), validate_line]


class ProseField(models.TextField):
    """Text of several lines, of bounded length, without control or invisible characters."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("max_length", 4000)
        super().__init__(*args, **kwargs)

    @property
    def validators(self):
        return [*super().validators, MaxLengthValidator(self.max_length), validate_text]

    def to_python(self, value):
        return _with_plain_line_ends(super().to_python(value))

    def formfield(self, **kwargs):
        return super().formfield(
            **{"form_class": LongTextField, "widget": forms.Textarea(attrs={"rows": 3}), **kwargs}
        )


class WebAddressField(models.CharField):
    """An http or https address; anything else would become a live link of the wrong kind."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(*args, **kwargs)

    @property
    def validators(self):
        return [*super().validators, MaxLengthValidator(self.max_length), validate_web_address]

    def formfield(self, **kwargs):
        return super().formfield(
            **{"widget": forms.TextInput(attrs={"inputmode": "url", "class": "vTextField"}), **kwargs}
        )


class PartialDateField(models.CharField):
    """A date of the precision its source gives; sorts as text. `quarters=True` also takes 2025-Q3."""

    def __init__(self, *args, quarters: bool = False, **kwargs) -> None:
        self.quarters = quarters
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        if self.quarters:
            kwargs["quarters"] = True
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return _read(value) if value else ""

    def to_python(self, value):
        if isinstance(value, PartialDate) or value in (None, ""):
            return value or ""
        try:
            date = PartialDate(str(value).strip())
        except ValueError as problem:
            raise ValidationError(str(problem), code="partial_date") from None
        if date.quarter and not self.quarters:
            raise ValidationError(
                _("A quarter cannot stand here. Write a year, a month or a day."), code="quarter"
            )
        return date

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return str(value) if value else ""


class TextListField(models.TextField):
    """A short list of one-line texts, kept one to a line so that a search can read them."""

    def from_db_value(self, value, expression, connection):
        return value.split("\n") if value else []

    def to_python(self, value) -> list[str]:
        if isinstance(value, str):
            value = value.splitlines()
        return [line for line in (str(item).strip() for item in value or []) if line]

    def get_prep_value(self, value):
        if isinstance(value, str):
            return value
        return "\n".join(value or [])

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value: Iterable[str], model_instance) -> None:
        for line in value:
            validate_line(line)
            if len(line) > 200:
                raise ValidationError(_("One of the lines is longer than 200 characters."), code="max_length")
        if not value and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def run_validators(self, value) -> None:
        """The lines are checked one by one in validate()."""

    def value_from_object(self, obj):
        return getattr(obj, self.attname)

    def formfield(self, **kwargs):
        return super(models.TextField, self).formfield(
            **{"form_class": LinesField, "widget": forms.Textarea(attrs={"rows": 2}), **kwargs}
        )


def _with_plain_line_ends(text):
    """Browsers send line ends as CR and LF; the texts are kept, compared and measured with LF alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class LongTextField(forms.CharField):
    """A form field for text of several lines."""

    def to_python(self, value):
        return _with_plain_line_ends(super().to_python(value))


class LinesField(forms.CharField):
    """A form field for a list of texts, one to a line."""

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value) -> list[str]:
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def has_changed(self, initial, data) -> bool:
        before = initial if isinstance(initial, list) else self.to_python(initial)
        return before != self.to_python(data)
