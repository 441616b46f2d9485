"""The rows of files and long lists as they are sent: each written once, kept on a shelf while its record stays as it is.

A shelf is for one state of the data. Whoever knows a later one takes the lines away that no longer hold there; whoever
still reads an earlier one uses what held already then, and adds nothing: what he reads in the tables is of a later one.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from clusters.models.version import Touches, Write, between

from .code import code_version
from .shelf import Distance, Shelf, State

Draw = Callable[[list[int]], Iterable[tuple[int, bytes]]]
Changed = Callable[[Sequence[Write]], set[int] | None]


@cache
def shelf(name: str) -> Shelf:
    """The one of this name in this process."""
    return Shelf(lambda: Path(settings.LINES_ROOT) / code_version() / f"{name}.sqlite3")


class Lines:
    """The lines of one directory in one state of the data.

    `until` is when the clock alone changes the list; `changed` tells the records whose lines are others after some
    writes, None for all of them; `holds` whether the tables still are in this state.
    """

    def __init__(
        self,
        shelf: Shelf,
        touches: Touches,
        until: datetime | None,
        changed: Changed,
        holds: Callable[[], bool],
    ) -> None:
        self._shelf, self._touches, self._changed, self._holds = shelf, touches, changed, holds
        self._until = until.isoformat() if until else ""
        writes = [[token, *what] for token, what in touches.writes.items()]
        told = json.dumps([self._until, writes, sorted(touches.old)])
        self._state = State(hashlib.blake2b(told.encode(), digest_size=15).hexdigest(), told)
        self._measured: tuple[str, Distance] = (self._state.stamp, Distance(is_later=False, differ=set()))
        self._is_known = False  # to the shelf

    def of(self, way: str, pks: list[int], draw: Draw) -> dict[int, bytes]:
        """The lines of these records by number, in the same order; `draw` gives those that are not kept yet.

        A record that is gone meanwhile has no line.
        """
        if not self._touches.writes:  # nothing tells this state from others
            return dict(draw(pks))
        lines = self._shelf.read(way, pks, self._measure)
        missing = [pk for pk in pks if pk not in lines]
        drawn = dict(draw(missing)) if missing else {}
        # What was written meanwhile may be in them. That they would go with the next state is not enough: it may
        # never come, when the database is restored or loses its last writes with the power.
        if (drawn or not self._is_known) and self._holds():
            self._shelf.write(way, drawn, self._state, self._measure)
            self._is_known = True
        lines |= drawn
        return {pk: lines[pk] for pk in pks if pk in lines}

    def _measure(self, theirs: State | None) -> Distance:
        stamp, distance = self._measured
        if theirs is None or theirs.stamp != stamp:
            distance = self._distance(theirs)
            if theirs is not None:
                self._measured = theirs.stamp, distance
        return distance

    def _distance(self, theirs: State | None) -> Distance:
        if theirs is None:
            return Distance(is_later=False, differ=None)
        until, told, old = theirs.told
        touches = Touches({token: (model, record) for token, model, record in told}, frozenset(old))
        writes, is_later = between(touches, self._touches), False
        if writes is None:
            writes, is_later = between(self._touches, touches), True
        if writes is None:
            return Distance(is_later=False, differ=None)
        return Distance(is_later, self._changed(writes) if until == self._until else None)
