"""What an import did to records, in words: a page of changes with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import Truncator, capfirst

from clusters.curation.changes import SHOWN_LENGTH, Change, in_words
from clusters.models import ImportedChange

SHOWN_FIELDS = 8  # of a new record


@dataclass
class Told:
    """One change: the record's name now or, where it is gone (`pk` is None), its key."""

    name: str
    kind: str
    model: str
    pk: int | None
    created: bool
    changes: list[Change] = field(default_factory=list)


def told(changes: Iterable[ImportedChange]) -> list[Told]:
    rows = [(change, apps.get_model(change.model)) for change in changes]
    there = _there(rows)
    names = _names(rows)
    return [
        Told(
            name=there[model].get(change.record_pk, change.key),
            kind=capfirst(str(model._meta.verbose_name)),
            model=str(model._meta.model_name),
            pk=change.record_pk if change.record_pk in there[model] else None,
            created=change.before is None,
            changes=_changes(change, model, names),
        )
        for change, model in rows
    ]


def _there(rows: list[tuple[ImportedChange, type[models.Model]]]) -> dict[type[models.Model], dict[int, str]]:
    """Which of the records there still are, and what they are called."""
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for change, model in rows:
        wanted[model].add(change.record_pk)
    return {
        model: {
            record.pk: str(record)
            for record in model._default_manager.select_related(*_named_by(model)).filter(pk__in=pks)
        }
        for model, pks in wanted.items()
    }


def _named_by(model: type[models.Model], *, deep: bool = True) -> list[str]:
    """The relations from which a record may take its name: its own, and those of these."""
    found = []
    for one in model._meta.concrete_fields:
        related: Any = one.related_model
        if one.is_relation and related is not None and one.name != "source":
            found.append(one.name)
            if deep:
                found += [f"{one.name}__{further}" for further in _named_by(related, deep=False)]
    return found


def _names(rows: list[tuple[ImportedChange, type[models.Model]]]) -> dict[type[models.Model], dict[Any, str]]:
    """What the related records of all changes are called now."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for change, model in rows:
        for name, related in _relations(model):
            for state in (change.before or {}, change.after):
                value = state.get(name)
                wanted[related] |= set(value) if isinstance(value, list) else {value} - {None}
    return {
        model: {pk: _name(record) for pk, record in model._default_manager.in_bulk(pks).items()}
        for model, pks in wanted.items()
        if pks
    }


def _relations(model: type[models.Model]) -> list[tuple[str, type[models.Model]]]:
    fields: list[Any] = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [(one.name, one.related_model) for one in fields if one.is_relation]


def _name(record: Any) -> str:
    for name in ("name", "title", "slug"):
        if text := getattr(record, name, ""):
            return str(text)
    return str(record.pk)


def _changes(change: ImportedChange, model: type[models.Model], names: dict) -> list[Change]:
    found = []
    for name in sorted(change.after):
        one: Any = model._meta.get_field(name)
        before, after = (change.before or {}).get(name), change.after[name]
        if before == after or (change.before is None and after in (None, "", [])):
            continue
        found.append(
            Change(
                capfirst(str(one.verbose_name)),
                "" if change.before is None else _said(one, before, names),
                _said(one, after, names),
            )
        )
    return found[:SHOWN_FIELDS] if change.before is None else found


def _said(one: Any, value: Any, names: dict) -> str:
    if one.is_relation and value not in (None, []):
        pks = value if isinstance(value, list) else [value]
        known = names.get(one.related_model, {})
        return Truncator(", ".join(known.get(pk, str(pk)) for pk in pks)).chars(SHOWN_LENGTH)
    if isinstance(one, models.DateField) and isinstance(value, str):  # moments as well
        value = one.to_python(value)
    return in_words(one, value)
