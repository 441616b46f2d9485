"""Records that carry their own field names, laid out as rows: nested fields flattened, lists as lines."""

import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .tables import (
    Cell,
    Limits,
    Note,
    Row,
    Table,
    UnreadableFile,
    sound,
    too_many_columns,
    too_many_rows,
)


def records_table(
    file: str,
    sheet: str,
    kind: str,
    records: Callable[[], Iterable[tuple[int, dict]]],
    limits: Limits,
    *,
    notes: Iterable[Note | None] = (),
) -> Table:
    """A table of numbered records; all of them are read once now, to know the columns and that all is sound."""
    columns: dict[str, None] = {}
    nested: dict[str, None] = {}
    for count, (number, record) in enumerate(records(), 1):
        if count > limits.rows:
            raise too_many_rows(limits)
        for name, value in flattened(record, number, limits):
            columns.setdefault(name)
            if isinstance(value, _Nested):
                nested.setdefault(name)
        if len(columns) > limits.columns:
            raise too_many_columns(len(columns), limits)

    def rows(table: Table) -> Iterator[Row]:
        for number, record in records():
            values = dict(flattened(record, number, limits))
            yield Row(number, [values.get(name) for name in columns])

    table = Table(file, sheet, kind, list(columns), 0, rows, [note for note in notes if note])
    for name in nested:
        table.note("nested", _("Column “%(name)s” holds nested data, shown as JSON.") % {"name": name}, name)
    return table


class _Nested(str):
    """JSON text of what does not fit into a cell."""


def flattened(record: dict, number: int, limits: Limits) -> Iterator[tuple[str, Cell]]:
    """Fields by name; those of an object inside the record as "outer / inner"."""
    for name, value in record.items():
        if isinstance(value, dict):
            for inner, deeper in value.items():
                key = f"{name} / {inner}"
                yield _named(key), _cell(deeper, key, number, limits)
        else:
            yield _named(name), _cell(value, name, number, limits)


def _named(name: str) -> str:
    if len(name) > 200 or any(not character.isprintable() for character in name.replace("\n", " ")):
        raise UnreadableFile(
            _("A field has a name no column can have: %(name)s") % {"name": ascii(name[:50])},
            _("Only simple lists of records can be read."),
        )
    return " ".join(name.split()) or "[ ]"


def _cell(value: Any, name: str, number: int, limits: Limits) -> Cell:
    if isinstance(value, list):
        items = [item[0] if isinstance(item, list) and len(item) == 1 else item for item in value]
        if any(isinstance(item, (dict, list)) for item in items):
            value = _Nested(json.dumps(value, ensure_ascii=False, default=float))
        else:
            value = "\n".join(_word(item) for item in items if item is not None)
    elif isinstance(value, dict):
        value = _Nested(json.dumps(value, ensure_ascii=False, default=float)) if value else None
    if not isinstance(value, str):
        return value
    return sound(value, limits, _in_words, number, name)


def _in_words(number: int, name: str) -> str:
    shown = name[:100] if name.isprintable() else ascii(name[:100])
    return _("Record %(number)s, field “%(name)s”") % {"number": number, "name": shown}


def _word(item: str | int | float | Decimal | bool) -> str:
    return item if isinstance(item, str) else json.dumps(item, default=float)
