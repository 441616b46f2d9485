"""What stands in a file before anybody says what it means: its tables, their columns, and samples of the values."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from .canonical import model_of
from .guessing import kinds_of
from .reading import Reading, Row, Table, UnreadableFile, read

SAMPLED_ROWS = 100
SAMPLES = 4  # values shown beside a column
SAMPLE_LENGTH = 80
FEW_VALUES = 20
MOST_TABLES = 50
MOST_NOTES = 30


class Choice(NamedTuple):
    """What to read of a file. `table` is the name of the only one wanted; the rows are 1-based."""

    table: str = ""
    start_row: int | None = None
    header_rows: int | None = None


EVERYTHING = Choice()


@contextmanager
def opened(path: Path, choice: Choice = EVERYTHING) -> Iterator[Reading]:
    """A file or folder read as chosen. Raises UnreadableFile."""
    sheet = _sheet(path, choice.table)
    with read(
        path, name=path.name, sheet=sheet, start_row=choice.start_row, header_rows=choice.header_rows
    ) as reading:
        if choice.table:
            reading.tables = [table for table in reading.tables if table.name == choice.table]
            reading.notes = [note for note in reading.notes if choice.table.startswith(note.place)]
        yield reading


def _sheet(path: Path, table: str) -> str | None:
    """The sheet that a table's name ends with, when the table stands in this very file."""
    start = f"{path.name} ["
    return table[len(start) : -1] if table.startswith(start) and table.endswith("]") else None


@dataclass
class SeenColumn:
    """A column: its name, the first different values, and the share of values of each kind they could be.

    `values` holds all different values of the rows that were counted, when they are few.
    """

    name: str
    samples: list[str] = field(default_factory=list)
    kinds: dict[str, float] = field(default_factory=dict)
    values: list[str] = field(default_factory=list)


@dataclass
class SeenTable:
    """`canonical` is the kind of record the table holds in the canonical format, "" for any other table."""

    name: str
    file: str
    sheet: str
    kind: str
    first_row: int
    rows: int
    more: bool
    columns: list[SeenColumn]
    notes: list[str] = field(default_factory=list)
    canonical: str = ""

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def as_table(self) -> Table:
        """What profiles ask of a table to say whether they know it."""
        return Table(self.file, self.sheet, self.kind, self.names, self.first_row, lambda table: iter(()))


@dataclass
class Look:
    """What was seen: the tables to be read, and what was left out."""

    tables: list[SeenTable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # sheets one may still ask for by name

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def more(self) -> bool:
        """Whether there are more rows than were counted."""
        return any(table.more for table in self.tables)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Look":
        tables = [
            SeenTable(**{**table, "columns": [SeenColumn(**column) for column in table["columns"]]})
            for table in stored.get("tables", ())
        ]
        return cls(tables, stored.get("notes", []), stored.get("left_out", []))


def look(paths: Iterable[Path], choice: Choice = EVERYTHING, *, count_to: int = 2000) -> Look:
    """Look into files without reading them to the end. Raises UnreadableFile for the first that cannot be read."""
    seen, refusal = Look(), None
    for path in paths:
        try:
            with opened(path, choice) as reading:
                for note in reading.notes[:MOST_NOTES]:
                    seen.notes.append(f"{note.place}: {note.message}" if note.place else note.message)
                    if note.kind == "sheet":
                        seen.left_out.append(note.place)
                for table in reading.tables:
                    if len(seen.tables) < MOST_TABLES:
                        seen.tables.append(_seen(table, count_to))
        except UnreadableFile as problem:
            problem.file = problem.file or path.name
            if not choice.table:
                raise
            refusal = problem
    if not seen.tables and refusal is not None:
        raise refusal
    return seen


def _seen(table: Table, count_to: int) -> SeenTable:
    sample: list[Row] = []
    few: list[dict[str, None] | None] = [{} for _column in table.columns]
    count = 0
    for row in islice(table.rows(), count_to + 1):
        count += 1
        if count <= SAMPLED_ROWS:
            sample.append(row)
        for at, value in enumerate(row.values):
            known = few[at]
            if known is not None and value is not None:
                known[_shown(value)] = None
                if len(known) > FEW_VALUES:
                    few[at] = None
    model = model_of(table)
    columns = []
    for at, name in enumerate(table.columns):
        values = [row.values[at] for row in sample if row.values[at] is not None]
        samples = list(islice(dict.fromkeys(map(_shown, values)), SAMPLES))
        columns.append(SeenColumn(name, samples, kinds_of(values), list(few[at] or ())))
    return SeenTable(
        name=table.name,
        file=table.file,
        sheet=table.sheet,
        kind=table.kind,
        first_row=table.first_row,
        rows=min(count, count_to),
        more=count > count_to,
        columns=columns,
        notes=[note.message for note in table.notes[:MOST_NOTES]],
        canonical=model.__name__ if model is not None else "",
    )


def _shown(value: Any) -> str:
    return " ".join(str(value).split())[:SAMPLE_LENGTH]
