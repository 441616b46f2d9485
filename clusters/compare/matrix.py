"""The comparison of any records: their tables without empty groups and, where asked, without what is the same."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .cells import Matrix, Table


def build(records: Sequence[Any], tables: Sequence[Table], only_differences: bool = False) -> Matrix:
    kept, hidden = _filled(tables), 0
    if only_differences:
        kept, hidden = _differing(kept)
    return Matrix(list(records), kept, hidden)


def _filled(tables: Sequence[Table]) -> list[Table]:
    whole = [replace(table, groups=[group for group in table.groups if group.rows]) for table in tables]
    return [table for table in whole if table.groups]


def _differing(tables: Sequence[Table]) -> tuple[list[Table], int]:
    """The tables without the rows that are the same in every cell, and how many those were."""
    hidden = sum(row.same for table in tables for group in table.groups for row in group.rows)
    thinned = [
        replace(
            table,
            groups=[
                replace(group, rows=[row for row in group.rows if not row.same]) for group in table.groups
            ],
        )
        for table in tables
    ]
    return _filled(thinned), hidden
