"""Finds the row of column names under titles and above data, and joins header rows that belong together."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .tables import Cell, Note

SAMPLE_ROWS = 60
_MOST_HEADER_ROWS = 5

_NUMBER = re.compile(r"[-+△▲(]?\s*[0-9][0-9,.]*\s*[%)]?")
_YEAR = re.compile(r"(19|20)[0-9]{2}(년|[-./](0?[1-9]|1[0-2])[.월]?)?")
_DATE = re.compile(r"[0-9]{2,4}\s*[-./]\s*[0-9]{1,2}\s*[-./]\s*[0-9]{1,4}\.?( .*)?|[0-9]{8}")


class Span(NamedTuple):
    """A range of merged cells, 1-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


class Line(NamedTuple):
    """One row of a grid: its number in the file, its cells from the first column on, notes on them."""

    number: int
    cells: Sequence[Cell]
    notes: Sequence[Note] = ()


class Header(NamedTuple):
    """Where the column names stand: numbers of the first and last row, one label ("" for none) a column."""

    first: int
    last: int
    labels: list[str]


def find_header(
    lines: Sequence[Line], merges: Sequence[Span], *, start_row: int | None, header_rows: int | None
) -> Header | None:
    """The header of a grid whose first rows are given, None when there is none.

    `start_row` names the row to start at, `header_rows` how many rows it takes; both override the guess.
    """
    lines = [_with_merged(line, merges) for line in lines]
    usual = _usual_width(lines)
    for index, line in enumerate(lines):
        if start_row is not None:
            if line.number < start_row:
                continue
            if line.number > start_row:
                return None
        elif not _may_be_header(line):
            continue
        block = lines[index : index + (header_rows or _span(lines, index, merges))]
        labels = _joined(block)
        named = [label for label in labels if label]
        if start_row is not None or (len(named) >= 0.6 * usual and len(set(named)) >= min(2, usual)):
            return Header(block[0].number, block[-1].number, labels)
    return None


def label(cell: Cell) -> str:
    """A cell as a column name: one line, single-spaced."""
    return "" if cell is None else " ".join(str(cell).split())


def is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_NUMBER.fullmatch(cell.strip()))
    return cell is not None and not isinstance(cell, bool)


def _is_period(cell: Cell) -> bool:
    return bool(_YEAR.fullmatch(label(cell)))


def _is_label(cell: Cell) -> bool:
    return (
        isinstance(cell, str)
        and len(cell) <= 100
        and not is_number(cell)
        and not _DATE.fullmatch(cell.strip())
        and not _is_period(cell)
    )


def _may_be_header(line: Line) -> bool:
    filled = [cell for cell in line.cells if cell is not None]
    labels = sum(_is_label(cell) for cell in filled)
    return labels >= 1 and labels + sum(map(_is_period, filled)) >= 0.8 * len(filled)


def _usual_width(lines: Sequence[Line]) -> int:
    counts = sorted(sum(cell is not None for cell in line.cells) for line in lines)
    counts = [count for count in counts if count]
    return counts[int(len(counts) * 0.8)] if counts else 0


def _span(lines: Sequence[Line], index: int, merges: Sequence[Span]) -> int:
    """How many rows from this one on make up the header."""
    count = 1
    while count < _MOST_HEADER_ROWS and index + count + 1 < len(lines):
        block, following = lines[index : index + count], lines[index + count]
        body = lines[index + count + 1 : index + count + 11]
        if not _may_be_header(following):
            break
        if not (_merged_on(block, following, merges) or _goes_on(block, following, body)):
            break
        count += 1
    return count


def _merged_on(block: Sequence[Line], following: Line, merges: Sequence[Span]) -> bool:
    """Merged cells tie the next row to the header: one reaches into it, or one spans columns above it."""
    first, last = block[0].number, block[-1].number
    if following.number != last + 1 or len({label(cell) for cell in block[0].cells} - {""}) < 2:
        return False
    return any(
        first <= span.top <= last and (span.bottom > last or (span.bottom == last and span.right > span.left))
        for span in merges
    )


def _goes_on(block: Sequence[Line], following: Line, body: Sequence[Line]) -> bool:
    """Without merged cells: repeated or missing labels above that the next row tells apart."""
    above = [label(cell) for cell in block[-1].cells]
    joined, below = _joined(block), [label(cell) for cell in following.cells]
    below += [""] * (len(above) - len(below))
    above += [""] * (len(below) - len(above))
    joined += [""] * (len(below) - len(joined))
    named = {name for name in joined if name}
    if len(named) < 2:
        return False
    gaps = [at for at, name in enumerate(above) if not name and below[at]]
    twins = [at for at in range(1, len(joined)) if joined[at] and joined[at] == joined[at - 1]]
    if not gaps and not twins:
        return False
    if gaps and any(not below[at] for at, name in enumerate(joined) if not name):
        return False
    together = [name for name in _joined([*block, following]) if name]
    if len(set(together)) <= len(named):
        return False
    upright = any(name and (below[at] == name or not below[at]) for at, name in enumerate(above))
    return upright or _figures_below(gaps or twins, following, body)


def _figures_below(columns: Sequence[int], following: Line, body: Sequence[Line]) -> bool:
    """The columns hold figures from here on, but words in the row in question."""
    for at in columns:
        values = [line.cells[at] for line in body if at < len(line.cells) and line.cells[at] is not None]
        if values and sum(map(is_number, values)) > len(values) / 2 and not is_number(following.cells[at]):
            return True
    return False


def _joined(block: Sequence[Line]) -> list[str]:
    """One label a column: the rows' labels from top to bottom, repetitions said once."""
    width = max((len(line.cells) for line in block), default=0)
    rows = [[label(cell) for cell in line.cells] + [""] * (width - len(line.cells)) for line in block]
    for row, deeper in pairwise(rows):
        for at in range(1, width):
            if not row[at] and deeper[at]:
                row[at] = row[at - 1]
    labels = []
    for column in zip(*rows, strict=True):
        parts: list[str] = []
        for name in column:
            if name and name not in parts[-1:]:
                parts.append(name)
        labels.append(" / ".join(parts))
    return labels


def _with_merged(line: Line, merges: Sequence[Span]) -> Line:
    """A row as the eye sees it: merged cells repeat what their first cell holds (set by the grid)."""
    cells = list(line.cells)
    for span in merges:
        if span.top <= line.number <= span.bottom and span.left <= len(cells):
            for at in range(span.left, min(span.right, len(cells))):
                if cells[at] is None:
                    cells[at] = cells[span.left - 1]
    return Line(line.number, cells)
