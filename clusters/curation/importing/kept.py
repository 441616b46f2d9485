"""Rows of a table put aside as surely right, and taken out again once all tables are read."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from clusters.models.fields import LineField, ProseField, TextListField, WebAddressField

from .drafts import Ref
from .layout import Layout
from .planned import Piece, code
from .verdicts import Verdicts

# Fields whose values are texts and nothing else.
_AS_THEY_ARE = (models.CharField, models.TextField, LineField, ProseField, WebAddressField)


class Kept:
    """hashes: by the fields that tell records apart, a mark of each row's; rows: where each stands in the file
    same: rows that leave their stored record as it is, with its number
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.hashes: dict[tuple[str, ...], array] = {names: array("q") for names, *_ in layout.uniques}
        self.rows = array("q")
        self.same: dict[int, int] = {}

    def keep(self, found: Verdicts, numbers: list[int], bad: set[int]) -> None:
        """Put aside what is right in every part of its row."""
        self.rows.extend(numbers)
        for at, pk in found.stored.items():
            if at not in bad and at not in found.skipped:
                self.same[numbers[at]] = pk
        out = bad | found.stored.keys() | found.skipped
        new = [at for at in range(len(numbers)) if at not in out]
        if not new:
            return
        if "slug" in self.layout.fields:
            slugs = self.layout.column(found, "slug", len(numbers))
            self.layout.planner.planned[self.layout.model].numbers.update(
                (slugs[at], code(found.numbers[at])) for at in new
            )
        self.layout.out.add(
            Piece(
                [code(found.numbers[at]) for at in new],
                [numbers[at] for at in new],
                [self._prepared(name, found.values[name], new) for name in self.layout.varying],
                [[tuple(found.values[n][at] or ()) for at in new] for n in self.layout.several],
                self._known_as(found, numbers, new),
            )
        )

    def _prepared(self, name: str, values: list[Any], new: list[int]) -> list[Any]:
        """Values as the database takes them."""
        of_field = self.layout.fields[name]
        if of_field.is_relation or type(of_field) in _AS_THEY_ARE:
            return [values[at] for at in new]
        prepare = self.layout.preparers[name]
        if isinstance(of_field, TextListField | models.JSONField):
            return [prepare.work_out(values[at]) for at in new]
        return [prepare[values[at]] for at in new]

    def _known_as(self, found: Verdicts, numbers: list[int], new: list[int]) -> list[str]:
        """The keys by which records are known outside, as `applying.key_text` says them."""
        columns: list[Sequence[Any]] = []
        for path in self.layout.model.natural_key_fields:  # type: ignore[attr-defined]
            name, _, deeper = path.partition("__")
            if deeper and name in found.slugs:
                columns.append(found.slugs[name])
            elif deeper:
                columns.append([self._slug(name)] * len(numbers))
            else:
                columns.append(self.layout.column(found, name, len(numbers)))
        texts = [
            ["" if column[at] is None else str(column[at]) for at in new]
            if None in column
            else [str(column[at]) for at in new]
            for column in columns
        ]
        return [" / ".join(parts)[:500] for parts in zip(*texts, strict=True)]

    def _slug(self, name: str) -> str:
        value = self.layout.given.get(name, self.layout.otherwise[name])
        return value.slug if isinstance(value, Ref) else str(value.values["slug"]) if value else ""

    # ---- once all tables are read -----------------------------------------------------------------

    def rows_with(self, twins: dict[tuple[str, ...], set[int]]) -> Iterator[int]:
        for names, marks in self.hashes.items():
            if shared := twins.get(names):
                yield from (row for row, mark in zip(self.rows, marks, strict=True) if mark in shared)

    def rows_on(self, gone: dict[type[models.Model], set[int]]) -> Iterator[int]:
        """Rows that refer to planned records which are looked at with care after all."""
        for at, of_field in enumerate(self.layout.out.fields):
            if of_field.is_relation and (lost := gone.get(of_field.related_model)):  # type: ignore[arg-type]
                for piece in self.layout.out:
                    yield from (
                        row for row, value in zip(piece.rows, piece.columns[at], strict=True) if value in lost
                    )
        for at, many in enumerate(self.layout.out.many):
            if lost := gone.get(many.related_model):  # type: ignore[arg-type]
                for piece in self.layout.out:
                    yield from (
                        row
                        for row, value in zip(piece.rows, piece.several[at], strict=True)
                        if not lost.isdisjoint(value)
                    )

    def drop(self, rows: set[int]) -> set[int]:
        """Leave these rows to the careful way; gives the numbers that their records would have had."""
        for row in rows & self.same.keys():
            del self.same[row]
        numbers = {
            number
            for piece in self.layout.out
            for number, row in zip(piece.numbers, piece.rows, strict=True)
            if row in rows
        }
        if numbers:
            self.layout.out.drop(numbers)
            planned = self.layout.planner.planned[self.layout.model]
            for slug in [slug for slug, number in planned.numbers.items() if number in numbers]:
                del planned.numbers[slug]
        return numbers
