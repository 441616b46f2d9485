"""The parameters of a list, as form fields that take any text and never more than they should."""

import re
from collections.abc import Container, Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters import search

MAX_VALUES = 50
PER_PAGE = (20, 50, 100)
MAX_PER_PAGE = PER_PAGE[-1]
BEYOND_ANY_PAGE = 10**9
SHOWN_OF_A_BAD_VALUE = 40  # characters


class ParameterField(forms.Field):
    """A parameter that may come several times. Templates draw the form, so a field never draws itself."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**{**kwargs, "required": False})

    def clean(self, value) -> list[str]:
        """The values that say something, each once."""
        return list(dict.fromkeys(text.strip() for text in value or [] if text.strip()))


class CodesField(ParameterField):
    """Any of several codes. One bad code makes the whole field bad, so that nothing is filtered by half of it."""

    def __init__(self, *, facet, **kwargs) -> None:
        super().__init__(**kwargs)
        self.facet = facet  # its options are read only when a code was given

    def clean(self, value) -> list[str]:
        values = super().clean(value)
        if len(values) > MAX_VALUES:
            raise ValidationError(
                _("Choose at most %(limit)d values. This condition was not applied.") % {"limit": MAX_VALUES}
            )
        for text in values:
            if text not in self.facet.options:
                shown = text[:SHOWN_OF_A_BAD_VALUE]
                raise ValidationError(
                    _("There is no such value: %(value)s. This condition was not applied.") % {"value": shown}
                )
        return values


class OnceField(ParameterField):
    """One value, where several make no sense."""

    def clean(self, value):
        values = super().clean(value)
        if len(values) > 1:
            raise ValidationError(_("Give this only once. It was not applied."))
        return self.parse(values[0]) if values else None

    def parse(self, text: str):
        raise NotImplementedError


class CodeField(OnceField):
    """One of some codes; `unknown` says what is done about another."""

    unknown: str | Promise = gettext_lazy(
        "There is no such value: %(value)s. This condition was not applied."
    )

    def __init__(self, codes: Container[str], unknown: str | Promise = "") -> None:
        super().__init__()
        self.codes = codes
        self.unknown = unknown or self.unknown

    def parse(self, text: str) -> str:
        if text not in self.codes:
            raise ValidationError(str(self.unknown) % {"value": text[:SHOWN_OF_A_BAD_VALUE]})
        return text


class SearchField(OnceField):
    def parse(self, text: str) -> str | None:
        if "\x00" in text:
            raise ValidationError(_("This holds a character that no text has. The search was not applied."))
        if len(text) > search.MAX_LENGTH:
            raise ValidationError(
                _("Search for at most %(limit)d characters. The search was not applied.")
                % {"limit": search.MAX_LENGTH}
            )
        if len(search.words_of(text)) > search.MAX_WORDS:
            raise ValidationError(
                _("Search for at most %(limit)d words. The search was not applied.")
                % {"limit": search.MAX_WORDS}
            )
        return search.asked(text) or None


class SortField(OnceField):
    """A column's code, with a minus before it for the other direction."""

    def __init__(self, codes: Container[str]) -> None:
        super().__init__()
        self.codes = codes

    def parse(self, text: str) -> str:
        if text.removeprefix("-") not in self.codes or text.startswith("--"):
            raise ValidationError(
                _("The list cannot be sorted by %(value)s.") % {"value": text[:SHOWN_OF_A_BAD_VALUE]}
            )
        return text


class PageField(OnceField):
    """A page number. ASCII digits only: "²".isdigit() is true."""

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]+", text) or not text.strip("0"):
            raise ValidationError(_("A page number is 1 or more. The first page is shown."))
        return int(text) if len(text) < 10 else BEYOND_ANY_PAGE


class PerPageField(OnceField):
    def parse(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_PER_PAGE:
            raise ValidationError(
                _("A page holds 1 to %(limit)d entries. The usual number is shown.") % {"limit": MAX_PER_PAGE}
            )
        return int(text)


def list_fields(sorts: Container[str]) -> dict[str, ParameterField]:
    """How a list is sorted and cut into pages, which is the same question in every directory."""
    return {"sort": SortField(sorts), "page": PageField(), "per_page": PerPageField()}


def cleaned(fields: Mapping[str, ParameterField], data: QueryDict) -> tuple[dict, dict[str, list[str]]]:
    """The values that are valid, and what is wrong with the others, by parameter."""
    valid, errors = {}, {}
    for name, field in fields.items():
        if name in data:
            try:
                value = field.clean(data.getlist(name))
            except ValidationError as problem:
                errors[name] = [str(message) for message in problem.messages]
            else:
                if value:
                    valid[name] = value
    return valid, errors
