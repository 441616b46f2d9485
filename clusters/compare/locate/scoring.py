"""Scores to places: the weighted mean of each district's scores, with its worst and best case where data are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Weight = int | Fraction
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Span:
    """What a number is between, the worst and the best case; both are the same where it is known.

    `at` says which point of it decides the order, from 0, the worst case, to 1, the best.
    """

    low: Fraction
    high: Fraction
    at: Fraction = HALF

    @property
    def value(self) -> Fraction:
        return self.low if self.is_known else self.low + (self.high - self.low) * self.at

    @property
    def is_known(self) -> bool:
        return self.low == self.high

    def __mul__(self, factor: Weight) -> "Span":
        low = self.low * factor
        return Span(low, low if self.is_known else self.high * factor, self.at)

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.high + other.high, other.at)


NOTHING = Span(Fraction(0), Fraction(0))


@dataclass(frozen=True)
class Standing:
    """An entry's place: 1 is first, and those whose totals are the same share a place."""

    index: int  # in the order in which the entries were given
    rank: int
    parts: tuple[Span, ...]  # what each criterion gives, of 1
    total: Span


def parts(scores: Sequence[Span], weights: Sequence[Weight]) -> tuple[Span, ...]:
    """What each criterion gives to the total: its score times its share of all weights."""
    everything = sum(weights)
    if not everything:
        return (NOTHING,) * len(weights)
    return tuple(score * Fraction(weight, everything) for score, weight in zip(scores, weights, strict=True))


def standings(entries: Sequence[Sequence[Span]], weights: Sequence[Weight]) -> list[Standing]:
    """The entries by their totals, the highest first; equal ones in the order given.

    An entry's total depends on its own scores and the weights alone: no other entry can reorder two.
    """
    given = [parts(scores, weights) for scores in entries]
    totals = [sum(one, NOTHING) for one in given]
    order = sorted(range(len(entries)), key=lambda index: -totals[index].value)
    found: list[Standing] = []
    for place, index in enumerate(order, start=1):
        is_tied = found and found[-1].total.value == totals[index].value
        rank = found[-1].rank if is_tied else place
        found.append(Standing(index, rank, given[index], totals[index]))
    return found
