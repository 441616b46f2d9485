"""Rows of a list in one order, and for every value a bitset of the rows that have it. Plain Python, no database.

Bit n of a bitset stands for the n-th row of the order, so that counting is `(a & b).bit_count()` and a page is the
next so many bits that are set.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from .numbered import Numbered

_BITS = [[place for place in range(8) if byte >> place & 1] for byte in range(256)]
_NOT_EMPTY = re.compile(rb"[^\0]")


def places(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set, in order."""
    data = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    for match in _NOT_EMPTY.finditer(data):
        start = match.start()
        for place in _BITS[data[start]]:
            yield start * 8 + place


def after(bits: int, number: int) -> int:
    """The place from which on the bits are those that follow the first `number` ones."""
    place, width = 0, bits.bit_length()
    while number and width:
        half = width // 2
        low = bits & ((1 << half) - 1)
        inside = low.bit_count()
        if inside >= number and half:
            bits, width = low, half
        elif width == 1:
            return place + 1
        else:
            bits, width, place, number = bits >> half, width - half, place + half, number - inside
    return place


def bitset(numbers: Iterable[int], size: int) -> int:
    found = bytearray(size // 8 + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


class Index:
    """The rows, known by number of record, in one order; with the tags that each has. Never changed once made."""

    def __init__(self, keys: Sequence[int], bits: dict[Hashable, int]) -> None:
        self.keys, self.bits = array("q", keys), bits
        self.everything = (1 << len(keys)) - 1
        self._places: Numbered | None = None

    @classmethod
    def of(cls, keys: Sequence[int], tagged: Iterable[tuple[int, Hashable]]) -> "Index":
        """From the rows in order and pairs of row and tag, in any order and with repeats; unknown rows do not count."""
        of_key = {key: place for place, key in enumerate(keys)}
        size = len(keys) // 8 + 1
        arrays: dict[Hashable, bytearray] = defaultdict(lambda: bytearray(size))
        for key, tag in tagged:
            place = of_key.get(key)
            if place is not None:
                arrays[tag][place >> 3] |= 1 << (place & 7)
        return cls(keys, {tag: int.from_bytes(array, "little") for tag, array in arrays.items()})

    def __len__(self) -> int:
        return len(self.keys)

    def any_of(self, tags: Iterable[Hashable]) -> int:
        """The rows that have any of the tags."""
        found = 0
        for tag in tags:
            found |= self.bits.get(tag, 0)
        return found

    def rows(self, keys: Iterable[int]) -> int:
        """Those of the rows that are listed here."""
        if self._places is None:
            found = Numbered()
            for place, key in enumerate(self.keys):
                found.set(key, place)
            self._places = found
        of_key = self._places.get
        return bitset((place for key in keys if (place := of_key(key)) >= 0), len(self.keys))

    def cut(self, bits: int, start: int, stop: int) -> list[int]:
        """The keys of the rows from one number to another among those set, in order."""
        if bits == self.everything:
            return list(self.keys[start:stop])
        begin = after(bits, start)
        found: list[int] = []
        for place in places(bits >> begin):
            if len(found) == stop - start:
                break
            found.append(self.keys[begin + place])
        return found

    # ---- other indexes made of this one ------------------------------------------------------------

    def reordered(self, keys: Sequence[int]) -> "Index":
        """The same rows and tags in another order."""
        return Index.of(
            keys, ((self.keys[place], tag) for tag, bits in self.bits.items() for place in places(bits))
        )

    def without(self, keys: Iterable[int]) -> "Index":
        gone = sorted((place for key in keys for place in self._place_of(key)), reverse=True)
        left, bits = self.keys[:], dict(self.bits)
        for place in gone:
            del left[place]
            low = (1 << place) - 1
            bits = {tag: one & low | one >> 1 & ~low for tag, one in bits.items()}
        return Index(left, bits)

    def with_row(self, key: int, place: int, tags: Iterable[Hashable]) -> "Index":
        """With one row more, which goes before the one that stands at its place now."""
        low, here = (1 << place) - 1, 1 << place
        bits = {tag: one & low | (one & ~low) << 1 for tag, one in self.bits.items()}
        for tag in tags:
            bits[tag] = bits.get(tag, 0) | here
        keys = self.keys[:]
        keys.insert(place, key)
        return Index(keys, bits)

    def _place_of(self, key: int) -> list[int]:
        try:
            return [self.keys.index(key)]
        except ValueError:
            return []
