"""Dates as sources give them: whole, or only a month, a quarter or a year."""

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

SEOUL = ZoneInfo("Asia/Seoul")
FIRST_YEAR, LAST_YEAR = 1800, 2100

_SHAPE = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|([0-9]{2})(?:-([0-9]{2}))?))?")


class PartialDate(str):
    """A date of known precision, held as the text that sorts it: 2016, 2016-10, 2016-Q3, 2016-10-03.

    Raises ValueError for anything else, for days that do not exist, and for years outside 1800 to 2100.
    """

    year: int
    quarter: int | None
    month: int | None
    day: int | None

    def __new__(cls, text: str) -> "PartialDate":
        match = _SHAPE.fullmatch(text)
        if not match:
            raise ValueError(_("Write the date as 2016, 2016-10 or 2016-10-03."))
        year, quarter, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(_("The year must be between 1800 and 2100."))
        if month is not None and not 1 <= month <= 12:
            raise ValueError(_("There is no such month."))
        if day is not None and not 1 <= day <= monthrange(year, month or 1)[1]:
            raise ValueError(_("There is no such day."))
        self = super().__new__(cls, text)
        self.year, self.quarter, self.month, self.day = year, quarter, month, day
        return self

    def __reduce__(self):
        return (PartialDate, (str(self),))

    def __deepcopy__(self, memo) -> "PartialDate":
        return self

    @property
    def precision(self) -> str:
        """One of "day", "month", "quarter", "year"."""
        if self.day:
            return "day"
        return "month" if self.month else "quarter" if self.quarter else "year"

    @property
    def first_day(self) -> date:
        month = self.month or (self.quarter * 3 - 2 if self.quarter else 1)
        return date(self.year, month, self.day or 1)

    @property
    def last_day(self) -> date:
        month = self.month or (self.quarter * 3 if self.quarter else 12)
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def display(self) -> str:
        """The date in the reader's language: 2016년 10월 3일, 3 October 2016."""
        return _displayed(self, get_language())


@lru_cache(4096)
def _displayed(partial: PartialDate, language: str | None) -> str:
    """In the language in force; the same few dates stand on many pages."""
    if partial.precision == "year":
        return pgettext("partial date", "%(year)d") % {"year": partial.year}
    if partial.precision == "quarter":
        return pgettext("partial date", "Q%(quarter)d %(year)d") % {
            "quarter": partial.quarter,
            "year": partial.year,
        }
    values = {
        "year": partial.year,
        "month": partial.month,
        "name": month_name(partial.month or 1),
        "day": partial.day,
    }
    if partial.precision == "month":
        return pgettext("partial date", "%(name)s %(year)d") % values
    return pgettext("partial date", "%(day)d %(name)s %(year)d") % values


def month_name(month: int) -> str:
    """A month's name as it stands inside a date: October, 10월."""
    return [
        pgettext("month in a date", "January"),
        pgettext("month in a date", "February"),
        pgettext("month in a date", "March"),
        pgettext("month in a date", "April"),
        pgettext("month in a date", "May"),
        pgettext("month in a date", "June"),
        pgettext("month in a date", "July"),
        pgettext("month in a date", "August"),
        pgettext("month in a date", "September"),
        pgettext("month in a date", "October"),
        pgettext("month in a date", "November"),
        pgettext("month in a date", "December"),
    ][month - 1]


_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def seoul_now() -> datetime:
    """The moment by which deadlines are judged, on the Asia/Seoul clock."""
    return (_standing.get() or timezone.now()).astimezone(SEOUL)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment, for a page of the past."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


def tomorrow(now: datetime) -> datetime:
    """The midnight with which the day of a moment ends in Seoul."""
    return now.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def days_apart(one: PartialDate, other: PartialDate) -> int:
    """Days between the nearest ends of two periods; 0 when they overlap."""
    return max(0, (one.first_day - other.last_day).days, (other.first_day - one.last_day).days)


def from_excel_serial(serial: float, *, epoch_1904: bool = False) -> date | datetime | None:
    """The day, or moment where a time is given, that a spreadsheet means by a number.

    None for what no calendar has: times without a day, numbers past 9999, and the 29 February 1900 (60)
    that spreadsheets count although there was none.
    """
    if not 1 <= serial < 2_958_466 or (not epoch_1904 and 60 <= serial < 61):
        return None
    if epoch_1904:
        start = datetime(1904, 1, 1)
    else:
        start = datetime(1899, 12, 31) if serial < 60 else datetime(1899, 12, 30)
    try:
        moment = start + timedelta(days=int(serial), seconds=round(serial % 1 * 86400))
    except OverflowError:
        return None
    return moment.date() if serial == int(serial) else moment
