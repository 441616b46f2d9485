"""What a row becomes before it is a record: values by field, references by key, and problems with their place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models

if TYPE_CHECKING:
    from .sheets import Sheet


class Place(NamedTuple):
    """Where a value stands: the table's name and the row's number in the file (0 when it stands in no row)."""

    file: str
    row: int = 0

    @property
    def label(self) -> str:
        """By which a reason is given for a row."""
        return f"{self.file}:{self.row}"


class Problem(NamedTuple):
    """Something to say about a row.

    kind: "error" (the row cannot be written), "suspicious" (held until a reason is given), "missing" (in the
        directory, not in the file) or "note"
    """

    kind: str
    place: Place
    column: str
    value: str
    reason: str
    fix: str = ""


class Ref(NamedTuple):
    """A related record named by its code."""

    model: type[models.Model]
    slug: str


@dataclass(eq=False)
class Draft:
    """One record as a row says it should be.

    values: by field name, converted; relations as Ref, many-to-many as a list of Ref; fields the file does
        not speak of are absent
    defaults: values for fields that a new record needs and the file does not have; never written over others
    keys: sets of fields by which a stored record is recognized, tried in order
    match: values used for recognizing only
    columns: by field name, the column it came from
    may_be_blank: fields that a new draft may lack until somebody writes them
    address, phone: what confirms a match by name
    """

    model: type[models.Model]
    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    keys: tuple[tuple[str, ...], ...] = ()
    match: dict[str, Any] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Any] = field(default_factory=dict)
    may_be_blank: frozenset[str] = frozenset()
    by_name: bool = False
    address: str = ""
    phone: str = ""
    only_reference: bool = False
    problems: list[Problem] = field(default_factory=list)

    def column(self, name: str) -> str:
        return self.columns.get(name, name)

    def complain(self, name: str, reason: str, fix: str = "", value: Any = None, kind: str = "error") -> None:
        said = value if value is not None else self.cells.get(name, self.values.get(name))
        text = said.slug if isinstance(said, Ref) else "" if said is None else str(said)
        self.problems.append(Problem(kind, self.place, self.column(name), text[:200], reason, fix))

    @property
    def faulty(self) -> bool:
        return any(problem.kind == "error" for problem in self.problems)


@dataclass
class Drafts:
    """Everything that was read: rows, and what is wrong with files and rows that make no draft.

    drafts: records that stand in no row, such as a profile's own source
    """

    drafts: list[Draft] = field(default_factory=list)
    sheets: list["Sheet"] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # What the file speaks for completely, so that records absent from it are worth a line: model and key prefix.
    whole: dict[type[models.Model], str] = field(default_factory=dict)
