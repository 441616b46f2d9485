"""How firm a ranking is: how far a weight must move before the first place changes, and who else could be first."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from .scoring import Span, Standing, Weight

STEP = 5  # weights are moved by a fifth: 20 percent


@dataclass(frozen=True)
class Turn:
    """The weight beyond which another entry comes first."""

    weight: Fraction
    index: int  # who comes first then


@dataclass(frozen=True)
class Turning:
    """What one weight can do: the turns below and above it, where there are any."""

    below: Turn | None
    above: Turn | None


@dataclass(frozen=True)
class Firmness:
    """Of all ways to move every weight down or up by a fifth, how often each entry comes first."""

    combinations: int
    firsts: dict[int, int]  # by index, the most frequent first

    def times(self, index: int) -> int:
        return self.firsts.get(index, 0)


def turnings(
    entries: Sequence[Sequence[Span]], weights: Sequence[Weight], first: int, most: int
) -> list[Turning]:
    """For each criterion how far its weight may move, the others kept, before `first` is overtaken.

    Exact: totals are straight lines in each weight, so that two of them meet in one point. A weight moves between
    0 and `most`.
    """
    values = [[score.value for score in scores] for scores in entries]
    leads = [
        (index, sum(w * (a - b) for w, a, b in zip(weights, values[first], other, strict=True)))
        for index, other in enumerate(values)
        if index != first
    ]
    return [_turning(values, leads, number, weights[number], first, most) for number in range(len(weights))]


def _turning(values, leads, number: int, weight: Weight, first: int, most: int) -> Turning:
    below: Turn | None = None
    above: Turn | None = None
    for index, lead in leads:
        advantage = values[first][number] - values[index][number]
        if not advantage:
            continue
        crossing = weight - Fraction(lead) / advantage
        if advantage > 0:  # less weight helps the other
            if crossing > 0 and (below is None or crossing > below.weight):
                below = Turn(crossing, index)
        elif crossing < most and (above is None or crossing < above.weight):
            above = Turn(crossing, index)
    return Turning(below, above)


def firmness(entries: Sequence[Sequence[Span]], weights: Sequence[int]) -> Firmness:
    """Every combination of each weight a fifth lower or a fifth higher, and who comes first in it.

    Each step of the walk moves one weight only (a Gray code), so that totals are kept up by one addition each.
    All numbers are whole: scores are brought to one denominator, and a fifth of a weight to one unit.
    """
    used = [number for number, weight in enumerate(weights) if weight]
    values = [[score.value for score in scores] for scores in entries]
    common = lcm(*(value.denominator for scores in values for value in scores)) if entries else 1
    whole = [[int(value * common) for value in scores] for scores in values]
    totals = [sum(weights[n] * (STEP - 1) * scores[n] for n in used) for scores in whole]
    moves = {n: [2 * weights[n] * scores[n] for scores in whole] for n in used}
    firsts: dict[int, int] = {}
    raised: set[int] = set()
    for step in range(1, 2 ** len(used) + 1):
        winner = totals.index(max(totals)) if totals else 0
        firsts[winner] = firsts.get(winner, 0) + 1
        bit = (step & -step).bit_length() - 1
        if bit >= len(used):
            break
        move = moves[used[bit]]
        if bit in raised:
            raised.remove(bit)
            totals = [total - by for total, by in zip(totals, move, strict=True)]
        else:
            raised.add(bit)
            totals = [total + by for total, by in zip(totals, move, strict=True)]
    ordered = dict(sorted(firsts.items(), key=lambda item: (-item[1], item[0])))
    return Firmness(2 ** len(used), ordered)


def contenders(standings: Sequence[Standing]) -> list[int]:
    """Who could be first once the missing data are known: whose best case reaches every other's worst case."""
    found = []
    for one in standings:
        floor = max((other.total.low for other in standings if other is not one), default=Fraction(0))
        if one.total.high >= floor:
            found.append(one.index)
    return found
