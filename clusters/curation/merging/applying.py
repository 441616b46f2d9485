"""Merges two records in one transaction: everything moves, nothing is lost, and what changed is kept."""

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q

from clusters.curation import history
from clusters.curation.importing import snapshots, writing
from clusters.curation.importing.applying import key_text
from clusters.curation.importing.lookup import many_to_many
from clusters.curation.importing.undoing import stored_rows
from clusters.models import (
    EditConflict,
    Fact,
    Merge,
    MergedChange,
    Redirect,
    RedirectKind,
    SuspectedPair,
)
from clusters.models.fields import TextListField
from clusters.search import index

from .choices import Side
from .plans import Pairing, Plan, make
from .relations import relations_to

# The fields that hold names, and those that can keep the names that were not chosen.
NAMES = ("name_ko", "name_en", "legal_name_ko", "legal_name_en")
NAME_LISTS = ("aliases", "former_names")


def name_lists(model: type[models.Model]) -> list[Any]:
    """Where a kind of record can keep the names that were not chosen."""
    return [f for f in model._meta.concrete_fields if f.name in NAME_LISTS and isinstance(f, TextListField)]


def merge(
    kept: Any,
    merged: Any,
    *,
    by,
    stamp: str,
    sides: Mapping[tuple[str, str], Side] | None = None,
    names_to: str = "",
    reason: str = "",
) -> Merge:
    """Take one record into another.

    sides: what stays, by the key of the pairing and the name of the field; what is proposed where nothing is said
    names_to: the list that takes the names that are not chosen; "" drops them
    Raises EditConflict when anything of it changed since `stamp`, PermissionDenied, or ValidationError when the
    record that results would not hold; then nothing is written.
    """
    with transaction.atomic(), index.deferred():
        for record in sorted((kept, merged), key=lambda one: one.pk):
            if history.locked(record) is None:
                raise EditConflict(f"{record._meta.label} {record.pk} was deleted")
        model = type(kept)
        plan = make(model._default_manager.get(pk=kept.pk), model._default_manager.get(pk=merged.pk))
        if plan.stamp != stamp:
            raise EditConflict(f"{plan.main.merged._meta.label} {plan.main.merged.pk}")
        if plan.closed_to(by):
            raise PermissionDenied
        before = _states(plan)
        done = Merge.objects.create(
            kind=model._meta.model_name,
            kept_pk=kept.pk,
            kept_name=str(plan.main.kept)[:250],
            merged_pk=merged.pk,
            merged_name=str(plan.main.merged)[:250],
            merged_slug=plan.main.merged.slug,
            by=by,
            reason=reason,
        )
        with history.one_moment(f"merge {done.pk}"):
            _apply(plan, sides or {}, names_to, by, f"merge {done.pk}: {reason or done}")
        _remember(done, before, _states(plan))
        SuspectedPair.objects.naming(merged).delete()
    return done


def _apply(plan: Plan, sides: Mapping[tuple[str, str], Side], names_to: str, by, why: str) -> None:
    _move(plan, by, why)
    for pairing in reversed(plan.pairings):  # what stands on others goes first
        _unite(pairing, sides, names_to if pairing is plan.main else "", by, why)


def _move(plan: Plan, by, why: str) -> None:
    by_model: dict[type[models.Model], list] = defaultdict(list)
    for move in plan.moves:
        by_model[type(move.row)].append(move)
    for model, moves in by_model.items():
        rows = [move.row for move in moves]
        stored = writing.lock(model, {row.pk: getattr(row, "version", None) for row in rows})
        fields = {name for move in moves for name in move.fields}
        relations = {id(move.row): move.several for move in moves}
        writing.change(model, rows, stored, relations, fields, by=by, reason=why)


