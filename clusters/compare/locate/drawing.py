"""The stacked bars of the ranking: first what is certain, one piece for each criterion, then what missing data may add."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from .answer import Place

NUMBERED = 3.4  # percent of the width from which a piece has room for the number of its criterion


@dataclass(frozen=True)
class Piece:
    """One criterion's part of a bar, in percent of the width."""

    number: int
    x: float
    width: float
    is_certain: bool
    line: float  # where the bar is crossed by what decides the order, which no number may cover

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def has_room(self) -> bool:
        return self.width >= NUMBERED and (self.is_certain or abs(self.middle - self.line) > NUMBERED / 2)


@dataclass(frozen=True)
class Bar:
    place: Place
    pieces: list[Piece]
    line: float  # by which the district is ranked


@dataclass(frozen=True)
class Bars:
    rows: list[Bar]
    end: int  # the points at the full width
    ticks: list[tuple[float, int, str]]  # where, how many points, and to which side the number goes


def draw(places: Sequence[Place]) -> Bars:
    """All bars on one scale of points, from 0 to the next ten above the best case of any district."""
    largest = max((place.standing.total.high for place in places), default=0)
    end = max(10, ceil(largest * 10) * 10)
    step = 10 if end <= 50 else 20
    ticks = [
        (round(at * 100 / end, 2), at, "start" if at == 0 else "end" if at == end else "middle")
        for at in range(0, end + 1, step)
    ]
    return Bars([_bar(place, end) for place in places], end, ticks)


def _bar(place: Place, end: int) -> Bar:
    pieces: list[Piece] = []
    at, line = 0.0, round(float(place.standing.total.value) * 10000 / end, 2)
    for certain in (True, False):
        for part in place.weighed:
            given = part.given.low if certain else part.given.high - part.given.low
            width = float(given) * 10000 / end
            if width > 0:
                pieces.append(Piece(part.criterion.number, round(at, 2), round(width, 2), certain, line))
            at += width
    return Bar(place, pieces, line)
