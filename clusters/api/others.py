"""What programs can read beside the lists: comparisons, changes, the location finder, the program matcher, suggestions."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clusters import models as m
from clusters import search
from clusters.compare import choice
from clusters.compare.kinds import KINDS
from clusters.compare.locate.criteria import CRITERIA, MOST_WEIGHT
from clusters.compare.locate.question import Missing, Role, Stage
from clusters.curation.telling import kinds as told
from clusters.models import terms
from clusters.programs.eligibility import BEFORE_FOUNDING

from .parameters import Parameter, read

_ANYTHING = {"application/json": {"schema": {"type": "object"}}}
_PICTURE = {"image/svg+xml": {"schema": {"type": "string"}}}


def paths() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in KINDS:
        yield reverse(f"{kind.route}.json"), read(str(kind.words.title), compared(kind), _ANYTHING)
        yield reverse(f"{kind.route}.svg"), read(str(kind.words.title), compared(kind), _PICTURE)
    for route, title, taken in (
        ("changes.json", _("Recent changes"), changes()),
        ("locate.json", _("Where to locate"), locate()),
        ("match.json", _("Which program can I apply for?"), match()),
        ("suggest", _("Suggestions while typing"), [_text("q", _("Search"))]),
    ):
        yield reverse(route), read(title, taken, _ANYTHING)


def compared(kind: Any) -> list[Parameter]:
    slugs = {
        "type": "array",
        "items": {"type": "string"},
        "minItems": choice.LEAST,
        "maxItems": choice.MOST,
    }
    return [
        Parameter(kind.parameter, _("Address names to compare"), slugs, repeats=True),
        Parameter("as_of", _("State of this day"), {"type": "string", "format": "date"}),
    ]


def changes() -> list[Parameter]:
    return [
        _any_of("kind", _("Kind of record"), told.BY_CODE),
        Parameter("district", _("District"), {"type": "string"}),
        Parameter("record", _("History of changes"), {"type": "string", "examples": ["company:naver"]}),
        Parameter("since", _("From this day on"), {"type": "string", "format": "date"}),
        Parameter("before", _("Older changes"), {"type": "string"}),
    ]


def locate() -> list[Parameter]:
    weight = [str(number) for number in range(MOST_WEIGHT + 1)]
    return [
        _one_of("who", _("Who asks"), [role.value for role in Role]),
        _one_of("stage", _("Age of the company"), Stage.values),
        _any_of("technology", _("Technologies"), _codes(m.Technology.objects.all())),
        *(_one_of(one.key, f"{_('Weight')}: {one.label}", weight) for one in CRITERIA),
        _one_of("missing", _("How what is not known counts"), Missing.values),
    ]


def match() -> list[Parameter]:
    provinces = _codes(m.Province.objects.all())
    districts = _codes(m.District.objects.published())
    return [
        Parameter("company", _("Company of the directory to start from"), {"type": "string"}),
        _one_of("form", _("Legal form"), [BEFORE_FOUNDING, *terms.LEGAL_FORMS]),
        Parameter("founded", _("Founded"), {"type": "string", "examples": ["2021-04"]}),
        _one_of("size", _("Size"), terms.SIZES),
        _one_of("province", _("Region"), [*provinces, "abroad"]),
        Parameter("municipality", _("City or gu"), {"type": "string"}),
        _one_of("stage", _("Investment stage"), [one for one in terms.STAGES if one != BEFORE_FOUNDING]),
        Parameter(
            "investment",
            _("Investment received, in units of KRW 100 million"),
            {"type": "integer", "minimum": 0},
        ),
        _any_of("technology", _("Technologies"), _codes(m.Technology.objects.all())),
        _any_of("industry", _("Industries"), _codes(m.Industry.objects.all())),
        _any_of("certification", _("Certifications"), ["none", *terms.CERTIFICATIONS]),
        _one_of("from", _("Moving from"), districts),
        _one_of("to", _("Moving to"), districts),
    ]


def _codes(records: Any) -> list[str]:
    return list(records.values_list("slug", flat=True))


def _text(name: str, label: str) -> Parameter:
    return Parameter(name, label, {"type": "string", "maxLength": search.MAX_LENGTH})


def _one_of(name: str, label: str, codes: Iterable[str]) -> Parameter:
    return Parameter(name, label, {"type": "string", "enum": list(dict.fromkeys(codes))})


def _any_of(name: str, label: str, codes: Iterable[str]) -> Parameter:
    items = {"type": "string", "enum": list(codes)}
    return Parameter(name, label, {"type": "array", "items": items}, repeats=True)
