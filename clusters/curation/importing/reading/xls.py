"""Old binary XLS workbooks, read by xlrd."""

import io
from collections.abc import Iterator
from functools import partial

import xlrd
from django.utils.translation import gettext as _

from clusters.dates import from_excel_serial

from .grids import Grid
from .headers import Line, Span
from .tables import Cell, Limits, Source, UnreadableFile, too_large, too_many_columns

_MERGES_UP_TO = 10 * 2**20  # finding merged cells costs several times the memory


def read_xls(source: Source, limits: Limits) -> list[tuple[Grid, bool]]:
    """The sheets that hold anything, each with whether it is hidden."""
    size = source.path.stat().st_size
    if size > limits.whole_bytes:
        raise too_large(_("The file"), size, limits.whole_bytes)
    book = _open(source, size)
    found = []
    for sheet in book.sheets()[: limits.sheets]:
        if not sheet.nrows:
            continue
        if sheet.ncols > limits.columns:
            raise too_many_columns(sheet.ncols, limits)
        merges = [Span(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells]
        grid = Grid(source.name, sheet.name, "xls", partial(_lines, book, sheet), merges)
        found.append((grid, sheet.visibility != 0))
    return found


def _open(source: Source, size: int) -> xlrd.Book:
    try:
        return xlrd.open_workbook(
            filename=str(source.path), logfile=io.StringIO(), formatting_info=size <= _MERGES_UP_TO
        )
    except Exception as problem:  # damaged files make xlrd raise nearly anything, AssertionError too
        if "encrypted" in str(problem).lower():
            raise UnreadableFile(
                _("This is an encrypted workbook."), _("Open it with its password and save it without one.")
            ) from None
        raise UnreadableFile(
            _("This is a truncated or damaged XLS workbook."),
            _("Download it again, or open it in Excel and save it as XLSX."),
        ) from None


def _lines(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Iterator[Line]:
    for row in range(sheet.nrows):
        cells = [_value(book, kind, value) for kind, value in zip(*_cells(sheet, row), strict=True)]
        yield Line(row + 1, cells)


def _cells(sheet: xlrd.sheet.Sheet, row: int) -> tuple:
    return sheet.row_types(row), sheet.row_values(row)


def _value(book: xlrd.Book, kind: int, value) -> Cell:
    if kind == xlrd.XL_CELL_TEXT:
        return value
    if kind == xlrd.XL_CELL_NUMBER:
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if kind == xlrd.XL_CELL_DATE:
        return from_excel_serial(value, epoch_1904=bool(book.datemode)) or value
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#ERROR!")
    return None
