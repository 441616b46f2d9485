"""What a deletion takes along, told in records: the rows that only link two of them go unmentioned.

Where it is more than somebody would read, the first of each kind are named and the others counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import quote
from django.db import models
from django.db.models.deletion import CASCADE, PROTECT, get_candidate_relations_to_delete
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clusters.units import plain

MANY = 200  # records; up to that number each one is named, with what hangs on it
NAMED = 10  # of each kind, where there are more
AT_ONCE = 500  # numbers in one statement

Model = type[models.Model]


def links() -> list:
    """The tables that Django makes for relations to several records; their rows have no name a reader knows."""
    return [m._meta for m in apps.get_models(include_auto_created=True) if m._meta.auto_created]


def without(told: list, starts: tuple[str, ...]) -> list:
    """A list of texts and lists of what hangs on them, without the texts that begin in one of these ways."""
    return [
        without(one, starts) if isinstance(one, list) else one
        for one in told
        if isinstance(one, list) or not str(one).startswith(starts)
    ]


class Reach:
    """All that goes with some records, and what stands against it, by kind: numbers, no records."""

    def __init__(self, records: Sequence[models.Model]) -> None:
        self.roots = records
        self.gone: dict[Model, set[int]] = {}
        self.against: dict[Model, set[int]] = {}
        self._take(type(records[0]), {one.pk for one in records})

    def _take(self, model: Model, pks: set[int]) -> None:
        new = pks - self.gone.setdefault(model, set())
        self.gone[model] |= new
        relations: Iterable[Any] = get_candidate_relations_to_delete(model._meta) if new else ()
        for relation in relations:
            on_delete, kind = relation.on_delete, relation.related_model
            if on_delete in {CASCADE, PROTECT} and not kind._meta.auto_created:
                found = set(_pointing(relation, new))
                if on_delete is CASCADE:
                    self._take(kind, found)
                elif found:
                    self.against.setdefault(kind, set()).update(found)

    @property
    def size(self) -> int:
        return sum(len(pks) for kinds in (self.gone, self.against) for pks in kinds.values())


def _pointing(relation: Any, pks: set[int]) -> Iterator[int]:
    """The numbers of the records that point at others by a relation."""
    ordered, rows = sorted(pks), relation.related_model._base_manager
    for start in range(0, len(ordered), AT_ONCE):
        here = {f"{relation.field.name}__in": ordered[start : start + AT_ONCE]}
        yield from rows.filter(**here).values_list("pk", flat=True).iterator()


def _first(model: Model, pks: set[int]) -> models.QuerySet:
    """With what their names are made of."""
    related = [field.name for field in model._meta.concrete_fields if field.many_to_one]
    return model._base_manager.filter(pk__in=sorted(pks)[:NAMED]).select_related(*related)


def _one_of_each_publication(model: Model, pks: set[int]) -> list[models.Model | None]:
    """Records that stand for all of a kind where it is asked whether somebody may delete them."""
    if "publication" not in {field.name for field in model._meta.concrete_fields}:
        return [None]
    found: dict[str, models.Model] = {}
    ordered = sorted(pks)
    for start in range(0, len(ordered), AT_ONCE):
        rows = model._base_manager.filter(pk__in=ordered[start : start + AT_ONCE]).order_by()
        for publication in rows.values_list("publication", flat=True).distinct():
            if publication not in found and (one := rows.filter(publication=publication).first()):
                found[publication] = one
    return list(found.values())


class ToldInRecords:
    admin_site: Any

    def get_deleted_objects(self, objs, request) -> tuple[list, dict[str, int], Any, Any]:
        records = list(objs)
        if records and (reach := Reach(records)).size > MANY:
            return self._in_short(reach, request)
        told, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        starts = tuple(f"{capfirst(one.verbose_name)}: " for one in links())
        names = {str(one.verbose_name_plural) for one in links()}
        counts = {name: count for name, count in counts.items() if str(name) not in names}
        return without(told, starts), counts, lacking, protected

    def _in_short(self, reach: Reach, request) -> tuple[list, dict[str, int], Any, Any]:
        counts: dict[Any, int] = {
            model._meta.verbose_name_plural: len(pks) for model, pks in reach.gone.items() if pks
        }
        told: list = []
        for model, pks in reach.gone.items():
            told += self._named(model, pks)
        against = [one for model, pks in reach.against.items() for one in self._named(model, pks)]
        lacking = {
            model._meta.verbose_name
            for model, pks in reach.gone.items()
            if pks and not self._may_delete(model, pks, request)
        }
        return told, counts, lacking, against

    def _named(self, model: Model, pks: set[int]) -> list[str]:
        told = [self._link(one) for one in _first(model, pks)]
        if len(pks) > NAMED:
            values = {"kind": model._meta.verbose_name_plural, "count": plain(len(pks) - NAMED)}
            told.append(capfirst(_("%(kind)s: %(count)s further") % values))
        return told

    def _link(self, record: models.Model) -> str:
        of, name = record._meta, capfirst(record._meta.verbose_name)
        try:
            page = f"{self.admin_site.name}:{of.app_label}_{of.model_name}_change"
            return format_html(
                '{}: <a href="{}">{}</a>', name, reverse(page, args=[quote(record.pk)]), record
            )
        except NoReverseMatch:
            return format_html("{}: {}", name, record)

    def _may_delete(self, model: Model, pks: set[int], request) -> bool:
        if not self.admin_site.is_registered(model):
            return True
        page = self.admin_site.get_model_admin(model)
        return all(page.has_delete_permission(request, one) for one in _one_of_each_publication(model, pks))
