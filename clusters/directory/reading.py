"""Reads many records at once for a file: what many of them share (a source, a district, a technology) is made once.

A queryset says what belongs to its records by select_related and prefetch_related; this reads the same, and every
record can be asked as if Django had read it. Django makes an object for each mention of a related record, and a
manager for each record and relation, which costs most of the time of a long file.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

KEPT = 5000  # related records of one kind


class Reading:
    """The related records met so far; good as long as none of them changes."""

    def __init__(self) -> None:
        self._met: dict[Any, dict[int, Model | None]] = defaultdict(dict)

    def records(self, rows: QuerySet) -> list[Any]:
        """The records of a queryset, with all that it says belongs to them."""
        found = list(rows.select_related(None).prefetch_related(None))
        if found:
            related: Any = rows.query.select_related
            for name in related or ():
                self._refer(rows.model, name, found)
            for lookup in rows._prefetch_related_lookups:  # type: ignore[attr-defined]
                self._gather(rows.model, Prefetch(lookup) if isinstance(lookup, str) else lookup, found)
        return found

    def _shared(self, key: Any, rows: QuerySet, pks: Iterable[int | None]) -> dict[int, Model | None]:
        """Those of some records that a queryset holds; `key` tells it from others of its kind."""
        met, wanted = self._met[key], {pk for pk in pks if pk is not None}
        if missing := wanted - met.keys():
            if len(met) + len(missing) > KEPT:
                met, missing = {}, wanted
            self._met[key] = met = met | dict.fromkeys(missing) | rows.in_bulk(missing)
        return met

    def _refer(self, model: type[Model], name: str, records: Sequence[Model]) -> None:
        field: Any = model._meta.get_field(name)
        rows = field.related_model._base_manager.all()
        shared = self._shared(field.related_model, rows, (getattr(one, field.attname) for one in records))
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
        through, ours = field.remote_field.through, field.m2m_column_name()
        if rows is None:
            rows = field.related_model._default_manager.all()
        pairs = list(
            through._base_manager.filter(**{f"{field.m2m_field_name()}__in": list(of)})
            .order_by(field.m2m_reverse_field_name())
            .values_list(ours, field.m2m_reverse_name())
        )
        shared = self._shared((field, str(rows.query)), rows, (theirs for _ours, theirs in pairs))
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
