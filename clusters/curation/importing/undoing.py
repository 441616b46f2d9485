"""Takes an import back: what it made is deleted, what it changed is as before; later edits are left alone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.curation import history
from clusters.models import ImportBatch, ImportedChange, KeptChange, Record, statistics
from clusters.search import index

from . import snapshots, writing
from .applying import NotApplied, in_turn, key_text
from .lookup import chunks, many_to_many
from .plans import in_order
from .turns import WAIT


@dataclass
class Undone:
    """What became of the records of an import; each one left has its reason."""

    deleted: int = 0
    restored: int = 0
    left: list[tuple[ImportedChange, str]] = field(default_factory=list)


def undo(batch: ImportBatch, *, by=None, force: bool = False, reason: str = "", wait: float = WAIT) -> Undone:
    """Undo a batch in one transaction. Records edited since are listed and left, unless forced.

    Versions go on counting: somebody who has a record open must still notice that it changed twice.
    """
    outcome = Undone()
    with in_turn(by, wait), transaction.atomic(), index.deferred():
        held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if held.undone_at:
            raise NotApplied(_("This import was undone already."))
        act = f"undo batch {batch.pk}"
        said = f"{act}: {reason}" if reason else act
        with history.one_moment(act):
            for model, changes in _in_turn(held):
                stored = stored_rows(model, [change.record_pk for change in changes])
                kept = _sorted_out(model, changes, stored, outcome, by, force)
                _restore(model, [pair for pair in kept if pair[0].before is not None], outcome, by, said)
                _delete(model, [pair for pair in kept if pair[0].before is None], outcome, by, said)
        if not outcome.left:
            held.undone_at = timezone.now()
            held.save(update_fields=["undone_at"])
            batch.undone_at = held.undone_at
        if held.created >= statistics.MANY:
            statistics.refresh()
    return outcome


def preview(batch: ImportBatch, *, by=None, force: bool = False) -> Undone:
    """What undoing a batch would do now. Nothing is written or locked."""
    outcome = Undone()
    undone = _Undone()
    for model, changes in _in_turn(batch):
        stored = stored_rows(model, [change.record_pk for change in changes], lock=False)
        kept = _sorted_out(model, changes, stored, outcome, by, force)
        undone.restored |= {
            (model, record.pk, name)
            for change, record in kept
            if change.before is not None
            for name in change.before
        }
        outcome.restored += sum(change.before is not None for change, _record in kept)
        new = [(change, record.pk) for change, record in kept if change.before is None]
        held = _held(model, [pk for _change, pk in new], undone)
        outcome.left += [(change, _refers(held[pk])) for change, pk in new if pk in held]
        undone.deleted |= {(model, pk) for _change, pk in new if pk not in held}
    outcome.deleted = len(undone.deleted)
    return outcome


@dataclass
class _Undone:
    """What is undone by then although it still stands in the database: records gone, fields as before."""

    deleted: set[tuple[type[models.Model], Any]] = field(default_factory=set)
    restored: set[tuple[type[models.Model], Any, str]] = field(default_factory=set)

    def refers(self, model: type[models.Model], pk: Any, name: str) -> bool:
        return (model, pk) not in self.deleted and (model, pk, name) not in self.restored


def _in_turn(batch: ImportBatch) -> Iterator[tuple[type[models.Model], list[ImportedChange]]]:
    """A batch's changes by kind of record; what refers to others goes first."""
    by_model: dict[str, list[ImportedChange]] = defaultdict(list)
    for change in batch.changes.all():
        by_model[change.model].append(change)
    for model in reversed(in_order()):
        if changes := by_model.get(model._meta.label):
            yield model, changes


def _sorted_out(
    model: type[models.Model],
    changes: list[ImportedChange],
    stored: dict[int, models.Model],
    outcome: Undone,
    by,
    force: bool,
) -> list[tuple[ImportedChange, models.Model]]:
    """The changes to be undone with their records; the others are noted as left, each with the reason."""
    several = many_to_many(stored.values(), model)
    kept: list[tuple[ImportedChange, models.Model]] = []
    for change in changes:
        record = stored.get(change.record_pk)
        if record is None:
            if change.before is not None:
                outcome.left.append((change, _("It was deleted since.")))
        elif change.before is not None and _back_already(record, change, several):
            continue
        elif by is not None and not allowed(record, change, by):
            outcome.left.append((change, _("Only an editor may do this.")))
        elif not force and _edited(record, change, several):
            outcome.left.append((change, _("It was edited since.")))
        else:
            kept.append((change, record))
    return kept


