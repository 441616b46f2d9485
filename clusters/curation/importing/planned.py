"""Records that an import will make of plain rows: kept as columns in pieces, shown as records when asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import models

from .drafts import Draft, Place
from .sheets import Part
from .spill import Spill

# A related record is a number: that of a stored one as it is, that of a planned one counted down from -1,
# and from here on down the place of one in `Planner.made` that is written in the careful way.
CAREFUL = -(2**40)


def code(number: int) -> int:
    return -1 - number


class Piece(NamedTuple):
    """numbers: each record's own among the planned of its kind; rows: where it stands in the file
    columns: values as the database takes them, a list for each varying field; several: likewise the related
    records of many-to-many fields; keys: how each record is known outside
    """

    numbers: list[int]
    rows: list[int]
    columns: list[list[Any]]
    several: list[list[tuple[int, ...]]]
    keys: list[str]

    def without(self, dropped: set[int]) -> "Piece":
        if dropped.isdisjoint(self.numbers):
            return self
        return self._of([at for at, number in enumerate(self.numbers) if number not in dropped])

    def only(self, at: int) -> "Piece":
        return self._of([at])

    def _of(self, stay: list[int]) -> "Piece":
        return Piece(
            [self.numbers[at] for at in stay],
            [self.rows[at] for at in stay],
            [[column[at] for at in stay] for column in self.columns],
            [[column[at] for at in stay] for column in self.several],
            [self.keys[at] for at in stay],
        )


@dataclass(eq=False)
class PlannedRows:
    """The new records of one kind that the plain rows of one table make.

    fields: the varying fields; fixed: values that all share, by field; many: the many-to-many fields
    """

    file: str
    part: Part
    fields: list[models.Field]
    fixed: dict[Any, Any]
    many: list[models.ManyToManyField]
    kinds: "dict[type[models.Model], Planned]"
    pieces: Spill = field(default_factory=Spill)
    starts: list[int] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)
    count: int = 0

    @property
    def model(self) -> type[models.Model]:
        return self.part.model

    def add(self, piece: Piece) -> None:
        self.starts.append(piece.numbers[0])
        self.pieces.append(piece)
        self.count += len(piece.numbers)

    def drop(self, numbers: set[int]) -> None:
        self.dropped |= numbers
        self.count -= len(numbers)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Piece]:
        for piece in self.pieces:
            if (kept := piece.without(self.dropped)).numbers:
                yield kept

    def at(self, position: int) -> tuple[models.Model, Draft]:
        for piece in self:
            if position < len(piece.numbers):
                return next(self.records(piece.only(position)))
            position -= len(piece.numbers)
        raise IndexError(position)

    def records(self, piece: Piece) -> Iterator[tuple[models.Model, Draft]]:
        """The records of a piece, not saved, each with a draft that says where it comes from."""
        for at, row in enumerate(piece.rows):
            record, said = self.model(), {}
            values = [column[at] for column in piece.columns]
            for of_field, value in [*zip(self.fields, values, strict=True), *self.fixed.items()]:
                if not of_field.is_relation:
                    setattr(record, of_field.attname, of_field.to_python(value))
                    said[of_field.name] = getattr(record, of_field.attname)
                elif value is None or value > 0:
                    setattr(record, of_field.attname, value)
                else:
                    setattr(record, of_field.name, self.kinds[of_field.related_model].record(value))
            place = Place(self.file, row)
            yield record, Draft(self.model, place, values=said, columns=self.part.columns)


class Planned:
    """Everything planned of one kind of record: `numbers` finds a planned record by its code name."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.count = 0
        self.numbers: dict[str, int] = {}
        self.rows: list[PlannedRows] = []
        self.made: list[models.Model] = []
        self.named: dict[int, models.Model] = {}
        self._piece = lru_cache(maxsize=2)(self._read)

    def _read(self, rows: PlannedRows, at: int) -> dict[int, tuple[Piece, int]]:
        piece = rows.pieces[at]
        return {number: (piece, n) for n, number in enumerate(piece.numbers)}

    def record(self, code: int) -> models.Model:
        """The record a code of a related record means, the same object at every call."""
        if code <= CAREFUL:
            return self.made[CAREFUL - code]
        number = -1 - code
        if number in self.named:
            return self.named[number]
        for rows in self.rows:
            for at in range(len(rows.pieces) - 1, -1, -1):
                if rows.starts[at] <= number:
                    if number in (found := self._piece(rows, at)):
                        piece, n = found[number]
                        record = next(rows.records(piece.only(n)))[0]
                        if len(self.named) < 5000:
                            self.named[number] = record
                        return record
                    break
        raise LookupError(number)

    def named_by(self, slug: str) -> models.Model | None:
        """The planned record of this code name, for a record that is written in the careful way."""
        number = self.numbers.get(slug)
        if number is None:
            return None
        record = self.record(code(number))
        self.named[number] = record
        return record
