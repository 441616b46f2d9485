"""The rows of files as they are sent: each written once, kept on disk while its record stays as it is, and reused."""

import os
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from threading import Lock
from typing import Any

from .numbered import Numbered

LENGTH_BITS = 26  # a place is one number: where a line begins, and in the last bits how long it is
MOST_BYTES = 4 * 2**30  # of lines, those no longer valid among them; then everything is written anew

Way = Hashable  # the kind of file and its language
Draw = Callable[[list[int]], Iterable[tuple[int, bytes]]]


class _Kept:
    """An unnamed file that only grows; it goes when the last snapshot that points into it goes.

    It is opened by the first line: workers start with snapshots that were made before them, and each needs its own.
    """

    def __init__(self) -> None:
        self._file: Any = None
        self._lock = Lock()
        self.size = 0

    def append(self, data: bytes) -> int:
        with self._lock:
            if self._file is None:
                self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - it is as long open as there are lines
            start, self.size = self.size, self.size + len(data)
        done = 0
        while done < len(data):
            done += os.pwrite(self._file.fileno(), data[done:], start + done)
        return start

    def read(self, start: int, length: int) -> bytes:
        return os.pread(self._file.fileno(), length, start)


@dataclass
class Lines:
    """Lines by record and way, for one version of the data."""

    _kept: _Kept = field(default_factory=_Kept)
    _places: dict[Way, Numbered] = field(default_factory=dict)

    def of(self, way: Way, pks: list[int], draw: Draw) -> bytes:
        """The lines of these records one after the other; `draw` gives those that are not kept yet.

        A record that is gone meanwhile has no line.
        """
        places = self._places.setdefault(way, Numbered())
        if missing := [pk for pk in pks if places.get(pk) < 0]:
            drawn = dict(draw(missing))
            start = self._kept.append(b"".join(drawn.values()))
            for pk, line in drawn.items():
                places.set(pk, start << LENGTH_BITS | len(line))
                start += len(line)
        return b"".join(self._kept.read(*span) for span in _spans(filter(_is_place, map(places.get, pks))))

    def without(self, pks: Collection[int]) -> "Lines":
        """The lines of all other records, at places of their own: a slow reader may still add old ones to these."""
        if self._kept.size > MOST_BYTES:
            return Lines()
        places = {way: found.copy() for way, found in list(self._places.items())}
        for found in places.values():
            for pk in pks:
                found.drop(pk)
        return Lines(self._kept, places)


def _is_place(number: int) -> bool:
    return number >= 0


def _spans(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where to read from and how much: what lies side by side is read at once."""
    start, length = 0, 0
    for place in places:
        begins, long = place >> LENGTH_BITS, place & (1 << LENGTH_BITS) - 1
        if length and begins == start + length:
            length += long
            continue
        if length:
            yield start, length
        start, length = begins, long
    if length:
        yield start, length
