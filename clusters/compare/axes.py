"""Axes of charts: places in time, round steps, named years, and large numbers brought to a few figures."""

from decimal import Decimal
from math import ceil, floor, log10

from django.utils.translation import get_language

from clusters.dates import PartialDate

Span = tuple[float, float]


def position(period: PartialDate) -> float:
    """A period's place on the axis of time, in years."""
    first = period.first_day
    return first.year + (first.month - 1) / 12 + (first.day - 1) / 366


def share(place: float, span: Span) -> float:
    return (place - span[0]) / (span[1] - span[0])


def span(places: list[float]) -> Span:
    """From the first place in time to the last; widened to whole years when no year begins between them."""
    first, last = min(places), max(places)
    return (first, last) if ceil(first) <= floor(last) and first < last else (floor(first), floor(last) + 1)


def nice_step(largest: float) -> float:
    """The smallest round number whose double reaches the largest value."""
    if largest <= 0:
        return 1.0
    power = 10.0 ** floor(log10(largest / 2))
    return next((factor * power for factor in (1, 2, 2.5, 5) if factor * power * 2 >= largest), 10 * power)


def year_ticks(first: float, last: float, most: int = 7) -> list[int]:
    """The years named below the axis, at most so many: both ends, and round ones between them that have room."""
    start, end = ceil(first), floor(last)
    step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if (end - start) / step < most), 200)
    between = [year for year in range(start + 1, end) if year % step == 0]
    return sorted({start, end, *(year for year in between if min(year - start, end - year) >= step * 0.7)})


def scale(largest: Decimal) -> tuple[int, str]:
    """The divisor and the word that bring large values to a few figures: 조 or trillion."""
    korean = ((10**12, "조"), (10**8, "억"))
    english = ((10**12, "trillion"), (10**9, "billion"), (10**7, "million"))
    sizes = korean if get_language() == "ko" else english
    return next(((size, word) for size, word in sizes if largest >= size), (1, ""))
