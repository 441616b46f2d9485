"""Entries of the index: what each public record can be found by, read from the tables for many records at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Model

from .fields import KINDS, Kind, kind_of, leading_to, public, way_back
from .hangul import has_syllables, initials, letters
from .normalizing import EDGE, plain, squeezed, without_legal_form

CHUNK = 2000
NOTE = 0  # the key under which the index keeps by which rules it was made


class Entry(NamedTuple):
    """Names and texts of one record, squeezed, with an edge before and after each value."""

    key: int
    names: str
    texts: str

    @property
    def body(self) -> str:
        return self.names + self.texts

    @property
    def initials(self) -> str:
        """The names in Hangul by their initials."""
        spelled = EDGE.join(line for line in self.names.split(EDGE) if has_syllables(line))
        return EDGE + initials(spelled) + EDGE if spelled else ""

    @property
    def letters(self) -> str:
        return letters(self.names)


def chunks(values: Iterable[int]) -> Iterator[list[int]]:
    found = sorted(values)
    for start in range(0, len(found), CHUNK):
        yield found[start : start + CHUNK]


def read(part: list[int]) -> dict[int, Entry]:
    """The entries of those of the records that the public may see."""
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for key in part:
        if kind := kind_of(key):
            by_kind[kind].append(key - kind.base)
    return {entry.key: entry for kind, pks in by_kind.items() for entry in _read(kind, pks)}


def _read(kind: Kind, pks: list[int]) -> Iterator[Entry]:
    fields, manager = kind.fields, kind.model._default_manager
    own = manager.published().filter(pk__in=pks).order_by("pk")  # type: ignore[attr-defined]
    rows = list(own.values_list("pk", *fields.names, *fields.texts))
    related: dict[int, list[Any]] = defaultdict(list)
    for relation, columns in fields.related.items():
        held = manager.filter(public(kind.model, relation), pk__in=[row[0] for row in rows])
        paths = [f"{relation}__{column}" for column in columns]
        for pk, *values in held.order_by("pk", f"{relation}__pk").values_list("pk", *paths):
            related[pk] += values
    for pk, *values in rows:
        names, texts = values[: len(fields.names)], values[len(fields.names) :]
        yield Entry(kind.base + pk, _joined(names, names=True), _joined([*texts, *related[pk]]))


def _joined(values: Iterable[Any], names: bool = False) -> str:
    """Values with edges around each; names also without their legal form, so that they begin where people begin."""
    found: dict[str, None] = {}
    for value in values:
        for line in value if isinstance(value, list) else [value]:
            if not line:
                continue
            if names:
                whole = plain(line)
                found[without_legal_form(whole).replace(" ", "")] = None
                found[whole.replace(" ", "")] = None
            else:
                found[squeezed(line)] = None
    found.pop("", None)
    return EDGE + EDGE.join(found) + EDGE if found else ""


def dependents(model: type[Model], pks: Iterable[int]) -> set[int]:
    """The keys of entries that hold something of these records, or hang on their publication."""
    found: set[int] = set()
    pks = list(pks)
    for kind, path in leading_to(model):
        back = way_back(kind.model, path)
        for part in chunks(pks):
            if back:
                # Asked from these records on, since SQLite may know the number of rows from long ago and begin elsewhere.
                held = model._default_manager.filter(pk__in=part).order_by().values_list(back, flat=True)
            else:
                held = (
                    kind.model._default_manager.filter(**{f"{path}__in": part})
                    .order_by()
                    .values_list("pk", flat=True)
                )
            found.update(kind.base + pk for pk in held if pk is not None)
    return found


def keys(model: type[Model], pks: Iterable[int]) -> set[int]:
    """The keys of these records' own entries."""
    kind = KINDS.get(model)
    return {kind.base + pk for pk in pks} if kind else set()
