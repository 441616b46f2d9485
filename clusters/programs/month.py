"""The calls of one month: what opens and closes on which day, and what has no day to stand on.

Only what a source gives to the day or the minute stands on a day. A project's period is no time to apply, and calls
that run until the money is gone, at any time or at intervals may have a day on which they open, but are told apart.
"""

import re
from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import total_ordering

from django.db.models import F, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from clusters.dates import SEOUL, PartialDate
from clusters.models import Call, PeriodKind, Precision, Program

from . import withdrawn
from .deadlines import NEAREST_FIRST, status_rank

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_DATED, MOST_UNDATED = 300, 100  # calls on one page
EXACT = (Precision.TIME, Precision.DAY)
OPENS, CLOSES = "opens", "closes"
# Kinds of period whose end no date settles.
STANDING = (
    PeriodKind.UNTIL_EXHAUSTED,
    PeriodKind.ALWAYS,
    PeriodKind.ANNOUNCED_LATER,
    PeriodKind.PERIODIC,
    PeriodKind.PROJECT,
)
_SHAPE = re.compile(r"([0-9]{4})-([0-9]{2})")


@total_ordering
@dataclass(frozen=True)
class Month:
    """A month on the calendar of Seoul, from 2000-01 to 2100-12. Raises ValueError for any other."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.number <= 12):
            raise ValueError(_("Write the month as 2026-11, between 2000-01 and 2100-12."))

    @classmethod
    def of(cls, moment: date) -> "Month":
        """The month of a day, or of a moment in Seoul."""
        return cls(moment.year, moment.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        match = _SHAPE.fullmatch(text)
        return cls(int(match[1]), int(match[2])) if match else cls(0, 0)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    def __lt__(self, other: "Month") -> bool:
        return (self.year, self.number) < (other.year, other.number)

    def display(self) -> str:
        """In the reader's language: November 2026, 2026년 11월."""
        return PartialDate(str(self)).display()

    def moved(self, by: int) -> "Month | None":
        """So many months later; None beyond the first and the last."""
        year, place = divmod(self.year * 12 + self.number - 1 + by, 12)
        return Month(year, place + 1) if FIRST_YEAR <= year <= LAST_YEAR else None

    @property
    def begins(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=SEOUL)

    @property
    def ends(self) -> datetime:
        """The first moment that is not in it any more."""
        return (self.begins + timedelta(days=31)).replace(day=1)

    def weeks(self, first_weekday: int) -> list[list[date | None]]:
        """Its days in weeks of seven, None for those of its neighbors. Weeks begin on Sunday (0) to Saturday (6)."""
        weeks = Calendar((first_weekday - 1) % 7).monthdatescalendar(self.year, self.number)
        return [[day if day.month == self.number else None for day in week] for week in weeks]


@dataclass(frozen=True)
class Edge:
    """The day on which a call opens or closes."""

    call: Call
    what: str
    moment: datetime  # in Seoul
    to_the_minute: bool

    @property
    def day(self) -> date:
        return self.moment.date()

    @property
    def order(self) -> tuple:
        """On one day what closes comes first, what names an hour before what has the whole day."""
        return (self.day, self.what == OPENS, not self.to_the_minute, self.moment, self.call.slug)


def edges(call: Call) -> Iterator[Edge]:
    """The days a call's source names for its opening and its closing."""
    if call.period_kind == PeriodKind.PROJECT:
        return
    if call.opens_at is not None and call.opens_precision in EXACT:
        yield Edge(call, OPENS, call.opens_at.astimezone(SEOUL), call.opens_precision == Precision.TIME)
    if call.closes_at is not None and call.closes_precision in EXACT:
        yield Edge(call, CLOSES, call.closes_at.astimezone(SEOUL), call.closes_precision == Precision.TIME)


def by_day(calls: Iterable[Call], month: Month) -> dict[date, list[Edge]]:
    """What opens and closes in a month, by day and in order."""
    found: dict[date, list[Edge]] = defaultdict(list)
    for edge in sorted((edge for call in calls for edge in edges(call)), key=lambda edge: edge.order):
        if month.begins <= edge.moment < month.ends:
            found[edge.day].append(edge)
    return dict(found)


