"""A plan: what an import would do to each record, and the order in which kinds of records are written."""

from collections import Counter
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from django.db import models

from clusters.curation import fixtures

from .drafts import Draft, Problem


class FieldChange(NamedTuple):
    field: str
    before: str
    after: str


@dataclass(eq=False)
class Item:
    """A draft and what comes of it.

    action: "create", "change", "unchanged"; "refused" when something is wrong with it, "held" when something
        is suspicious and no reason was given, "waiting" when a record it stands on is refused or held
    """

    draft: Draft
    record: models.Model
    action: str
    before: dict[str, Any] | None = None
    relations: dict[str, list[Any]] = field(default_factory=dict)
    changes: list[FieldChange] = field(default_factory=list)


@dataclass
class Plan:
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.kind == "error"]

    @property
    def to_write(self) -> list[Item]:
        return [item for item in self.items if item.action in ("create", "change")]

    def counts(self) -> Counter:
        counts = Counter(
            item.action for item in self.items if not item.draft.only_reference or item.action != "unchanged"
        )
        counts.update({"missing": sum(problem.kind == "missing" for problem in self.problems)})
        return counts


def in_order() -> list[type[models.Model]]:
    """All kinds of records, each after those it refers to."""
    known = fixtures.fixture_models()
    graph: dict[type[models.Model], set] = {}
    for model in known:
        fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
        graph[model] = {f.related_model for f in fields if f.is_relation and f.related_model in known} - {
            model
        }
    return list(TopologicalSorter(graph).static_order())