def allowed(record: models.Model, change: KeptChange, by) -> bool:
    """What the public sees or saw is brought back by those who may publish; vocabularies by those who keep them."""
    if not isinstance(record, Record):
        return by.has_perm(f"{record._meta.app_label}.change_{record._meta.model_name}")
    states = {record.publication, (change.before or {}).get("publication", "")}
    if states & history.CLOSED:
        return history.may_publish(by, type(record))
    return by.has_perm(f"{record._meta.app_label}.change_{record._meta.model_name}")


def stored_rows(model: type[models.Model], pks: list[int], *, lock: bool = True) -> dict[int, models.Model]:
    found: dict[int, models.Model] = {}
    for part in chunks(pks):
        queryset = model._default_manager.all()
        if lock:
            queryset = queryset.select_for_update(of=("self",), no_key=True)
        found.update({record.pk: record for record in queryset.filter(pk__in=part)})
    return found


def _edited(record: models.Model, change: ImportedChange, several: dict) -> bool:
    if isinstance(record, Record):
        return record.version != change.version
    state = snapshots.of(record, several)
    return any(state.get(name) != value for name, value in change.after.items())


def _back_already(record: models.Model, change: ImportedChange, several: dict) -> bool:
    """Whether an earlier attempt, or somebody by hand, brought the record back already."""
    state = snapshots.of(record, several)
    return all(state.get(name) == value for name, value in (change.before or {}).items())


def _restore(
    model: type[models.Model], pairs: list[tuple[ImportedChange, Any]], outcome: Undone, by, reason: str
) -> None:
    if not pairs:
        return
    before = stored_rows(model, [record.pk for _change, record in pairs])
    relations = {}
    for change, record in pairs:
        relations[id(record)] = snapshots.put(record, change.before or {})
    fields = {name for change, _record in pairs for name in change.before or {}}
    writing.change(
        model, [record for _change, record in pairs], before, relations, fields, by=by, reason=reason
    )
    outcome.restored += len(pairs)


def _delete(
    model: type[models.Model], pairs: list[tuple[ImportedChange, Any]], outcome: Undone, by, reason: str
) -> None:
    held = _held(model, [record.pk for _change, record in pairs])
    free = []
    for change, record in pairs:
        if record.pk in held:
            outcome.left.append((change, _refers(held[record.pk])))
        else:
            free.append(record)
    writing.remove(model, free, by=by, reason=reason)
    outcome.deleted += len(free)


def _refers(holders: list[str]) -> str:
    return _("Other records refer to it: %(records)s.") % {"records": ", ".join(holders)}


def _held(model: type[models.Model], pks: list[int], undone: _Undone | None = None) -> dict[int, list[str]]:
    """Which of these records others refer to, and three of those by name."""
    undone = undone or _Undone()
    holders: dict[int, list[str]] = defaultdict(list)
    relation: Any
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or not hasattr(relation, "field"):
            continue
        related: Any = relation.related_model
        if related._meta.auto_created or related.__name__.startswith("Historical"):
            continue
        name = relation.field.name
        for part in chunks(pks):
            if relation.many_to_many:
                for other, pk in related._default_manager.filter(**{f"{name}__in": part}).values_list(
                    "pk", f"{name}__pk"
                ):
                    if pk in part and undone.refers(related, other, name):
                        holders[pk].append(str(related._meta.verbose_name))
            else:
                attname = relation.field.attname
                for other in related._default_manager.filter(**{f"{name}__in": part}):
                    pk = getattr(other, attname)
                    if undone.refers(related, other.pk, name) and len(holders[pk]) < 3:
                        holders[pk].append(key_text(other) if hasattr(other, "natural_key") else str(other))
    return holders
