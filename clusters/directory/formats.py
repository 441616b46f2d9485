"""A list as a file: CSV and sheets for people, JSON for programs, and the JSON problem for a bad question."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from http import HTTPStatus
from operator import attrgetter
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from clusters.dates import SEOUL
from clusters.text import escape_formula

from . import workbook
from .selection import Selection

BOM = "\ufeff"  # spreadsheet programs need it to read Hangul
FIRST_CHUNK, CHUNK = 50, 500  # records that are read at a time


@dataclass(frozen=True)
class Field:
    """One column of CSV and key of JSON: a code, and where its value is read, by path or by function."""

    code: str
    read: str | Callable[[Any, datetime], Any] = ""
    in_csv: bool = True
    in_json: bool = True
    shape: str = (
        ""  # of what a function reads: "codes", "code", "object" or "objects"; else as the model has it
    )

    @cached_property
    def value(self) -> Callable[[Any, datetime], Any]:
        if callable(self.read):
            return self.read
        read = attrgetter(self.read or self.code)
        return lambda record, now: read(record)


def plain(value):
    """A value as JSON has it: dates in ISO form, moments on the clock of Seoul, nothing as null."""
    if isinstance(value, str):  # most values; what is more than a text to us is one here
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(SEOUL).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def cell(value) -> str:
    """A value as a CSV cell: lists joined by ";", and nothing that a spreadsheet would run as a formula."""
    if isinstance(value, str):
        return escape_formula(str(value))
    if value is None or value == []:
        return ""
    value = plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = ";".join(_item(one) for one in value)
    return escape_formula(str(value))


def _item(value) -> str:
    """One entry of a list; a semicolon inside it would look like the end of the entry."""
    text = "" if value is None else str(value)
    return text.replace(";", "%3B" if text.startswith("http") else ",")


def chunks(selection: Selection) -> Iterator[list[int]]:
    """The numbers of all records, not only one page, in the order of the screen: a few first, so that a reader sees soon."""
    start, size = 0, FIRST_CHUNK
    pks = selection.answers.pks(0, selection.total)
    while start < len(pks):
        yield pks[start : start + size]
        start, size = start + size, CHUNK


def _parts(selection: Selection, rows: Callable[[Selection, list[int]], bytes]) -> Iterator[bytes]:
    for pks in chunks(selection):
        # A file is written after the request is over, when its language is no longer in force.
        with translation.override(selection.language):
            part = rows(selection, pks)
        yield part


def _fields(selection: Selection, *, of_json: bool) -> list[Field]:
    return [field for field in selection.directory.fields if (field.in_json if of_json else field.in_csv)]


def csv_parts(selection: Selection) -> Iterator[bytes]:
    fields = _fields(selection, of_json=False)
    yield (BOM + _csv_line([field.code for field in fields])).encode()
    yield from _parts(selection, csv_rows)


def csv_rows(selection: Selection, pks: list[int]) -> bytes:
    return selection.lines(
        "csv", pks, lambda records: [_csv_line(cells).encode() for cells in _cells(selection, records)]
    )


def _cells(selection: Selection, records: list) -> Iterator[list[str]]:
    fields = _fields(selection, of_json=False)
    for record in records:
        yield [cell(field.value(record, selection.now)) for field in fields]


def _csv_line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def sheet_parts(selection: Selection) -> Iterator[bytes]:
    """The rows of a sheet, the head first."""
    fields = _fields(selection, of_json=False)
    yield workbook.row([field.code for field in fields])
    yield from _parts(selection, sheet_rows)


def sheet_rows(selection: Selection, pks: list[int]) -> bytes:
    return selection.lines("xlsx", pks, lambda records: map(workbook.row, _cells(selection, records)))


def json_lines(selection: Selection) -> Iterator[bytes]:
    """One JSON object to a line."""
    return _parts(selection, json_rows)


def json_rows(selection: Selection, pks: list[int]) -> bytes:
    def lines(records: list) -> Iterator[bytes]:
        fields = _fields(selection, of_json=True)
        for record in records:
            entry = {field.code: plain(field.value(record, selection.now)) for field in fields}
            yield (json.dumps(entry, ensure_ascii=False) + "\n").encode()

    return selection.lines("ndjson", pks, lines)


def json_page(selection: Selection) -> bytes:
    """One page of the list, with the address of the next: an object whose results are the lines of the whole list."""
    about = json.dumps({"count": selection.total, "next": selection.next_json_address}, ensure_ascii=False)
    # Within a line a line's end is written as two characters.
    results = json_rows(selection, selection.page_pks).rstrip(b"\n").replace(b"\n", b", ")
    return about[:-1].encode() + b', "results": [' + results + b"]}"


def problem(errors: dict[str, list[str]]) -> dict:
    """What is wrong with a question, in the shape of RFC 9457."""
    return {
        "type": "about:blank",
        "title": HTTPStatus.BAD_REQUEST.phrase,
        "status": HTTPStatus.BAD_REQUEST.value,
        "detail": _("Some parameters cannot be read. Nothing was filtered."),
        "errors": errors,
    }


def problem_text(errors: dict[str, list[str]]) -> str:
    return "".join(f"{name}: {message}\n" for name, messages in errors.items() for message in messages)
