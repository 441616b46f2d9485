"""The few figures that stand for a district where there is room for three."""

from collections.abc import Sequence

from clusters.models import District, Extent, Observation, Status

NUMBER = 3
_EXTENT = {Extent.WHOLE: 0, Extent.WIDER: 1, Extent.PART: 2}


def _weight(observation: Observation) -> tuple:
    """Confirmed before disputed, the whole district before parts, the latest period first."""
    return (
        observation.status != Status.CONFIRMED,
        bool(observation.flag),
        _EXTENT[Extent(observation.series.extent)],
        -observation.period.last_day.toordinal(),
    )


def headline_figures(observations: Sequence[Observation]) -> list[Observation]:
    """At most three observations: the best of each indicator, each topic once before any topic twice."""
    best: dict[int, Observation] = {}
    for observation in sorted(observations, key=_weight):
        best.setdefault(observation.series.indicator_id, observation)
    ranked = sorted(best.values(), key=lambda o: (o.series.indicator.order, o.series.indicator.slug))
    chosen: list[Observation] = []
    topics: set[str] = set()
    for observation in ranked:
        if observation.series.indicator.topic not in topics:
            topics.add(observation.series.indicator.topic)
            chosen.append(observation)
    chosen += [observation for observation in ranked if observation not in chosen]
    return chosen[:NUMBER]


def with_figures(districts: Sequence[District]) -> list[tuple[District, list[Observation]]]:
    """Each district with its headline figures, in one query for all and one for their further sources."""
    observations = (
        Observation.objects.published()
        .filter(series__district__in=districts)
        .select_related("series__indicator", "source")
        .prefetch_related("further_sources")
    )
    by_district: dict[int | None, list[Observation]] = {}
    for observation in observations:
        by_district.setdefault(observation.series.district_id, []).append(observation)
    return [(district, headline_figures(by_district.get(district.pk, []))) for district in districts]
