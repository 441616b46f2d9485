"""What moving to another place would change: the calls within reach there and not here, and the other way round."""

from dataclasses import dataclass

from .weighing import Some, Weighing


@dataclass(frozen=True)
class Move:
    """The differences of two runs over the same calls, each call as it is weighed in the new place."""

    gained: Some
    lost: Some
    kept: int  # calls within reach in both


def between(here: Weighing, there: Weighing, most: int | None = None) -> Move:
    """At most so many calls of each are told."""
    assert here.calls is there.calls
    before, after = here.within_reach, there.within_reach
    return Move(
        there.some(after & ~before, most), there.some(before & ~after, most), (before & after).bit_count()
    )