def names(call: Call, month: Month) -> bool:
    """Whether a call's source names the month for its opening or closing, but no day in it."""
    ends = ((call.opens_at, call.opens_precision), (call.closes_at, call.closes_precision))
    return call.period_kind != PeriodKind.PROJECT and any(
        moment is not None and precision == Precision.MONTH and month.begins <= moment < month.ends
        for moment, precision in ends
    )


# ---- reading -----------------------------------------------------------------------------------------


def _calls(programs: QuerySet[Program]) -> QuerySet[Call]:
    return Call.objects.published().filter(program__in=programs.order_by().values("pk"))


def _opens(**bounds: datetime) -> Q:
    named = {f"opens_at__{bound}": moment for bound, moment in bounds.items()}
    return ~Q(period_kind=PeriodKind.PROJECT) & Q(opens_precision__in=EXACT, **named)


def _closes(**bounds: datetime) -> Q:
    named = {f"closes_at__{bound}": moment for bound, moment in bounds.items()}
    return ~Q(period_kind=PeriodKind.PROJECT) & Q(closes_precision__in=EXACT, **named)


def _in(month: Month) -> Q:
    within = {"gte": month.begins, "lt": month.ends}
    return _opens(**within) | _closes(**within)


def dated(programs: QuerySet[Program], month: Month) -> QuerySet[Call]:
    """Public calls that open or close on a day of the month, the first to close first."""
    return _calls(programs).filter(_in(month)).order_by(*NEAREST_FIRST, "slug")


def called_off(programs: QuerySet[Program], month: Month, now: datetime) -> list[withdrawn.Withdrawn]:
    """Calls withdrawn of late that were to open or close on a day of the month."""
    return withdrawn.of_programs(programs, now, _in(month), MOST_DATED)


def undated(programs: QuerySet[Program], month: Month, now: datetime) -> QuerySet[Call]:
    """Public calls that may concern the month but have no day for their end, or none for opening in it."""
    open_ended = Q(closes_at__isnull=True) | ~Q(closes_precision__in=EXACT) | Q(period_kind__in=STANDING)
    opens_some_day = Q(opens_precision=Precision.MONTH, opens_at__gte=month.begins, opens_at__lt=month.ends)
    opens_some_day &= ~_closes(gte=month.begins, lt=month.ends)  # it stands on the day of its end
    meets = (Q(opens_at__isnull=True) | Q(opens_at__lt=month.ends)) & (
        Q(closes_at__isnull=True) | Q(closes_at__gte=month.begins)
    )
    found = _calls(programs).filter((open_ended | opens_some_day) & meets)
    return found.annotate(rank=status_rank(now)).order_by("rank", F("closes_at").asc(nulls_last=True), "slug")


def around(programs: QuerySet[Program], month: Month) -> tuple[Month | None, Month | None]:
    """The nearest months before and after in which a call opens or closes on a known day; in one query."""
    earlier = {"gte": datetime(FIRST_YEAR, 1, 1, tzinfo=SEOUL), "lt": month.begins}
    later = {"gte": month.ends, "lt": datetime(LAST_YEAR + 1, 1, 1, tzinfo=SEOUL)}
    found = (
        _calls(programs)
        .order_by()
        .aggregate(
            last_opening=Max("opens_at", filter=_opens(**earlier)),
            last_closing=Max("closes_at", filter=_closes(**earlier)),
            next_opening=Min("opens_at", filter=_opens(**later)),
            next_closing=Min("closes_at", filter=_closes(**later)),
        )
    )
    before = [one for one in (found["last_opening"], found["last_closing"]) if one is not None]
    after = [one for one in (found["next_opening"], found["next_closing"]) if one is not None]
    return (
        Month.of(max(before).astimezone(SEOUL)) if before else None,
        Month.of(min(after).astimezone(SEOUL)) if after else None,
    )
