"""Applies a rehearsed plan: one transaction, signed history, and a record of the batch that can be undone."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, models, transaction
from django.utils.translation import gettext as _

from clusters.curation import history
from clusters.models import EditConflict, ImportBatch, ImportedChange, Record, statistics
from clusters.search import index

from . import snapshots, turns, writing
from .lookup import many_to_many
from .plans import Item, Plan, in_order
from .pouring import Pouring

Progress = Callable[[int, int], None]


class NotApplied(Exception):
    """Why nothing was written, as a sentence for the person who asked."""


def checksum(paths: Iterable[Path]) -> str:
    """One checksum for all bytes of files and folders, in order."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                with file.open("rb") as stream:
                    while block := stream.read(2**20):
                        digest.update(block)
    return digest.hexdigest()


def apply(
    plan: Plan,
    *,
    file_name: str,
    sha256: str = "",
    profile: str = "",
    by=None,
    reason: str = "",
    good_rows_only: bool = False,
    progress: Progress | None = None,
    wait: float = turns.WAIT,
) -> ImportBatch | None:
    """Write the plan, all or nothing. None when there was nothing to write. Raises NotApplied.

    Of several imports at once, one is written after the other; `wait` is how many seconds one waits for its turn.
    """
    if plan.errors and not good_rows_only:
        raise NotApplied(_("The import has errors; nothing was written."))
    if not plan.to_write:
        return None
    with in_turn(by, wait), transaction.atomic(), index.deferred():
        counts = plan.counts()
        batch = ImportBatch.objects.create(
            file_name=file_name[:255],
            sha256=sha256,
            profile=profile,
            by=by,
            reason=reason,
            created=counts["create"],
            changed=counts["change"],
            unchanged=counts["unchanged"],
            left_out=counts["refused"] + counts["held"] + counts["waiting"],
        )
        with history.one_moment(f"batch {batch.pk}"):
            _write(batch, plan, by, _reason(batch, reason), progress)
        if batch.created >= statistics.MANY:
            statistics.refresh()
    return batch


@contextmanager
def in_turn(by, wait: float = turns.WAIT) -> Iterator[None]:
    """Whatever keeps a batch from being written or undone becomes a sentence: NotApplied."""
    try:
        with turns.turn(by.get_username() if by is not None else _("the operator"), wait=wait):
            yield
    except turns.Busy as busy:
        raise NotApplied(str(busy)) from busy
    except EditConflict as conflict:
        raise NotApplied(
            _(
                "Someone changed a record after the rehearsal (%(record)s). Nothing was written; rehearse again."
            )
            % {"record": conflict}
        ) from conflict
    except IntegrityError as problem:  # the rehearsal found none: what it looked at has changed since
        raise NotApplied(
            _(
                "Someone added, changed or deleted a record of this import after the rehearsal."
                " Nothing was written; rehearse again."
            )
        ) from problem
    except OperationalError as problem:
        if "locked" not in str(problem) and "deadlock" not in str(problem):
            raise _refused(problem) from problem
        raise NotApplied(
            _("Other changes are being saved just now. Nothing was written; try again in a moment.")
        ) from problem
    except DatabaseError as problem:
        raise _refused(problem) from problem


def _refused(problem: DatabaseError) -> NotApplied:
    return NotApplied(
        _("The database refused the import. Nothing was written. It said: %(problem)s") % {"problem": problem}
    )


def _reason(batch: ImportBatch, reason: str) -> str:
    return f"batch {batch.pk}: {reason or batch.file_name}"


def _write(batch: ImportBatch, plan: Plan, by, reason: str, progress: Progress | None) -> None:
    by_model: dict[type[models.Model], list[Item]] = defaultdict(list)
    for item in plan.careful:
        if item.action in ("create", "change"):
            by_model[item.draft.model].append(item)
    locked = {
        model: writing.lock(
            model, {i.record.pk: getattr(i.record, "version", None) for i in of_model if i.before}
        )
        for model, of_model in by_model.items()
    }
    for model, of_model in by_model.items():
        _compare(model, of_model, locked[model])
    of = len(plan.to_write)
    done = 0

    def wrote(number: int) -> None:
        nonlocal done
        done += number
        if progress:
            progress(done, of)

    pouring = Pouring(plan.kinds, batch, by=by, reason=reason)
    for model in in_order():  # no record comes before those it refers to
        for rows in plan.rows:
            if rows.model is model:
                pouring.pour(rows, wrote)
        pouring.name()
        of_model = by_model.get(model, [])
        for start in range(0, len(of_model), 2000):
            part = of_model[start : start + 2000]
            _write_part(model, part, locked[model], by, reason)
            _remember(batch, model, part)
            wrote(len(part))


def _compare(model: type[models.Model], items: list[Item], stored: dict[Any, models.Model]) -> None:
    """Records without a version are as they were when the rehearsal looked at them, or there is a conflict."""
    if issubclass(model, Record):
        return
    several = many_to_many(stored.values(), model)
    for item in items:
        if item.before is not None and snapshots.of(stored[item.record.pk], several) != item.before:
            raise EditConflict(f"{model._meta.verbose_name}: {stored[item.record.pk]}")


def _write_part(
    model: type[models.Model], part: list[Item], stored: dict[Any, models.Model], by, reason: str
) -> None:
    relations = {id(item.record): item.relations for item in part}
    for item in part:
        if item.reason:  # why this very row was let pass
            item.record._change_reason = f"{reason.partition(':')[0]}: {item.reason}"  # type: ignore[attr-defined]
    created = [item.record for item in part if item.action == "create"]
    changed = [item for item in part if item.action == "change"]
    if created:
        writing.create(model, created, relations, by=by, reason=reason)
    if changed:
        for item in changed:
            _refresh_relations(item.record)
        fields = {change.field for item in changed for change in item.changes}
        records = [item.record for item in changed]
        writing.change(model, records, stored, relations, fields, by=by, reason=reason)


def _refresh_relations(record: models.Model) -> None:
    """Records made in the same import have their numbers by now."""
    for field in record._meta.concrete_fields:
        if field.is_relation and (related := record._state.fields_cache.get(field.name)) is not None:
            setattr(record, field.attname, related.pk)


def _remember(batch: ImportBatch, model: type[models.Model], part: list[Item]) -> None:
    records = [item.record for item in part]
    several = many_to_many(records, model)
    rows = []
    for item in part:
        after = snapshots.of(item.record, several)
        touched = {change.field for change in item.changes}
        rows.append(
            ImportedChange(
                batch=batch,
                model=model._meta.label,
                record_pk=item.record.pk,
                key=key_text(item.record),
                before=None if item.before is None else {name: item.before[name] for name in sorted(touched)},
                after=after if item.before is None else {name: after[name] for name in sorted(touched)},
                version=item.record.version if isinstance(item.record, Record) else None,
            )
        )
    ImportedChange.objects.bulk_create(rows, batch_size=500)


def key_text(record: Any) -> str:
    return " / ".join("" if part is None else str(part) for part in record.natural_key())[:500]
