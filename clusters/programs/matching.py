"""Which calls somebody could apply for: every call open or ahead, weighed by its published conditions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from clusters.models import (
    Call,
    Company,
    Criterion,
    District,
    Office,
    Program,
)

from . import deadlines
from .eligibility import Applicant, Finding, Verdict
from .weighing import Weighed, weigh


@dataclass
class Match:
    """A weighed call as a page shows it, with its records."""

    weighed: Weighed
    call: Call
    criteria: list[tuple[Criterion, Finding]] = field(default_factory=list)

    @property
    def program(self) -> Program:
        return self.call.program


def region_of(district: District) -> tuple[str, str]:
    """The province and, where the district lies in one only, the city or gu of an applicant there."""
    parts = district.municipality_ko.split("·")
    return district.province.slug, parts[0] if len(parts) == 1 else ""


def calls(numbers: Iterable[int]) -> dict[int, Any]:
    """Calls by number with what is said of them: their programs, and their public conditions with their evidence."""
    evidence = Prefetch(
        "criteria",
        Criterion.objects.published().select_related("source").prefetch_related("further_sources"),
        to_attr="public_criteria",
    )
    return (
        Call.objects.published()
        .select_related("program", "program__operator", "source")
        .prefetch_related(evidence, "program__provinces", "program__support_kinds")
        .prefetch_related(Prefetch("program__districts", District.objects.published()))
        .in_bulk(list(set(numbers)))
    )


def show(weighed: Iterable[Weighed], known: Mapping[int, Any]) -> Iterator[Match]:
    """The weighed calls with their records, without those that were withdrawn just now."""
    for one in weighed:
        call = known.get(one.call_pk)
        if call is None:
            continue
        by_key = {finding.condition.key: finding for finding in one.result.findings}
        criteria = [(each, by_key[each.pk]) for each in call.public_criteria if each.pk in by_key]
        yield Match(one, call, criteria)


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
