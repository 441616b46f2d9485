"""What a clause asks for, in terms a program can weigh: the few words each kind of condition knows, and their form.

A condition keeps its clause word for word; its terms say as much of it as can be computed. Terms are left out where
a clause needs a reader's judgment.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from clusters.text import validate_line, validate_slug

SIZES = ("startup", "sme", "mid_tier", "large")
LEGAL_FORMS = (
    "before_founding",
    "sole_proprietor",
    "corporation",
    "university",
    "institute",
    "hospital",
    "nonprofit",
    "public_body",
)
STAGES = (
    "before_founding",
    "seed",
    "pre_a",
    "series_a",
    "series_b",
    "series_c",
    "series_d",
    "pre_ipo",
    "listed",
)
CERTIFICATIONS = ("venture", "innobiz", "mainbiz", "research_lab", "social", "women", "youth")
MOST = 30  # words in one list
LONGEST = 2000

Check = Callable[[Any], bool]


def _years(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 100


def _won(value: Any) -> bool:
    return type(value) is int and 0 < value < 10**15


def _yes(value: Any) -> bool:
    return value is True


def _list(check: Check) -> Check:
    return lambda value: (
        isinstance(value, list)
        and 0 < len(value) <= MOST
        and len({str(one) for one in value}) == len(value)
        and all(isinstance(one, str) and check(one) for one in value)
    )


def _among(*words: str) -> Check:
    return _list(lambda one: one in words)


def _passes(validate: Callable[[str], None]) -> Check:
    def check(value: str) -> bool:
        try:
            validate(value)
        except ValidationError:
            return False
        return 0 < len(value) <= 80

    return check


_slugs, _names = _list(_passes(validate_slug)), _list(_passes(validate_line))

# What each kind of condition knows. `open` says that the clause names examples: whoever fits none of them may still
# be meant, so that is to be checked and not a refusal.
KNOWN: dict[str, dict[str, Check]] = {
    "business_age": {
        "min_years": _years,
        "max_years": _years,
        "arguable_years": _years,
        "before_founding": _yes,
    },
    "size": {"sizes": _among(*SIZES)},
    "region": {"provinces": _slugs, "municipalities": _names, "abroad": _yes},
    "sector": {"ai": _yes, "technologies": _slugs, "industries": _slugs},
    "stage": {"stages": _among(*STAGES)},
    "legal_form": {"forms": _among(*LEGAL_FORMS)},
    "certification": {"certifications": _among(*CERTIFICATIONS)},
    "investment": {"min_krw": _won, "none": _yes},
    "other": {},
}


def validate_terms(dimension: str, terms: Any) -> None:
    """Raises ValidationError, saying which term is wrong, unless the terms are such as the dimension knows."""
    if not isinstance(terms, dict):
        raise ValidationError(_("Write one term to a line, such as “max_years: 7”."))
    known = {**KNOWN.get(dimension, {}), "open": _yes}
    for name, value in terms.items():
        if name not in known:
            raise ValidationError(
                _("“%(term)s” is not a term of this kind of condition. Known are: %(known)s.")
                % {"term": str(name)[:40], "known": ", ".join(known)}
            )
        if not known[name](value):
            raise ValidationError(
                _("“%(term)s” has a value that cannot be: %(value)s.")
                % {"term": name, "value": shown(value)[:80]}
            )
    if set(terms) == {"open"}:
        raise ValidationError(_("“open” needs another term beside it."))
    if terms.get("min_years", 0) > terms.get("max_years", 100):
        raise ValidationError(_("The least number of years is above the greatest."))


def shown(value: Any) -> str:
    if value is True:
        return "yes"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def as_lines(terms: dict[str, Any]) -> str:
    """Terms as a curator writes them, one to a line."""
    return "\n".join(f"{name}: {shown(value)}" for name, value in terms.items())


def from_lines(text: str) -> dict[str, Any]:
    """Terms from lines such as `max_years: 7`, `provinces: seoul, gyeonggi`, `open: yes`. Raises ValidationError."""
    terms: dict[str, Any] = {}
    known = {name: check for checks in KNOWN.values() for name, check in checks.items()}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, colon, rest = (part.strip() for part in line.partition(":"))
        if not colon or not rest or name in terms:
            raise ValidationError(
                _("Line %(number)d is not a term such as “max_years: 7”, or stands there twice.")
                % {"number": number}
            )
        check = known.get(name)
        if rest.lower() == "yes":
            terms[name] = True
        elif check in (_years, _won) and rest.isascii() and rest.replace(",", "").isdigit():
            terms[name] = int(rest.replace(",", "")[:20])
        elif check in (_years, _won):
            terms[name] = rest
        else:
            terms[name] = [word.strip() for word in rest.split(",") if word.strip()]
    return terms


class TermsField(models.JSONField):
    """The computable part of a condition, written by curators one term to a line."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        found = super().from_db_value(value, expression, connection)
        # Databases keep the names in orders of their own.
        return dict(sorted(found.items())) if isinstance(found, dict) else found

    def formfield(self, **kwargs):
        return models.Field.formfield(
            self, **{"form_class": TermsLines, "widget": forms.Textarea(attrs={"rows": 3}), **kwargs}
        )


class TermsLines(forms.CharField):
    """A form field for terms, one to a line."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**{"max_length": LONGEST, **kwargs})

    def prepare_value(self, value):
        return as_lines(value) if isinstance(value, dict) else value

    def to_python(self, value) -> dict[str, Any]:
        return value if isinstance(value, dict) else from_lines(super().to_python(value) or "")

    def run_validators(self, value) -> None:
        """What the terms may hold depends on the kind of condition: the record checks it."""

    def has_changed(self, initial, data) -> bool:
        try:
            return (initial or {}) != self.to_python(data)
        except ValidationError:
            return True
