"""Which rows refer to a record, read from the models so that no relation can be forgotten."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import models


class Relation(NamedTuple):
    """A field by which rows of a model refer to records of another."""

    model: type[models.Model]
    field: Any


def relations_to(model: type[models.Model]) -> Iterator[Relation]:
    """Every field that points at this model. Histories stay as they were; link tables go with their field."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel | models.ManyToManyRel):
            continue
        holder: Any = relation.related_model
        if not holder._meta.auto_created and not _is_history(holder):
            yield Relation(holder, relation.field)


def _is_history(model: type[models.Model]) -> bool:
    """Whether a model keeps rows of the history, or what their many-to-many fields held."""
    names = {field.name for field in model._meta.concrete_fields}
    return "history_id" in names or "m2m_history_id" in names


def twin(row: models.Model, moved: set[str]) -> models.Model | None:
    """The row that says the same already, once the named fields of this one have been set anew."""
    for names, condition in _keys(type(row)):
        if not moved & set(names):
            continue
        values = {name: getattr(row, row._meta.get_field(name).attname) for name in names}  # type: ignore[union-attr]
        if None in values.values():
            continue  # rows without a value are never the same to the database
        same = type(row)._default_manager.filter(**values).exclude(pk=row.pk)
        if condition is not None:
            # The condition speaks of fields that do not move, so the stored row answers for this one.
            if not type(row)._default_manager.filter(condition, pk=row.pk).exists():
                continue
            same = same.filter(condition)
        if (found := same.first()) is not None:
            return found
    return None


def _keys(model: type[models.Model]) -> Iterator[tuple[tuple[str, ...], models.Q | None]]:
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and rule.fields:
            yield tuple(rule.fields), rule.condition
    for names in model._meta.unique_together:
        yield tuple(names), None
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            yield (field.name,), None
