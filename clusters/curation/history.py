"""The one recorder: whatever a person writes passes through here and is kept with who, when and why."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, models, transaction
from django.db.models import Q
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from clusters.models import EditConflict, Publication, Record, Redirect, RedirectKind
from clusters.models.past import kinds
from clusters.search import index

from . import review
from .changes import tracked_fields, value

# What is or was before the public: only those who may publish set it, and only they change what has it.
CLOSED = frozenset({Publication.PUBLISHED, Publication.ARCHIVED})

# Of many records published together so many are looked at for open points; what blocks is checked for all.
LOOKED_AT = 20

_history = HistoricalRecords()
_history.manager_name = "history"


def may_publish(user, model: type[models.Model]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.publish_{model._meta.model_name}")


def may_set(user, record: Record, publication: str) -> bool:
    """Whether somebody may bring a record from its present publication to another."""
    if publication in CLOSED or record.publication in CLOSED:
        return may_publish(user, type(record))
    return user.has_perm(f"{record._meta.app_label}.change_{record._meta.model_name}")


def locked(record: models.Model) -> models.Model | None:
    """The record as it is stored, kept from other writers until the transaction ends; None when it is gone."""
    stored = type(record)._default_manager.select_for_update(of=("self",), no_key=True)
    return stored.filter(pk=record.pk).first()


def save(
    record: models.Model, *, by, reason: str = "", relations: Mapping[str, Iterable[Any]] | None = None
) -> None:
    """Write a record in one row of its history; `relations` says what its many-to-many fields shall hold.

    Raises EditConflict when somebody else saved or deleted it since it was read. Validation is the caller's.
    """
    with transaction.atomic(), index.deferred():
        _sign(record, by, reason)
        if record._state.adding:
            record.save(force_insert=True)
            _relate(record, relations)
            if relations and isinstance(record, Record):
                _history.create_historical_record_m2ms(record.history.first(), record)
            return
        stored = locked(record)
        if stored is None:
            raise EditConflict(f"{record._meta.label} {record.pk} was deleted")
        if isinstance(stored, Record):
            if stored.version != record.version:  # type: ignore[attr-defined]
                raise EditConflict(f"{record._meta.label} {record.pk}")
            keep_address(stored, record)
        _open_history(stored)
        _relate(record, relations)
        try:
            with transaction.atomic():
                record.save(force_update=True)
        except DatabaseError as problem:
            if locked(record) is None:
                raise EditConflict(f"{record._meta.label} {record.pk} was deleted") from problem
            raise


def delete(record: models.Model, *, by, reason: str = "") -> None:
    """Delete a record; whatever goes or changes with it is signed as well.

    Raises ProtectedError when statements still rest on it.
    """
    with transaction.atomic(), index.deferred():
        _open_history(record)
        _collected(record)  # says at once when something protects it
        for holder, name in _holders(record):
            rest = [other for other in getattr(holder, name).all() if other.pk != record.pk]
            save(holder, by=by, reason=reason, relations={name: rest})
        for (changed, value_after), groups in _collected(record).field_updates.items():
            for holder in chain.from_iterable(cast("list[Iterable[Record]]", groups)):
                fresh = locked(holder)
                if fresh is not None:
                    setattr(fresh, changed.name, value_after)
                    save(fresh, by=by, reason=reason)
        collector = _collected(record)
        for instances in collector.data.values():
            for instance in instances:
                _open_history(instance)
                _sign(instance, by, reason)
        collector.delete()


def keep_address(stored: Record, record: models.Model) -> None:
    """Let the address of a record that is or was public lead to another's, always in one step."""
    kind, old, new = stored._meta.model_name, getattr(stored, "slug", ""), getattr(record, "slug", "")
    if kind not in RedirectKind.values or old == new:
        return
    if not (stored.is_public or stored.history.filter(publication=Publication.PUBLISHED, slug=old).exists()):
        return
    Redirect.objects.filter(kind=kind, old_slug=new).delete()
    Redirect.objects.filter(kind=kind, new_slug=old).update(new_slug=new)
    Redirect.objects.update_or_create(kind=kind, old_slug=old, defaults={"new_slug": new})


@dataclass
class Outcome:
    """What became of several records: changed, left alone, refused with the reason, published with open points."""

    changed: list[Record] = field(default_factory=list)
    unchanged: list[Record] = field(default_factory=list)
    waiting: list[Record] = field(default_factory=list)
    failed: list[tuple[Record, str]] = field(default_factory=list)
    warned: list[tuple[Record, str]] = field(default_factory=list)


def publish(records: Iterable[Record], *, by, reason: str = "") -> Outcome:
    return _set_publication(records, Publication.PUBLISHED, by, reason)


