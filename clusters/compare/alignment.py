"""Which figures of several districts stand in one row: those of one survey together, else each district's best."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from clusters.models import Extent, Flag, Indicator

from .comparability import Value, comparable, more_than_a_year_apart, standing
from .series import Line, Measure, Point

_EXTENT = {Extent.WHOLE: 0, Extent.PART: 1, Extent.WIDER: 2}
_FRESH = 2  # years within which a value of the whole district goes before a newer one of a part


@dataclass(frozen=True)
class Placed:
    """A value in the table, with the series it belongs to and what other sources say for the same period."""

    indicator: Indicator
    line: Line
    point: Point

    @property
    def value(self) -> Value:
        return Value(
            number=self.point.value,
            unit=self.indicator.unit_ko or self.indicator.unit_en,
            survey=self.line.survey_key,
            basis=self.line.basis,
            extent=self.line.extent,
            period=self.point.period,
            flag=self.point.flag,
            scope=str(self.line.scope),
            survey_name=str(self.line.survey),
        )

    @property
    def otherwise(self) -> list[Point]:
        """Values that other sources give for the same series and period."""
        return [
            point
            for point in self.line.points
            if point.period == self.point.period and point.value != self.point.value
        ]


class Kind(Enum):
    SURVEY = "survey"  # values of one survey, comparable
    LATEST = "latest"  # each district's best value, whatever the survey
    SINGLE = "single"  # known for one of the districts only


@dataclass(frozen=True)
class Aligned:
    """One row: an indicator and one value, or none, for each district."""

    indicator: Indicator
    kind: Kind
    placed: tuple[Placed | None, ...]

    @property
    def known(self) -> list[Placed]:
        return [placed for placed in self.placed if placed is not None]


def _key(placed: Placed) -> tuple:
    value = placed.value
    return (value.survey, value.basis, value.extent, standing(value.flag))


def _recent_first(placed: Placed) -> tuple:
    return (
        -placed.point.period.last_day.toordinal(),
        placed.point.trust,
        placed.line.order,
        placed.line.slug,
    )


def best(candidates: Iterable[Placed]) -> Placed | None:
    """The value that stands for a district: no plan where there is another, and of the newest ones the whole
    district's before a part's, then the latest, then the best established."""
    known = list(candidates)
    known = [placed for placed in known if placed.point.flag != Flag.PLAN] or known
    if not known:
        return None
    newest = max(placed.point.period.last_day.year for placed in known)
    fresh = [placed for placed in known if newest - placed.point.period.last_day.year < _FRESH]
    return min(fresh, key=lambda placed: (_EXTENT[Extent(placed.line.extent)], *_recent_first(placed)))


def _around(anchor: Placed, groups: Sequence[list[Placed]]) -> tuple[Placed | None, ...]:
    """For each district the latest value that is not after the anchor's and at most a year before it."""
    end = anchor.point.period.last_day

    def near(placed: Placed) -> bool:
        period = placed.point.period
        return period.last_day <= end and not more_than_a_year_apart(period, anchor.point.period)

    return tuple(min(filter(near, group), key=_recent_first, default=None) for group in groups)


def _survey_rows(candidates: Sequence[list[Placed]]) -> list[tuple[Placed | None, ...]]:
    """One row for each survey that gives comparable values for two districts or more, the fullest and latest."""
    rows = []
    keys = dict.fromkeys(_key(placed) for group in candidates for placed in group)
    for key in keys:
        if not key[0]:
            continue
        groups = [[placed for placed in group if _key(placed) == key] for group in candidates]
        anchors = sorted((placed for group in groups for placed in group), key=_recent_first)
        tried = (_around(anchor, groups) for anchor in anchors)
        fullest = max(tried, key=lambda row: sum(placed is not None for placed in row), default=())
        if comparable([placed.value for placed in fullest if placed is not None]):
            rows.append(fullest)
    return rows


def align(profiles: Sequence[Sequence[Measure]]) -> list[Aligned]:
    """The rows of all indicators, in the order of the indicators.

    An indicator gets a row for each survey that covers two districts, then one of the latest values where that
    shows something else; indicators known for one district only come as single rows.
    """
    indicators = {measure.indicator.pk: measure.indicator for measures in profiles for measure in measures}
    rows: list[Aligned] = []
    for indicator in sorted(indicators.values(), key=lambda i: (i.order, i.slug)):
        candidates = [
            [
                Placed(indicator, line, point)
                for measure in measures
                if measure.indicator.pk == indicator.pk
                for line in measure.lines
                for point in line.points
            ]
            for measures in profiles
        ]
        surveys = _survey_rows(candidates)
        rows += [Aligned(indicator, Kind.SURVEY, row) for row in surveys]
        latest = tuple(best(group) for group in candidates)
        known = sum(placed is not None for placed in latest)
        if known > 1 and latest not in surveys:
            rows.append(Aligned(indicator, Kind.LATEST, latest))
        elif known == 1:
            rows.append(Aligned(indicator, Kind.SINGLE, latest))
    return rows
