"""Weighs somebody against every call open or ahead: the calls and their conditions are read once and weighed often.

What decides of ten thousand calls is each different condition, weighed once on each day that counts, for all calls
that ask it. A call's findings, with their reasons, are put together only when somebody looks at them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain, islice
from json import dumps
from typing import NamedTuple, TypeVar

from clusters.dates import SEOUL
from clusters.models import Coverage, Criterion, District, PeriodKind, Precision, Program

from . import bits, deadlines
from .bits import Bits
from .deadlines import CallStatus
from .eligibility import COUNTED_IN_YEARS, Applicant, Condition, Result, Verdict, finding, judge
from .keeping import kept

LOOKED_AT = (*deadlines.TAKES_APPLICATIONS, CallStatus.UPCOMING, CallStatus.ANNOUNCED_LATER)
Key = TypeVar("Key")
Places = frozenset[tuple[str, str]]  # provinces, each with a municipality or as a whole


class _Call(NamedTuple):
    """The columns of a call that count."""

    pk: int
    program_id: int
    base_date: date | None
    opens_at: datetime | None
    opens_precision: str
    period_kind: str
    rank: int
    confirmed_on: date | None
    program__coverage: str

    @property
    def is_local(self) -> bool:
        return self.program__coverage != Coverage.NATIONWIDE

    @property
    def base(self) -> date | None:
        """The day that decides, where the notice says so or a window opens on a day that is known."""
        if self.base_date is not None:
            return self.base_date
        known = self.period_kind == PeriodKind.WINDOW and self.opens_precision in _TO_THE_DAY
        return self.opens_at.astimezone(SEOUL).date() if self.opens_at is not None and known else None


_TO_THE_DAY = (Precision.TIME, Precision.DAY)


class _Row(NamedTuple):
    """A call as it is weighed."""

    pk: int
    program: int
    status: CallStatus
    base: date  # the day that decides, else today
    base_is_stated: bool
    conditions: tuple[Condition, ...]


class _Question(NamedTuple):
    """A binding condition on a day that counts, and the calls that ask it."""

    condition: Condition
    base: date
    calls: Bits


@dataclass(frozen=True)
class Weighed:
    """One call with what came of weighing it. `outside` says that the program covers other regions."""

    row: _Row
    applicant: Applicant
    verdict: Verdict
    doubts: int  # binding conditions that are to be checked
    outside: bool

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
    def base(self) -> date:
        return self.row.base

    @property
    def base_is_stated(self) -> bool:
        return self.row.base_is_stated

    @cached_property
    def result(self) -> Result:
        return judge(self.applicant, self.row.conditions, self.base)


@dataclass(frozen=True)
class Some:
    """Some of the calls: how many, and the first of them."""

    total: int
    first: list[Weighed]


@dataclass(frozen=True)
class Weighing:
    """Somebody weighed against all calls at once."""

    calls: "Calls"
    applicant: Applicant
    unmet: Bits  # a binding condition is not met
    doubtful: list[Bits]  # those with no condition that is to be checked, with one, with two and so on
    outside: Bits  # their programs are for other regions

    @cached_property
    def within_reach(self) -> Bits:
        """Nothing that was said rules it out, and it is for the place that was said."""
        return self.calls.everything & ~self.unmet & ~self.outside

    @cached_property
    def met(self) -> Bits:
        return self.within_reach & self.doubtful[0] & ~self.calls.unconditional

    def __iter__(self) -> Iterator[Weighed]:
        """All calls, the nearest deadline first."""
        return map(self._weighed, bits.places(self.calls.everything))

    def some(self, wanted: Bits, most: int | None = None) -> Some:
        """These calls, the nearest deadline first."""
        return self._some(wanted, bits.places(wanted), most)

    def clearest(self, wanted: Bits, most: int | None = None) -> Some:
        """These calls, the fewest conditions to be checked first; within that, the nearest deadline."""
        places = chain.from_iterable(bits.places(wanted & doubtful) for doubtful in self.doubtful)
        return self._some(wanted, places, most)

    def _some(self, wanted: Bits, places: Iterable[int], most: int | None) -> Some:
        return Some(wanted.bit_count(), [self._weighed(place) for place in islice(places, most)])

    def _weighed(self, place: int) -> Weighed:
        bit = 1 << place
        verdict = Verdict.UNMET if self.unmet & bit else Verdict.MET if self.met & bit else Verdict.CHECK
        doubts = next(number for number, doubtful in enumerate(self.doubtful) if doubtful & bit)
        return Weighed(self.calls.rows[place], self.applicant, verdict, doubts, bool(self.outside & bit))


@dataclass(frozen=True)
class Calls:
    """All calls open or ahead at a moment with their conditions, the nearest deadline first."""

    rows: list[_Row]
    questions: list[_Question]
    bound: dict[Places, Bits]  # those that are for these places only
    of_program: dict[int, Bits]
    unconditional: Bits  # without binding conditions
    taking: Bits  # take applications
    surely_open: Bits  # and not from a budget that may be used up

    @property
    def everything(self) -> Bits:
        return (1 << len(self.rows)) - 1

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
        in_order = looked_at.order_by("rank", *deadlines.NEAREST_FIRST, "slug").values_list(*_Call._fields)
        calls = [_Call(*columns) for columns in in_order]
        today, statuses = now.astimezone(SEOUL).date(), [CallStatus(value) for value in CallStatus.values]
        rows = [
            _Row(
                call.pk,
                call.program_id,
                statuses[call.rank],
                call.base or today,
                call.base_date is not None,
                tuple(conditions.get(call.pk, ())),
            )
            for call in calls
        ]
        covered = _covered({call.program_id for call in calls if call.is_local})
        taking = [place for place, row in enumerate(rows) if row.status in deadlines.TAKES_APPLICATIONS]
        return cls(
            rows,
            _questions(rows),
            _sets((frozenset(covered.get(c.program_id, ())), n) for n, c in enumerate(calls) if c.is_local),
            _sets((row.program, place) for place, row in enumerate(rows)),
            bits.of(place for place, row in enumerate(rows) if not any(map(_is_binding, row.conditions))),
            bits.of(taking),
            bits.of(n for n in taking if _is_sure(rows[n].status, calls[n].confirmed_on, now)),
        )

    def weighed(self, applicant: Applicant) -> Weighing:
        unmet, doubts = 0, bits.Tally()
        for condition, base, calls in self.questions:
            verdict = finding(applicant, condition, base).verdict
            if verdict is Verdict.UNMET:
                unmet |= calls
            elif verdict is Verdict.CHECK:
                doubts.count(calls)
        outside = 0
        if applicant.province:
            for covered, calls in self.bound.items():
                if not _covers(covered, applicant):
                    outside |= calls
        return Weighing(self, applicant, unmet, doubts.by_number(self.everything), outside)


def calls_at(now: datetime, data_version: int = 0) -> Calls:
    """The calls at a moment; read anew only when the data or the clock changed them. 0 is no version."""
    return kept("calls", data_version, now, lambda: Calls.read(now))


def weigh(applicant: Applicant, now: datetime) -> list[Weighed]:
    """All calls open or ahead at a moment, in a fixed number of queries."""
    return list(Calls.read(now).weighed(applicant))


def _is_binding(condition: Condition) -> bool:
    return condition.necessity != "preferred"


def _questions(rows: Iterable[_Row]) -> list[_Question]:
    """Each different binding condition; the same one asked twice by a call counts twice."""
    examples: dict[tuple, tuple[Condition, date]] = {}
    asking: dict[tuple, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for condition in filter(_is_binding, row.conditions):
            day = row.base if condition.dimension in COUNTED_IN_YEARS else None
            key = (condition.dimension, condition.necessity, dumps(condition.terms, sort_keys=True), day, 0)
            while asking[key][-1:] == [place]:
                key = (*key[:-1], key[-1] + 1)
            examples.setdefault(key, (condition, row.base))
            asking[key].append(place)
    return [_Question(*examples[key], bits.of(places)) for key, places in asking.items()]


def _sets(pairs: Iterable[tuple[Key, int]]) -> dict[Key, Bits]:
    """The places of each key."""
    found: dict[Key, list[int]] = defaultdict(list)
    for key, place in pairs:
        found[key].append(place)
    return {key: bits.of(places) for key, places in found.items()}


def _is_sure(status: CallStatus, confirmed_on: date | None, now: datetime) -> bool:
    return status != CallStatus.UNTIL_EXHAUSTED or not deadlines.may_be_used_up(confirmed_on, now)


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
