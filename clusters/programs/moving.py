"""What moving to another place would change: the calls within reach there and not here, and the other way round."""

from collections.abc import Iterable
from dataclasses import dataclass

from .weighing import Weighed


@dataclass(frozen=True)
class Move:
    """The differences of two runs over the same calls, each call as it is weighed in the new place."""

    gained: list[Weighed]
    lost: list[Weighed]
    kept: int  # calls within reach in both


def between(here: Iterable[Weighed], there: Iterable[Weighed]) -> Move:
    reached = {one.call_pk for one in here if one.is_within_reach}
    gained, lost, kept = [], [], 0
    for one in there:
        if one.is_within_reach and one.call_pk in reached:
            kept += 1
        elif one.is_within_reach:
            gained.append(one)
        elif one.call_pk in reached:
            lost.append(one)
    return Move(gained, lost, kept)
