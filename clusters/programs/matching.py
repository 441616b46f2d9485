"""Which calls somebody could apply for: every call open or ahead, weighed by its published conditions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models import Prefetch

from clusters.dates import SEOUL
from clusters.models import (
    Call,
    Company,
    Coverage,
    Criterion,
    District,
    Office,
    PeriodKind,
    Precision,
    Program,
)

from . import deadlines
from .deadlines import CallStatus
from .eligibility import Applicant, Condition, Finding, Result, Verdict, judge

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
)


@dataclass(frozen=True)
class Weighed:
    """One call with what came of weighing it. `outside` says that the program covers other regions."""

    call_pk: int
    program_pk: int
    status: CallStatus
    base: date
    base_is_stated: bool
    result: Result
    outside: bool = False

    @property
    def verdict(self) -> Verdict:
        if self.result.verdict == Verdict.MET and self.outside:
            return Verdict.CHECK
        return self.result.verdict

    @property
    def is_within_reach(self) -> bool:
        """Nothing that was said rules it out, and it is for the place that was said."""
        return self.result.verdict != Verdict.UNMET and not self.outside


@dataclass
class Match:
    """A weighed call as a page shows it, with its records."""

    weighed: Weighed
    call: Call
    deadline: deadlines.Deadline
    criteria: list[tuple[Criterion, Finding]] = field(default_factory=list)

    @property
    def program(self) -> Program:
        return self.call.program

    @property
    def to_check(self) -> int:
        return len(self.weighed.result.of(Verdict.CHECK))


@dataclass
class Calls:
    """All calls open or ahead at a moment with their conditions, the nearest deadline first: read once, weighed often."""

    now: datetime
    rows: list[tuple]
    conditions: dict[int, list[Condition]]

    @classmethod
    def read(cls, now: datetime, programs: Collection[int] | None = None) -> "Calls":
        """Those of some programs or of all, in two queries."""
        looked_at = deadlines.calls_that_are(LOOKED_AT, now)
        if programs is not None:
            looked_at = looked_at.filter(program__in=programs)
        rows = list(looked_at.order_by("rank", "closes_at", "opens_at", "slug").values_list(*_CALL))
        conditions: dict[int, list[Condition]] = defaultdict(list)
        for pk, call, dimension, terms, necessity in (
            Criterion.objects.published()
            .filter(call__in=looked_at.order_by().values("pk"))
            .order_by("call", "order")
            .values_list("pk", "call_id", "dimension", "terms", "necessity")
        ):
            conditions[call].append(Condition(dimension, terms, necessity, pk))
        return cls(now, rows, conditions)

    @cached_property
    def covered(self) -> dict[int, set[tuple[str, str]]]:
        return _covered({program for _pk, program, *_rest in self.rows})

    def weighed(self, applicant: Applicant) -> list[Weighed]:
        found = []
        for pk, program, base_date, opens_at, precision, period, coverage, rank in self.rows:
            base, stated = _base(
                base_date, opens_at if period == PeriodKind.WINDOW else None, precision, self.now
            )
            outside = (
                bool(applicant.province)
                and coverage != Coverage.NATIONWIDE
                and not _covers(self.covered.get(program, ()), applicant)
            )
            result = judge(applicant, self.conditions.get(pk, ()), base)
            status = CallStatus(CallStatus.values[rank])
            found.append(Weighed(pk, program, status, base, stated, result, outside))
        return found


def weigh(applicant: Applicant, now: datetime) -> list[Weighed]:
    """All calls open or ahead at a moment, the nearest deadline first, in four queries at most."""
    return Calls.read(now).weighed(applicant)


def _base(
    base_date: date | None, opens_at: datetime | None, precision: str, now: datetime
) -> tuple[date, bool]:
    """The day that decides, and whether the notice states it: else the day on which a window opens, else today."""
    if base_date is not None:
        return base_date, True
    today = now.astimezone(SEOUL).date()
    if opens_at is not None and precision in (Precision.TIME, Precision.DAY):
        return opens_at.astimezone(SEOUL).date(), False
    return today, False


def region_of(district: District) -> tuple[str, str]:
    """The province and, where the district lies in one only, the city or gu of an applicant there."""
    parts = district.municipality_ko.split("·")
    return district.province.slug, parts[0] if len(parts) == 1 else ""


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


def show(weighed: Iterable[Weighed], now: datetime) -> Iterator[Match]:
    """The weighed calls with their programs, deadlines and clauses, for a page."""
    weighed = list(weighed)
    evidence = Prefetch(
        "criteria",
        Criterion.objects.published().select_related("source").prefetch_related("further_sources"),
        to_attr="public_criteria",
    )
    calls = (
        Call.objects.select_related("program", "program__operator", "source")
        .prefetch_related(evidence, "program__provinces", "program__support_kinds")
        .prefetch_related(Prefetch("program__districts", District.objects.published()))
        .in_bulk([one.call_pk for one in weighed])
    )
    for one in weighed:
        call = calls[one.call_pk]
        by_key = {finding.condition.key: finding for finding in one.result.findings}
        criteria = [(each, by_key[each.pk]) for each in call.public_criteria if each.pk in by_key]
        yield Match(one, call, deadlines.describe(call, now), criteria)


def programs_open_to(applicant: Applicant, now: datetime) -> dict[int, Verdict]:
    """For each program that takes applications, the best verdict among its calls."""
    best: dict[int, Verdict] = {}
    order = [Verdict.MET, Verdict.CHECK, Verdict.UNMET]
    for one in weigh(applicant, now):
        if one.status in deadlines.TAKES_APPLICATIONS:
            known = best.get(one.program_pk, Verdict.UNMET)
            best[one.program_pk] = min(known, one.verdict, key=order.index)
    return best


def of_company(company: Company) -> Applicant:
    """What the directory knows about a published company; what it does not know stays unsaid."""
    head_office = (
        Office.objects.published()
        .filter(company=company, kind="hq", status="confirmed", until="")
        .select_related("district__province", "province")
        .first()
    )
    province = municipality = ""
    if company.hq_country != "KR":
        province = "abroad"
    elif head_office is not None and head_office.district is not None:
        province, municipality = region_of(head_office.district)
    elif head_office is not None and head_office.province is not None:
        province = head_office.province.slug
    stage = company.stage if company.stage not in ("unknown", "subsidiary", "acquired") else ""
    return Applicant(
        form="corporation",
        founded=company.founded or None,
        size=company.kind if company.kind != "global_branch" else "",
        province=province,
        municipality=municipality,
        technologies=frozenset(one.slug for one in company.technologies.all()),
        industries=frozenset(one.slug for one in company.industries.all()),
        stage=stage,
    )
