"""The offices in a district: how many of each finding there are, and the first of them, from the snapshot or the tables.

The settled ones come first, among them those of companies whose business is AI, and then as the list of companies has
them by name.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from clusters.models import District, Office, Relevance, Status

from .bitsets import Index
from .columns import Folded
from .rules import CURRENT
from .tallies import index_of_companies

BY_FINDING = (Status.CONFIRMED, Status.UNVERIFIED, Status.DISPUTED, Status.OUTDATED)
PAST = tuple(status for status in BY_FINDING if status not in CURRENT)


@dataclass(frozen=True)
class Tenants:
    """Offices by finding, and the first of those that are there and of those that were."""

    counts: dict[str, int]
    current: list[Office]
    past: list[Office]

    @property
    def current_total(self) -> int:
        return sum(self.counts.get(status, 0) for status in CURRENT)

    @property
    def past_total(self) -> int:
        return sum(self.counts.get(status, 0) for status in PAST)


def of_district(district: District, most: int, data_version: int, language: str, now: datetime) -> Tenants:
    """At most so many offices of either kind, each with its company, the technologies of that, and its evidence."""
    here = Office.objects.published().filter(district=district)
    index = index_of_companies(data_version, language, now)
    if index is None:
        counts, offices = _from_tables(here, most, language)
    else:
        counts = {status: _number(index, district.slug, status) for status in BY_FINDING}
        offices = _first(index, district.slug, here, most)
    return Tenants(
        counts, *([one for one in offices if one.status in which][:most] for which in (CURRENT, PAST))
    )


def _whole(offices: QuerySet) -> QuerySet:
    return offices.select_related("source", "company").prefetch_related(
        "further_sources", "company__technologies"
    )


def _from_tables(here: QuerySet, most: int, language: str) -> tuple[dict[str, int], list[Office]]:
    settled = [When(status=status, then=Value(place)) for place, status in enumerate(BY_FINDING)]
    core = When(company__ai_relevance=Relevance.CORE, then=Value(0))
    rows = here.order_by(
        Case(*settled, default=Value(len(settled))),
        Case(core, default=Value(1)),
        Folded(f"company__name_{language}"),
        "company__slug",
        "pk",
    ).values_list("pk", "status")
    found = list(rows)
    first = [
        pk
        for which in (CURRENT, PAST)
        for pk in islice((pk for pk, status in found if status in which), most)
    ]
    offices = {office.pk: office for office in _whole(here.filter(pk__in=first))}
    return Counter(status for _, status in found), [offices[pk] for pk in first if pk in offices]


# ---- from the snapshot: it lists companies, and a tag says which of them have a further office of a kind ----


def _number(index: Index, slug: str, status: str) -> int:
    """How many offices of one finding there are."""
    tag: tuple[Any, ...] = (slug, status)
    total, number = 0, 1
    while rows := index.bits.get(tag, 0):
        total += rows.bit_count()
        number += 1
        tag = (slug, status, number)
    return total


def _first(index: Index, slug: str, here: QuerySet, most: int) -> list[Office]:
    """In order, at least as many as are wanted of those that are there and of those that were."""
    places: dict[tuple[int, str], int] = {}  # of a company with a finding
    for statuses in (CURRENT, PAST):
        # Each of them has an office.
        for company, status in islice(_companies(index, slug, statuses, most), most):
            places[company, status] = len(places)
    offices = [
        office
        for office in _whole(here.filter(company__in={company for company, _ in places}).order_by("pk"))
        if (office.company_id, office.status) in places
    ]
    return sorted(offices, key=lambda office: places[office.company_id, office.status])


def _companies(index: Index, slug: str, statuses: Sequence[str], most: int) -> Iterator[tuple[int, str]]:
    """Companies with an office of such a finding, in order: at most so many of a kind, then those of the next."""
    core = index.bits.get(("relevance", Relevance.CORE), 0)
    for status in BY_FINDING:
        if status in statuses:
            those = index.bits.get((slug, status), 0)
            for rows in (those & core, those & ~core):
                yield from ((company, status) for company in index.cut(rows, 0, most))
