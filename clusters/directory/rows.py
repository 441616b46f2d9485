"""A list's rows as HTML: each drawn once by its table's columns, kept while its record stays as it is, and reused."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from .columns import DirectoryTable

KEPT = 6000  # drawn rows of one directory, in both languages
_MARK = "\0"  # stands in no text that was let in

Numbered = Callable[[dict[int, int]], str]


@dataclass(frozen=True)
class Citation:
    """The place of a source's number in a row; which number that is depends on the page."""

    sources: Sequence
    draw: Numbered


class Cited:
    """Takes the place of a page's numbered references while a row is drawn."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []

    def cite(self, sources: Sequence, draw: Numbered) -> SafeString:
        self.citations.append(Citation(sources, draw))
        return mark_safe(f"{_MARK}{len(self.citations) - 1}{_MARK}")


@dataclass(frozen=True)
class Row:
    """A drawn row: pieces of HTML, with citations between them."""

    pieces: tuple[str | Citation, ...]

    def placed(self, references) -> str:
        """The row as it stands on a page with these references."""
        return "".join(
            piece if isinstance(piece, str) else references.cite(piece.sources, piece.draw)
            for piece in self.pieces
        )


def draw(table: DirectoryTable) -> Iterable[tuple[int, Row]]:
    """Every row of a table, by number of record."""
    template = get_template("directory/row.html")
    for record, cells in table.body():
        refs = Cited()
        html = template.render(
            {"record": record, "cells": cells, "table": table, "selection": table.selection, "refs": refs}
        )
        parts = html.split(_MARK)
        pieces = [refs.citations[int(part)] if place % 2 else part for place, part in enumerate(parts)]
        yield record.pk, Row(tuple(pieces))


@dataclass
class Store:
    """The rows drawn last, by record and by whatever else they depend on."""

    _rows: OrderedDict[tuple[int, Hashable], Row] = field(default_factory=OrderedDict)

    def get(self, pk: int, way: Hashable) -> Row | None:
        row = self._rows.get((pk, way))
        if row is not None:
            with suppress(KeyError):  # another thread may have dropped it just now
                self._rows.move_to_end((pk, way))
        return row

    def keep(self, pk: int, way: Hashable, row: Row) -> None:
        self._rows[pk, way] = row
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)

    def without(self, pks: Collection[int]) -> "Store":
        """The rows of all other records, in a store of their own: a slow reader may still add old rows to this one."""
        return Store(OrderedDict((key, row) for key, row in list(self._rows.items()) if key[0] not in pks))
