"""From a grid of cells to a table: header found, merged cells filled, totals and footnotes left out."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from .headers import SAMPLE_ROWS, Header, Line, Span, find_header, is_number, label
from .tables import (
    Cell,
    Limits,
    Note,
    Row,
    Table,
    UnreadableFile,
    cell_in_words,
    cell_name,
    column_letter,
    sound,
    span_name,
    too_many_columns,
    too_many_rows,
)

_TOTAL_WORDS = "계 합계 총계 소계 총합계 누계 합산 total totals subtotal grandtotal sum"
_TOTALS = frozenset(_TOTAL_WORDS.split())
# What a row of totals says of all rows above it: 40개사, 총 12건, 계 3명.
_COUNTED = re.compile(
    r"총?[0-9][0-9,.]*(개|건|명|곳|사|개사|개소|개기업|개업체|개기관|업체|기업|기관|인|호|동|필지|원|㎡|%)"
)
_FOOTNOTE = re.compile(r"\s*(※|\*|주\s*[:)]|주석|자료\s*[:)]|출처\s*[:)]|비고\s*:|source\s*:|note\s*:)", re.I)


@dataclass
class Grid:
    """Rows of cells from a sheet, page or text; `lines` starts over at every call."""

    file: str
    sheet: str
    kind: str
    lines: Callable[[], Iterator[Line]]
    merges: Sequence[Span] = ()
    even: bool = False  # every row is expected to have as many cells as the header, all of them text
    look: Callable[[int, Sequence[Cell]], list[Note]] | None = None  # what is to be said of a row's cells
    notes: list[Note] = field(default_factory=list)


def to_table(
    grid: Grid, limits: Limits, *, start_row: int | None = None, header_rows: int | None = None
) -> Table | None:
    """The table in a grid, None when the grid has no row that could be a header."""
    if len(grid.merges) > limits.merges:
        raise UnreadableFile(
            _("The sheet has more than %(limit)s merged cells.") % {"limit": f"{limits.merges:,}"},
            _("Save the table as CSV."),
        )
    skipped = max(0, (start_row or 1) - 1)
    sample = [line for line in islice(_sound(grid, limits), SAMPLE_ROWS + skipped) if any_filled(line)]
    header = find_header(sample, grid.merges, start_row=start_row, header_rows=header_rows)
    if header is None:
        if start_row is not None:
            raise UnreadableFile(
                _("Row %(row)s is empty or missing: no column names are there.") % {"row": start_row},
                _("Name another row to start at."),
            )
        return None
    width = _width(header, sample)
    if width > limits.columns:
        raise too_many_columns(width, limits)
    table = Table(grid.file, grid.sheet, grid.kind, [], header.first, _opener(grid, header, width, limits))
    table.notes.extend(grid.notes)
    _tell_header(table, header, sample, grid)
    table.columns = _distinct(table, header, width, sample)
    return table


def any_filled(line: Line) -> bool:
    return any(cell is not None for cell in line.cells)


def _width(header: Header, sample: Sequence[Line]) -> int:
    """Columns that have a name, or values where no name is; empty ones at the end do not count."""
    named = max((at for at, name in enumerate(header.labels, 1) if name), default=0)
    counts: Counter[int] = Counter()
    body = [line for line in sample if line.number > header.last]
    for line in body:
        counts.update(at for at, cell in enumerate(line.cells, 1) if at > named and cell is not None)
    # A stray cell in one row is that row's fault; a column is one that several rows fill.
    return max((at for at, count in counts.items() if count * 2 > len(body)), default=named)


def _tell_header(table: Table, header: Header, sample: Sequence[Line], grid: Grid) -> None:
    for line in sample:
        if line.number < header.first:
            filled = [at for at, cell in enumerate(line.cells, 1) if cell is not None]
            words = " ".join(label(cell) for cell in line.cells if cell is not None)
            table.note(
                "title",
                _("Row %(row)s stands above the column names and was left out: %(words)s")
                % {"row": line.number, "words": words[:100]},
                span_name(line.number, filled[0], line.number, filled[-1]),
            )
    if header.last > header.first:
        table.note(
            "header",
            _("Rows %(first)s to %(last)s were read together as the column names.")
            % {"first": header.first, "last": header.last},
            span_name(header.first, 1, header.last, max(1, len(header.labels))),
        )
    for span in list(grid.merges)[:50]:
        if span.bottom > header.last and span.bottom > span.top:
            table.note(
                "merged",
                _("The merged cells %(place)s were read as the same value in every row.")
                % {"place": span_name(*span)},
                span_name(*span),
            )
        elif span.bottom > header.last:
            table.note(
                "merged",
                _("The merged cells %(place)s were read as one value in their first column.")
                % {"place": span_name(*span)},
                span_name(*span),
            )


def _distinct(table: Table, header: Header, width: int, sample: Sequence[Line]) -> list[str]:
    labels = (header.labels + [""] * width)[:width]
    given = Counter(labels)
    columns: list[str] = []
    taken = set(labels)
    seen: Counter[str] = Counter()
    for at, name in enumerate(labels, 1):
        place = cell_name(header.last, at)
        if not name:
            name = f"[{column_letter(at)}]"
            table.note("column", _("Column %(letter)s has no name.") % {"letter": column_letter(at)}, place)
        elif given[name] > 1:
            seen[name] += 1
            if seen[name] > 1:
                plain, number = name, seen[name]
                while (name := f"{plain} ({number})") in taken:
                    number += 1
                table.note(
                    "column",
                    _("The column name “%(name)s” appears again in %(place)s and was read as “%(new)s”.")
                    % {"name": plain, "place": place, "new": name},
                    place,
                )
        taken.add(name)
        columns.append(name)
    return columns


def _opener(grid: Grid, header: Header, width: int, limits: Limits) -> Callable[[Table], Iterator[Row]]:
    names = {label(name).casefold() for name in header.labels if name}
    words = names | _TOTALS

    def rows(table: Table) -> Iterator[Row]:
        count = 0
        for line in lines():
            if line.number <= header.last:
                continue
            if grid.even and (values := _ordinary(line.cells, width, names, words, limits)):
                notes: tuple[Note, ...] = ()
            else:
                line = _sound_line(line, limits)
                if not any_filled(line):
                    continue
                values = list(line.cells[:width])
                if reason := _left_out(values, names, line.number, width):
                    table.note(*reason)
                    continue
                notes = _row_notes(line)
                for note in notes:
                    if note.kind == "formula":
                        table.note(note.kind, note.message, note.place)
                values += [None] * (width - len(values))
            count += 1
            if count > limits.rows:
                raise too_many_rows(limits)
            yield Row(line.number, values, notes)

    def lines() -> Iterator[Line]:
        return _filled(_sound(grid, limits), grid.merges) if grid.merges else grid.lines()

    def _row_notes(line: Line) -> tuple[Note, ...]:
        said = grid.look(line.number, line.cells) if grid.look else line.notes
        return (*said, *_width_notes(line, width, grid.even))

    return rows


def _ordinary(
    cells: Sequence[Any], width: int, names: set[str], words: set[str], limits: Limits
) -> list[Cell] | None:
    """The values of a row of text that clearly is a record with nothing to be said about; None for any other."""
    if len(cells) != width or width < 4:
        return None
    text = "|".join(cells)
    if (
        not text.isprintable()
        or "|=" in text
        or "| " in text
        or text[0] in "= "
        or len(text) > limits.cell_length
        or cells.count("") > width - 4
    ):
        return None
    # What ends in a word is no row of totals and, unless the word is a column's name, no repeated header.
    last = cells[-1]
    if not (last and last[0].isalpha() and " " not in last) or last.casefold() in words:
        values = [cell or None for cell in cells]
        return None if _left_out(values, names, 0, width) else values
    return [cell or None for cell in cells]


def _left_out(values: Sequence[Cell], names: set[str], number: int, width: int) -> tuple | None:
    """Kind, message and place of the note on a row that is no record, None for a record."""
    filled = [cell for cell in values if cell is not None]
    if not filled:
        return None
    first = filled[0]
    if width > 1 and _is_total(filled):
        kind, message = "total", _("Row %(row)s holds totals and was left out.") % {"row": number}
    elif not isinstance(first, str):
        return None
    elif len(filled) == 1 and width > 2 and _FOOTNOTE.match(first):
        kind = "footnote"
        message = _("Row %(row)s is a footnote and was left out: %(words)s")
        message %= {"row": number, "words": label(first)[:100]}
    elif len(filled) > 1 and all(label(cell).casefold() in names for cell in filled):
        kind, message = "repeated", _("Row %(row)s repeats the column names and was left out.")
        message %= {"row": number}
    else:
        return None
    places = [at for at, cell in enumerate(values, 1) if cell is not None]
    return kind, message, span_name(number, places[0], number, places[-1])


def _is_total(filled: Sequence[Cell]) -> bool:
    """A word for a total among the first three cells, and nothing but figures and such words after it."""
    for at, cell in enumerate(filled[:3]):
        if (
            isinstance(cell, str)
            and len(cell) < 20
            and "".join(cell.split()).casefold().strip("()[]<>") in _TOTALS
        ):
            rest = filled[at + 1 :]
            return bool(rest or at == 0) and all(
                is_number(other) or _says_a_total(label(other).replace(" ", "").casefold()) for other in rest
            )
    return False


def _says_a_total(text: str) -> bool:
    return text in (*_TOTALS, "-", "―") or _COUNTED.fullmatch(text) is not None


def _width_notes(line: Line, width: int, even: bool) -> Iterator[Note]:
    surplus = [at for at, cell in enumerate(line.cells[width:], width + 1) if cell is not None]
    if surplus:
        place = span_name(line.number, surplus[0], line.number, surplus[-1])
        yield Note(
            "width",
            _("Row %(row)s has a value in %(place)s, beyond the last named column.")
            % {"row": line.number, "place": place},
            place,
            error=True,
        )
    elif even and len(line.cells) < width:
        yield Note(
            "width",
            _("Row %(row)s has only %(found)s of %(expected)s cells.")
            % {"row": line.number, "found": len(line.cells), "expected": width},
            cell_name(line.number, len(line.cells)),
            error=True,
        )


def _sound(grid: Grid, limits: Limits) -> Iterator[Line]:
    for line in grid.lines():
        yield _sound_line(line, limits)


def _sound_line(line: Line, limits: Limits) -> Line:
    cells = [
        sound(cell, limits, cell_in_words, line.number, at) if isinstance(cell, str) else cell
        for at, cell in enumerate(line.cells, 1)
    ]
    return Line(line.number, cells, line.notes)


def _filled(lines: Iterator[Line], merges: Sequence[Span]) -> Iterator[Line]:
    """Values of cells merged downwards repeat in every row they span, in their first column."""
    downward = sorted(span for span in merges if span.bottom > span.top)
    waiting, active = 0, {}
    for line in lines:
        while waiting < len(downward) and downward[waiting].top <= line.number:
            span = downward[waiting]
            waiting += 1
            if span.top == line.number and span.left <= len(line.cells):
                active[span.left] = (span.bottom, line.cells[span.left - 1])
        cells: list[Cell] | None = None
        for left, (bottom, value) in list(active.items()):
            if line.number > bottom:
                del active[left]
            elif left <= len(line.cells) and line.cells[left - 1] is None:
                cells = cells or list(line.cells)
                cells[left - 1] = value
        yield Line(line.number, cells, line.notes) if cells else line
