"""Which districts are alike, by what this directory holds of them, and why.

Two districts are compared in seven aspects. Of a mix (technologies, sizes of companies, kinds of institutions, kinds
of support) what counts is how much of it both share: the sum, over its kinds, of the smaller of the two shares. Of
subway lines it is the part of all their lines that both have; the province is the same or not; nearness falls from 1
at no distance to 0 at 30 kilometers. The likeness is the mean of these by weight. An aspect of which nothing is
recorded for either of the two is left out, so that a gap never counts as a difference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clusters.models import District

from .geo import distance_km

LEAST = 3  # companies with which a mix of technologies begins to say something
MOST_REASONS = 5
FAR_KM = 30
WORTH_SAYING = 0.05  # part of a mix
# The mixes by weight, and after them the place.
MIXES = {"technology": 4, "size": 2, "institution": 2, "support": 1}
WEIGHTS = {**MIXES, "lines": 1, "province": 1, "nearness": 1}
FURTHER_KINDS = {"technology": 2}  # how many kinds of a mix are named as reasons; else one

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Held:
    """What is recorded of a district: for each mix the number of records and of each kind, and its subway lines."""

    district: District
    totals: Counts
    mixes: Mapping[str, Counts]
    lines: frozenset[str] = frozenset()

    @property
    def is_enough(self) -> bool:
        return self.totals.get("technology", 0) >= LEAST and any(self.mixes.get("technology", {}).values())


@dataclass(frozen=True)
class Reason:
    """One thing that two districts have in common: a kind with its counts, shared lines, the province, the way."""

    aspect: str
    part: float  # of the likeness
    kind: str = ""
    counts: tuple[int, int] = (0, 0)
    totals: tuple[int, int] = (0, 0)
    lines: tuple[str, ...] = ()
    km: int = 0


@dataclass(frozen=True)
class Likeness:
    other: Held
    score: float
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]  # the aspects that were left out


def similar(one: Held, others: Iterable[Held], most: int = 3) -> list[Likeness] | None:
    """The districts most like one, those of the same likeness by slug. None when too little is known of it."""
    if not one.is_enough:
        return None
    found = [
        likeness(one, other)
        for other in others
        if other.is_enough and other.district.slug != one.district.slug
    ]
    return sorted(found, key=lambda found: (-found.score, found.other.district.slug))[:most]


def likeness(one: Held, other: Held) -> Likeness:
    closeness = {aspect: _closeness(aspect, one, other) for aspect in WEIGHTS}
    known = {aspect: close for aspect, close in closeness.items() if close is not None}
    weight = sum(WEIGHTS[aspect] for aspect in known)
    score = sum(WEIGHTS[aspect] * close for aspect, close in known.items()) / weight if weight else 0
    reasons = sorted(
        _reasons(one, other, known), key=lambda reason: (-reason.part, reason.aspect, reason.kind)
    )
    unknown = tuple(aspect for aspect, close in closeness.items() if close is None)
    # Rounded, so that what is equal on paper is equal here.
    return Likeness(other, round(score, 9), tuple(reasons[:MOST_REASONS]), unknown)


def _closeness(aspect: str, one: Held, other: Held) -> float | None:
    """From 0 to 1; None when it is not known."""
    if aspect in MIXES:
        first, second = _shares(one.mixes.get(aspect, {})), _shares(other.mixes.get(aspect, {}))
        if not first or not second:
            return None
        return sum(min(first[kind], second[kind]) for kind in sorted(first.keys() & second.keys()))
    if aspect == "lines":
        if not one.lines or not other.lines:
            return None
        return len(one.lines & other.lines) / len(one.lines | other.lines)
    if aspect == "province":
        return float(one.district.province_id == other.district.province_id)
    return max(0.0, 1 - distance_km(one.district, other.district) / FAR_KM)


def _shares(counts: Counts) -> dict[str, float]:
    whole = sum(counts.values())
    return {kind: number / whole for kind, number in counts.items() if number}


def _reasons(one: Held, other: Held, known: Mapping[str, float]) -> Iterable[Reason]:
    for aspect, close in known.items():
        if not close:
            continue
        if aspect in MIXES:
            yield from _shared_kinds(aspect, one, other)
        elif aspect == "lines":
            lines = tuple(sorted(one.lines & other.lines))
            yield Reason(aspect, WEIGHTS[aspect] * close, lines=lines)
        elif aspect == "nearness":
            km = max(1, round(distance_km(one.district, other.district)))
            yield Reason(aspect, WEIGHTS[aspect] * close, km=km)
        else:
            yield Reason(aspect, WEIGHTS[aspect] * close)


def _shared_kinds(aspect: str, one: Held, other: Held) -> list[Reason]:
    """The kinds that both have most of."""
    first, second = _shares(one.mixes[aspect]), _shares(other.mixes[aspect])
    shared = {kind: min(first[kind], second[kind]) for kind in first.keys() & second.keys()}
    largest = sorted((-share, kind) for kind, share in shared.items() if share >= WORTH_SAYING)
    return [
        Reason(
            aspect,
            WEIGHTS[aspect] * share,
            kind,
            (one.mixes[aspect][kind], other.mixes[aspect][kind]),
            (one.totals[aspect], other.totals[aspect]),
        )
        for share, kind in ((-negative, kind) for negative, kind in largest[: FURTHER_KINDS.get(aspect, 1)])
    ]
