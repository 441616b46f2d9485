"""A plan: what an import would do to each record, and the order in which kinds of records are written."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, NamedTuple, overload

from django.db import models

from clusters.curation import fixtures

from .drafts import Draft, Problem
from .planned import Planned, PlannedRows


class FieldChange(NamedTuple):
    field: str
    before: str
    after: str


@dataclass(eq=False)
class Item:
    """A draft and what comes of it.

    action: "create", "change", "unchanged"; "refused" when something is wrong with it, "held" when something
        is suspicious and no reason was given, "waiting" when a record it stands on is refused or held
    reason: why it is written although it is suspicious
    """

    draft: Draft
    record: models.Model
    action: str
    before: dict[str, Any] | None = None
    relations: dict[str, list[Any]] = field(default_factory=dict)
    changes: list[FieldChange] = field(default_factory=list)
    reason: str = ""


class Items(Sequence):
    """Items in the order of writing; those of plain rows are made when they are looked at."""

    def __init__(self, rows: list[PlannedRows], careful: list[Item]) -> None:
        self._parts: list[PlannedRows | list[Item]] = []
        for model in in_order():
            self._parts += [one for one in rows if one.model is model]
            self._parts.append([item for item in careful if item.draft.model is model])

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[Item]:
        for part in self._parts:
            if isinstance(part, list):
                yield from part
            else:
                for piece in part:
                    yield from (Item(draft, record, "create") for record, draft in part.records(piece))

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...
    def __getitem__(self, at: int | slice) -> Item | list[Item]:
        if isinstance(at, slice):
            return [self[n] for n in range(*at.indices(len(self)))]
        if at < 0:
            at += len(self)
        for part in self._parts:
            if at >= len(part):
                at -= len(part)
            elif isinstance(part, list):
                return part[at]
            else:
                record, draft = part.at(at)
                return Item(draft, record, "create")
        raise IndexError(at)

    def __eq__(self, other: object) -> bool:
        return list(self) == other

    __hash__ = None  # type: ignore[assignment]


@dataclass
class Plan:
    """What an import would do.

    careful: items of rows that were looked at one by one; rows: new records of plain rows, kinds: the same by kind
    unchanged: how many stored records plain rows leave as they are, by kind
    """

    careful: list[Item] = field(default_factory=list)
    rows: list[PlannedRows] = field(default_factory=list)
    kinds: dict[type[models.Model], Planned] = field(default_factory=dict)
    unchanged: dict[type[models.Model], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def items(self) -> Items:
        """All of them but the unchanged ones of plain rows."""
        return Items(self.rows, self.careful)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.kind == "error"]

    @property
    def to_write(self) -> Items:
        return Items(self.rows, [item for item in self.careful if item.action in ("create", "change")])

    def counts(self) -> Counter:
        counts = Counter(
            item.action
            for item in self.careful
            if not item.draft.only_reference or item.action != "unchanged"
        )
        counts.update(
            {
                "create": sum(map(len, self.rows)),
                "unchanged": sum(self.unchanged.values()),
                "missing": sum(problem.kind == "missing" for problem in self.problems),
            }
        )
        return counts


@cache
def in_order() -> tuple[type[models.Model], ...]:
    """All kinds of records, each after those it refers to."""
    known = fixtures.fixture_models()
    graph: dict[type[models.Model], set] = {}
    for model in known:
        fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
        graph[model] = {f.related_model for f in fields if f.is_relation and f.related_model in known} - {
            model
        }
    return tuple(TopologicalSorter(graph).static_order())
