"""What the comparison table is made of: cells, rows, groups and tables, as plain data for page, CSV and JSON."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clusters.dates import PartialDate

from .alignment import Placed


@dataclass(frozen=True)
class Item:
    """One of several things that a cell names, and how it reads where there is no page."""

    words: str
    fact: Any = None  # the statement, where it has sources of its own
    beside: Any = None  # what is drawn with the words: a record, a term, a deadline
    badge: str = ""  # whether all that are compared have it, or only this one
    is_common: bool = False

    def __str__(self) -> str:
        return f"{self.words} ({self.badge})" if self.badge else self.words

    @property
    def public_sources(self) -> list:
        return sources_of(self.fact)


@dataclass
class Cell:
    """What is said of one record in one row. Only what its row's form needs is filled."""

    record: Any = None  # set when the row is placed in its table
    text: str = ""
    sub: str = ""
    source: Any = None  # of a text
    fact: Any = None  # the record whose sources and date a text or number has
    number: int | None = None
    unit: str = ""
    share: int | None = None  # percent of the total
    period: str = ""  # what a number speaks of
    url: str = ""  # where the counted records are listed, or where a text leads
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

    @property
    def template(self) -> str:
        return f"compare/cells/{self.form}.html"


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
    """The whole comparison. `hidden` counts the rows left out because they say the same of every record."""

    records: list[Any]
    tables: list[Table]
    hidden: int = 0

    def __post_init__(self) -> None:
        for _table, _group, row in self.rows():
            for cell, record in zip(row.cells, self.records, strict=True):
                cell.record = record

    def rows(self) -> list[tuple[Table, Group, Row]]:
        return [(table, group, row) for table in self.tables for group in table.groups for row in group.rows]


def sources_of(fact: Any) -> list:
    """The sources of a statement or profile that readers may see."""
    if hasattr(fact, "public_sources"):
        return fact.public_sources
    source = getattr(fact, "public_source", None)
    return [source] if source is not None else []


def said(text: Any, sub: Any = "", **given: Any) -> Cell:
    """A text, or that nobody has surveyed it."""
    return Cell(text=text, sub=sub, **given) if text else Cell(gap="not_surveyed")


def listed(items: Sequence[Any], fact: Any = None) -> Cell:
    """Several things, or that nobody has surveyed them."""
    return Cell(facts=items, fact=fact) if items else Cell(gap="not_surveyed")


def profiled(record: Any) -> Cell:
    """The date that a profile speaks of and the document it rests on; where either is missing, that in words."""
    note = "" if record.public_source else _("no source stated")
    if not record.as_of:
        return Cell(gap="unknown", note=note)
    return Cell(text=PartialDate(record.as_of).display(), sub=note, fact=record)


def web_address(url: str, fact: Any) -> Cell:
    """An address as people write it: without scheme and closing slash."""
    return said(url.split("://", 1)[-1].rstrip("/"), url=url, fact=fact)


def row_of(subjects: Sequence[Any]) -> Callable[..., Row]:
    """Makes rows that ask the same of every subject."""

    def row(
        key: str, label: str, cell: Callable[[Any], Cell], sub: str = "", form: str = "text", why: str = ""
    ) -> Row:
        return Row(key, label, [cell(subject) for subject in subjects], form, sub, why)

    return row
