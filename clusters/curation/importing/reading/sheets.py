"""The cells of one XLSX sheet, collected into rows as the parser meets them."""

import re
from datetime import date, datetime

from django.utils.translation import gettext as _

from clusters.dates import from_excel_serial

from .headers import Line
from .tables import Cell, Limits, Note, UnreadableFile, cell_name, too_many_columns

_LAST_ROW, _LAST_COLUMN = 2**20, 2**14

# A cell's name in two groups, letters and digits; None for anything else.
reference = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})").fullmatch


class SheetCells:
    """Collects the cells of rows as the parser meets them."""

    def __init__(self, limits: Limits, strings: list[str], dates: set[int], epoch_1904: bool) -> None:
        self.limits, self.strings, self.dates, self.epoch_1904 = limits, strings, dates, epoch_1904
        self.ready: list[Line] = []
        self.row = self.column = 0
        self.cells: list[Cell] = []
        self.notes: list[Note] = []
        self.kind = self.style = ""
        self.formula = self.valued = self.collecting = self.phonetic = False
        self.pieces: list[str] = []

    def take(self) -> list[Line]:
        ready, self.ready = self.ready, []
        return ready

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            found = reference(attributes.get("r", ""))
            self.column = column_number(found[1]) if found else self.column + 1
            if self.column > _LAST_COLUMN:
                raise too_many_columns(self.column, self.limits)
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.formula = self.valued = self.phonetic = False
            self.pieces = []
        elif name == "v" or (name == "t" and not self.phonetic):
            self.collecting = True
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.phonetic = True
        elif name == "row":
            number = attributes.get("r", "")
            following = int(number) if number.isascii() and number.isdigit() else self.row + 1
            if not self.row < following <= _LAST_ROW:
                raise UnreadableFile(
                    _("The rows of the sheet are not in order: row %(row)s is followed by row %(next)s.")
                    % {"row": self.row, "next": number[:20] or following},
                    _("Open the workbook in Excel and save it again."),
                )
            self.row, self.column, self.cells, self.notes = following, 0, [], []

    def text(self, characters: str) -> None:
        if self.collecting:
            self.pieces.append(characters)

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self.collecting, self.valued = False, True
        elif name == "rPh":
            self.phonetic = False
        elif name == "c":
            value = self._value("".join(self.pieces)) if self.valued else None
            if self.formula and value is None and self.kind != "str":
                place = cell_name(self.row, self.column)
                self.notes.append(
                    Note(
                        "formula",
                        _("Cell %(cell)s holds a formula whose result was not saved.") % {"cell": place},
                        place,
                        error=True,
                    )
                )
            if value is not None:
                if self.column > self.limits.columns:
                    raise too_many_columns(self.column, self.limits)
                self.cells += [None] * (self.column - len(self.cells))
                self.cells[self.column - 1] = value
        elif name == "row" and (self.cells or self.notes):
            self.ready.append(Line(self.row, self.cells, self.notes))

    def _value(self, text: str) -> Cell:
        try:
            if self.kind == "s":
                value = self.strings[int(text)]
            elif self.kind in {"str", "inlineStr"}:
                value = unescaped(text)
            elif self.kind == "b":
                return text.strip() in {"1", "true"}
            elif self.kind == "d":
                moment = datetime.fromisoformat(text)
                return moment if "T" in text else moment.date()
            elif self.kind == "e":
                return text
            else:
                return self._number(text)
        except (ValueError, IndexError, OverflowError):
            raise UnreadableFile(
                _("Cell %(cell)s is damaged.") % {"cell": cell_name(self.row, self.column)},
                _("Open the workbook in Excel and save it again."),
            ) from None
        if value.startswith("="):
            place = cell_name(self.row, self.column)
            message = _("Cell %(cell)s begins with an equals sign. It was kept as text.") % {"cell": place}
            self.notes.append(Note("formula", message, place))
        return value

    def _number(self, text: str) -> int | float | date | datetime | str | None:
        text = text.strip()
        if not text:
            return None
        number = int(text) if len(text) < 16 and text.lstrip("-").isdecimal() else float(text)
        if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
            number = int(number)
        if self.style and int(self.style) in self.dates:
            found = from_excel_serial(number, epoch_1904=self.epoch_1904)
            return number if found is None else found
        return number


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def unescaped(text: str) -> str:
    """Resolve _x000D_, the way workbooks write characters XML cannot hold."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)
