"""The calls of the listed programs on the calendar of a month."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters.dates import SEOUL
from clusters.directory.fields import OnceField, cleaned
from clusters.directory.registry import BY_NAME
from clusters.directory.selection import Selection
from clusters.models import Call
from clusters.programs import deadlines, month, moves

from . import directory

CALENDAR = "/calendar"  # after the name of the directory, as .csv is
IN_A_CELL = 3  # calls; the list below has them all
MOVES_TOLD = 3


class MonthField(OnceField):
    def parse(self, text: str) -> month.Month:
        try:
            return month.Month.read(text)
        except ValueError as problem:
            raise ValidationError(f"{problem} " + _("The present month is shown.")) from None


class InMonth(Selection):
    """The programs of a list, whose choices lead to the calendar of the same month."""

    def __init__(self, params: QueryDict, data_version: int) -> None:
        super().__init__(BY_NAME["programs"], params, data_version=data_version)
        given, self.month_errors = cleaned({"month": MonthField()}, params)
        self.today = self.now.date()
        self.present = month.Month.of(self.today)
        self.month: month.Month = given.get("month", self.present)

    @property
    def errors(self) -> dict[str, list[str]]:
        return self.filters.errors

    @property
    def month_given(self) -> str:
        """The month as a parameter, which the present one does not need."""
        return "" if self.month == self.present else str(self.month)

    def address(self, chosen=None, *, suffix: str = CALENDAR, **paging) -> str:
        if suffix == CALENDAR:
            paging = {"sort": None, "per_page": None, "month": self.month_given, **paging}
        return super().address(chosen, suffix=suffix, **paging)

    def address_of(self, one: month.Month | None) -> str:
        if one is None:
            return ""
        return self.address(month=None if one == self.present else str(one))

    @property
    def form_address(self) -> str:
        return self.address({}, month=None)

    @property
    def today_address(self) -> str:
        return self.address_of(self.present)

    @property
    def list_address(self) -> str:
        return super().address(suffix="")

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The choices as a form sends them."""
        return [
            (name, one)
            for name, value in self.chosen.items()
            for one in (value if isinstance(value, list) else [value])
        ]


@dataclass(frozen=True)
class Entry:
    """A call where it opens or closes, with all that is said about it. Of one that was withdrawn: since when."""

    call: Call
    deadline: deadlines.Deadline | None
    edge: month.Edge | None = None
    moves: list[str] = field(default_factory=list)
    withdrawn: datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.deadline is not None and self.deadline.status == deadlines.CallStatus.CLOSED


@dataclass(frozen=True)
class Day:
    date: date
    entries: list[Entry]
    is_today: bool
    is_past: bool

    @property
    def first(self) -> list[Entry]:
        return self.entries[:IN_A_CELL]

    @property
    def further(self) -> int:
        return len(self.entries) - len(self.first)


