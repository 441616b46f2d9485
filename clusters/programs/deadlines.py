"""When a call takes applications: its status on the clock of Seoul, in Python and in SQL, and its deadline in words.

A moment known only to the day lasts until the day is over in Seoul; a month or a year is stored as its first or
last instant. The status is computed, never stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    Case,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from clusters.dates import FIRST_YEAR, LAST_YEAR, SEOUL, PartialDate, tomorrow
from clusters.models import Call, PeriodKind, Precision

SOON = 14  # days before a deadline from which it is shown as near


class CallStatus(TextChoices):
    """In the order in which a reader looks for them; of a program's calls the first one counts."""

    OPEN = "open", pgettext_lazy("call status", "Open")
    UNTIL_EXHAUSTED = "until_exhausted", pgettext_lazy("call status", "Until the budget is used up")
    ALWAYS = "always", pgettext_lazy("call status", "At any time")
    UPCOMING = "upcoming", pgettext_lazy("call status", "Upcoming")
    ANNOUNCED_LATER = "announced_later", pgettext_lazy("call status", "Dates to be announced")
    UNKNOWN = "unknown", pgettext_lazy("call status", "Dates not confirmed")
    CLOSED = "closed", pgettext_lazy("call status", "Closed")


RANK: dict[str, int] = {status: place for place, status in enumerate(CallStatus.values)}
CONFIRMED_FOR = 30  # days for which a budget that was seen to be there may be taken to be
# Calls in the order in which they end, then begin; what has no such day comes last on every database.
NEAREST_FIRST = tuple(F(name).asc(nulls_last=True) for name in ("closes_at", "opens_at"))
TAKES_APPLICATIONS = {CallStatus.OPEN, CallStatus.UNTIL_EXHAUSTED, CallStatus.ALWAYS}
# Kinds of period that say the status by themselves, whatever dates are noted.
_STANDING: dict[str, CallStatus] = {
    PeriodKind.ALWAYS: CallStatus.ALWAYS,
    PeriodKind.UNTIL_EXHAUSTED: CallStatus.UNTIL_EXHAUSTED,
    PeriodKind.ANNOUNCED_LATER: CallStatus.ANNOUNCED_LATER,
}
_VAGUE = (Precision.MONTH, Precision.YEAR)


def _today(now: datetime) -> datetime:
    """The midnight with which the day began in Seoul."""
    return now.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_past(moment: datetime | None, precision: str, now: datetime) -> bool:
    return moment is not None and moment < (now if precision == Precision.TIME else _today(now))


def _is_ahead(moment: datetime | None, precision: str, now: datetime) -> bool:
    if moment is None:
        return False
    return moment > now if precision == Precision.TIME else moment >= _today(now) + timedelta(days=1)


def status_of(call: Call, now: datetime) -> CallStatus:
    """The status of a call at a moment. `status_rank` is the same rule in SQL."""
    if call.period_kind in _STANDING:
        return _STANDING[call.period_kind]
    if _is_past(call.closes_at, call.closes_precision, now):
        return CallStatus.CLOSED
    if call.period_kind == PeriodKind.PROJECT:
        return CallStatus.UNKNOWN
    if _is_ahead(call.opens_at, call.opens_precision, now):
        return CallStatus.UPCOMING
    if call.period_kind == PeriodKind.UPCOMING and call.opens_at is None:
        return CallStatus.UPCOMING
    if call.closes_at is None or call.closes_precision in _VAGUE:
        return CallStatus.UNKNOWN
    return CallStatus.OPEN


def status_rank(now: datetime) -> Case:
    """The place of a call's status in CallStatus, for filtering and ordering calls."""
    to_the_minute, today = Precision.TIME, _today(now)
    past = Q(closes_precision=to_the_minute, closes_at__lt=now) | (
        ~Q(closes_precision=to_the_minute) & Q(closes_at__lt=today)
    )
    ahead = Q(opens_precision=to_the_minute, opens_at__gt=now) | (
        ~Q(opens_precision=to_the_minute) & Q(opens_at__gte=today + timedelta(days=1))
    )
    return Case(
        *(When(period_kind=kind, then=Value(RANK[status])) for kind, status in _STANDING.items()),
        When(past, then=Value(RANK[CallStatus.CLOSED])),
        When(period_kind=PeriodKind.PROJECT, then=Value(RANK[CallStatus.UNKNOWN])),
        When(ahead, then=Value(RANK[CallStatus.UPCOMING])),
        When(period_kind=PeriodKind.UPCOMING, opens_at__isnull=True, then=Value(RANK[CallStatus.UPCOMING])),
        When(
            Q(closes_at__isnull=True) | Q(closes_precision__in=_VAGUE), then=Value(RANK[CallStatus.UNKNOWN])
        ),
        default=Value(RANK[CallStatus.OPEN]),
        output_field=IntegerField(),
    )


