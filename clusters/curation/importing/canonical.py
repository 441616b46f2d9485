"""The canonical format: one table for each kind of record, its columns the record's own fields."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from clusters.curation import fixtures
from clusters.models import Fact

from .cells import blank_for, escaped, python, read, written
from .converting import Unconvertible
from .converting.problems import NO_HINTS
from .drafts import Draft, Drafts, Place, Problem
from .reading import Row, Table
from .sheets import Origin, Part, Sheet

BATCH = 1000


def fields(model: type[models.Model]) -> list[models.Field]:
    """The fields people write, in the order of the table's columns: the key first, the evidence last."""
    own = [f for f in model._meta.concrete_fields if f.editable and not f.primary_key]
    own += list(model._meta.many_to_many)
    key = [path.split("__")[0] for path in model.natural_key_fields]  # type: ignore[attr-defined]
    evidence = {f.name for f in (*Fact._meta.local_fields, *Fact._meta.local_many_to_many)}
    return sorted(
        own,
        key=lambda f: (
            key.index(f.name) if f.name in key else 99,
            f.name in evidence,
            f.name == "publication",
        ),
    )


def file_name(model: type[models.Model]) -> str:
    return fixtures.fixture_name(model).removesuffix(".json") + ".csv"  # type: ignore[arg-type]


def model_of(table: Table) -> type[models.Model] | None:
    """The kind of record a table of the canonical format or of a fixture holds; None for any other table."""
    if table.kind == "fixture":
        wanted = {model._meta.label_lower: model for model in fixtures.fixture_models()}
        return wanted.get(table.sheet.lower())
    stem = Path(table.file).stem.lower()
    for model in fixtures.fixture_models():
        if stem == Path(file_name(model)).stem:
            names = {f.name for f in fields(model)}
            key = {path.split("__")[0] for path in model.natural_key_fields}
            known = set(table.columns) & names
            return model if key <= known or (known and len(known) * 2 > len(table.columns)) else None
    return None


def drafts_of(table: Table, model: type[models.Model], result: Drafts) -> None:
    """Read the rows of a canonical table."""
    known = {f.name: f for f in fields(model)}
    ignored = {"pk"} | {f.name for f in model._meta.concrete_fields if not f.editable}
    for column in table.columns:
        if column not in known and column not in ignored:
            result.problems.append(
                Problem(
                    "error",
                    Place(table.name, table.first_row),
                    column,
                    "",
                    _("There is no such field."),
                    _("Rename the column or remove it."),
                )
            )
    key = tuple(path.split("__")[0] for path in model.natural_key_fields)  # type: ignore[attr-defined]
    columns = [(index, known[name]) for index, name in enumerate(table.columns) if name in known]
    result.whole[model] = ""

    def drafts(row: Row) -> Iterator[Draft]:
        draft = Draft(model, Place(table.name, row.number), keys=(key,))
        if not take_notes(draft, row.notes):
            cells: dict[str, Any] = {}
            draft.cells = cells
            for index, field in columns:
                cells[field.name] = row.values[index]
                value = take(draft, field, row.values[index])
                if value is not None or field.null:
                    draft.values[field.name] = value
        yield draft

    part = Part(model.__name__.lower(), model, [_origin(index, field) for index, field in columns], (key,))
    sheet = Sheet(table.name, drafts, [part])
    result.sheets.append(sheet)
    sheet.keep(table.rows())


def _origin(index: int, field: models.Field) -> Origin:
    return Origin(
        field.name,
        (index,),
        lambda cells: converted(field, cells[0]),
        missing=lambda value: value is None and not field.null,
        exact=True,
    )


def take_notes(draft: Draft, notes: tuple) -> bool:
    """Make errors of what reading found wrong with a row; says whether there was any."""
    wrong = [note for note in notes if note.error]
    for note in wrong:
        draft.complain(note.place, note.message, _("Correct the row in the file."))
    return bool(wrong)


def take(draft: Draft, field: models.Field, cell: Any) -> Any:
    try:
        return converted(field, cell)
    except Unconvertible as problem:
        draft.complain(field.name, problem.message, problem.fix)
        return None


def converted(field: models.Field, cell: Any) -> Any:
    """A cell's value; None where the field is left to its default. Raises Unconvertible."""
    value = python(field, read(field, cell, NO_HINTS, exact=True))
    if value is not None:
        return value
    # An empty cell leaves alone what may not be empty.
    return None if field.has_default() and not field.blank else blank_for(field)


def rows(model: type[models.Model]) -> Iterator[list[str]]:
    """All records of a kind as rows of the canonical table, in the order of their keys."""
    columns = fields(model)
    single = [f.name for f in columns if isinstance(f, models.ForeignKey)]
    several = [f.name for f in columns if f.many_to_many]
    records = model._default_manager.prefetch_related(*several)
    if single:
        records = records.select_related(*single)
    keys = [models.F(name).asc(nulls_last=True) for name in model.natural_key_fields]  # type: ignore[attr-defined]
    for record in records.order_by(*keys).iterator(BATCH):
        yield [escaped(written(_value(record, field))) for field in columns]


def _value(record: models.Model, field: models.Field) -> Any:
    if field.many_to_many:
        return sorted(related.slug for related in getattr(record, field.name).all())
    value = getattr(record, field.name)
    return value.slug if isinstance(field, models.ForeignKey) and value is not None else value


def export(folder: Path) -> list[Path]:
    """Write every kind of record into a folder of CSV files that spreadsheet programs open rightly."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for model in fixtures.fixture_models():
        path = folder / file_name(model)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(field.name for field in fields(model))
            writer.writerows(rows(model))
        paths.append(path)
    return paths
