"""A record's state as JSON keeps it: every field people write, relations by primary key."""

from datetime import date, datetime
from typing import Any

from django.db import models

from clusters.curation.changes import tracked_fields
from clusters.dates import SEOUL


def of(record: models.Model, several: dict[str, dict[Any, list[Any]]] | None = None) -> dict[str, Any]:
    """`several` holds the many-to-many fields of many records, as lookup.many_to_many reads them."""
    state: dict[str, Any] = {}
    for field in tracked_fields(type(record)):
        if isinstance(field, models.ManyToManyField):
            state[field.name] = (several or {}).get(field.name, {}).get(record.pk, [])
        else:
            state[field.name] = plain(field, getattr(record, field.attname))
    return state


def plain(field: models.Field, value: Any) -> Any:
    """A value as JSON holds it and `put` takes it back."""
    if value is None or isinstance(value, bool | int | float | list | dict):
        return value
    if isinstance(field, models.DateField | models.DecimalField):  # moments are dates too
        value = field.to_python(value)
        if isinstance(value, datetime):
            value = value.astimezone(SEOUL)
        return value.isoformat() if isinstance(value, date) else f"{value.normalize():f}"
    return str(value)


def put(record: models.Model, state: dict[str, Any]) -> dict[str, list[Any]]:
    """Write a state into a record; gives back what its many-to-many fields shall hold."""
    several = {}
    for field in tracked_fields(type(record)):
        if field.name not in state:
            continue
        if isinstance(field, models.ManyToManyField):
            several[field.name] = state[field.name]
        else:
            value = state[field.name]
            setattr(record, field.attname, value if field.is_relation else field.to_python(value))
    return several
