"""Writes the planned records of plain rows, their history and the notes for undoing, many in one statement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from django.db import connection, models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from clusters.models import ImportBatch, ImportedChange, version
from clusters.search import index

from .planned import CAREFUL, Piece, Planned, PlannedRows

Kinds = Mapping[type[models.Model], Planned]


class Pouring:
    """Numbers for planned records, and the statements that write them."""

    def __init__(self, kinds: Kinds, batch: ImportBatch, *, by, reason: str) -> None:
        self.kinds, self.batch, self.by, self.reason = kinds, batch, by, reason
        self.now = timezone.now()
        self.pks: dict[type[models.Model], Sequence[int]] = {}

    def pour(self, rows: PlannedRows, wrote: Callable[[int], None]) -> None:
        model = rows.model
        if model not in self.pks:
            self.pks[model] = _numbers(model, self.kinds[model].count)
        # One table after the other: each one's indexes stay in the database's cache while they grow.
        for piece in rows:
            pks = self._pks(model, piece)
            self._insert(rows, piece, pks)
            self._relate(rows, piece, pks)
            wrote(len(pks))
        for piece in rows:
            _keep_history(model, self._pks(model, piece), self.now, self.by, self.reason)
        for piece in rows:
            pks = self._pks(model, piece)
            self._remember(model, piece, pks)
            index.update(model, pks)
        version.move(model)

    def _pks(self, model: type[models.Model], piece: Piece) -> list[int]:
        return [self.pks[model][number] for number in piece.numbers]

    def name(self) -> None:
        """Give the records made for others to refer to their numbers."""
        for model, planned in self.kinds.items():
            for number, record in planned.named.items():
                if model in self.pks:
                    record.pk = self.pks[model][number]

    def _pk(self, model: type[models.Model], value: int) -> int:
        if value > 0:
            return value
        return self.kinds[model].made[CAREFUL - value].pk if value <= CAREFUL else self.pks[model][-1 - value]

    def _insert(self, rows: PlannedRows, piece: Piece, pks: list[int]) -> None:
        meta: Any = rows.model._meta
        columns: dict[str, Iterable[Any]] = {"id": pks}
        moment = meta.get_field("created_at").get_db_prep_save(self.now, connection)
        for name in ("created_at", "updated_at"):
            columns[meta.get_field(name).column] = repeat(moment)
        columns[meta.get_field("version").column] = repeat(1)
        for of_field, value in rows.fixed.items():
            columns[of_field.column] = repeat(self._prepared(of_field, value))
        for of_field, values in zip(rows.fields, piece.columns, strict=True):
            related: Any = of_field.related_model
            columns[of_field.column] = (
                values if related is None else [v if v is None else self._pk(related, v) for v in values]
            )
        _insert(meta.db_table, columns)

    def _prepared(self, of_field: Any, value: Any) -> Any:
        if of_field.is_relation:
            return value if value is None else self._pk(of_field.related_model, value)
        return of_field.get_db_prep_save(value, connection)

    def _relate(self, rows: PlannedRows, piece: Piece, pks: list[int]) -> None:
        for many, chosen in zip(rows.many, piece.several, strict=True):
            pairs = [
                (pk, self._pk(many.related_model, value))  # type: ignore[arg-type]
                for pk, values in zip(pks, chosen, strict=True)
                for value in dict.fromkeys(values)
            ]
            if pairs:
                through: Any = many.remote_field.through
                ours, theirs = zip(*pairs, strict=True)
                meta = through._meta
                _insert(
                    meta.db_table,
                    {
                        meta.get_field(many.m2m_field_name()).column: ours,
                        meta.get_field(many.m2m_reverse_field_name()).column: theirs,
                    },
                )

    def _remember(self, model: type[models.Model], piece: Piece, pks: list[int]) -> None:
        meta: Any = ImportedChange._meta
        values: dict[str, Iterable[Any]] = {
            "batch": repeat(self.batch.pk),
            "model": repeat(model._meta.label),
            "record_pk": pks,
            "key": piece.keys,
            "before": repeat(None),
            "after": repeat("{}"),  # the history has it
            "version": repeat(1),
        }
        _insert(
            meta.db_table,
            {meta.get_field(name).column: column for name, column in values.items()},
        )


def _numbers(model: type[models.Model], count: int) -> Sequence[int]:
    """Primary keys for records to come; nobody else can get them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # the transaction is the only one that writes
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or (0,))[0]
            return range(last + 1, last + 1 + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [number for (number,) in cursor.fetchall()]


def _insert(table: str, columns: Mapping[str, Iterable[Any]]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        rows: Any = zip(*columns.values())  # noqa: B905 (some go on for ever)
        cursor.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({places})", rows)


def _keep_history(model: Any, pks: list[int], now, by, reason: str) -> None:
    """One row of the history for each new record, with what its many-to-many fields hold: copied as stored."""
    quote = connection.ops.quote_name
    rows = model.history.model
    columns = [quote(field.column) for field in rows.tracked_fields]
    own = {
        "history_date": rows._meta.get_field("history_date").get_db_prep_save(now, connection),
        "history_user": by.pk if by is not None else None,
        "history_change_reason": reason or None,
        "history_type": "+",
    }
    names = [*columns, *(quote(rows._meta.get_field(name).column) for name in own)]
    table, which = quote(model._meta.db_table), ", ".join(map(str, pks))
    casts = connection.vendor == "postgresql"
    places = [f"%s::{rows._meta.get_field(name).db_type(connection)}" if casts else "%s" for name in own]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(rows._meta.db_table)} ({', '.join(names)})"
            f" SELECT {', '.join([*columns, *places])} FROM {table} WHERE id IN ({which}) ORDER BY id",
            list(own.values()),
        )
        for many in model._meta.many_to_many:
            kept: Any = HistoricalRecords.m2m_models.get(many)
            if kept is not None:
                _keep_related(cursor, rows, many, kept, which)


def _keep_related(cursor, rows: Any, many: Any, kept: Any, which: str) -> None:
    quote = connection.ops.quote_name
    through = many.remote_field.through
    copied = [
        f for f in through._meta.concrete_fields if f.name in {k.name for k in kept._meta.concrete_fields}
    ]
    names = [quote(field.column) for field in copied]
    ours = quote(through._meta.get_field(many.m2m_field_name()).column)
    history = quote(kept._meta.get_field("history").column)
    cursor.execute(
        f"INSERT INTO {quote(kept._meta.db_table)} ({', '.join([*names, history])})"
        f" SELECT {', '.join(f't.{name}' for name in names)}, h.history_id"
        f" FROM {quote(through._meta.db_table)} t JOIN {quote(rows._meta.db_table)} h ON h.id = t.{ours}"
        f" WHERE t.{ours} IN ({which})"
    )
