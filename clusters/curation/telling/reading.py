"""Reads the history in windows, newest first: a bounded number of rows, whatever the history holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Left

from clusters.models import District, Record

from . import kinds

WINDOW = 1000  # rows of the history that are looked at in one go


class Row(NamedTuple):
    """A row of the history without its contents."""

    kind: str
    history_id: int
    pk: int
    when: datetime
    type: str
    publication: str
    user: int | None
    reason: str | None


@dataclass(frozen=True)
class Question:
    """Which changes are asked for: kinds of record, one record with its rows, one district, and between which moments."""

    models: tuple[type[Record], ...] = ()
    record: Record | None = None
    district: District | None = None
    since: datetime | None = None
    before: datetime | None = None

    def conditions(self, model: type[Record]) -> Q | None:
        """Which rows of a kind are asked for; None for none."""
        found = Q()
        for about, rows_of in ((self.record, kinds.of_record), (self.district, kinds.of_district)):
            if about is not None:
                rows = rows_of(model, about)  # type: ignore[arg-type]
                if rows is None:
                    return None
                found &= rows
        return found & Q(history_date__gte=self.since) if self.since else found


def rows_of(model: Any) -> QuerySet:
    """The history of a kind, in no order."""
    return model.history.model.objects.order_by()


def united(parts: Sequence[QuerySet]) -> QuerySet:
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def window(question: Question, before: datetime | None) -> tuple[list[Row], bool]:
    """The latest rows before a moment, newest first, and whether there are more; in one query."""
    parts = []
    for model in question.models or tuple(kinds.PLACES):
        conditions = question.conditions(model)
        if conditions is None:
            continue
        if before is not None:
            conditions &= Q(history_date__lt=before)
        # Each kind gives no more than a window, found by the index of the moments.
        latest = rows_of(model).filter(conditions).order_by("-history_date", "-history_id")
        parts.append(
            rows_of(model)
            .filter(history_id__in=latest.values("history_id")[: WINDOW + 1])
            .values_list(
                Value(kinds.code(model)),
                "history_id",
                "id",
                "history_date",
                "history_type",
                "publication",
                "history_user_id",
                Left("history_change_reason", 60),
            )
        )
    if not parts:
        return [], False
    found = united(parts).order_by("-history_date", "-history_id")[: WINDOW + 1]
    rows = [Row(*row) for row in found]
    return rows[:WINDOW], len(rows) > WINDOW


def before_them(wanted: dict[str, set[int]]) -> dict[tuple[str, int], int]:
    """For rows of the history, by kind and number: the number of the row before it of the same record; in one query."""
    parts = []
    for kind, numbers in wanted.items():
        rows = rows_of(kinds.BY_CODE[kind])
        earlier = rows.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
        parts.append(
            rows.filter(history_id__in=numbers).values_list(
                Value(kind),
                "history_id",
                Subquery(earlier.order_by("-history_id").values("history_id")[:1]),
            )
        )
    if not parts:
        return {}
    return {(kind, number): before for kind, number, before in united(parts) if before is not None}
