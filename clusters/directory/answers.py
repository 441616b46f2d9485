"""How many rows fit, how many each option has, and which come next: answered from the tables, or from a snapshot."""

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from clusters import search

from .facets import Facet
from .snapshot import Snapshot

if TYPE_CHECKING:
    from .selection import Selection

CHUNK = 2000


class Answers(Protocol):
    @property
    def everything(self) -> int:
        """The number of rows without any filter."""

    def total(self, without: Collection[str] = ()) -> int:
        """The number of rows that fit all choices but those set aside."""

    def counts(self, facet: Facet) -> dict[str, int]:
        """How many rows each option would select under the other choices."""

    def pks(self, start: int, stop: int) -> list[int]:
        """The numbers of the records from one row to another, in order."""


def _others(selection: "Selection", facet: Facet) -> dict:
    return {name: value for name, value in selection.chosen.items() if name != facet.name}


class FromTables:
    """By SQL; right at any size, slow at large ones."""

    def __init__(self, selection: "Selection") -> None:
        self.selection, self.filters = selection, selection.filters

    @cached_property
    def everything(self) -> int:
        return self.filters.queryset.count() if self.selection.chosen else self.total()

    def total(self, without: Collection[str] = ()) -> int:
        return self.filters.rows(without).count()

    def counts(self, facet: Facet) -> dict[str, int]:
        rows = self.filters.rows({facet.name, *facet.counted_without})
        return facet.counts(rows, _others(self.selection, facet))

    def pks(self, start: int, stop: int) -> list[int]:
        return list(self.selection.queryset.values_list("pk", flat=True)[start:stop])


class FromSnapshot:
    """By bitsets."""

    def __init__(self, selection: "Selection", snapshot: Snapshot, order: tuple[str, str]) -> None:
        self.selection, self.filters = selection, selection.filters
        self.snapshot, self.order, self.index = snapshot, order, snapshot.index(order)

    @property
    def everything(self) -> int:
        return len(self.index)

    def total(self, without: Collection[str] = ()) -> int:
        return self._bits(without).bit_count()

    def counts(self, facet: Facet) -> dict[str, int]:
        others = _others(self.selection, facet)
        if not others:  # the same for everybody
            key = ("counts", facet.name)
            if key not in self.snapshot.memory:
                self.snapshot.memory[key] = self._counts(facet, {})
            return self.snapshot.memory[key]
        return self._counts(facet, others)

    def _counts(self, facet: Facet, others: dict) -> dict[str, int]:
        rows = self._bits({facet.name, *facet.counted_without})
        return {
            value: (rows & facet.bits_of_one(self.index, value, others)).bit_count()
            for value in facet.options
        }

    def pks(self, start: int, stop: int) -> list[int]:
        fitting = self._bits()
        if self.selection.sort_code:
            return self.index.cut(fitting, start, stop)
        found: list[int] = []
        for hits in self._hits:  # the best class first, each in the order of the list
            rows = hits & fitting
            number = rows.bit_count()
            if start < number and stop > 0:
                found += self.index.cut(rows, max(start, 0), min(stop, number))
            start, stop, fitting = start - number, stop - number, fitting & ~hits
        return found

    @cached_property
    def _hits(self) -> list[int]:
        """By class, the best one first."""
        text = self.selection.text
        key = (*self.snapshot.directory.order_key(*self.order), *search.words_of(text))
        return self.snapshot.hits.of(
            key, lambda: [self.index.rows(pks) for pks in self.filters.filters["q"].hits(text)]
        )

    def _bits(self, without: Collection[str] = ()) -> int:
        chosen = {name: value for name, value in self.selection.chosen.items() if name not in without}
        bits = self.index.everything
        for name, values in chosen.items():
            if name == "q":
                bits &= self._any_hit
            else:
                bits &= self.filters.filters[name].bits(self.index, values, chosen)
        return bits

    @cached_property
    def _any_hit(self) -> int:
        found = 0
        for hits in self._hits:
            found |= hits
        return found


class InAnotherOrder(FromSnapshot):
    """What fits by the bitsets of an order that is known, the rows by SQL in one that is not yet."""

    def pks(self, start: int, stop: int) -> list[int]:
        return FromTables(self.selection).pks(start, stop)


def in_parts(answers: Answers) -> Iterator[list[int]]:
    """The numbers of all records that fit, in order, a few thousand at a time."""
    total = answers.total()
    for start in range(0, total, CHUNK):
        yield answers.pks(start, min(start + CHUNK, total))
