"""Reads many records at once for a file: what many of them share (a source, a district, a technology) is made once.

A queryset says what belongs to its records by select_related and prefetch_related; this reads the same, and every
record can be asked as if Django had read it. Django makes an object for each mention of a related record, and a
manager for each record and relation, which costs most of the time of a long file.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from clusters.models.prepared import Prepared

KEPT = 5000  # related records of one kind


class Reading:
    """The related records met so far; good as long as none of them changes."""

    def __init__(self) -> None:
        self._met: dict[Any, dict[int, Model | None]] = defaultdict(dict)

    def records(self, rows: QuerySet) -> list[Any]:
        """The records of a queryset, with all that it says belongs to them."""
        return self._with_related(list(rows.select_related(None).prefetch_related(None)), rows)

    def prepared(self, statement: Prepared, *values: Any) -> list[Any]:
        """The same of a statement that was made before."""
        return self._with_related(statement.records(values), statement.rows)

    def _with_related(self, found: list[Any], rows: QuerySet) -> list[Any]:
        if found:
            related: Any = rows.query.select_related
            for name in related or ():
                self._refer(rows.model, name, found)
            for lookup in rows._prefetch_related_lookups:  # type: ignore[attr-defined]
                self._gather(rows.model, Prefetch(lookup) if isinstance(lookup, str) else lookup, found)
        return found

    def _shared(
        self, key: Any, rows: QuerySet | Prepared, pks: Iterable[int | None]
    ) -> dict[int, Model | None]:
        """Those of some records that a queryset holds; `key` tells it from others of its kind."""
        met, wanted = self._met[key], {pk for pk in pks if pk is not None}
        if missing := wanted - met.keys():
            if len(met) + len(missing) > KEPT:
                met, missing = {}, wanted
            read = rows.in_bulk(missing) if isinstance(rows, QuerySet) else _by_number(rows.records(missing))
            self._met[key] = met = met | dict.fromkeys(missing) | read
        return met

    def _refer(self, model: type[Model], name: str, records: Sequence[Model]) -> None:
        field: Any = model._meta.get_field(name)
        pks = [getattr(one, field.attname) for one in records]
        shared = self._shared(field.related_model, _numbered(field.related_model), pks)
        for one in records:
            pk = getattr(one, field.attname)
            one._state.fields_cache[name] = None if pk is None else shared[pk]

    def _gather(self, model: type[Model], lookup: Prefetch, records: Sequence[Model]) -> None:
        field: Any = model._meta.get_field(lookup.prefetch_through)
        name = lookup.to_attr or lookup.prefetch_to
        of = self._many_to_many if field.many_to_many else self._parts
        members = of(field, lookup.queryset, {one.pk: one for one in records})
        for one in records:
            if lookup.to_attr:
                setattr(one, name, members[one.pk])
            else:
                one.__dict__.setdefault("_prefetched_objects_cache", {})[name] = members[one.pk]

    def _many_to_many(self, field: Any, rows: QuerySet | None, of: dict[int, Model]) -> dict[int, list]:
        pairs = _pairs(field).pairs(of)
        linked = [theirs for _ours, theirs in pairs]
        if rows is None:
            shared = self._shared(field, _numbered(field.related_model), linked)
        else:
            shared = self._shared((field, str(rows.query)), rows, linked)
        members: dict[int, list] = defaultdict(list)
        for one, other in pairs:
            if (related := shared[other]) is not None:
                members[one].append(related)
        return members

    def _parts(self, relation: Any, rows: QuerySet | None, of: dict[int, Model]) -> dict[int, list]:
        """The records that point at others, by whom they point at."""
        field = relation.field
        if rows is None:
            rows = relation.related_model._default_manager.all()
        members: dict[int, list] = defaultdict(list)
        for one in self.records(rows.filter(**{f"{field.name}__in": list(of)})):
            whole = getattr(one, field.attname)
            one._state.fields_cache[field.name] = of[whole]
            members[whole].append(one)
        return members


@cache
def _numbered(model: type[Model]) -> Prepared:
    """The records of a model with some numbers."""
    return Prepared(lambda pks: model._base_manager.filter(pk__in=pks))


@cache
def _pairs(field: Any) -> Prepared:
    """Who is linked with whom by a many-to-many field, in the order of the linked."""
    ours, theirs = field.m2m_column_name(), field.m2m_reverse_name()
    links = field.remote_field.through._base_manager.order_by(field.m2m_reverse_field_name())
    return Prepared(
        lambda pks: links.filter(**{f"{field.m2m_field_name()}__in": pks}).values_list(ours, theirs)
    )


def _by_number(records: Iterable[Model]) -> dict[int, Model]:
    return {record.pk: record for record in records}
