"""Search across all directories: the first hits of each, found as the directory itself finds them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import pgettext_lazy

from clusters import models as m
from clusters import search

from .registry import DIRECTORIES
from .selection import Selection

FIRST_HITS = 5
FEW = 3  # with fewer hits than these, names that come near are named as well

BY_MODEL = {directory.model: directory for directory in DIRECTORIES}
# What one row of each directory is called.
KINDS: dict[type[Model], Promise] = {
    m.District: pgettext_lazy("kind of record", "District"),
    m.Company: pgettext_lazy("kind of record", "Company"),
    m.Institution: pgettext_lazy("kind of record", "Institution"),
    m.Program: pgettext_lazy("kind of record", "Program"),
    m.Event: pgettext_lazy("kind of record", "Event"),
    m.Source: pgettext_lazy("kind of record", "Source"),
}
# A source is known by its title, of which a slip of the fingers makes no other.
WITH_NAMES = tuple(model for model in KINDS if model is not m.Source)


@dataclass(frozen=True)
class Hit:
    record: Any
    name: str
    about: str  # one line on it


@dataclass(frozen=True)
class Named:
    """A record as a suggestion shows it."""

    record: Any
    name: str
    other: str  # a name in the other language or an older one, where that is the one that was typed
    kind: str


class Group:
    """What one directory holds for a search; read at once, so that a search costs the same whatever it finds."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.directory = selection.directory
        self.total = selection.total
        pks = selection.answers.pks(0, min(FIRST_HITS, self.total))
        records = self.directory.model._default_manager.published().in_bulk(pks)  # type: ignore[attr-defined]
        heading, subtitle = self.directory.heading, self.directory.subtitle
        self.hits = [
            Hit(record, getattr(record, heading), getattr(record, subtitle))
            for pk in pks
            if (record := records.get(pk))
        ]


class Search:
    """One text, looked for in every directory."""

    def __init__(self, params: QueryDict, data_version: int | None = None) -> None:
        query = QueryDict(mutable=True)
        query.setlist("q", params.getlist("q"))
        self._selections = [
            Selection(directory, query, data_version=data_version) for directory in DIRECTORIES
        ]

    @property
    def text(self) -> str:
        return self._selections[0].text

    @property
    def text_as_typed(self) -> str:
        return self._selections[0].text_as_typed

    @property
    def errors(self) -> list[str]:
        return self._selections[0].errors.get("q", [])

    @cached_property
    def groups(self) -> list[Group]:
        """The directories that hold anything for the text."""
        if not self.text:
            return []
        found = [Group(selection) for selection in self._selections]
        return [group for group in found if group.total]

    @cached_property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @cached_property
    def similar(self) -> list[Named]:
        """Names that come near to what was typed, where that itself brings little."""
        if not self.text or self.total >= FEW:
            return []
        shown = {hit.record for group in self.groups for hit in group.hits}
        return [one for one in similar(self.text, WITH_NAMES) if one.record not in shown]


def similar(text: str, models: Iterable[type[Model]]) -> list[Named]:
    """Records with a name that comes near to a text."""
    return _named(search.similar(text, models), lambda name, names: search.nearest(text, [name, *names]))


def similar_in(selection: Selection) -> list[Named]:
    """The same for a list whose search finds nothing, whatever the other conditions."""
    model = selection.directory.model
    if not selection.text or selection.total or model not in WITH_NAMES:
        return []
    if search.find(selection.filters.queryset, selection.text).exists():
        return []
    return similar(selection.text, [model])


def suggestions(text: str) -> list[Named]:
    """A few records by their names, for what was typed so far."""
    return _named(
        search.suggest(text, WITH_NAMES), lambda name, names: search.name_that_holds(text, name, names)
    )


def _named(keys: list[int], other: Callable[[str, list[str]], str]) -> list[Named]:
    named = []
    for record in search.records(keys).values():
        directory = BY_MODEL[type(record)]
        name = getattr(record, directory.heading)
        found = other(name, _names(record, directory.search.names))
        named.append(Named(record, name, "" if found == name else found, str(KINDS[type(record)])))
    return named


def _names(record: Any, columns: Iterable[str]) -> list[str]:
    found: list[str] = []
    for column in columns:
        value = getattr(record, column)
        found += value if isinstance(value, list) else [value]
    return [name for name in found if name]
