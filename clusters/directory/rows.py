"""A list's rows as HTML: each drawn once by its table's columns, kept while its record stays as it is, and reused.

Of short lists each process keeps the rows; those of long ones lie beside those of files, for all processes.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.template import Context, engines
from django.utils.html import escape

from .columns import Column, DirectoryTable
from .lines import Draw as LineDraw
from .passages import MARK, Cited, Passage

KEPT = 3000  # drawn rows of one directory, in both languages
KEPT_CELLS = 3000  # of those that look the same in many rows
Draw = Callable[[list[int]], Iterable[tuple[int, Passage]]]


@dataclass
class _Drawn:
    """A column, its template, and what stands around each of its cells."""

    column: Column
    template: Any
    before: str
    after: str

    def cell(self, context: Context, record, value, way: Hashable, cells: dict[Hashable, str]) -> str:
        key = None
        if self.column.same_for is not None:
            key = (way, self.column.template_name, self.column.same_for(record, value))
            if (known := cells.get(key)) is not None:
                return known
        context["value"] = value
        html = f"{self.before}{self.template.render(context)}{self.after}"
        if key is not None and MARK not in html:
            if len(cells) >= KEPT_CELLS:
                cells.clear()
            cells[key] = html
        return html


def _columns(table: DirectoryTable) -> Iterator[_Drawn]:
    engine: Any = engines["django"]
    for place, bound in enumerate(table.columns):
        column = bound.column
        before, after = '<th scope="row">', "</th>"
        if place:
            css = f' class="{column.css}"' if column.css else ""
            before, after = f'<td{css} data-l="{escape(column.short)}">', "</td>"
        yield _Drawn(column, engine.engine.get_template(column.template_name), before, after)


def draw(table: DirectoryTable, way: Hashable, cells: dict[Hashable, str]) -> Iterable[tuple[int, Passage]]:
    """Every row of a table, by number of record; `cells` are those drawn before that other rows may share."""
    columns = list(_columns(table))
    for record, values in table.body():
        refs = Cited()
        context = Context({"record": record, "table": table, "selection": table.selection, "refs": refs})
        drawn = [
            one.cell(context, record, value, way, cells) for one, value in zip(columns, values, strict=True)
        ]
        slug = escape(record.slug)
        anchor = f' id="{slug}"' if table.anchored else ""
        yield record.pk, refs.passage(f'<tr data-slug="{slug}"{anchor}>{"".join(drawn)}</tr>\n')


def kept(
    lines: Callable[[list[int], LineDraw], dict[int, bytes]], pks: list[int], draw: Draw
) -> Iterator[tuple[int, Passage]]:
    """Rows that are kept as lines, and those that `draw` gives for the rest; kept is what no page numbers anything in."""
    drawn: dict[int, Passage] = {}

    def write(missing: list[int]) -> Iterator[tuple[int, bytes]]:
        for pk, row in draw(missing):
            drawn[pk] = row
            if row.html is not None:
                yield pk, row.html.encode()

    for pk, line in lines(pks, write).items():
        yield pk, drawn.pop(pk) if pk in drawn else Passage((line.decode(),))
    yield from drawn.items()


@dataclass
class Store:
    """The rows drawn last, by record and by whatever else they depend on."""

    _rows: OrderedDict[tuple[int, Hashable], Passage] = field(default_factory=OrderedDict)
    cells: dict[Hashable, str] = field(default_factory=dict)

    def get(self, pk: int, way: Hashable) -> Passage | None:
        row = self._rows.get((pk, way))
        if row is not None:
            with suppress(KeyError):  # another thread may have dropped it just now
                self._rows.move_to_end((pk, way))
        return row

    def keep(self, pk: int, way: Hashable, row: Passage) -> None:
        self._rows[pk, way] = row
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)

    def without(self, pks: Collection[int]) -> "Store":
        """The rows of all other records, in a store of their own: a slow reader may still add old rows to this one."""
        kept = OrderedDict((key, row) for key, row in list(self._rows.items()) if key[0] not in pks)
        return Store(kept, self.cells)
