"""What the comparison table is made of: cells, rows, groups and tables, as plain data for page, CSV and JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clusters.models import District

from .alignment import Placed


@dataclass
class Cell:
    """What is said of one district in one row. Only what its row's form needs is filled."""

    district: District | None = None  # set when the row is placed in its table
    text: str = ""
    sub: str = ""
    source: Any = None  # of a text
    number: int | None = None
    unit: str = ""
    share: int | None = None  # percent of the district's total
    url: str = ""  # where the counted records are listed
    bar: Decimal | None = None
    placed: Placed | None = None
    further: int = 0  # series of the same indicator that the table does not show
    facts: Sequence[Any] = ()
    gap: str = ""
    note: str = ""  # beside a gap

    @property
    def says(self) -> tuple:
        """What makes two cells of a row the same for a reader."""
        value = (self.placed.point.value, self.placed.point.period) if self.placed else None
        return (
            str(self.text),
            str(self.sub),
            self.number,
            value,
            tuple(str(fact) for fact in self.facts),
            self.gap,
        )


@dataclass
class Row:
    """One line of a table. `form` tells how its cells are to be drawn."""

    key: str
    label: str
    cells: list[Cell]
    form: str = "text"
    sub: str = ""
    why: str = ""  # no bars are drawn, and this is why
    folded: bool = False  # known for one district only; stands in a closed list

    @property
    def same(self) -> bool:
        return len({cell.says for cell in self.cells}) == 1


@dataclass
class Group:
    key: str
    title: str
    rows: list[Row]
    note: str = ""

    @property
    def shown(self) -> list[Row]:
        return [row for row in self.rows if not row.folded]

    @property
    def folded(self) -> list[Row]:
        return [row for row in self.rows if row.folded]


@dataclass
class Table:
    key: str
    title: str
    caption: str
    groups: list[Group]
    note: str = ""


@dataclass
class Matrix:
    """The whole comparison. `hidden` counts the rows left out because they say the same of every district."""

    districts: list[District]
    tables: list[Table]
    hidden: int = 0

    def __post_init__(self) -> None:
        for _table, _group, row in self.rows():
            for cell, district in zip(row.cells, self.districts, strict=True):
                cell.district = district

    def rows(self) -> list[tuple[Table, Group, Row]]:
        return [(table, group, row) for table in self.tables for group in table.groups for row in group.rows]


def differing(tables: Sequence[Table]) -> tuple[list[Table], int]:
    """The tables without the rows that are the same in every cell, and how many those were."""
    kept, hidden = [], 0
    for table in tables:
        groups = []
        for group in table.groups:
            rows = [row for row in group.rows if not row.same]
            hidden += len(group.rows) - len(rows)
            if rows:
                groups.append(Group(group.key, group.title, rows, group.note))
        if groups:
            kept.append(Table(table.key, table.title, table.caption, groups, table.note))
    return kept, hidden
