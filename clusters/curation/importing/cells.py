"""How a field's value stands in a cell of a table, and how a cell is read as a field's value."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from clusters.dates import SEOUL
from clusters.models.fields import LineField, PartialDateField, ProseField, TextListField, WebAddressField

from .converting import (
    Hints,
    Unconvertible,
    is_blank,
    to_code,
    to_count,
    to_date,
    to_line,
    to_list,
    to_number,
    to_prose,
    to_web_address,
    to_yes_no,
)
from .converting.problems import NO_HINTS, shown
from .drafts import Ref

# A quote before what a spreadsheet would run; quotes already there get one more, so that reading is exact.
_RUNS = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def escaped(text: str) -> str:
    """A text no spreadsheet program takes for a formula; `unescaped` gives back exactly what it was."""
    return "'" + text if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(text: str) -> str:
    return text[1:] if _QUOTED.match(text) else text


def written(value: Any) -> str:
    """A value as a cell of the canonical format: ISO dates, moments of Seoul, lists parted by semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(SEOUL).replace(tzinfo=None).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return ";".join(str(item).replace("\\", "\\\\").replace(";", "\\;") for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def split_list(text: str) -> list[str]:
    """The items of a list as `written` joined them; a fixture's list has one item a line."""
    items = [""]
    escape = False
    for character in text:
        if escape:
            items[-1] += character
        elif character == "\\":
            pass
        elif character in ";\n":
            items.append("")
        else:
            items[-1] += character
        escape = character == "\\" and not escape
    return [item.strip() for item in items if item.strip()]


def read(field: models.Field, cell: Any, hints: Hints = NO_HINTS, *, exact: bool = False) -> Any:
    """A cell as a value of the field; None for blank. Raises Unconvertible.

    `exact` is the canonical format, where texts are taken as they are; otherwise they are tidied.
    """
    if exact and isinstance(cell, str):
        cell = unescaped(cell)
    if cell is None or (not exact and is_blank(cell)):
        return None
    if isinstance(field, models.ManyToManyField):
        return [Ref(_related(field), slug) for slug in dict.fromkeys(split_list(str(cell)))]
    if isinstance(field, models.ForeignKey):
        return Ref(_related(field), to_code(cell) or "")
    for kind, reader in _READERS:
        if isinstance(field, kind):
            return reader(field, cell, hints, exact)
    return to_code(cell)


def blank_for(field: models.Field) -> Any:
    """What an empty cell means for a field."""
    if field.many_to_many or isinstance(field, TextListField):
        return []
    if field.null:
        return None
    return "" if field.empty_strings_allowed else None


def _related(field: Any) -> type[models.Model]:
    return field.related_model


def _text(tidy: Callable[..., str | None]) -> Callable[..., Any]:
    def reader(field, cell, hints, exact) -> Any:
        if exact and isinstance(cell, str):
            return cell.replace("\r\n", "\n").strip()
        return tidy(cell, field.max_length or 4000)

    return reader


def _day(field, cell, hints, exact) -> Any:
    found = to_date(cell, hints)
    if found and found.precision != "day":
        raise Unconvertible(
            _("“%(value)s” is not a whole date.") % {"value": shown(cell)}, _("Write it as 2024-03-05.")
        )
    return found.first_day if found else None


def _moment(field, cell, hints, exact) -> Any:
    try:
        moment = cell if isinstance(cell, datetime) else parse_datetime(str(cell).strip())
    except ValueError:
        moment = None
    if moment is None:
        day = _day(field, cell, hints, exact)
        moment = datetime(day.year, day.month, day.day) if day else None
    if moment is None:
        return None
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=SEOUL)


def _whole_number(field, cell, hints, exact) -> Any:
    return to_count(cell)


def _json(field, cell, hints, exact) -> Any:
    try:
        return json.loads(str(cell))
    except ValueError:
        raise Unconvertible(_("This is not JSON."), _("Write it as exported, or leave it empty.")) from None


def _yes_no(field, cell, hints, exact) -> Any:
    if str(cell).strip().lower() in ("true", "false"):
        return str(cell).strip().lower() == "true"
    return to_yes_no(cell)


def _float(field, cell, hints, exact) -> Any:
    if isinstance(cell, float):
        return cell
    number = to_number(cell)
    return None if number is None else float(number)


def _address(field, cell, hints, exact) -> Any:
    return str(cell).strip() if exact else to_web_address(cell)


def _lines(field, cell, hints, exact) -> Any:
    return split_list(str(cell)) if exact else to_list(cell)


_READERS: tuple[tuple[type[models.Field], Callable[..., Any]], ...] = (
    (TextListField, _lines),
    (PartialDateField, lambda field, cell, hints, exact: to_date(cell, hints)),
    (LineField, _text(to_line)),
    (ProseField, _text(to_prose)),
    (WebAddressField, _address),
    (models.DateTimeField, _moment),
    (models.DateField, _day),
    (models.BooleanField, _yes_no),
    (models.DecimalField, lambda field, cell, hints, exact: to_number(cell)),
    (models.FloatField, _float),
    (models.IntegerField, _whole_number),
    (models.JSONField, _json),
)


def python(field: models.Field, value: Any) -> Any:
    """A value of the right type, or Unconvertible in the words of the field."""
    if value is None or isinstance(value, Ref | list):
        return value
    try:
        return field.to_python(value)
    except ValidationError as problem:
        raise Unconvertible(" ".join(problem.messages)) from None