def _unite(pairing: Pairing, sides: Mapping[tuple[str, str], Side], names_to: str, by, why: str) -> None:
    kept, merged = pairing.kept, pairing.merged
    names = [getattr(record, name, "") for record in (kept, merged) for name in NAMES]
    relations: dict[str, list[Any]] = {}
    for choice in pairing.choices:
        side = sides.get((pairing.key, choice.field.name), choice.proposed)
        result = choice.result(side)
        if isinstance(choice.field, models.ManyToManyField):
            relations[choice.field.name] = result
        else:
            setattr(kept, choice.field.attname, result)
    if isinstance(kept, Fact):
        _keep_sources(kept, merged, relations)
    if names_to in {field.name for field in name_lists(type(kept))}:
        _keep_names(kept, names, names_to)
    if hasattr(merged, "slug") and merged._meta.model_name in RedirectKind.values:
        history.keep_address(merged, kept)
    _check_nothing_is_left(merged)
    history.delete(copy(merged), by=by, reason=why)  # a deleted record forgets its number
    kept.full_clean()
    history.save(kept, by=by, reason=why, relations=relations)


def _keep_sources(kept: Fact, merged: Fact, relations: dict[str, list[Any]]) -> None:
    """A source that is not the first one any more becomes a further one."""
    further = relations.get("further_sources")
    if further is None:
        further = list(kept.further_sources.values_list("pk", flat=True))
    stored = type(kept)._default_manager.values_list("source_id", flat=True).get(pk=kept.pk)
    given_up = [pk for pk in (stored, merged.source_id) if pk not in (None, kept.source_id, *further)]
    if given_up or kept.source_id in further:
        relations["further_sources"] = sorted({*further, *given_up} - {kept.source_id})


def _keep_names(kept: Any, names: list[str], names_to: str) -> None:
    known = {getattr(kept, name, "") for name in NAMES}
    known |= {one for field in name_lists(type(kept)) for one in getattr(kept, field.name)}
    new = [name for name in dict.fromkeys(names) if name and name not in known]
    setattr(kept, names_to, [*getattr(kept, names_to), *new])


def _check_nothing_is_left(record: Any) -> None:
    """Deleting would take along, or set empty, whatever still refers to the record."""
    for model, field in relations_to(type(record)):
        if model._default_manager.filter(**{field.name: record.pk}).exists():
            raise AssertionError(f"{model._meta.label}.{field.name} still refers to {record!r}")


# What is kept so that it can be taken back


class Seen(NamedTuple):
    row: Any
    key: str
    state: dict[str, Any]


def _states(plan: Plan) -> dict[tuple[str, Any], Seen]:
    """The stored state of everything the merge touches, the redirects that lead to either record included."""
    wanted: dict[type[models.Model], list[Any]] = defaultdict(list)
    for row in plan.rows():
        wanted[type(row)].append(row.pk)
    found = {}
    stored = [list(stored_rows(model, pks).values()) for model, pks in wanted.items()]
    for rows in filter(None, [*stored, _redirects(plan)]):
        several = many_to_many(rows, type(rows[0]))
        parents = {path.rpartition("__")[0] for path in rows[0].natural_key_fields} - {""}
        models.prefetch_related_objects(rows, *sorted(parents))
        for row in rows:
            found[row._meta.label, row.pk] = Seen(row, key_text(row), snapshots.of(row, several))
    return found


def _redirects(plan: Plan) -> list[Any]:
    kept, merged = plan.main.kept, plan.main.merged
    slugs = {record.slug for record in (kept, merged)} | {
        slug
        for choice in plan.main.choices
        if choice.field.name == "slug"
        for slug in (choice.kept, choice.merged)
    }
    about = Q(old_slug__in=slugs) | Q(new_slug__in=slugs)
    return list(Redirect.objects.filter(about, kind=kept._meta.model_name).order_by("pk"))


def _remember(done: Merge, before: dict[tuple[str, Any], Seen], after: dict[tuple[str, Any], Seen]) -> None:
    rows = []
    for label, pk in [*before, *(key for key in after if key not in before)]:
        was, now = before.get((label, pk)), after.get((label, pk))
        old, new = was.state if was else None, now.state if now else None
        if old == new:
            continue
        if old is not None and new is not None:
            names = sorted(name for name in old if old[name] != new[name])
            old, new = {name: old[name] for name in names}, {name: new[name] for name in names}
        seen = now or was
        assert seen is not None
        rows.append(
            MergedChange(
                merge=done,
                model=label,
                record_pk=pk,
                key=seen.key,
                before=old,
                after=new,
                version=getattr(seen.row, "version", None),
                created_at=getattr(seen.row, "created_at", None) if now is None else None,
            )
        )
    MergedChange.objects.bulk_create(rows, batch_size=500)
