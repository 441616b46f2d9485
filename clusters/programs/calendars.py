"""Deadlines and openings of calls as iCalendar: one entry each, which calendars recognize again when it moves."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration

from clusters.dates import SEOUL
from clusters.models import Call, Precision, Program

from . import deadlines, withdrawn
from .moves import Move, Moves, of_calls, short

ALARMS = (timedelta(days=7), timedelta(days=1))
REFRESH = timedelta(hours=6)
MOST = 2000  # calls in one calendar
EXACT = (Precision.TIME, Precision.DAY)
_DATED = Q(closes_at__isnull=False, closes_precision__in=EXACT) | Q(
    opens_at__isnull=False, opens_precision__in=EXACT
)


def calendar(
    programs: QuerySet[Program], *, name: str, host: str, address: Callable[[Program], str], now: datetime
) -> bytes:
    """The dates of the public calls of these programs, in the reader's language. `address` leads to a program.

    Calls withdrawn of late are sent as cancelled.
    """
    calls = list(_calls(programs)[:MOST])
    cancelled = withdrawn.of_programs(programs, now, _DATED, MOST)
    moved = of_calls([*calls, *(one.call for one in cancelled)])
    made = Calendar()
    made.add("prodid", f"-//{host}//Seoul AI Clusters//")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Asia/Seoul")
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    entries = [*((call, None) for call in calls), *cancelled]
    for call, since in entries:
        for event in _events(call, since, moved[call.pk], host, address(call.program), now):
            made.add_component(event)
    made.add_missing_timezones()
    return made.to_ical()


def _calls(programs: QuerySet[Program]) -> QuerySet[Call]:
    """Public calls with an exact date."""
    return (
        Call.objects.published()
        .filter(_DATED, program__in=programs.order_by().values("pk"))
        .select_related("program", "source")
        .order_by(F("closes_at").desc(nulls_last=True), "slug")
    )


def _events(
    call: Call, cancelled: datetime | None, moves: Moves, host: str, address: str, now: datetime
) -> Iterator[Event]:
    """`cancelled` is the moment since which the call is withdrawn."""
    if call.closes_at is not None and call.closes_precision in EXACT:
        title, precision = _("Closes: %(program)s (%(call)s)"), call.closes_precision
        moved = moves["closes_at"]
        yield _event(call, "closes", call.closes_at, precision, title, cancelled, moved, host, address, now)
    if call.opens_at is not None and call.opens_precision in EXACT:
        title, precision = _("Opens: %(program)s (%(call)s)"), call.opens_precision
        moved = moves["opens_at"]
        yield _event(call, "opens", call.opens_at, precision, title, cancelled, moved, host, address, now)


def _event(
    call: Call,
    what: str,
    moment: datetime,
    precision: str,
    title: str,
    cancelled: datetime | None,
    moves: list[Move],
    host: str,
    address: str,
    now: datetime,
) -> Event:
    local = moment.astimezone(SEOUL)
    event = Event()
    event.add("uid", f"{call.slug}-{what}@{host}")
    event.add("sequence", len(moves) + bool(cancelled))
    event.add("dtstamp", cancelled or call.updated_at)
    event.add("last-modified", cancelled or call.updated_at)
    event.add("summary", title % {"program": call.program.name, "call": call.label})
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("url", address)
    if precision == Precision.TIME:
        event.add("dtstart", local)
    else:
        event.add("dtstart", local.date())
        event.add("dtend", local.date() + timedelta(days=1))
    event.add("description", "\n".join(_description(call, cancelled, moves, address, now)))
    if what == "closes" and not cancelled:
        for before in ALARMS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("trigger", -before)
            alarm.add("description", event["summary"])
            event.add_component(alarm)
    return event


def _description(
    call: Call, cancelled: datetime | None, moves: list[Move], address: str, now: datetime
) -> Iterator[str]:
    if cancelled:
        yield _("Withdrawn from the directory.")
    for move in reversed(moves):
        yield _("Moved from %(before)s to %(after)s (noted %(when)s)") % {
            "before": short(move.before),
            "after": short(move.after),
            "when": short(move.when),
        }
    deadline = deadlines.describe(call, now)
    if deadline.confirmed:
        yield deadline.confirmed
    if call.wording:
        yield str(call.wording)
    if call.public_source is not None:
        yield _("Source: %(title)s") % {"title": call.public_source.title}
    yield address
