"""The records as they stood at a moment: while it is entered, every query reads the past instead of the present.

Each statement names its tables; those of records are put before it as common table expressions of the same name, made
of the rows that did not change since and of the last rows of the history before the moment. So the code of a page
needs no second version for the past, and no table is written. They are materialized, so that the database joins them
by indexes it makes for the statement: the cost grows with the number of records and no faster.

What is not published any more was taken back from the public and stays away. What was deleted was there.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Max
from simple_history.models import HistoricalRecords

from clusters import dates

from .base import Publication, Record

_TABLE = re.compile(r'"(clusters_\w+)"')
_READS = re.compile(r"\s*\(?\s*SELECT\b", re.IGNORECASE)
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.IGNORECASE)


def kinds() -> list[type[Record]]:
    return [model for model in apps.get_app_config("clusters").get_models() if issubclass(model, Record)]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Read the records, and the clock, as they stood at a moment. Nothing can be written meanwhile."""
    prepared = connection.ops.adapt_datetimefield_value(moment)

    def rewritten(execute, sql, params, many, context):
        if _WRITES.match(sql):
            raise RuntimeError("The past cannot be written.")
        if not _READS.match(sql):
            return execute(sql, params, many, context)
        known = _tables()
        named = [name for name in dict.fromkeys(_TABLE.findall(sql)) if name in known]
        if not named:
            return execute(sql, params, many, context)
        before = ", ".join(f'"{name}" AS MATERIALIZED ({known[name]})' for name in named)
        moments = [prepared] * sum(known[name].count("%s") for name in named)
        return execute(f"WITH {before} {sql}", [*moments, *(params or ())], many, context)

    with dates.standing_at(moment), connection.execute_wrapper(rewritten):
        yield


@cache
def _tables() -> dict[str, str]:
    """For the table of every kind of record, and of its many-to-many fields, how its past is read."""
    found = {}
    for model in kinds():
        found[model._meta.db_table] = _records(model)
        field: Any
        for field in model._meta.many_to_many:
            kept: Any = HistoricalRecords.m2m_models.get(field)
            if kept is not None:
                found[field.remote_field.through._meta.db_table] = _relations(model, field, kept)
    return found


def _own(table: str) -> str:
    """The table itself, where an expression has its name."""
    return f'main."{table}"' if connection.vendor == "sqlite" else f'"{table}"'


def _last_rows(history: str) -> str:
    """The condition for the last row before the moment, of records that have a later one."""
    return (
        f'h.history_date <= %s AND h.id IN (SELECT id FROM "{history}" WHERE history_date > %s)'
        f' AND NOT EXISTS (SELECT 1 FROM "{history}" l WHERE l.id = h.id AND l.history_date <= %s AND'
        " (l.history_date > h.history_date OR (l.history_date = h.history_date AND l.history_id > h.history_id)))"
        " AND h.history_type <> '-'"
    )


def _records(model: type[Record]) -> str:
    rows: Any = model.history.model
    columns = [field.column for field in model._meta.concrete_fields]
    table, history = _own(model._meta.db_table), rows._meta.db_table
    now = ", ".join(f't."{column}"' for column in columns)
    then = ", ".join(f'h."{column}"' for column in columns)
    return (
        f"SELECT {now} FROM {table} t WHERE t.created_at <= %s"
        f' AND t.id NOT IN (SELECT id FROM "{history}" WHERE history_date > %s)'
        f' UNION ALL SELECT {then} FROM "{history}" h WHERE {_last_rows(history)}'
        f" AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = h.id"
        f" AND t.publication <> '{Publication.PUBLISHED}')"
    )


def _relations(model: type[Record], field: Any, kept: Any) -> str:
    through = field.remote_field.through
    history = model.history.model._meta.db_table
    ours = through._meta.get_field(field.m2m_field_name()).column
    theirs = through._meta.get_field(field.m2m_reverse_field_name()).column
    return (
        f'SELECT t.id, t."{ours}", t."{theirs}" FROM {_own(through._meta.db_table)} t'
        f' WHERE t."{ours}" NOT IN (SELECT id FROM "{history}" WHERE history_date > %s)'
        f' UNION ALL SELECT k.m2m_history_id, k."{ours}", k."{theirs}" FROM "{kept._meta.db_table}" k'
        f' JOIN "{history}" h ON h.history_id = k.history_id WHERE {_last_rows(history)}'
    )


_last: tuple[int, datetime | None] = (0, None)  # the last one told, with the version of the data it holds for


def last_change(data_version: int) -> datetime | None:
    """When any public record was last written or deleted, as far as records and history tell; read once per version of the data."""
    global _last
    version, found = _last
    if not data_version or version != data_version:
        moments = []
        for model in kinds():
            rows: Any = model.history.model
            moments.append(
                rows.objects.filter(publication=Publication.PUBLISHED).aggregate(Max("history_date"))[
                    "history_date__max"
                ]
            )
            # Records that were loaded have no history yet.
            moments.append(
                model.objects.published().order_by().aggregate(Max("updated_at"))["updated_at__max"]
            )
        found = max((moment for moment in moments if moment), default=None)
        _last = (data_version, found)
    return found
