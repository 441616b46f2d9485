"""What differs between two states of a record, in words a curator reads."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import models
from django.utils import formats, timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from clusters.models import Record

SHOWN_LENGTH = 300


class Change(NamedTuple):
    label: str
    before: str
    after: str


def stamp(record: models.Model) -> str:
    """What a form carries to tell whether its record was saved by somebody else since."""
    if isinstance(record, Record):
        return str(record.version)
    values = [field.value_to_string(record) for field in record._meta.concrete_fields]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def tracked_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """The fields of a record that people write."""
    yield from (field for field in model._meta.concrete_fields if field.editable and not field.primary_key)
    yield from model._meta.many_to_many


def value(state: models.Model, field: models.Field) -> Any:
    """A field's value in a record or in a row of its history; relations as primary keys."""
    if not isinstance(field, models.ManyToManyField):
        return getattr(state, field.attname)
    related = getattr(state, field.name)
    if hasattr(state, "history_id"):
        return sorted(related.values_list(f"{field.m2m_reverse_field_name()}_id", flat=True))
    return sorted(related.values_list("pk", flat=True)) if state.pk else []


def in_words(field: models.Field, value: Any) -> str:
    """A value as a page shows it: labels for choices, names for related records."""
    if value in (None, "", []):
        return _("(empty)")
    if field.is_relation:
        wanted = value if isinstance(value, list) else [value]
        assert isinstance(field.related_model, type)
        found = field.related_model._default_manager.in_bulk(wanted)
        text = ", ".join(str(found[pk]) if pk in found else _("(deleted)") for pk in wanted)
    elif field.choices:
        text = str(dict(field.flatchoices).get(value, value))
    elif isinstance(value, bool):
        text = _("yes") if value else _("no")
    elif isinstance(value, datetime):
        text = formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    elif isinstance(value, date):
        text = formats.date_format(value, "DATE_FORMAT")
    elif isinstance(value, list):
        text = ", ".join(map(str, value))
    elif isinstance(value, dict):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    return Truncator(text).chars(SHOWN_LENGTH)


def between(before: models.Model, after: models.Model, model: type[models.Model]) -> list[Change]:
    """The fields in which two states differ; either may be a row of the history."""
    found = []
    for field in tracked_fields(model):
        old, new = value(before, field), value(after, field)
        if old != new:
            found.append(
                Change(capfirst(str(field.verbose_name)), in_words(field, old), in_words(field, new))
            )
    return found


def state_at(record: models.Model, stamp: str) -> models.Model | None:
    """The row of the history that holds the record as a form with this stamp showed it."""
    if not isinstance(record, Record) or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 10):
        return None
    return record.history.filter(version=int(stamp)).first()


class Saver(NamedTuple):
    name: str
    when: str


def last_saver(record: models.Model) -> Saver:
    """Who saved a record last, or deleted it, and when."""
    from django.contrib.admin.models import LogEntry
    from django.contrib.contenttypes.models import ContentType

    if isinstance(record, Record):
        row = record.history.select_related("history_user").first()
        user, when = (row.history_user, row.history_date) if row else (None, record.updated_at)
    else:
        entry = (
            LogEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk)
            )
            .select_related("user")
            .first()
        )
        user, when = (entry.user, entry.action_time) if entry else (None, timezone.now())
    name = (user.get_full_name() or user.get_username()) if user else _("Someone")
    return Saver(name, formats.date_format(timezone.localtime(when), "DATETIME_FORMAT"))
