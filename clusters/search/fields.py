"""What is searched: for each kind of record its names, its texts, and those of related records.

Each directory declares its own; they are bound to the index when the app starts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from django.db.models import Model, Q
from django.db.models.fields.reverse_related import ForeignObjectRel

from clusters.models import Fact, Publication, Record, Status

# An entry is known by one number: its kind in the upper bits, the primary key of its record below.
KEY_BITS = 48


@dataclass(frozen=True)
class Fields:
    """Where a search looks: names, other texts, and columns of related records."""

    names: tuple[str, ...]
    texts: tuple[str, ...] = ()
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Kind:
    """A model whose public records have an entry each, and the range of their numbers."""

    number: int
    model: type[Model]
    fields: Fields

    @property
    def base(self) -> int:
        return self.number << KEY_BITS

    @property
    def range(self) -> tuple[int, int]:
        return self.base, self.base + (1 << KEY_BITS) - 1

    def steps(self) -> Iterator[tuple[str, type[Model]]]:
        """Every relation that leads to something an entry holds or depends on, and where it leads."""
        seen = set()
        for relation, columns in self.fields.related.items():
            found = related_model(self.model, relation)
            gates = (*found.gates, *found.optional_gates) if issubclass(found, Record) else ()
            for path in ("", *(column.rpartition("__")[0] for column in columns), *gates):
                whole = f"{relation}__{path}" if path else relation
                if whole not in seen and (leads_to := related_model(self.model, whole)) is not self.model:
                    seen.add(whole)
                    yield whole, leads_to


KINDS: dict[type[Model], Kind] = {}


def declare(model: type[Model], fields: Fields) -> None:
    KINDS[model] = Kind(len(KINDS) + 1, model, fields)
    leading_to.cache_clear()
    watched.cache_clear()


@cache
def leading_to(model: type[Model]) -> tuple[tuple[Kind, str], ...]:
    """The kinds whose entries hang on records of a model, each with the way there."""
    return tuple((kind, path) for kind in KINDS.values() for path, found in kind.steps() if found is model)


@cache
def watched(model: type[Model]) -> tuple[str, ...]:
    """The columns of a model that make a difference to the entries that hang on it."""
    found = {field.attname for field in model._meta.concrete_fields if field.is_relation}
    for kind, path in leading_to(model):
        for relation, columns in kind.fields.related.items():
            for column in columns:
                place, _, name = f"{relation}__{column}".rpartition("__")
                if place == path:
                    found.add(name)
    if issubclass(model, Record):
        found.add("publication")
    if issubclass(model, Fact):
        found.add("status")
    return tuple(sorted(found))


def hangs_by_its_own_key(model: type[Model]) -> bool:
    """Whether entries hang on records of a model only as theirs do that these name themselves, as an office does."""
    return all(
        "__" not in path and relation_of(kind.model, path).one_to_many for kind, path in leading_to(model)
    )


def kind_of(key: int) -> Kind | None:
    """None for a key that was never given, as only a broken index has it."""
    kinds, place = list(KINDS.values()), (key >> KEY_BITS) - 1
    return kinds[place] if 0 <= place < len(kinds) else None


def relation_of(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def related_model(model: type[Model], path: str) -> type[Model]:
    for name in path.split("__"):
        model = cast("type[Model]", relation_of(model, name).related_model)
    return model


@cache
def way_back(model: type[Model], path: str) -> str:
    """From the records at the end of a path to those of the model it begins at; "" where a step has no name back."""
    names: list[str] = []
    for name in path.split("__"):
        relation = relation_of(model, name)
        if relation.remote_field.hidden:
            return ""
        names.insert(0, relation.remote_field.name)
        model = relation.related_model
    return "__".join(names)


def public(model: type[Model], relation: str) -> Q:
    """Of the records that a relation leads to those readers may see, and of several facts those not outdated."""
    found = related_model(model, relation)
    gate = Q()
    if issubclass(found, Record):
        gate &= Q(**{f"{relation}__publication": Publication.PUBLISHED})
        for path in found.gates:
            gate &= Q(**{f"{relation}__{path}__publication": Publication.PUBLISHED})
        for path in found.optional_gates:
            gate &= Q(**{f"{relation}__{path}__isnull": True}) | Q(
                **{f"{relation}__{path}__publication": Publication.PUBLISHED}
            )
    if issubclass(found, Fact) and isinstance(relation_of(model, relation), ForeignObjectRel):
        current = [status for status in Status.values if status != Status.OUTDATED]
        gate &= Q(**{f"{relation}__status__in": current})
    return gate
