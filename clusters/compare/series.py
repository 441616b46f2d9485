"""The indicators of districts as plain data: every public series and value, read in two queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from clusters.dates import PartialDate
from clusters.models import District, Flag, Indicator, Observation, Status

_TRUST = {Status.CONFIRMED: 0, Status.DISPUTED: 1, Status.UNVERIFIED: 2, Status.OUTDATED: 3}


@dataclass(frozen=True)
class Point:
    """One observed value; `fact` is the record that holds its evidence."""

    period: PartialDate
    value: Decimal
    flag: str = ""
    status: str = Status.CONFIRMED
    fact: Observation | None = None

    @property
    def trust(self) -> int:
        return _TRUST[Status(self.status)]


@dataclass(frozen=True)
class Line:
    """The values of one series in order of time, the most trusted first where sources differ."""

    slug: str
    scope: str
    extent: str
    points: tuple[Point, ...]
    survey: str = ""
    survey_key: str = ""
    basis: str = ""
    order: int = 0

    @property
    def main(self) -> list[Point]:
        """One value for each period, the best established. Plans are no part of a line."""
        chosen: dict[date, Point] = {}
        for point in self.points:
            if point.flag != Flag.PLAN:
                chosen.setdefault(point.period.first_day, point)
        return list(chosen.values())

    @property
    def is_long(self) -> bool:
        """Whether there are values for two dates, between which a line can be drawn."""
        return len(self.main) > 1


@dataclass(frozen=True)
class Measure:
    """One indicator and a district's series of it."""

    indicator: Indicator
    lines: tuple[Line, ...]


def with_evidence(facts: QuerySet) -> QuerySet:
    return facts.select_related("source").prefetch_related("further_sources")


def measures(districts: Sequence[District], indicator: str = "") -> dict[int, list[Measure]]:
    """The indicators of each district, or one of them, with every public series and value, in their order."""
    observations = (
        with_evidence(Observation.objects.published())
        .filter(Q(series__district__in=districts), Q(series__indicator__slug=indicator) if indicator else Q())
        .select_related("source", "series__indicator")
        .order_by(
            "series__indicator__order", "series__indicator__slug", "series__order", "series__slug", "period"
        )
    )
    grouped: dict[int, dict[int, dict[int, list[Observation]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for observation in observations:
        series = observation.series
        grouped[series.district_id][series.indicator_id][series.pk].append(observation)
    return {
        district: [
            Measure(
                next(iter(lines.values()))[0].series.indicator,
                tuple(_line(values) for values in lines.values()),
            )
            for lines in indicators.values()
        ]
        for district, indicators in grouped.items()
    }


def _line(observations: list[Observation]) -> Line:
    series = observations[0].series
    points = [Point(o.period, o.value, o.flag, o.status, o) for o in observations]
    points.sort(key=lambda point: (point.period.first_day, point.trust, point.period))
    return Line(
        slug=series.slug,
        scope=series.scope,
        extent=series.extent,
        points=tuple(points),
        survey=series.survey,
        survey_key=series.survey_ko or series.survey_en,
        basis=series.basis,
        order=series.order,
    )