def next_change(now: datetime) -> datetime:
    """Until when no status and no words about a deadline change by the clock alone: at the latest midnight in Seoul."""
    calls = Call.objects.published().order_by()
    moments = [
        calls.filter(closes_precision=Precision.TIME, closes_at__gte=now).aggregate(Min("closes_at"))[
            "closes_at__min"
        ],
        calls.filter(opens_precision=Precision.TIME, opens_at__gt=now).aggregate(Min("opens_at"))[
            "opens_at__min"
        ],
    ]
    return min([tomorrow(now), *(moment for moment in moments if moment)])


def _ranked_calls(now: datetime):
    """A program's published calls with their ranks, for a query over programs."""
    return Call.objects.published().filter(program=OuterRef("pk")).annotate(rank=status_rank(now))


def calls_that_are(statuses: Iterable[CallStatus], now: datetime) -> QuerySet[Call]:
    """The published calls with one of these statuses at a moment, each with its rank."""
    ranks = [RANK[status] for status in statuses]
    return Call.objects.published().annotate(rank=status_rank(now)).filter(rank__in=ranks)


def program_status_rank(now: datetime) -> Coalesce:
    """The rank of a program's best call; a program without calls has no confirmed dates."""
    best = _ranked_calls(now).order_by("rank").values("rank")[:1]
    return Coalesce(Subquery(best), Value(RANK[CallStatus.UNKNOWN]))


def program_order(now: datetime) -> list:
    """Orders programs as `rank` orders their calls."""
    closed = Q(rank=RANK[CallStatus.CLOSED])
    first = (
        _ranked_calls(now)
        .annotate(
            ahead=Case(When(~closed, then=F("closes_at"))), past=Case(When(closed, then=F("closes_at")))
        )
        .order_by("rank", F("ahead").asc(nulls_last=True), F("past").desc(nulls_last=True), "slug")
    )
    return [
        program_status_rank(now).asc(),
        Subquery(first.values("ahead")[:1]).asc(nulls_last=True),
        Subquery(first.values("past")[:1]).desc(nulls_last=True),
    ]


def rank(call: Call | None, now: datetime) -> tuple[int, float]:
    """A sort key: what is open first, the nearest deadline first among those, the latest among past ones."""
    if call is None:
        return (RANK[CallStatus.UNKNOWN], float("inf"))
    status = status_of(call, now)
    if call.closes_at is None:
        return (RANK[status], float("inf"))
    closes = call.closes_at.timestamp()
    return (RANK[status], -closes if status == CallStatus.CLOSED else closes)


def current_call(calls: Iterable[Call], now: datetime) -> Call | None:
    """The call that speaks for its program now."""
    return min(calls, key=lambda call: (*rank(call, now), call.slug), default=None)


def takes_applications(call: Call | None, now: datetime) -> bool:
    return call is not None and status_of(call, now) in TAKES_APPLICATIONS


@dataclass(frozen=True)
class Deadline:
    """What a page says about a call's deadline."""

    status: CallStatus
    words: str  # one clause: "closes 6 December 2026 at 18:00"
    period: str = ""  # from when to when, in figures
    moment: datetime | None = None  # what the words speak of
    is_doubtful: bool = False  # open as far as is known, but nobody confirmed it lately
    days_left: int | None = None  # until it closes, when it is open; until it opens, when it is upcoming
    confirmed: str = ""  # when somebody last saw that this holds

    @property
    def label(self) -> str:
        return str(self.status.label)

    @property
    def detail(self) -> str:
        """What the words add to the label; where they would only repeat it, the period."""
        repeats = {CallStatus.ALWAYS, CallStatus.UNTIL_EXHAUSTED, CallStatus.ANNOUNCED_LATER}
        if self.is_doubtful:
            return ", ".join(filter(None, [self.period, self.words]))
        return self.period if self.status in repeats else self.words

    @property
    def is_soon(self) -> bool:
        return self.status == CallStatus.OPEN and self.days_left is not None and self.days_left <= SOON


