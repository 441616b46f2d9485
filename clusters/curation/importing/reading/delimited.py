"""Text whose cells are parted by commas, tabs, semicolons or bars."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import chain
from statistics import median

from django.utils.translation import gettext as _

from .encoding import encoding_note, find_encoding, open_text
from .grids import Grid
from .headers import Line
from .tables import Cell, Limits, Note, Source, UnreadableFile, cell_name, too_many_columns

DELIMITERS = ",\t;|"
_SAMPLE = 2**17
_HINT = re.compile(r"sep=([,;|\t])\r?\n", re.I)
_END = "\ufdd0the end of the file\ufdd0"  # a line no file holds, for a row that is still open
_KEYED = re.compile(r"\s*(- |[\w-]+:( |$))")


def read_delimited(source: Source, limits: Limits) -> Grid:
    encoding = find_encoding(source, limits, lines=True)
    with open_text(source, encoding) as stream:
        sample = stream.read(_SAMPLE)
        whole = not stream.read(1)
    hint = _HINT.match(sample)
    delimiter = hint[1] if hint else _delimiter(sample, whole)
    if not delimiter:
        _refuse_prose(source, sample)
        delimiter = ","
    found = encoding_note(encoding)
    return Grid(
        source.name,
        "",
        "csv",
        lambda: _lines(source, encoding, delimiter, limits, hinted=bool(hint)),
        even=True,
        look=_formulas,
        notes=[found] if found else [],
    )


def _lines(source: Source, encoding: str, delimiter: str, limits: Limits, *, hinted: bool) -> Iterator[Line]:
    with open_text(source, encoding) as stream:
        if hinted:
            stream.readline()
        reader = csv.reader(chain(stream, [_END]), delimiter=delimiter)
        number = 1 if hinted else 0
        try:
            for cells in reader:
                number += 1
                if cells and cells[-1].endswith(_END):
                    if cells == [_END]:
                        return
                    raise _unclosed(number)  # the file ended inside this row's quotation marks
                if len(cells) > limits.columns:
                    raise too_many_columns(len(cells), limits)
                yield Line(number, cells)
        except csv.Error:
            raise _unclosed(number + 1) from None


def _formulas(number: int, cells: Sequence[Cell]) -> list[Note]:
    return [
        Note(
            "formula",
            _("Cell %(cell)s begins with an equals sign. It was kept as text.")
            % {"cell": cell_name(number, at)},
            cell_name(number, at),
        )
        for at, cell in enumerate(cells, 1)
        if isinstance(cell, str) and cell[:1] == "="
    ]


def _unclosed(number: int) -> UnreadableFile:
    return UnreadableFile(
        _("The quotation mark opened in row %(row)s is never closed.") % {"row": number},
        _("Close it, or write it twice where it is part of the text."),
    )


def _delimiter(sample: str, whole: bool) -> str:
    """The delimiter by which most rows have the same number of cells, and more than one; "" for none."""
    best, best_score = "", 0.0
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        try:
            rows = list(csv.reader(StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        rows = [row for row in (rows if whole else rows[:-1])[:500] if any(row)]
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1] * min(item[0], 4), item[0]))
        score = count / len(rows) + min(width, 50) / 1000
        if count * 2 >= len(rows) and score > best_score:
            best, best_score = delimiter, score
    return best


def _refuse_prose(source: Source, sample: str) -> None:
    lines = [line for line in sample.splitlines() if line.strip()]
    if sum(bool(_KEYED.match(line)) for line in lines) > 0.8 * len(lines) and len(lines) > 2:
        raise UnreadableFile(
            _("This looks like a YAML file, which is never read."), _("Save the data as CSV or JSON.")
        )
    named = source.name.lower().endswith((".csv", ".tsv", ".tab"))
    if not named or len(lines) < 2 or median(map(len, lines)) > 100:
        raise UnreadableFile(
            _("This is running text, not a table: no comma, tab, semicolon or bar divides its lines evenly."),
            _("Save the table as CSV or XLSX."),
        )
