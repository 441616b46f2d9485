"""The rents of districts, as far as one survey makes them comparable; for the others, why theirs does not count."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusters.models import District

from ..alignment import Aligned, Kind, Placed, align, best
from ..comparability import reasons
from ..series import Measure, measures
from .criteria import RENT


@dataclass(frozen=True)
class Rent:
    """A district's comparable rent; or else why there is none, and the value that could not be compared."""

    placed: Placed | None = None
    why: str = ""
    unlike: Placed | None = None


def read(districts: Sequence[District]) -> dict[int, Rent]:
    """Reads the rents in two queries."""
    known = measures(districts, indicator=RENT)
    return dict(
        zip(
            [district.pk for district in districts],
            choose([known.get(district.pk, []) for district in districts]),
            strict=True,
        )
    )


def choose(profiles: Sequence[Sequence[Measure]]) -> list[Rent]:
    """Each district's value in the survey that covers the most districts; of several such, in the latest."""
    rows = [row for row in align(profiles) if row.kind is Kind.SURVEY]
    if not rows:
        return [
            Rent(why=_("No survey gives comparable values for two districts."), unlike=_any(p))
            for p in profiles
        ]
    row = max(rows, key=lambda row: (len(row.known), max(p.point.period.last_day for p in row.known)))
    return [_rent(row, placed, _any(measures)) for placed, measures in zip(row.placed, profiles, strict=True)]


def _rent(row: Aligned, placed: Placed | None, other: Placed | None) -> Rent:
    if placed is not None:
        return Rent(placed)
    if other is None:
        return Rent(why=_("No public survey was found."))
    why = reasons([row.known[0].value, other.value]) or _("Its value in that survey is of another time.")
    return Rent(why=why, unlike=other)


def _any(measures: Sequence[Measure]) -> Placed | None:
    return best(
        Placed(measure.indicator, line, point)
        for measure in measures
        for line in measure.lines
        for point in line.points
    )