class Sheet:
    """The month of a selection, read in a fixed number of queries."""

    most_dated, most_undated = month.MOST_DATED, month.MOST_UNDATED

    def __init__(self, selection: InMonth) -> None:
        self.selection, self.month, self.now = selection, selection.month, selection.now
        programs = selection.filters.rows()
        self.before, self.after = month.around(programs, self.month)
        calls = list(_shown(month.dated(programs, self.month))[: month.MOST_DATED + 1])
        self.is_cut, calls = len(calls) > month.MOST_DATED, calls[: month.MOST_DATED]
        moved = moves.of_calls(calls)
        gone = month.called_off(programs, self.month, self.now)
        since = {one.call.pk: one.since.astimezone(SEOUL) for one in gone}
        self._on = {
            day: sorted(
                (self._entry(edge, moved, since.get(edge.call.pk)) for edge in edges),
                key=lambda entry: entry.withdrawn is not None,
            )
            for day, edges in month.by_day([*calls, *(one.call for one in gone)], self.month).items()
        }
        standing = list(_shown(month.undated(programs, self.month, self.now))[: month.MOST_UNDATED + 1])
        self.undated_is_cut = len(standing) > month.MOST_UNDATED
        self.undated: list[Entry] = []
        self.unknown: list[Entry] = []  # those of which we know no more than that they exist
        for call in standing[: month.MOST_UNDATED]:
            deadline = deadlines.describe(call, self.now)
            is_vague = deadline.status == deadlines.CallStatus.UNKNOWN
            known = self.unknown if is_vague and not month.names(call, self.month) else self.undated
            known.append(Entry(call, deadline))

    def _entry(self, edge: month.Edge, moved: dict[int, moves.Moves], withdrawn: datetime | None) -> Entry:
        if withdrawn is not None:
            return Entry(edge.call, None, edge, withdrawn=withdrawn)
        told = [_told(edge, move) for move in moved[edge.call.pk][f"{edge.what}_at"][-MOVES_TOLD:]]
        return Entry(edge.call, deadlines.describe(edge.call, self.now), edge, told)

    def _day(self, one: date) -> Day:
        today = self.selection.today
        return Day(one, self._on.get(one, []), one == today, one < today)

    @property
    def weeks(self) -> list[list[Day | None]]:
        weeks = self.month.weeks(get_format("FIRST_DAY_OF_WEEK"))
        return [[self._day(one) if one else None for one in week] for week in weeks]

    @property
    def days(self) -> list[Day]:
        """Those on which something opens or closes."""
        return [self._day(one) for one in self._on]

    def _number(self, what: str) -> int:
        return sum(
            entry.edge.what == what and entry.withdrawn is None
            for entries in self._on.values()
            for entry in entries
            if entry.edge
        )

    @property
    def called_off(self) -> int:
        """Calls that were withdrawn; none of them is counted among those that open or close."""
        return len({entry.call.pk for entries in self._on.values() for entry in entries if entry.withdrawn})

    @property
    def closings(self) -> int:
        return self._number(month.CLOSES)

    @property
    def openings(self) -> int:
        return self._number(month.OPENS)

    @property
    def total(self) -> int:
        return self.closings + self.openings

    # ---- other months: links stay between the first and the last that has something, or the present one ----

    @property
    def _earlier(self) -> list[month.Month]:
        present = self.selection.present
        return [*filter(None, [self.before, present if present < self.month else None])]

    @property
    def _later(self) -> list[month.Month]:
        present = self.selection.present
        return [*filter(None, [self.after, present if self.month < present else None])]

    @property
    def previous(self) -> tuple[str, str]:
        """Address and name."""
        return self._link(-1, max(self._earlier, default=None), self._later)

    @property
    def next(self) -> tuple[str, str]:
        return self._link(1, min(self._later, default=None), self._earlier)

    def _link(self, by: int, nearest: month.Month | None, beyond: list[month.Month]) -> tuple[str, str]:
        """To the neighbor; from outside of all months with calls to the nearest one at once."""
        if nearest is None:
            return "", ""
        one = self.month.moved(by) if beyond or self.is_for_crawlers else nearest
        return (self.selection.address_of(one), one.display()) if one else ("", "")

    @property
    def nearest(self) -> list[tuple[str, str]]:
        """Where to look instead when nothing opens or closes in the month."""
        return [(self.selection.address_of(one), one.display()) for one in (self.before, self.after) if one]

    @property
    def is_for_crawlers(self) -> bool:
        return bool(self.total) or self.month == self.selection.present


def _told(edge: month.Edge, move: moves.Move) -> str:
    """How a day was moved."""
    words = (
        _("closing moved: %(before)s → %(after)s (noted %(when)s)")
        if edge.what == month.CLOSES
        else _("opening moved: %(before)s → %(after)s (noted %(when)s)")
    )
    return words % {
        "before": moves.short(move.before),
        "after": moves.short(move.after),
        "when": moves.short(move.when)[:10],
    }


def _shown(calls):
    return calls.select_related("program", "source").prefetch_related("further_sources")


@require_safe
def page(request):
    selection = InMonth(request.GET, request.data_version)
    return directory.shown(
        request,
        selection,
        "programs/calendar.html",
        "" if selection.errors or selection.month_errors else selection.address(),
        sheet=Sheet(selection),
        title=f"{_('Calendar of calls')}, {selection.month.display()}",
        results="programs/month.html",
        weekdays=_weekdays(get_format("FIRST_DAY_OF_WEEK")),
    )


def _weekdays(first: int) -> list[tuple[str, str]]:
    """The days of a week in order, in full and in short."""
    places = [(first - 1 + place) % 7 for place in range(7)]
    return [(str(WEEKDAYS[place]), str(WEEKDAYS_ABBR[place])) for place in places]
