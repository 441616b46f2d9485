"""A list as a file: CSV and sheets for people, JSON for programs, and the JSON problem for a bad question."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from operator import attrgetter
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from clusters.dates import SEOUL
from clusters.text import escape_formula

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

    def value(self, record, now: datetime):
        if callable(self.read):
            return self.read(record, now)
        return attrgetter(self.read or self.code)(record)


def plain(value):
    """A value as JSON has it: dates in ISO form, moments on the clock of Seoul, nothing as null."""
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
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = ";".join(_item(one) for one in value)
    return escape_formula(str(value))


def _item(value) -> str:
    """One entry of a list; a semicolon inside it would look like the end of the entry."""
    text = "" if value is None else str(value)
    return text.replace(";", "%3B" if text.startswith("http") else ",")


def _records(selection: Selection) -> Iterator[list]:
    """Every record of the list in the order of the screen, some at a time: a few first, so that a reader sees soon."""
    start, size = 0, FIRST_CHUNK
    while start < selection.total:
        # A file is written after the request is over, when its language is no longer in force.
        with translation.override(selection.language):
            records = selection.records(selection.answers.pks(start, min(start + size, selection.total)))
        yield records
        start, size = start + size, CHUNK


def _fields(selection: Selection, *, of_json: bool) -> list[Field]:
    return [field for field in selection.directory.fields if (field.in_json if of_json else field.in_csv)]


def table(selection: Selection) -> Iterator[list[list[str]]]:
    """The rows of a CSV file or a sheet, the head first, some at a time."""
    fields = _fields(selection, of_json=False)
    yield [[field.code for field in fields]]
    for records in _records(selection):
        with translation.override(selection.language):
            rows = [[cell(field.value(record, selection.now)) for field in fields] for record in records]
        yield rows


def csv_parts(selection: Selection) -> Iterator[bytes]:
    """Every row of the list, not only one page, in the order of the screen."""
    start = BOM
    for rows in table(selection):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        yield (start + text.getvalue()).encode()
        start = ""


def json_lines(selection: Selection) -> Iterator[bytes]:
    """Every row of the list, one JSON object to a line."""
    for records in _records(selection):
        with translation.override(selection.language):
            lines = [json.dumps(_entry(selection, record), ensure_ascii=False) + "\n" for record in records]
        yield "".join(lines).encode()


def _entry(selection: Selection, record) -> dict:
    return {
        field.code: plain(field.value(record, selection.now)) for field in _fields(selection, of_json=True)
    }


def json_data(selection: Selection) -> dict:
    """One page of the list, with the address of the next."""
    return {
        "count": selection.total,
        "next": selection.next_json_address,
        "results": [_entry(selection, record) for record in selection.page_rows],
    }


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
