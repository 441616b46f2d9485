"""Since when each record has been public without a break, as far as it is public today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Min, OuterRef, Q, Value
from django.db.models.functions import Cast

from clusters.models import Publication, Record

from . import kinds
from .reading import rows_of, united

Key = tuple[type[Record], int]
GATES = 2  # relations that a record stands on directly, at most


class Standing:
    """`since` tells when a record, and all it stands on, became public; None for what is not public today."""

    def __init__(self, wanted: Mapping[type[Record], Iterable[int]]) -> None:
        self._made: dict[Key, datetime] = {}
        self._gates: dict[Key, list[Key]] = {}
        todo = {model: set(pks) for model, pks in wanted.items() if pks}
        while todo:  # a record, what it stands on, and what that stands on
            todo = self._read(todo)
        self._first = _first_public(self._made)

    def _read(self, wanted: Mapping[type[Record], set[int]]) -> dict[type[Record], set[int]]:
        """Whether records are public, in one query; returns what they stand on and was not read yet."""
        parts = []
        for model, pks in wanted.items():
            names: list[Any] = [F(name) for name, _kind in kinds.gates(model)]
            names += [Cast(Value(None), BigIntegerField())] * (GATES - len(names))
            parts.append(
                model.objects.published()
                .order_by()
                .filter(pk__in=pks)
                .annotate(of=Value(kinds.code(model)), gate_1=names[0], gate_2=names[1])
                .values_list("of", "pk", "created_at", "gate_1", "gate_2")
            )
        todo: dict[type[Record], set[int]] = defaultdict(set)
        for code, pk, made, *gates in united(parts):
            model = kinds.BY_CODE[code]
            self._made[model, pk] = made
            stands_on = [
                (kind, gate)
                for (_name, kind), gate in zip(kinds.gates(model), gates, strict=False)
                if gate is not None
            ]
            self._gates[model, pk] = stands_on
            for kind, gate in stands_on:
                if (kind, gate) not in self._made:
                    todo[kind].add(gate)
        return todo

    def own(self, key: Key) -> datetime | None:
        """Since when the record itself is published."""
        return self._first.get(key) or self._made.get(key)

    def since(self, key: Key) -> datetime | None:
        own = self.own(key)
        if own is None:
            return None
        moments = [own]
        for gate in self._gates[key]:
            since = self.since(gate)
            if since is None:
                return None
            moments.append(since)
        return max(moments)

    def was_public(self, key: Key, when: datetime) -> bool:
        since = self.since(key)
        return since is not None and since <= when


def _first_public(records: Iterable[Key]) -> dict[Key, datetime]:
    """The moment of the first row of the history after which no row is hidden; in one query."""
    wanted: dict[type[Record], set[int]] = defaultdict(set)
    for model, pk in records:
        wanted[model].add(pk)
    parts = []
    for model, pks in wanted.items():
        hidden = rows_of(model).filter(
            ~Q(publication=Publication.PUBLISHED) | Q(history_type="-"),
            id=OuterRef("id"),
            history_id__gte=OuterRef("history_id"),
        )
        parts.append(
            rows_of(model)
            .filter(~Exists(hidden), id__in=pks)
            .values("id")
            .annotate(of=Value(kinds.code(model)), first=Min("history_date"))
            .values_list("of", "id", "first")
        )
    return {(kinds.BY_CODE[code], pk): first for code, pk, first in united(parts)} if parts else {}