def archive(records: Iterable[Record], *, by, reason: str = "") -> Outcome:
    return _set_publication(records, Publication.ARCHIVED, by, reason)


def send_to_review(records: Iterable[Record], *, by, reason: str = "") -> Outcome:
    return _set_publication(records, Publication.IN_REVIEW, by, reason)


def restore(record: Record, *, row: models.Model, by, reason: str = "") -> None:
    """Write what a row of the history holds. The publication stays as it is now."""
    relations = {}
    for kept in tracked_fields(type(record)):
        if isinstance(kept, models.ManyToManyField):
            relations[kept.name] = kept.related_model._default_manager.filter(pk__in=value(row, kept))  # type: ignore[union-attr]
        elif kept.name != "publication":
            setattr(record, kept.attname, getattr(row, kept.attname))
    record.full_clean()
    save(record, by=by, reason=reason, relations=relations)


def _set_publication(records: Iterable[Record], to: Publication, by, reason: str) -> Outcome:
    outcome = Outcome()
    for record in list(records):
        try:
            with transaction.atomic():
                fresh = locked(record)
                if fresh is None:
                    raise EditConflict
                assert isinstance(fresh, Record)
                if fresh.publication == to:
                    outcome.unchanged.append(fresh)
                    continue
                if not may_set(by, fresh, to):
                    raise PermissionDenied
                fresh.publication = to
                fresh.full_clean()
                if to == Publication.PUBLISHED and (reasons := review.blocking(fresh)):
                    raise ValidationError(review.sentences(reasons))
                save(fresh, by=by, reason=reason)
        except PermissionDenied:
            outcome.failed.append((record, _("Only an editor may do this.")))
        except EditConflict:
            outcome.failed.append((record, _("Someone else changed or deleted it at the same moment.")))
        except ValidationError as problem:
            outcome.failed.append((record, " ".join(problem.messages)))
        else:
            outcome.changed.append(fresh)
            if (
                to == Publication.PUBLISHED
                and len(outcome.changed) <= LOOKED_AT
                and (points := review.findings(fresh))
            ):
                outcome.warned.append((fresh, ", ".join(str(rule.title) for rule in points)))
            if (
                to == Publication.PUBLISHED
                and not type(fresh).objects.published().filter(pk=fresh.pk).exists()
            ):
                outcome.waiting.append(fresh)
    return outcome


@contextmanager
def one_moment(act: str) -> Iterator[None]:
    """All rows that an act writes into the history, such as "batch 7", get the moment of its end.

    An act may take minutes and shows at its end, while others save what is seen at once. So what they did stands before
    it or after it in the history, never in between, and whoever reads the history by its moments meets each once.
    """
    started = timezone.now()
    yield
    ended = timezone.now()
    for model in kinds():
        rows: Any = model.history.model.objects
        own = Q(history_change_reason=act) | Q(history_change_reason__startswith=f"{act}:")
        rows.filter(own, history_date__gte=started).order_by().update(history_date=ended)


def _sign(record: models.Model, by, reason: str) -> None:
    record._history_user = by  # type: ignore[attr-defined]
    record._change_reason = reason or None  # type: ignore[attr-defined]


def _relate(record: models.Model, relations: Mapping[str, Iterable[Any]] | None) -> None:
    with _without_rows(record):
        for name, chosen in (relations or {}).items():
            getattr(record, name).set(chosen)


@contextmanager
def _without_rows(record: models.Model) -> Iterator[None]:
    """Many-to-many changes make no rows of their own: the save that goes with them makes the one row."""
    record.skip_history_when_saving = True  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del record.skip_history_when_saving  # type: ignore[attr-defined]


def _open_history(stored: models.Model) -> None:
    """Records that came with the opening data have no history yet: keep how they were before the first edit."""
    if isinstance(stored, Record) and not stored.history.exists():
        _sign(stored, None, "")
        stored._history_date = stored.created_at  # type: ignore[attr-defined]
        _history.create_historical_record(stored, "+")
        del stored._history_date  # type: ignore[attr-defined]


def _collected(record: models.Model) -> Collector:
    collector = Collector(using=record._state.db or DEFAULT_DB_ALIAS, origin=record)
    collector.collect([record])
    return collector


def _holders(record: models.Model) -> Iterator[tuple[Record, str]]:
    """The records that name this one in a many-to-many field, and the field."""
    for relation in record._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToManyRel):
            continue
        model = cast("type[models.Model]", relation.related_model)
        if issubclass(model, Record):
            name = relation.field.name
            holders = model._default_manager.filter(**{name: record})
            yield from ((holder, name) for holder in list(holders))
