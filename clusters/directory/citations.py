"""What rests on a source: every public statement that cites it, a page at a time where there are many."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clusters import models as m
from clusters.models import Source

SHOWN = 50  # of each kind, where all kinds are shown
PER_PAGE = 100


@dataclass(frozen=True)
class Kind:
    """A kind of statement: the path to the record whose page shows it, and how it reads there."""

    model: type[m.Record]
    words: Callable[[Any], str]
    shown_on: str = ""
    named: Promise | None = None

    @property
    def code(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def label(self) -> str:
        return str(self.named or self.model._meta.verbose_name_plural)

    def citing(self, source: Source) -> QuerySet:
        """The public statements of this kind that cite a source.

        By numbers: a join with every further source would read all statements there are.
        """
        cited = Q(source=source)
        for name in ("further_sources", "profile_sources"):
            if relation := getattr(self.model, name, None):
                column = self.model._meta.get_field(name).m2m_column_name()  # type: ignore[union-attr]
                links = relation.through._base_manager.filter(source=source)
                cited |= Q(pk__in=links.values(column))
        if self.model is m.Claim:
            cited |= Q(made_in=source)
        related = [name for name in (self.shown_on, *self.model.gates, *self.model.optional_gates) if name]
        rows = self.model.objects.published().filter(cited)
        if related:
            rows = rows.select_related(*related)
        return rows.order_by(*self.model._meta.ordering, "pk")

    def statement(self, record) -> tuple[str, str, Any]:
        page = record
        for part in filter(None, self.shown_on.split("__")):
            page = getattr(page, part) if page is not None else None
        return self.words(record), page.get_absolute_url() if page is not None else "", record


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            m.Office,
            lambda one: f"{one.company.name}, {one.get_kind_display()}, {one.address or one.district or ''}",
            "company",
        ),
        Kind(
            m.FundingRound,
            lambda one: f"{one.company.name}, {one.get_round_display()}, {one.date.display()}",
            "company",
        ),
        Kind(m.Observation, lambda one: f"{one.series}, {one.period.display()}", "series__district"),
        Kind(m.Claim, lambda one: f"{one.district}: {one.statement}", "district"),
        Kind(m.Designation, lambda one: f"{one.district}: {one.title}", "district"),
        Kind(m.Trait, lambda one: f"{one.district}: {one.text}", "district"),
        Kind(m.Station, lambda one: f"{one.district}: {one.name}", "district"),
        Kind(m.AnchorSite, lambda one: f"{one.district}: {one.name}", "district"),
        Kind(m.Call, lambda one: f"{one.program.name}, {one.label}", "program"),
        Kind(m.Criterion, lambda one: f"{one.call}: {one.value}", "call__program"),
        Kind(m.Institution, lambda one: str(one.name)),
        Kind(m.Event, lambda one: str(one.name)),
        Kind(m.Company, lambda one: str(one.name), named=_("profiles of companies")),
        Kind(m.Program, lambda one: str(one.name), named=_("programs")),
        Kind(m.District, lambda one: str(one.name), named=_("districts")),
    )
}


@dataclass
class Citing:
    """Statements of one kind that cite a source: each with the text to show and the page that shows it."""

    kind: Kind
    total: int
    statements: list[tuple[str, str, Any]] = field(default_factory=list)
    page: int = 1

    @property
    def last_page(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def _totals(source: Source) -> dict[str, int]:
    """How many statements of each kind cite a source, asked at once."""
    counted = [
        kind.citing(source)
        .select_related(None)
        .order_by()
        .values(statement_kind=Value(kind.code))
        .annotate(statement_count=Count("pk"))
        for kind in KINDS.values()
    ]
    return {row["statement_kind"]: row["statement_count"] for row in counted[0].union(*counted[1:], all=True)}


def resting_on(source: Source) -> list[Citing]:
    """The first statements of every kind that cites the source."""
    totals = _totals(source)
    return [
        Citing(kind, totals[code], list(map(kind.statement, kind.citing(source)[:SHOWN])))
        for code, kind in KINDS.items()
        if totals.get(code)
    ]


def of_kind(source: Source, code: str, page: int) -> Citing:
    """One page of the statements of one kind; the last one where a later one is asked for."""
    kind = KINDS[code]
    rows = kind.citing(source)
    citing = Citing(kind, rows.count())
    citing.page = min(page, citing.last_page)
    start = (citing.page - 1) * PER_PAGE
    citing.statements = list(map(kind.statement, rows[start : start + PER_PAGE]))
    return citing
