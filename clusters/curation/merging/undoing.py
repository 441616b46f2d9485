"""Takes a merge back: everything is as before, but for what was edited since, which is told first."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clusters.curation import history
from clusters.curation.changes import in_words
from clusters.curation.importing import snapshots, writing
from clusters.curation.importing.lookup import many_to_many
from clusters.curation.importing.undoing import allowed, stored_rows
from clusters.models import Merge, MergedChange, Record, Redirect
from clusters.search import index

from .plans import NotMerged


class Left(NamedTuple):
    """Something that cannot be as before, because somebody edited it since."""

    change: MergedChange
    why: str


@dataclass
class _Work:
    """What taking back comes down to, by kind of record."""

    remove: list[Any] = field(default_factory=list)
    write: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    create: list[MergedChange] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    refused: list[MergedChange] = field(default_factory=list)


def edited_since(merge: Merge) -> list[Left]:
    """What would be left as it is now if the merge were taken back."""
    with transaction.atomic():
        return _work(merge, None).left


def may_undo(merge: Merge, by) -> bool:
    with transaction.atomic():
        return not _work(merge, by).refused


def in_the_way(merge: Merge) -> Merge | None:
    """A later merge that took the record that stayed into another one; it has to be undone first."""
    later = Merge.objects.filter(kind=merge.kind, merged_pk=merge.kept_pk, undone_at=None, pk__gt=merge.pk)
    return later.first()


def undo(merge: Merge, *, by, leave_edited: bool = False) -> list[Left]:
    """Take a merge back in one transaction; gives back what was left as it is. Raises NotMerged.

    Without `leave_edited` nothing is written when anything that the merge wrote was edited since. Versions go on
    counting: somebody who has a record open must still notice that it changed.
    """
    with transaction.atomic(), index.deferred():
        held = Merge.objects.select_for_update().get(pk=merge.pk)
        if held.undone_at:
            raise NotMerged(_("This merge was undone already."))
        if later := in_the_way(held):
            raise NotMerged(_("It was merged again since (%(merge)s); undo that first.") % {"merge": later})
        work = _work(held, by)
        if work.refused:
            raise NotMerged(_("Only an editor may do this."))
        if work.left and not leave_edited:
            raise NotMerged(
                _("Some of it was edited since. Nothing was undone; look at what would be left as it is now.")
            )
        why = f"undo merge {held.pk}"
        try:
            with transaction.atomic(), history.one_moment(why):
                _take_back(work, by, why)
        except ValidationError as problem:
            text = _("The record cannot come back as it was: %(why)s")
            raise NotMerged(text % {"why": " ".join(problem.messages)}) from problem
        except DatabaseError as problem:
            text = _(
                "The database refused it, most likely because another record took its place. Nothing was undone."
            )
            raise NotMerged(text) from problem
        held.undone_at = merge.undone_at = timezone.now()
        held.save(update_fields=["undone_at"])
    return work.left


def _work(merge: Merge, by) -> _Work:
    work = _Work()
    by_model: dict[str, list[MergedChange]] = defaultdict(list)
    for change in merge.changes.all():
        by_model[change.model].append(change)
    for label, changes in by_model.items():
        model = apps.get_model(label)
        stored = stored_rows(model, [change.record_pk for change in changes])
        several = many_to_many(stored.values(), model)
        for change in changes:
            row = stored.get(change.record_pk)
            if by is not None and not _allowed(model, row, change, by):
                work.refused.append(change)
            if change.after is None:
                work.create.append(change)
            elif row is None:
                if change.before is not None and model is not Redirect:
                    work.left.append(Left(change, _("It was deleted since.")))
            elif change.before is None:
                work.remove.append(row)
            else:
                _write_back(row, change, snapshots.of(row, several), work)
    return work


def _allowed(model: type[models.Model], row: Any, change: MergedChange, by) -> bool:
    if model is Redirect:
        return True  # it follows the record that it leads to
    return allowed(row if row is not None else model(publication="draft"), change, by)


def _write_back(row: Any, change: MergedChange, now: dict[str, Any], work: _Work) -> None:
    state = {}
    for name, before in (change.before or {}).items():
        after = (change.after or {}).get(name)
        column: Any = row._meta.get_field(name)
        if now[name] == after or isinstance(row, Redirect):
            state[name] = before
        elif isinstance(before, list) and isinstance(after, list):
            # What the merge added goes, what it took comes back; what others added or took stays so.
            stay = [one for one in now[name] if one in before or one not in after]
            state[name] = [*stay, *(one for one in before if one not in after and one not in stay)]
        elif now[name] != before:
            told = {"field": capfirst(str(column.verbose_name)), "value": in_words(column, now[name])}
            work.left.append(Left(change, _("%(field)s was edited since: %(value)s.") % told))
    if state:
        work.write.append((row, state))


def _take_back(work: _Work, by, why: str) -> None:
    """What was made goes, what was changed gives back what it took, and then what was merged has room to return."""
    _by_model(work.remove, lambda model, rows: writing.remove(model, rows, by=by, reason=why))
    changed = [row for row, _state in work.write]
    states = {(type(row), row.pk): state for row, state in work.write}

    def write(model: type[models.Model], rows: list[Any]) -> None:
        before = stored_rows(model, [row.pk for row in rows])
        relations = {id(row): snapshots.put(row, states[model, row.pk]) for row in rows}
        fields = {name for row in rows for name in states[model, row.pk]}
        writing.change(model, rows, before, relations, fields, by=by, reason=why)

    _by_model(changed, write)
    for change in work.create:
        _bring_back(change, by, why)
    # What a record pointed at may be gone by now; that shows here, not at the end of the request.
    models_written = {type(row) for row in changed} | {apps.get_model(change.model) for change in work.create}
    connection.check_constraints(table_names=[model._meta.db_table for model in models_written])


def _by_model(rows: list[Any], act) -> None:
    grouped: dict[type[models.Model], list[Any]] = defaultdict(list)
    for row in rows:
        grouped[type(row)].append(row)
    for model, of_model in grouped.items():
        act(model, of_model)


def _bring_back(change: MergedChange, by, why: str) -> None:
    model = apps.get_model(change.model)
    record: Any = model(pk=change.record_pk)
    several = snapshots.put(record, change.before or {})
    if change.created_at:
        record.created_at = change.created_at
    if isinstance(record, Record):
        record.version = (change.version or 0) + 1
    record.full_clean()
    there = {
        name: list(model._meta.get_field(name).related_model._default_manager.filter(pk__in=pks))
        for name, pks in several.items()
    }
    history.save(record, by=by, reason=why, relations=there)
