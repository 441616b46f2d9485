"""Application periods: ranges with or without times, and the words notices use where no dates are fixed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from clusters.dates import SEOUL, PartialDate

from .dates import partial, to_date
from .problems import NO_HINTS, Ambiguous, Hints, Unconvertible, is_blank, shown

_PROSE = (  # the kinds of clusters.models.PeriodKind, by the words that tell them
    (
        "until_exhausted",
        r"(예산|자금|재원|사업비|기금|한도|물량|쿠폰|지원금|배정액)[가-힣]*\s*(조기\s*)?(소진|마감)",
    ),
    ("until_exhausted", r"소진\s*(시|될)|선착순|모집\s*(완료|마감)\s*시|until (the )?(budget|funds)"),
    (
        "announced_later",
        r"(추후|별도|차후|개별|향후)\s*(공지|공고|안내|통보|협의|고지)|미정|to be announced|\btba\b",
    ),
    ("periodic", r"매월|매주|매분기|매년|분기별|반기별|월별|격월|격주|monthly|quarterly"),
    ("always", r"상시|수시|연중|always|at any time|rolling"),
    ("upcoming", r"예정"),
)
_PROSE_KINDS = [(kind, re.compile(pattern, re.I)) for kind, pattern in _PROSE]
_RANGE = re.compile(r"[~∼〜˜⁓]|\s[-–—]\s|[–—]|부터|(?<=[0-9]{8})-(?=[0-9]{8})")
_WEEKDAY = re.compile(r"[(\[]\s*[월화수목금토일](?:요일)?\s*[)\]]|[월화수목금토일]요일")
_DATE = re.compile(
    r"['’]?(?:[0-9]{4}|[0-9]{2})\s*[-./년]\s*[0-9]{1,2}\s*[-./월]\s*[0-9]{1,2}(?![0-9:])\s*(?:일|\.(?![0-9]))?"
    r"|(?<![0-9])[0-9]{8}(?![0-9])"
)
_MONTH = re.compile(
    r"[0-9]{4}\s*[-./년]\s*[0-9]{1,2}(?![0-9])\s*(?:월|\.)?|['’]?[0-9]{2}\s*[-./년]\s*[0-9]{1,2}\s*월"
)
_MONTH_DAY = re.compile(r"([0-9]{1,2})\s*[./월-]\s*([0-9]{1,2})(?![0-9:])\s*(?:일|\.(?![0-9]))?")
_MONTH_ONLY = re.compile(r"(?<![0-9])([0-9]{1,2})\s*월")
_DAY = re.compile(r"(?<![0-9:])([0-9]{1,2})\s*(?:일|$|(?=\s+[0-9]{1,2}[:시]))")
_TIME = re.compile(
    r"(오전|오후|AM|PM|낮|밤)?\s*([0-9]{1,2})\s*(?::\s*([0-9]{2})(?::[0-9]{2})?|시(?:\s*([0-9]{1,2})\s*분)?)\s*(AM|PM)?",
    re.I,
)
_FILLER = re.compile(
    r"까지|이내|접수|신청|모집|공고일|공고|기간|마감|시작|개시|오픈|현재|시행|제출|도착분|한함|중|경|[\s:：()\[\].,・·ㆍ日月]"
    r"|\bto\b|\bfrom\b|\buntil\b|\bKST\b",
    re.I,
)


@dataclass(frozen=True)
class Period:
    """When applications are taken.

    kind: a value of clusters.models.PeriodKind
    opens_at, closes_at: moments on the Asia/Seoul clock, or None where the source gives none; a day closes
        at 23:59:59, a month with its last day
    opens_precision, closes_precision: time, day, month or year
    wording: the source's words
    """

    kind: str
    opens_at: datetime | None
    closes_at: datetime | None
    opens_precision: str
    closes_precision: str
    wording: str


class _Moment(NamedTuple):
    date: PartialDate
    time: time | None


def to_period(value: Any, hints: Hints = NO_HINTS) -> Period | None:
    """One cell that holds the whole period; None for blank."""
    if is_blank(value):
        return None
    return _from_text(_said(value), hints)


def to_period_between(opens: Any, closes: Any, hints: Hints = NO_HINTS) -> Period | None:
    """Two cells that hold the beginning and the end, either of them as a date or in words; None for blank."""
    if is_blank(opens) and is_blank(closes):
        return None
    ends = ["" if is_blank(end) else _said(end) for end in (opens, closes)]
    return _from_text(" ~ ".join(ends).strip(), hints)


def _from_text(wording: str, hints: Hints) -> Period:
    text = " ".join(unicodedata.normalize("NFKC", wording).split())
    if len(text) > 300:
        raise Unconvertible(
            _("The period is described in more than 300 characters."), _("Enter its dates by hand.")
        )
    parts = _RANGE.split(_WEEKDAY.sub(" ", text))
    kind = next((kind for kind, pattern in _PROSE_KINDS if pattern.search(text)), "window")
    if kind == "periodic":
        return Period(kind, None, None, "day", "day", wording)
    if len(parts) > 2:
        raise _several(text)
    opens, closes = _ends(parts, text, kind, hints)
    if closes:  # whatever else is said, the period ends by then
        kind = "window"
    return _period(kind, opens, closes, wording)


def _ends(parts: list[str], text: str, kind: str, hints: Hints) -> tuple[_Moment | None, _Moment | None]:
    if len(parts) == 2:
        opens = _moment(parts[0], text, None, kind, hints)
        return opens, _moment(parts[1], text, opens, kind, hints)
    only = _moment(parts[0], text, None, kind, hints)
    if only is None:
        if kind == "window":
            raise Unconvertible(
                _("“%(value)s” is not a period.") % {"value": shown(text)},
                _("Write it as 2024-03-05 ~ 2024-03-20, or in words such as 예산 소진시까지 or 상시."),
            )
        return None, None
    if re.search(r"까지|이내|마감|until", text):
        return None, only
    if kind == "upcoming":
        return only, None
    raise Ambiguous(
        _("“%(value)s” is one date: the beginning or the end?") % {"value": shown(text)},
        (f"{only.date} ~", f"~ {only.date}"),
        _("Write a ~ before or after the date."),
    )


def _period(kind: str, opens: _Moment | None, closes: _Moment | None, wording: str) -> Period:
    opens_at = closes_at = None
    if opens:
        opens_at = datetime.combine(opens.date.first_day, opens.time or time(0, 0), SEOUL)
    if closes:
        closes_at = datetime.combine(closes.date.last_day, closes.time or time(23, 59, 59), SEOUL)
    if opens and closes and opens_at and closes_at and closes_at < opens_at:
        message = _("The end, %(end)s, lies before the beginning, %(start)s.") % {
            "end": closes.date,
            "start": opens.date,
        }
        following = str(closes.date.year + 1) + str(closes.date)[4:]
        if closes.date.year == opens.date.year and str(closes.date.year) in wording.partition("~")[2]:
            raise Unconvertible(message, _("Correct the dates."))
        raise Ambiguous(message, (f"{opens.date} ~ {following}",), _("Write the year of the end too."))
    return Period(kind, opens_at, closes_at, _precision(opens), _precision(closes), wording)


def _precision(moment: _Moment | None) -> str:
    if moment is None:
        return "day"
    if moment.time:
        return "time"
    return "month" if moment.date.precision == "quarter" else moment.date.precision


def _moment(text: str, whole: str, base: _Moment | None, kind: str, hints: Hints) -> _Moment | None:
    """The date and time in one half of a range; parts the end leaves out are those of the beginning."""
    text = text.strip()
    rest, found = text, None
    if match := _DATE.search(text):
        found = to_date(match[0], hints)
    elif match := _MONTH.search(text):
        found = to_date(match[0].strip(), hints)
    elif match := _MONTH_DAY.search(text):
        if base is None:
            if kind != "window":
                return None
            raise Unconvertible(
                _("The year is missing in “%(value)s”.") % {"value": shown(whole)},
                _("Write the dates with their years."),
            )
        found = partial(base.date.year, int(match[1]), int(match[2]))
    elif base and (match := _MONTH_ONLY.search(text)):
        found = partial(base.date.year, int(match[1]))
    elif base and base.date.month and (match := _DAY.search(text)):
        found = partial(base.date.year, base.date.month, int(match[1]))
    if match:
        rest = text[: match.start()] + " " + text[match.end() :]
    clock, rest = _clock(rest, whole)
    if found is None and clock and base:
        found = base.date  # 2024-03-05 09:00 ~ 18:00
    if kind == "window":
        left = _FILLER.sub("", rest)
        if re.search(r"[0-9]", left):
            raise _several(whole)
        if left:
            raise Unconvertible(
                _("“%(part)s” in “%(value)s” is not understood.")
                % {"part": shown(rest.strip()), "value": shown(whole)},
                _("Write it as 2024-03-05 ~ 2024-03-20."),
            )
    return _Moment(found, clock) if found else None


def _clock(text: str, whole: str) -> tuple[time | None, str]:
    match = _TIME.search(text)
    if not match:
        return None, text
    hour, minute = int(match[2]), int(match[3] or match[4] or 0)
    half = (match[1] or match[5] or "").upper()
    if half in {"오후", "PM", "밤"} and hour < 12:
        hour += 12
    elif half in {"오전", "AM"} and hour == 12:
        hour = 0
    if (hour, minute) == (24, 0):
        hour, minute = 23, 59
    if hour > 23 or minute > 59:
        raise Unconvertible(
            _("There is no such time of day in “%(value)s”.") % {"value": shown(whole)},
            _("Correct the time."),
        )
    return time(hour, minute), text[: match.start()] + " " + text[match.end() :]


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else " ".join(str(value).split())


def _several(text: str) -> Unconvertible:
    return Unconvertible(
        _("“%(value)s” holds more than one period.") % {"value": shown(text)},
        _("Enter a call for each of them."),
    )
