"""Search across all directories: the first hits of each, found as the directory itself finds them."""

from dataclasses import dataclass

from django.db.models import Model
from django.http import QueryDict
from django.utils.functional import cached_property

from .registry import DIRECTORIES
from .selection import Selection

FIRST_HITS = 5


@dataclass(frozen=True)
class Hit:
    record: Model
    name: str
    about: str  # one line on it


class Group:
    """What one directory holds for a search; read at once, so that a search costs the same whatever it finds."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.directory = selection.directory
        self.total = selection.total
        rows = selection.queryset.prefetch_related(None)[:FIRST_HITS]
        heading, subtitle = self.directory.heading, self.directory.subtitle
        self.hits = [Hit(record, getattr(record, heading), getattr(record, subtitle)) for record in rows]


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
