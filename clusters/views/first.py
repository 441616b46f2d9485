"""The first of rows that may be very many, for a profile that leads to the list of all or shows them by pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language

from clusters import models as m
from clusters.directory import controls
from clusters.directory.registry import BY_NAME
from clusters.directory.snapshot import keeper
from clusters.programs import deadlines

MOST = 24


class First:
    """One page of the rows, as a rule the first; the last where they end before."""

    def __init__(self, rows: Sequence, total: int, page: int = 1) -> None:
        self.rows, self.total, self.page = rows, total, page

    @classmethod
    def of(cls, rows: QuerySet, page: int = 1) -> "First":
        if page == 1 and len(found := list(rows[: MOST + 1])) <= MOST:
            return cls(found, len(found))
        total = rows.order_by().count()
        page, start = _within(total, page)
        return cls(list(rows[start : start + MOST]), total, page)

    @property
    def is_all(self) -> bool:
        return self.total <= MOST

    def pager(self, address: Callable[[int], str]) -> controls.Pager:
        return controls.pages(self.page, MOST, self.total, address)

    def __iter__(self) -> Iterator:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def with_evidence(facts: QuerySet, *related: str) -> QuerySet:
    """Facts with what their evidence needs, in a fixed number of queries."""
    return facts.select_related("source", *related).prefetch_related("further_sources")


def program_rows(programs: QuerySet, now: datetime) -> list[dict]:
    """Programs with the deadline that matters now, the ones open for application first."""
    rows = []
    for program in programs.select_related("operator").prefetch_related(
        Prefetch("calls", with_evidence(m.Call.objects.published()), to_attr="public_calls"),
        "support_kinds",
        "provinces",
        Prefetch("districts", m.District.objects.published()),
    ):
        call = deadlines.current_call(program.public_calls, now)
        rows.append({"program": program, "call": call, "deadline": call and deadlines.describe(call, now)})
    rows.sort(key=lambda row: (deadlines.rank(row["call"], now), str(row["program"].name)))
    return rows


def _within(total: int, page: int) -> tuple[int, int]:
    """A page that there is, and the number of rows before it."""
    page = max(1, min(page, -(-total // MOST)))
    return page, (page - 1) * MOST


def first_programs(
    lists: Mapping[str, QuerySet], data_version: int, now: datetime, pages: Mapping[str, int] | None = None
) -> dict[str, First]:
    """Of each list of public programs one page, in the order of their deadlines as the list of all has them."""
    entry = BY_NAME["programs"]
    order = (entry.default_sort, get_language() or "ko")
    snapshot = keeper(entry).at(data_version, order, now)
    chosen: dict[str, tuple[list[int], int, int]] = {}
    for name, programs in lists.items():
        page = (pages or {}).get(name, 1)
        if snapshot is not None:
            index = snapshot.index(order)
            rows = index.rows(programs.order_by().values_list("pk", flat=True))
            total = rows.bit_count()
            page, start = _within(total, page)
            pks = index.cut(rows, start, start + MOST)
        else:
            ordered = list(programs.order_by(*entry.order(*order, now)).values_list("pk", flat=True))
            total = len(ordered)
            page, start = _within(total, page)
            pks = ordered[start : start + MOST]
        chosen[name] = pks, total, page
    wanted = {pk for pks, _total, _page in chosen.values() for pk in pks}
    found = program_rows(m.Program.objects.published().filter(pk__in=wanted), now)
    return {
        name: First([row for row in found if row["program"].pk in pks], total, page)
        for name, (pks, total, page) in chosen.items()
    }
