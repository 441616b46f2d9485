"""Dates in the spellings of Korean sources; what may be read in two ways is asked about."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clusters.dates import SEOUL, PartialDate, from_excel_serial

from .problems import NO_HINTS, Ambiguous, Hints, Unconvertible, is_blank, shown

_WEEKDAY = re.compile(r"\s*[(\[]\s*[월화수목금토일](?:요일)?\s*[)\]]|\s+[월화수목금토일]요일")
_CLOCK = re.compile(r"(?<=[0-9.일T ])[T ]*\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*$")
_ISO_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:?[0-9]{2})")
_THREE = re.compile(r"['’]?([0-9]{1,4})\s*([-./년])\s*([0-9]{1,2})\s*([-./월])\s*([0-9]{1,4})\s*[.일]?")
_MONTH = re.compile(
    r"([0-9]{4})\s*[-./년]\s*([0-9]{1,2})\s*[월.]?|['’]?([0-9]{2})\s*[-./년]\s*([0-9]{1,2})\s*월"
)
_MONTH_MARKED = re.compile(r"['’]([0-9]{2})\s*[-./]\s*([0-9]{1,2})\.?")
_YEAR = re.compile(r"([0-9]{4})\s*[년.]?|['’]([0-9]{2})\s*년?|([0-9]{2})\s*년")
_QUARTER = re.compile(
    r"([0-9]{4})\s*[-./년]?\s*(?:([1-4])\s*/\s*4\s*(?:분기)?|([1-4])\s*분기|Q([1-4]))|([1-4])Q\s*([0-9]{4})",
    re.I,
)
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?\s*(?:([0-9]{1,2})(?:st|nd|rd|th)?,\s*)?([0-9]{4})"
)
_EARLIEST_SERIAL, _LATEST_SERIAL = 10_000, 80_000  # 1927 to 2119; smaller ones are taken for other numbers


def to_date(value: Any, hints: Hints = NO_HINTS) -> PartialDate | None:
    """A cell as a date of the precision it has: 2016, 2016-Q3, 2016-10 or 2016-10-03; None for blank."""
    if is_blank(value):
        return None
    if isinstance(value, datetime):
        return _day(value.astimezone(SEOUL).date() if value.tzinfo else value.date())
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, bool):
        raise _no_date(value)
    if isinstance(value, (int, float, Decimal)):
        return _from_number(value, hints)
    return _from_text(str(value), hints)


def full_year(two_digits: int, hints: Hints) -> int:
    return two_digits + (1900 if two_digits >= hints.pivot else 2000)


def partial(year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    """The date with these parts; Unconvertible when no calendar has it."""
    text = f"{year:04d}" + (f"-{month:02d}" if month is not None else "") + (f"-{day:02d}" if day else "")
    if day == 0:
        raise Unconvertible(_("There is no such day."), _correct())
    try:
        return PartialDate(text)
    except ValueError as problem:
        raise Unconvertible(str(problem), _correct()) from None


def _day(day: date) -> PartialDate:
    return partial(day.year, day.month, day.day)


def _from_number(value: int | float | Decimal, hints: Hints) -> PartialDate:
    number = Decimal(value)
    if not number.is_finite() or abs(number) > 10**8:
        raise _no_date(value)
    if value == int(value) and not _EARLIEST_SERIAL <= value <= _LATEST_SERIAL:
        return _from_text(str(int(value)), hints)
    found = from_excel_serial(float(value), epoch_1904=hints.epoch_1904)
    if found is None or not _EARLIEST_SERIAL <= value <= _LATEST_SERIAL:
        raise _no_date(value)
    return _day(found.date() if isinstance(found, datetime) else found)


def _from_text(given: str, hints: Hints) -> PartialDate:
    text = " ".join(unicodedata.normalize("NFKC", given).split())
    if len(text) > 100:
        raise _no_date(given)
    if hints.pattern:
        return _by_pattern(text, hints.pattern)
    if _ISO_MOMENT.fullmatch(text):
        try:
            return _day(datetime.fromisoformat(text).astimezone(SEOUL).date())
        except (ValueError, OverflowError):
            raise _no_date(given) from None
    text = _CLOCK.sub("", _WEEKDAY.sub("", text)).strip()
    if text.isascii() and text.isdigit():
        return _from_digits(text, hints)
    if match := _QUARTER.fullmatch(text):
        year, quarter = match[1] or match[6], match[2] or match[3] or match[4] or match[5]
        return PartialDate(f"{partial(int(year))}-Q{quarter}")
    if match := _THREE.fullmatch(text):
        return _three_parts(match, hints)
    if match := _MONTH.fullmatch(text) or _MONTH_MARKED.fullmatch(text):
        parts = [part for part in match.groups() if part]
        year = int(parts[0]) if len(parts[0]) == 4 else full_year(int(parts[0]), hints)
        return partial(year, int(parts[1]))
    if match := _YEAR.fullmatch(text):
        digits = next(part for part in match.groups() if part)
        return partial(int(digits) if len(digits) == 4 else full_year(int(digits), hints))
    if (match := _ENGLISH.fullmatch(text)) and match[2][:3].lower() in _ENGLISH_MONTHS:
        month = _ENGLISH_MONTHS.index(match[2][:3].lower()) + 1
        day = match[1] or match[3]
        return partial(int(match[4]), month, int(day) if day else None)
    if re.fullmatch(r"[0-9]{1,2}\s*[-./월]\s*[0-9]{1,2}\s*[.일]?", text):
        raise Unconvertible(_("The year is missing in “%(value)s”.") % {"value": shown(given)}, _full_date())
    raise _no_date(given)


def _from_digits(text: str, hints: Hints) -> PartialDate:
    if len(text) == 8:
        return partial(int(text[:4]), int(text[4:6]), int(text[6:]))
    if len(text) == 14:  # with the time
        return partial(int(text[:4]), int(text[4:6]), int(text[6:8]))
    if len(text) == 4:
        return partial(int(text))
    if len(text) == 6:
        short = full_year(int(text[:2]), hints), int(text[2:4]), int(text[4:])
        return _only(text, [(int(text[:4]), int(text[4:]), None), short])
    if len(text) == 5 and _EARLIEST_SERIAL <= int(text) <= _LATEST_SERIAL:
        return _from_number(int(text), hints)
    raise _no_date(text)


def _three_parts(match: re.Match, hints: Hints) -> PartialDate:
    first, second, third = match[1], match[3], match[5]
    sign = match[2]
    if len(first) == 4:
        return partial(int(first), int(second), int(third))
    if len(first) == 3 or len(third) == 3:
        raise _no_date(match[0])
    a, b = int(first), int(second)
    if len(third) == 4:
        year = int(third)
        readings = {"month_first": (year, a, b), "day_first": (year, b, a)}
    else:
        c = int(third)
        readings = {"year_first": (full_year(a, hints), b, c)}
        if sign == "/":  # written with points, hyphens or 년, Korean dates begin with the year
            readings["month_first"] = (full_year(c, hints), a, b)
            readings["day_first"] = (full_year(c, hints), b, a)
    if hints.order in readings:
        return partial(*readings[hints.order])
    return _only(match[0], list(readings.values()))


def _only(text: str, readings: Sequence[tuple[int, int, int | None]]) -> PartialDate:
    """The one reading that is a date; several are asked about."""
    dates = []
    for reading in readings:
        try:
            found = partial(*reading)
        except Unconvertible:
            continue
        if found not in dates:
            dates.append(found)
    if not dates:
        raise _no_date(text)
    if len(dates) > 1:
        raise Ambiguous(
            _("“%(value)s” may mean %(candidates)s.")
            % {"value": shown(text), "candidates": ", ".join(dates)},
            tuple(dates),
            _("Say in the import profile in which order day, month and year stand."),
        )
    return dates[0]


def _by_pattern(text: str, pattern: str) -> PartialDate:
    try:
        found = datetime.strptime(text, pattern)
    except ValueError:
        raise Unconvertible(
            _("“%(value)s” does not follow the pattern %(pattern)s of the import profile.")
            % {"value": shown(text), "pattern": pattern},
            _correct(),
        ) from None
    has_day = any(sign in pattern for sign in ("%d", "%j", "%x", "%D"))
    has_month = has_day or any(sign in pattern for sign in ("%m", "%b", "%B"))
    return partial(found.year, found.month if has_month else None, found.day if has_day else None)


def _no_date(value: Any) -> Unconvertible:
    return Unconvertible(_("“%(value)s” is not a date.") % {"value": shown(value)}, _full_date())


def _full_date() -> str:
    return _("Write it as 2016, 2016-10 or 2016-10-03.")


def _correct() -> str:
    return _("Correct the date.")
