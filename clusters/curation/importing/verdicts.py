"""What a piece of a table says of one kind of record, and what the conditions of constraints make of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .columns import DOUBTFUL, Outcomes
from .validity import holds, told_apart


@dataclass
class Verdicts:
    """What a piece of a table says of one kind of record.

    values: by field a list, one value a row; silent: rows that say nothing of a field
    slugs: by related field, the code names; skipped: rows that make no such record
    stored: rows whose record is stored, with its number; numbers: of stored and of planned records
    """

    values: dict[str, list[Any]] = field(default_factory=dict)
    silent: dict[str, set[int]] = field(default_factory=dict)
    slugs: dict[str, list[str]] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    stored: dict[int, int] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)


class Condition:
    """A constraint's condition, asked of columns: each combination of values that matter is worked out once."""

    def __init__(self, condition: Any) -> None:
        apart = told_apart(condition)
        self.names = sorted(apart)
        self._apart = [apart[name] for name in self.names]
        self._seen = Outcomes(
            lambda row: (
                None
                if DOUBTFUL in row
                else holds(condition, dict(zip(self.names, row, strict=True)).__getitem__)
            )
        )

    def of(self, columns: list[Sequence[Any]]) -> list[bool | None]:
        """Whether it holds, row by row; None where it cannot be told."""
        seen = self._seen
        alike = [_alike(column, apart) for column, apart in zip(columns, self._apart, strict=True)]
        return [seen[row] for row in zip(*alike, strict=True)]


def _alike(column: Sequence[Any], apart: frozenset | None) -> Sequence[Any]:
    """The column with one value in place of all those that the condition does not tell apart."""
    if apart is None:
        return column
    others = set(column) - apart - {None, DOUBTFUL}
    if len(others) < 2:
        return column
    other = others.pop()
    return [other if value in others else value for value in column]
