"""When figures may stand side by side: the contract for bars, and in words why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from django.utils.translation import gettext as _

from clusters.dates import PartialDate
from clusters.models import Basis


@dataclass(frozen=True)
class Value:
    """What must be known of a figure before it is set beside another."""

    number: Decimal
    unit: str
    survey: str
    basis: str
    extent: str
    period: PartialDate
    flag: str = ""
    scope: str = ""
    survey_name: str = ""


class Difference(Enum):
    """What keeps figures apart, in the order in which it is told."""

    UNIT = 1
    SURVEY = 2
    SCOPE = 3
    BASIS = 4
    PERIOD = 5
    FLAG = 6
    NEGATIVE = 7


def standing(flag: str) -> str:
    """Measured, estimated or planned: values of different standing are never compared."""
    return flag if flag in ("plan", "estimate") else "measured"


def more_than_a_year_apart(one: PartialDate, other: PartialDate) -> bool:
    """Whether the nearest ends of two periods lie more than a calendar year apart."""
    earlier, later = sorted((one, other), key=lambda period: period.last_day)
    return later.first_day > _a_year_after(earlier.last_day)


def _a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _too_far_apart(values: Sequence[Value]) -> bool:
    return any(more_than_a_year_apart(one.period, other.period) for one in values for other in values)


def differences(values: Sequence[Value]) -> list[Difference]:
    """Everything that forbids bars between these figures; empty when they are comparable."""
    if len(values) < 2:
        return []
    tests = {
        Difference.UNIT: len({value.unit for value in values}) > 1,
        Difference.SURVEY: len({value.survey for value in values}) > 1 or not all(v.survey for v in values),
        Difference.SCOPE: len({value.extent for value in values}) > 1,
        Difference.BASIS: len({value.basis for value in values}) > 1,
        Difference.PERIOD: _too_far_apart(values),
        Difference.FLAG: len({standing(value.flag) for value in values}) > 1,
        Difference.NEGATIVE: any(value.number < 0 for value in values),
    }
    return [difference for difference, found in tests.items() if found]


def comparable(values: Sequence[Value]) -> bool:
    return len(values) > 1 and not differences(values)


def bars(values: Sequence[Value | None]) -> list[Decimal | None]:
    """The length of each figure's bar, 0 to 100 of the row's largest; None throughout when none may be drawn."""
    present = [value for value in values if value is not None]
    if not comparable(present):
        return [None] * len(values)
    return lengths([value.number if value is not None else None for value in values])


def lengths(numbers: Sequence[Decimal | int | None]) -> list[Decimal | None]:
    """Numbers as bar lengths, 0 to 100 of the largest. A measured 0 is a bar of no length, a gap is none."""
    largest = max((Decimal(number) for number in numbers if number is not None), default=Decimal(0))
    return [
        None
        if number is None
        else (Decimal(number) / largest * 100 if largest else Decimal(0)).quantize(Decimal("0.1"))
        for number in numbers
    ]


def _listed(words: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(word for word in words if word))


def _basis(value: Value) -> str:
    return str(Basis(value.basis).label) if value.basis else _("not stated")


def _surveys(values: Sequence[Value]) -> str:
    if all(value.survey for value in values):
        return _("Different surveys: %(list)s.") % {
            "list": _listed([v.survey_name or v.survey for v in values])
        }
    return _("Not counted by one survey.")


def _periods(values: Sequence[Value]) -> str:
    ordered = sorted((value.period for value in values), key=lambda period: period.last_day)
    return _("More than a year apart: %(latest)s and %(earliest)s.") % {
        "latest": ordered[-1].display(),
        "earliest": ordered[0].display(),
    }


def explain(values: Sequence[Value]) -> str:
    """Why no bars are drawn between these figures, in sentences; empty when they are comparable."""
    why = reasons(values)
    return " ".join([why, _("No bars are drawn.")]) if why else ""


def reasons(values: Sequence[Value]) -> str:
    """What keeps these figures apart, in sentences; empty when they are comparable."""
    words = {
        Difference.UNIT: lambda: (
            _("Different units: %(list)s.") % {"list": _listed([v.unit for v in values])}
        ),
        Difference.SURVEY: lambda: _surveys(values),
        Difference.SCOPE: lambda: (
            _("Different scope: %(list)s.") % {"list": _listed([v.scope for v in values])}
        ),
        Difference.BASIS: lambda: (
            _("Different basis: %(list)s.") % {"list": _listed([_basis(v) for v in values])}
        ),
        Difference.PERIOD: lambda: _periods(values),
        Difference.FLAG: lambda: _("Plans or estimates beside measured values."),
        Difference.NEGATIVE: lambda: _("A bar cannot show negative values."),
    }
    found = differences(values)
    if len(found) > 1 and len({value.basis for value in values if value.basis}) < 2:
        found = [difference for difference in found if difference is not Difference.BASIS]
    return " ".join(words[difference]() for difference in found)
