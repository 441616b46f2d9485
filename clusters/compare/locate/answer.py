"""The answer of the location finder: districts in order, what each criterion gives, and how firm the order is."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from clusters.models import District

from .criteria import CRITERIA, MOST_WEIGHT, Criterion
from .gathering import Known, Reading
from .question import Question
from .robustness import Firmness, Turning, contenders, firmness, turnings
from .scoring import Span, Standing, standings


@dataclass(frozen=True)
class Part:
    """What one criterion gives to one district."""

    criterion: Criterion
    weight: int
    reading: Reading
    score: Span
    given: Span  # of 1

    @property
    def unit(self) -> str:
        return self.criterion.unit(int(self.reading.most or 0))

    @property
    def points(self) -> float:
        return points(self.given.value)

    @property
    def least_points(self) -> float:
        return points(self.given.low)

    @property
    def most_points(self) -> float:
        return points(self.given.high)

    @property
    def score_in_words(self) -> str:
        low, high = f"{float(self.score.low):.2f}", f"{float(self.score.high):.2f}"
        return low if low == high else f"{low}–{high}"

    @property
    def is_exact(self) -> bool:
        return self.reading.least is not None and self.reading.least == self.reading.most


@dataclass(frozen=True)
class Place:
    """One district's place in the order."""

    district: District
    standing: Standing
    parts: tuple[Part, ...]  # of every criterion, also those that do not matter
    can_be_first: bool

    @property
    def rank(self) -> int:
        return self.standing.rank

    @property
    def points(self) -> float:
        return points(self.standing.total.value)

    @property
    def least_points(self) -> float:
        return points(self.standing.total.low)

    @property
    def most_points(self) -> float:
        return points(self.standing.total.high)

    @property
    def is_exact(self) -> bool:
        return self.standing.total.is_known

    @property
    def weighed(self) -> list[Part]:
        return [part for part in self.parts if part.weight]


@dataclass(frozen=True)
class Answer:
    """Everything said about one question, on one state of the directory."""

    question: Question
    places: tuple[Place, ...]  # the first one first
    known: Known
    districts: tuple[District, ...]
    firmness: Firmness
    turnings: tuple[Turning, ...]  # in the order of the criteria

    @property
    def first(self) -> Place:
        return self.places[0]

    @cached_property
    def tied(self) -> list[Place]:
        return [place for place in self.places if place.rank == 1]

    @property
    def rivals(self) -> list[Place]:
        """Who else could be first once what is missing is known."""
        return [place for place in self.places if place.can_be_first and place is not self.first]

    def place_of(self, slug: str) -> Place | None:
        return next((place for place in self.places if place.district.slug == slug), None)


def points(share: Fraction) -> float:
    """A share of 1 as points of 100, to a tenth."""
    return round(share.numerator * 100 / share.denominator, 1)


def answer(districts: Sequence[District], question: Question, known: Known) -> Answer | None:
    """The districts ranked by the question; nothing when there are none or nothing matters."""
    if not districts or not question.matters:
        return None
    readings = [known.readings[district.pk] for district in districts]
    at = question.missing.at
    entries = [[found[c.key].score(c.key, at) for c in CRITERIA] for found in readings]
    ranked = standings(entries, question.weights)
    possible = set(contenders(ranked))

    def place(standing: Standing) -> Place:
        index = standing.index
        parts = tuple(
            Part(c, weight, readings[index][c.key], score, given)
            for c, weight, score, given in zip(
                CRITERIA, question.weights, entries[index], standing.parts, strict=True
            )
        )
        return Place(districts[index], standing, parts, index in possible)

    return Answer(
        question,
        tuple(place(standing) for standing in ranked),
        known,
        tuple(districts),
        firmness(entries, question.weights),
        tuple(turnings(entries, question.weights, ranked[0].index, MOST_WEIGHT)),
    )
