"""Weighs somebody against every call open or ahead: the calls and their conditions are read once and weighed often.

A call's findings, with their reasons, are put together only when somebody looks at them; what decides of ten thousand
calls is each different condition, weighed once on each day that counts.
"""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from json import dumps
from typing import Any, NamedTuple

from clusters.dates import SEOUL
from clusters.models import Coverage, Criterion, District, PeriodKind, Precision, Program

from . import deadlines
from .deadlines import CallStatus
from .eligibility import Applicant, Condition, Result, Verdict, finding, judge

LOOKED_AT = (*deadlines.TAKES_APPLICATIONS, CallStatus.UPCOMING, CallStatus.ANNOUNCED_LATER)
_CALL = (
    "pk",
    "program_id",
    "base_date",
    "opens_at",
    "opens_precision",
    "period_kind",
    "program__coverage",
    "rank",
    "confirmed_on",
)


class _Row(NamedTuple):
    """A call as it is weighed. `rules` are its binding conditions, those that read alike with the same number."""

    pk: int
    program: int
    status: CallStatus
    base: date | None  # the day that decides, where the notice says so or a window opens; else today
    base_is_stated: bool
    is_local: bool
    confirmed_on: date | None
    conditions: tuple[Condition, ...]
    rules: tuple[tuple[int, Condition], ...]


@dataclass(frozen=True)
class Weighed:
    """One call with what came of weighing it. `outside` says that the program covers other regions."""

    row: _Row
    applicant: Applicant
    base: date
    met: Verdict  # by the conditions alone
    doubts: int  # binding conditions that are to be checked
    outside: bool = False

    @property
    def call_pk(self) -> int:
        return self.row.pk

    @property
    def program_pk(self) -> int:
        return self.row.program

    @property
    def status(self) -> CallStatus:
        return self.row.status

    @property
    def base_is_stated(self) -> bool:
        return self.row.base_is_stated

    def is_surely_open(self, now: datetime) -> bool:
        """Whether it takes applications, and not from a budget that may be used up."""
        if self.status == CallStatus.UNTIL_EXHAUSTED:
            return not deadlines.may_be_used_up(self.row.confirmed_on, now)
        return self.status in deadlines.TAKES_APPLICATIONS

    @cached_property
    def result(self) -> Result:
        return judge(self.applicant, self.row.conditions, self.base)

    @property
    def verdict(self) -> Verdict:
        return Verdict.CHECK if self.met == Verdict.MET and self.outside else self.met

    @property
    def is_within_reach(self) -> bool:
        """Nothing that was said rules it out, and it is for the place that was said."""
        return self.met != Verdict.UNMET and not self.outside


@dataclass
class Calls:
    """All calls open or ahead at a moment with their conditions, the nearest deadline first."""

    rows: list[_Row]
    since: datetime
    until: datetime  # when the clock changes them

    @classmethod
    def read(cls, now: datetime) -> "Calls":
        looked_at = deadlines.calls_that_are(LOOKED_AT, now)
        conditions: dict[int, list[Condition]] = defaultdict(list)
        for pk, call, dimension, terms, necessity in (
            Criterion.objects.published()
            .filter(call__in=looked_at.order_by().values("pk"))
            .order_by("call", "order")
            .values_list("pk", "call_id", "dimension", "terms", "necessity")
        ):
            conditions[call].append(Condition(dimension, terms, necessity, pk))
        statuses = [CallStatus(value) for value in CallStatus.values]
        numbers: dict[tuple[str, str, str], int] = {}
        rows = []
        in_order = looked_at.order_by("rank", "closes_at", "opens_at", "slug").values_list(*_CALL)
        for pk, program, base_date, opens_at, precision, period, coverage, rank, confirmed_on in in_order:
            base = base_date or _opening(opens_at if period == PeriodKind.WINDOW else None, precision)
            of_call = tuple(conditions.get(pk, ()))
            rows.append(
                _Row(
                    pk,
                    program,
                    statuses[rank],
                    base,
                    base_date is not None,
                    coverage != Coverage.NATIONWIDE,
                    confirmed_on,
                    of_call,
                    tuple((_number(one, numbers), one) for one in of_call if one.necessity != "preferred"),
                )
            )
        return cls(rows, now, deadlines.next_change(now))

    def serves(self, now: datetime) -> bool:
        return self.since <= now < self.until

    @cached_property
    def covered(self) -> dict[int, set[tuple[str, str]]]:
        return _covered({row.program for row in self.rows if row.is_local})

    def weighed(
        self, applicant: Applicant, now: datetime, programs: Container[int] | None = None
    ) -> list[Weighed]:
        """All of them, or those of some programs."""
        today = now.astimezone(SEOUL).date()
        known: dict[tuple[int, date], Verdict] = {}
        reached: dict[int, bool] = {}
        found = []
        for row in self.rows:
            if programs is not None and row.program not in programs:
                continue
            base, doubts, met = row.base or today, 0, Verdict.MET if row.rules else Verdict.CHECK
            for number, condition in row.rules:
                verdict = known.get((number, base))
                if verdict is None:
                    verdict = known[number, base] = finding(applicant, condition, base).verdict
                if verdict is Verdict.UNMET:
                    met = verdict
                elif verdict is Verdict.CHECK:
                    doubts += 1
                    if met is Verdict.MET:
                        met = verdict
            outside = False
            if row.is_local and applicant.province:
                if row.program not in reached:
                    reached[row.program] = _covers(self.covered.get(row.program, ()), applicant)
                outside = not reached[row.program]
            found.append(Weighed(row, applicant, base, met, doubts, outside))
        return found


_kept: tuple[int, Calls] | None = None  # the calls read last, with the version of the data they are of


def calls_at(now: datetime, data_version: int = 0) -> Calls:
    """The calls at a moment; read anew only when the data or the clock changed them. 0 is no version."""
    global _kept
    if data_version and _kept is not None and _kept[0] == data_version and _kept[1].serves(now):
        return _kept[1]
    calls = Calls.read(now)
    if data_version:
        _kept = data_version, calls
    return calls


def weigh(applicant: Applicant, now: datetime) -> list[Weighed]:
    """All calls open or ahead at a moment, in a fixed number of queries."""
    return Calls.read(now).weighed(applicant, now)


def _number(condition: Condition, numbers: dict[tuple[str, str, str], int]) -> int:
    terms: Any = condition.terms
    key = (condition.dimension, condition.necessity, dumps(terms, sort_keys=True))
    return numbers.setdefault(key, len(numbers))


def _opening(opens_at: datetime | None, precision: str) -> date | None:
    """The day on which a window opens, where it is known."""
    if opens_at is not None and precision in (Precision.TIME, Precision.DAY):
        return opens_at.astimezone(SEOUL).date()
    return None


def _covered(programs: set[int]) -> dict[int, set[tuple[str, str]]]:
    """The provinces and the municipalities of its districts that each program is for."""
    covered: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for pk, province in Program.provinces.through.objects.filter(program__in=programs).values_list(
        "program_id", "province__slug"
    ):
        covered[pk].add((province, ""))
    for pk, province, municipality in (
        Program.districts.through.objects.filter(
            program__in=programs, district__in=District.objects.published()
        )
    ).values_list("program_id", "district__province__slug", "district__municipality_ko"):
        covered[pk] |= {(province, part) for part in municipality.split("·")}
    return covered


def _covers(places: Iterable[tuple[str, str]], applicant: Applicant) -> bool:
    return any(
        province == applicant.province
        and (not municipality or not applicant.municipality or municipality == applicant.municipality)
        for province, municipality in places
    )
