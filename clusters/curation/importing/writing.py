"""Writes and deletes many records at once, each with its row of history and its next version, as the recorder does."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from clusters.models import EditConflict, Record
from clusters.search import index

from .lookup import chunks, many_to_many

BATCH = 500


def create(
    model: type[models.Model],
    records: Sequence[models.Model],
    relations: Mapping[int, Mapping[str, Iterable[Any]]],
    *,
    by,
    reason: str,
) -> None:
    """Insert records; `relations` holds, by id() of the record, what its many-to-many fields hold."""
    now = timezone.now()
    for record in records:
        if isinstance(record, Record):
            record.created_at = record.updated_at = now
    model._default_manager.bulk_create(records, batch_size=BATCH)
    _relate(model, {record.pk: relations.get(id(record), {}) for record in records}, replace=False)
    _keep(model, records, "+", by=by, reason=reason)
    index.update(model, [record.pk for record in records])


def lock(model: type[models.Model], versions: Mapping[Any, int | None]) -> dict[Any, models.Model]:
    """The stored records, kept from other writers until the transaction ends.

    Raises EditConflict when one of them was saved or deleted since its version was read.
    """
    found: dict[Any, models.Model] = {}
    for part in chunks(sorted(versions)):
        stored = model._default_manager.select_for_update(of=("self",), no_key=True)
        found.update({record.pk: record for record in stored.filter(pk__in=part).order_by("pk")})
    for pk, version in versions.items():
        record = found.get(pk)
        if record is None or (version is not None and getattr(record, "version", None) != version):
            raise EditConflict(f"{model._meta.verbose_name}: {record if record is not None else pk}")
    return found


def change(
    model: type[models.Model],
    records: Sequence[models.Model],
    stored: Mapping[Any, models.Model],
    relations: Mapping[int, Mapping[str, Iterable[Any]]],
    fields: Iterable[str],
    *,
    by,
    reason: str,
) -> None:
    """Write the named fields of records whose stored rows are locked."""
    fields = {name for name in fields if not model._meta.get_field(name).many_to_many}
    if issubclass(model, Record):
        _open(model, [stored[record.pk] for record in records])
        now = timezone.now()
        for record in records:
            record.version = stored[record.pk].version + 1  # type: ignore[attr-defined]
            record.updated_at = now  # type: ignore[attr-defined]
        fields |= {"version", "updated_at"}
    with index.following(model, [record.pk for record in records]):
        if fields:
            # One statement for many rows; every row exists, so that each one is updated.
            model._default_manager.bulk_create(
                records,
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=sorted(fields),
            )
        _relate(model, {record.pk: relations.get(id(record), {}) for record in records}, replace=True)
    _keep(model, records, "~", by=by, reason=reason)


def remove(model: type[models.Model], records: Sequence[models.Model], *, by, reason: str) -> None:
    """Delete records that nothing stands on any more; their history stays."""
    if issubclass(model, Record):
        _keep(model, records, "-", by=by, reason=reason)
    with index.following(model, [record.pk for record in records]):
        for part in chunks(record.pk for record in records):
            _unrelate(model, part)
            queryset = model._default_manager.filter(pk__in=part)
            queryset._raw_delete(queryset.db)  # the history was kept above; nothing else hangs on the signals


def _unrelate(model: type[models.Model], pks: list[Any]) -> None:
    for field in model._meta.many_to_many:
        through: Any = field.remote_field.through
        through._default_manager.filter(**{f"{field.m2m_field_name()}_id__in": pks}).delete()


def _relate(
    model: type[models.Model], chosen: Mapping[Any, Mapping[str, Iterable[Any]]], *, replace: bool
) -> None:
    for field in model._meta.many_to_many:
        holders = {pk: several[field.name] for pk, several in chosen.items() if field.name in several}
        if not holders:
            continue
        through: Any = field.remote_field.through
        ours, theirs = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        if replace:
            for part in chunks(holders):
                through._default_manager.filter(**{f"{ours}__in": part}).delete()
        rows = [
            through(**{ours: pk, theirs: getattr(one, "pk", one)})
            for pk, related in holders.items()
            for one in dict.fromkeys(getattr(one, "pk", one) for one in related)
        ]
        through._default_manager.bulk_create(rows, batch_size=BATCH)


def _open(model: type[models.Model], stored: Sequence[models.Model]) -> None:
    """Records that came with the opening data have no history yet: keep how they were before the first edit."""
    rows: Any = model.history.model  # type: ignore[attr-defined]
    known: set[Any] = set()
    for part in chunks(record.pk for record in stored):
        known.update(rows.objects.filter(id__in=part).values_list("id", flat=True))
    fresh = [record for record in stored if record.pk not in known]
    _keep(model, fresh, "+", by=None, reason="", as_created=True)


def _keep(
    model: type[models.Model],
    records: Sequence[models.Model],
    kind: str,
    *,
    by,
    reason: str,
    as_created: bool = False,
) -> None:
    """One row of the history for each record, with what its many-to-many fields hold now."""
    if not issubclass(model, Record) or not records:
        return
    history: Any = model.history.model
    now = timezone.now()
    tracked = [field.attname for field in history.tracked_fields]
    rows = history.objects.bulk_create(
        [
            history(
                history_date=record.created_at if as_created else now,  # type: ignore[attr-defined]
                history_user=by,
                history_change_reason=getattr(record, "_change_reason", None) or reason or None,
                history_type=kind,
                **{name: getattr(record, name) for name in tracked},
            )
            for record in records
        ],
        batch_size=BATCH,
    )
    held = many_to_many(records, model)
    by_pk = {row.id: row for row in rows}
    for field in model._meta.many_to_many:
        kept: Any = HistoricalRecords.m2m_models.get(field)
        if kept is None:
            continue
        ours, theirs = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        numbers: dict[Any, dict[Any, Any]] = defaultdict(dict)
        if "id" in {f.name for f in kept._meta.concrete_fields}:
            through: Any = field.remote_field.through
            for part in chunks(by_pk):
                for pk, our, their in through._default_manager.filter(**{f"{ours}__in": part}).values_list(
                    "pk", ours, theirs
                ):
                    numbers[our][their] = pk
        kept.objects.bulk_create(
            [
                kept(
                    history=by_pk[pk],
                    **{ours: pk, theirs: other},
                    **({"id": numbers[pk][other]} if numbers else {}),
                )
                for pk, others in held[field.name].items()
                for other in others
            ],
            batch_size=BATCH,
        )
