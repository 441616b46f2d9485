"""A record together with the rows that belong to it, as they stood at a moment, and the way back there."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from clusters.models import EditConflict, Publication, Record
from clusters.search import index

from . import changes, history

Row = Any  # of the history, whose models simple_history makes at run time


def belonging(model: type[Record]) -> Iterator[tuple[type[Record], str]]:
    """The kinds of row that go with a record of this kind, and how they name it."""
    for relation in model._meta.related_objects:
        if relation.on_delete is models.CASCADE and issubclass(cast(type, relation.related_model), Record):
            yield cast("type[Record]", relation.related_model), relation.field.name


@dataclass
class Step:
    """What would happen to one record: changed back, brought back, or removed as added later."""

    kind: str  # "change", "bring_back" or "remove"
    model: type[Record]
    pk: int
    called: str
    row: Row = None
    record: Record | None = None
    differences: list[changes.Change] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.model._meta.model_name}-{self.pk}"

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name)

    def is_allowed(self, user) -> bool:
        if self.kind == "change":
            assert self.record is not None
            return history.may_set(user, self.record, self.record.publication)
        verb = "delete" if self.kind == "remove" else "add"
        return user.has_perm(f"{self.model._meta.app_label}.{verb}_{self.model._meta.model_name}")


def steps_back(record: Record, moment: datetime) -> list[Step]:
    """Everything in which a record and its rows differ from how they stood at a moment."""
    own = _row_at(type(record), record.pk, moment)
    steps = [_change(record, own)] if own is not None else []
    for model, name in belonging(type(record)):
        now = {row.pk: row for row in model._default_manager.filter(**{name: record})}
        then = _rows_at(model, name, record, moment)
        for pk, row in then.items():
            present = now.get(pk) or model._default_manager.filter(pk=pk).first()
            if present is not None:
                steps.append(_change(present, row))
            else:
                steps.append(Step("bring_back", model, pk, _called(row), row))
        for pk, present in now.items():
            if pk in then:
                continue
            elsewhere = _row_at(model, pk, moment)
            if elsewhere is not None:
                steps.append(_change(present, elsewhere))
            elif not _was_there(present, moment):
                steps.append(Step("remove", model, pk, str(present), record=present))
    return [step for step in steps if step.kind != "change" or step.differences]


def stamp(record: Record) -> str:
    """Tells whether a record or one of its rows was saved since a page showed them."""
    parts = [f"{record._meta.label}:{record.pk}:{record.version}"]
    for model, name in belonging(type(record)):
        found = model._default_manager.filter(**{name: record}).order_by("pk").values_list("pk", "version")
        parts += [f"{model._meta.label}:{pk}:{version}" for pk, version in found]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def go_back(
    record: Record, *, moment: datetime, chosen: Collection[str], opened_on: str, by, reason: str = ""
) -> int:
    """Carry out the chosen steps, all or none; says how many there were.

    Raises EditConflict when something was saved since the page was opened, PermissionDenied, or ValidationError
    when the earlier state would not be valid any more.
    """
    with transaction.atomic(), index.deferred():
        locked = history.locked(record)
        if not isinstance(locked, Record) or stamp(locked) != opened_on:
            raise EditConflict(f"{record._meta.label} {record.pk}")
        steps = [step for step in steps_back(locked, moment) if step.key in chosen]
        for step in sorted(steps, key=lambda step: ("remove", "change", "bring_back").index(step.kind)):
            if not step.is_allowed(by):
                raise PermissionDenied
            _carry_out(step, by, reason)
        return len(steps)


def _carry_out(step: Step, by, reason: str) -> None:
    if step.kind == "remove":
        assert step.record is not None
        history.delete(step.record, by=by, reason=reason)
    elif step.kind == "change":
        assert step.record is not None
        history.restore(step.record, row=step.row, by=by, reason=reason)
    else:
        record, relations = step.model(**{"pk": step.pk}), {}
        for column in changes.tracked_fields(step.model):
            if isinstance(column, models.ManyToManyField):
                related: Any = column.related_model
                relations[column.name] = related._default_manager.filter(
                    pk__in=changes.value(step.row, column)
                )
            else:
                setattr(record, column.attname, getattr(step.row, column.attname))
        record.version = step.model.history.filter(id=step.pk).first().version + 1
        record.created_at = step.row.created_at
        if record.publication in history.CLOSED and not history.may_publish(by, step.model):
            record.publication = Publication.DRAFT
        record.full_clean()
        history.save(record, by=by, reason=reason, relations=relations)


def _change(record: Record, row: Row) -> Step:
    found = changes.between(record, row, type(record))
    publication = str(type(record)._meta.get_field("publication").verbose_name)
    told = [change for change in found if change.label.casefold() != publication.casefold()]
    return Step("change", type(record), record.pk, str(record), row, record, told)


def _row_at(model: type[Record], pk: int, moment: datetime) -> Row:
    """The last row of a record's history up to a moment; None when there is none, or it was deleted then."""
    row = model.history.filter(id=pk, history_date__lte=moment).first()
    return row if row is not None and row.history_type != "-" else None


def _rows_at(model: type[Record], name: str, record: Record, moment: datetime) -> dict[int, Row]:
    """The rows that belonged to a record at a moment, by number."""
    known = model.history.filter(**{name: record.pk}).values_list("id", flat=True).distinct().order_by()
    found = {}
    for pk in sorted(set(known)):
        row = _row_at(model, pk, moment)
        if row is not None and getattr(row, f"{name}_id") == record.pk:
            found[pk] = row
    return found


def _was_there(record: Record, moment: datetime) -> bool:
    """Whether a record without a row of its history at a moment existed then: so old is only what has no history."""
    past = record.history.filter(history_date__lte=moment)
    return record.created_at <= moment and not past.exists()


def _called(row: Row) -> str:
    return str(row.instance)


def timeline(record: Record, most: int = 30) -> list[Row]:
    """The latest changes of a record and its rows, the newest first."""
    found: list[Row] = list(record.history.select_related("history_user")[:most])
    for model, name in belonging(type(record)):
        found += model.history.filter(**{name: record.pk}).select_related("history_user")[:most]
    found.sort(key=lambda row: row.history_date, reverse=True)
    return found[:most]