def _partial(moment: datetime, precision: str) -> str:
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(precision, 10)  # type: ignore[call-overload]
    return f"{moment.astimezone(SEOUL):%Y-%m-%d}".zfill(10)[:length]


def _day(moment: datetime, precision: str) -> str:
    """A moment's date in the reader's language, as exactly as it is known."""
    text = _partial(moment, precision)
    return PartialDate(text).display() if FIRST_YEAR <= int(text[:4]) <= LAST_YEAR else text


def _figures(moment: datetime, precision: str) -> str:
    time = f" {moment.astimezone(SEOUL):%H:%M}" if precision == Precision.TIME else ""
    return _partial(moment, precision) + time


def _period(call: Call) -> str:
    opens = call.opens_at and _figures(call.opens_at, call.opens_precision)
    closes = call.closes_at and _figures(call.closes_at, call.closes_precision)
    if opens and closes:
        return _("%(opens)s to %(closes)s") % {"opens": opens, "closes": closes}
    if opens:
        return _("from %(opens)s") % {"opens": opens}
    return _("until %(closes)s") % {"closes": closes} if closes else ""


def _closing_words(call: Call, days: int) -> str:
    assert call.closes_at is not None
    values = {
        "date": _day(call.closes_at, call.closes_precision),
        "time": f"{call.closes_at.astimezone(SEOUL):%H:%M}",
    }
    if call.closes_precision == Precision.TIME:
        return (_("closes today at %(time)s") if days == 0 else _("closes %(date)s at %(time)s")) % values
    return _("closes today") if days == 0 else _("closes %(date)s") % values


def _unknown_words(call: Call) -> str:
    if call.period_kind == PeriodKind.PROJECT:
        return _("only the project period is known")
    if call.closes_at is not None:
        return _("closes %(date)s, day not given") % {"date": _day(call.closes_at, call.closes_precision)}
    if call.opens_at is not None:
        return _("from %(date)s, no closing date given") % {"date": _day(call.opens_at, call.opens_precision)}
    return _("no dates given")


def may_be_used_up(confirmed_on: date | None, now: datetime) -> bool:
    """Whether nobody saw lately that a budget is still there."""
    return confirmed_on is None or (now.astimezone(SEOUL).date() - confirmed_on).days > CONFIRMED_FOR


def _budget_words(call: Call, now: datetime) -> str:
    if may_be_used_up(call.confirmed_on, now):
        return _("the budget may be used up: not confirmed in the last %(days)d days") % {
            "days": CONFIRMED_FOR
        }
    return _("open until the budget is used up")


def describe(call: Call, now: datetime) -> Deadline:
    """A call's deadline at a moment, in the reader's language."""
    status = status_of(call, now)
    moment, days = None, None
    if status == CallStatus.OPEN:
        assert call.closes_at is not None
        moment, days = call.closes_at, (_today(call.closes_at) - _today(now)).days
        words = _closing_words(call, days)
    elif status == CallStatus.UPCOMING and call.opens_at is not None:
        moment = call.opens_at
        days = None if call.opens_precision in _VAGUE else (_today(moment) - _today(now)).days
        words = _("opens %(date)s") % {"date": _day(moment, call.opens_precision)}
    elif status == CallStatus.CLOSED:
        assert call.closes_at is not None
        moment, words = (
            call.closes_at,
            _("closed %(date)s") % {"date": _day(call.closes_at, call.closes_precision)},
        )
    else:
        words = {
            CallStatus.UNTIL_EXHAUSTED: _budget_words(call, now),
            CallStatus.ALWAYS: _("open at any time"),
            CallStatus.UPCOMING: _("opening date not given"),
            CallStatus.ANNOUNCED_LATER: _("dates will be announced"),
        }.get(status) or _unknown_words(call)
    confirmed = ""
    if call.confirmed_on and FIRST_YEAR <= call.confirmed_on.year <= LAST_YEAR:
        date = PartialDate(f"{call.confirmed_on:%Y-%m-%d}").display()
        confirmed = _("last confirmed %(date)s") % {"date": date}
    doubtful = status == CallStatus.UNTIL_EXHAUSTED and may_be_used_up(call.confirmed_on, now)
    return Deadline(status, words, _period(call), moment, doubtful, days, confirmed)
