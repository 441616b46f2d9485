"""A table's rows kept until they are rehearsed, and what it takes to make records of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from .drafts import Draft
from .reading import Row
from .spill import Spill

PIECE = 2000


@dataclass
class Origin:
    """One field of a part and where its value comes from.

    places: the cells' columns; read: makes the value of these cells, or raises Unconvertible
    missing: whether a value of None is left to the field's default
    exact: cells of the canonical format, taken as they are; plain: cells only tidied
    link: the part of the same row whose record is the value
    """

    name: str
    places: tuple[int | None, ...] = ()
    read: Callable[[list[Any]], Any] | None = None
    missing: Callable[[Any], bool] = lambda value: value is None
    exact: bool = False
    plain: bool = False
    link: str = ""


@dataclass
class Part:
    """What a row makes of one kind of record: the same that its draft would say."""

    name: str
    model: type[models.Model]
    origins: list[Origin]
    keys: tuple[tuple[str, ...], ...]
    constants: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    may_be_blank: frozenset[str] = frozenset()
    when: tuple[str, ...] = ()
    by_name: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Sheet:
    """Rows in pieces. `drafts_of` says with all care what one row makes; `parts` is the same in short."""

    name: str
    drafts_of: Callable[[Row], Iterable[Draft]]
    parts: list[Part]
    pieces: Spill = field(default_factory=Spill)

    def keep(self, rows: Iterable[Row]) -> None:
        piece: list[Row] = []
        for row in rows:
            piece.append(row)
            if len(piece) == PIECE:
                self.pieces.append([tuple(one) for one in piece])
                piece = []
        if piece:
            self.pieces.append([tuple(one) for one in piece])

    def rows(self) -> Iterator[Row]:
        for piece in self.pieces:
            yield from (Row(*one) for one in piece)
