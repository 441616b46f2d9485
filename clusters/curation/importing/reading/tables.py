"""What reading yields: tables of rows, notes on what was found, refusals, and the limits that bound it all."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from django.utils.translation import gettext as _

Cell = str | int | float | Decimal | date | datetime | bool | None

_BROKEN = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Limits:
    """How much is read before a file is refused; sizes are in bytes unless they say otherwise."""

    file_bytes: int = 100 * 2**20
    whole_bytes: int = 40 * 2**20  # formats that must stand in memory at once: HTML, XLS, nested JSON
    unpacked_bytes: int = 300 * 2**20
    ratio: int = 150  # unpacked to packed, asked only of members above ratio_from
    ratio_from: int = 5 * 2**20
    members: int = 1_000
    rows: int = 1_000_000
    columns: int = 500
    cell_length: int = 100_000  # characters
    line_length: int = 2**20
    depth: int = 30
    sheets: int = 100
    merges: int = 20_000
    strings: int = 3_000_000  # shared strings of a workbook
    strings_length: int = 60_000_000  # their characters in all


LIMITS = Limits()


class UnreadableFile(Exception):
    """A file that is refused: what it is (`message`), what to do (`fix`) and which file (`file`)."""

    def __init__(self, message: str, fix: str = "", *, file: str = "") -> None:
        super().__init__(message, fix)
        self.message, self.fix, self.file = message, fix, file

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class Note(NamedTuple):
    """Something found while reading. `error` is true when the row cannot be trusted.

    `kind` is one of: encoding, title, header, column, merged, total, repeated, footnote, sheet, path,
    nested, formula, width, skipped.
    """

    kind: str
    message: str
    place: str = ""
    error: bool = False


class Row(NamedTuple):
    """One record: its number in the file (1-based), one value for each of Table.columns, its notes."""

    number: int
    values: list[Cell]
    notes: tuple[Note, ...] = ()


class Source(NamedTuple):
    """A file on disk and the name it is called by: the path inside its folder or archive."""

    path: Path
    name: str


@dataclass
class Table:
    """Named columns and the rows below them.

    file, sheet: where it stands; sheet is "" where the format has none, else the sheet's name, the table's
        number on an HTML page or a fixture's model
    kind: csv, xlsx, xls, html, json, jsonl, xml or fixture
    columns: names, each once; header rows that belong together are joined as "upper / lower"
    first_row: number of the (first) header row in the file; 0 where records carry their own names
    notes: what was found and left out; grows while rows() runs, never twice with the same entry
    """

    file: str
    sheet: str
    kind: str
    columns: list[str]
    first_row: int
    open_rows: Callable[["Table"], Iterator[Row]] = field(repr=False)
    notes: list[Note] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows from the beginning, read anew at every call; may raise UnreadableFile on the way."""
        try:
            yield from self.open_rows(self)
        except UnreadableFile as refusal:
            refusal.file = refusal.file or self.file
            raise

    def note(self, kind: str, message: str, place: str = "") -> None:
        note = Note(kind, message, place)
        if note not in self.notes:
            self.notes.append(note)

    @property
    def name(self) -> str:
        """The file, and the sheet where there is one: members.xlsx [2025]."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file


@dataclass
class Reading:
    """All tables of a file, archive or folder. Close it (or use `with`) to remove unpacked files."""

    tables: list[Table] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unpacked: TemporaryDirectory | None = None

    def close(self) -> None:
        if self.unpacked:
            self.unpacked.cleanup()

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def column_letter(number: int) -> str:
    """The spreadsheet name of a column: 1 is A, 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    return f"{column_letter(column)}{row}"


def cell_in_words(row: int, column: int) -> str:
    """A cell at the beginning of a sentence."""
    return _("Cell %(cell)s") % {"cell": cell_name(row, column)}


def span_name(top: int, left: int, bottom: int, right: int) -> str:
    """A range of cells: A1:C2, or A1 when it is one."""
    first, last = cell_name(top, left), cell_name(bottom, right)
    return first if first == last else f"{first}:{last}"


def sound(value: Cell, limits: Limits, place: Callable[..., str], *where: object) -> Cell:
    """The value as it is, None for blank text; a text that nothing can store is refused.

    `place(*where)` says where it stands; it is called only when there is something to say.
    """
    if not isinstance(value, str):
        return value
    if not value or value.isspace():
        return None
    if len(value) > limits.cell_length:
        raise UnreadableFile(
            _("%(place)s holds %(length)s characters; %(limit)s are allowed.")
            % {"place": place(*where), "length": f"{len(value):,}", "limit": f"{limits.cell_length:,}"},
            _("Shorten the text or leave the column out."),
        )
    if match := _BROKEN.search(value):
        message = (
            _("%(place)s holds a NUL character.")
            if match[0] == "\x00"
            else _("%(place)s holds half of a character (a lone surrogate).")
        )
        raise UnreadableFile(
            message % {"place": place(*where)}, _("Save the file again from its original program.")
        )
    return value


def too_large(what: str, found: int, limit: int) -> UnreadableFile:
    """The refusal of a file that is over a limit; `what` is a sentence's beginning such as "The file"."""
    return UnreadableFile(
        _("%(what)s is too large: %(found)s bytes; %(limit)s are allowed.")
        % {"what": what, "found": f"{found:,}", "limit": f"{limit:,}"},
        _("Split the file into parts."),
    )


def too_many_rows(limits: Limits) -> UnreadableFile:
    return UnreadableFile(
        _("The table has more than %(limit)s rows.") % {"limit": f"{limits.rows:,}"},
        _("Split the file into parts."),
    )


def too_many_columns(found: int, limits: Limits) -> UnreadableFile:
    return UnreadableFile(
        _("The table has %(found)s columns; %(limit)s are allowed.")
        % {"found": f"{found:,}", "limit": f"{limits.columns:,}"},
        _("Leave out columns that are not needed."),
    )
