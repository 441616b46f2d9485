"""Text search over records of one kind: a plain implementation, all behind `find`.

Every word of the query must occur somewhere in a record. Nothing is tokenized, so two Korean syllables, or one, are
found inside a longer word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When

from clusters.text import normalize_query

MAX_LENGTH = 100
MAX_WORDS = 8


@dataclass(frozen=True)
class Fields:
    """Where a search looks: names, other texts, and columns of related records."""

    names: tuple[str, ...]
    texts: tuple[str, ...] = ()
    related: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def words_of(text: str) -> list[str]:
    return normalize_query(text).split()


def find(records: QuerySet, text: str, fields: Fields) -> QuerySet:
    """Those records in which every word of the text occurs, in either language."""
    for word in words_of(text):
        condition = _in_columns(fields.names + fields.texts, word)
        for relation, columns in fields.related.items():
            condition |= _in_related(records.model, relation, columns, word)
        records = records.filter(condition)
    return records


def names_first(text: str, fields: Fields) -> Case:
    """Orders records whose names hold every word before those found by their texts."""
    condition = Q()
    for word in words_of(text):
        condition &= _in_columns(fields.names, word)
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())


def _in_columns(columns: tuple[str, ...], word: str) -> Q:
    condition = Q()
    for column in columns:
        condition |= Q(**{f"{column}__icontains": word})
    return condition


def _in_related(model: type[Model], relation: str, columns: tuple[str, ...], word: str) -> Q:
    """Records related to a public record that holds the word; as a subquery, so that no row comes twice."""
    public = cast("type[Model]", model._meta.get_field(relation).related_model)._default_manager.all()
    if hasattr(public, "published"):
        public = public.published()
    matching = public.filter(_in_columns(columns, word))
    return Q(pk__in=model._default_manager.filter(**{f"{relation}__in": matching}).order_by().values("pk"))
