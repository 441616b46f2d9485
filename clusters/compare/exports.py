"""The comparison as data: the rows of the page, in its order, for CSV and JSON."""

from decimal import Decimal

from django.utils.translation import gettext as _

from clusters.models import Claim, Station, Status

from .cells import Cell, Matrix, Row, sources_of
from .kinds import Kind

OF_ROW = ("table", "group", "row", "label", "note")
OF_CELL = (
    "value",
    "unit",
    "period",
    "scope",
    "extent",
    "basis",
    "survey",
    "flag",
    "finding",
    "gap",
    "other_values",
    "share_percent",
    "bar_percent",
    "comparable",
    "why_not",
    "sources",
)
GAPS = {
    "none": lambda: _("not applicable"),
    "not_added": lambda: _("not added up"),
    "not_surveyed": lambda: _("not surveyed"),
    "unknown": lambda: _("not known"),
}


def columns(kind: Kind) -> tuple[str, ...]:
    return (*OF_ROW, "slug", kind.noun, *OF_CELL)


def _words(fact) -> str:
    if isinstance(fact, Claim):
        return f"{Status(fact.status).label}: {fact.statement}"
    if isinstance(fact, Station):
        return f"{fact.name} ({fact.lines})"
    return str(fact)


def _addresses(facts) -> list[str]:
    sources = [source for fact in facts for source in sources_of(fact)]
    return list(dict.fromkeys(source.url for source in sources if source.url))


def _gap(cell: Cell) -> str:
    word = GAPS[cell.gap]()
    return f"{word}: {cell.note}" if cell.note else word


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _value(row: Row, cell: Cell) -> dict:
    """What one cell says. Only what it has is filled."""
    if cell.gap:
        return {"gap": _gap(cell)}
    if cell.placed:
        point, line = cell.placed.point, cell.placed.line
        facts = [p.fact for p in (point, *cell.placed.otherwise) if p.fact is not None]
        return {
            "value": _number(point.value),
            "unit": str(cell.placed.indicator.unit),
            "period": str(point.period),
            "scope": str(line.scope),
            "extent": line.extent,
            "basis": line.basis,
            "survey": str(line.survey),
            "flag": point.flag,
            "finding": point.status,
            "other_values": [_number(other.value) for other in cell.placed.otherwise],
            "sources": _addresses(facts),
        }
    facts = [*cell.facts, *([cell.fact] if cell.fact is not None else [])]
    about = {
        "period": cell.period or str(getattr(cell.fact, "as_of", "")),
        "sources": [cell.source.url] if cell.source is not None and cell.source.url else _addresses(facts),
    }
    if cell.number is not None:
        return {
            "value": cell.number,
            "unit": str(cell.unit),
            "scope": str(cell.sub),
            "share_percent": cell.share,
            **about,
        }
    if cell.facts:
        return {"value": [_words(fact) for fact in cell.facts], **about}
    return {"value": f"{cell.text} ({cell.sub})" if cell.sub else str(cell.text), **about}


def cells(matrix: Matrix, kind: Kind) -> list[dict]:
    """One entry for each row and record."""
    found = []
    for table, group, row in matrix.rows():
        for record, cell in zip(matrix.records, row.cells, strict=True):
            found.append(
                {
                    "table": table.key,
                    "group": group.key,
                    "row": row.key,
                    "label": str(row.label),
                    "note": str(row.sub),
                    "slug": record.slug,
                    kind.noun: kind.name_of(record),
                    **_value(row, cell),
                    "bar_percent": None if cell.bar is None else float(cell.bar),
                    "comparable": cell.bar is not None,
                    "why_not": row.why,
                }
            )
    return found


def document(matrix: Matrix, kind: Kind) -> dict:
    """The comparison as one JSON document; each row with its cells in the order of the records."""
    entries = iter(cells(matrix, kind))
    results = []
    own = set(columns(kind)) - {*OF_ROW, "comparable", "why_not"}
    for _table, _group, row in matrix.rows():
        together = [next(entries) for _cell in row.cells]
        results.append(
            {
                "slug": row.key,
                "table": together[0]["table"],
                "group": together[0]["group"],
                "label": together[0]["label"],
                "note": together[0]["note"],
                "comparable": any(entry["comparable"] for entry in together),
                "why_not": row.why,
                "cells": [{key: entry[key] for key in entry if key in own} for entry in together],
            }
        )
    return {
        kind.name: [{"slug": record.slug, "name": str(record.name)} for record in matrix.records],
        "count": len(results),
        "next": None,
        "results": results,
    }
