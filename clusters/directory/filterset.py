"""The base of all filter forms: a text search, facets, and the rows that fit the choices."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from functools import cached_property

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from clusters import search

from .facets import Facet
from .fields import SearchField, cleaned


class SearchFilter(django_filters.Filter):
    """The text search; what it reads of a record is the directory's to say."""

    field_class = SearchField
    name: str

    @property
    def field(self) -> SearchField:
        return SearchField(label=self.label)

    def narrow(self, rows: QuerySet, text: str, chosen: Mapping) -> QuerySet:
        return search.find(rows, text)

    def hits(self, text: str) -> list[list[int]]:
        """The records found, by number, in classes, the best hits first."""
        return search.matching(self.parent.queryset.model, text)


class DirectoryFilters(django_filters.FilterSet):
    """The base of all filter forms. A field with a bad value filters nothing; the others still do."""

    q = SearchFilter(label=_("Name or description"))

    def __init__(self, data: QueryDict, *, now: datetime, memory: dict | None = None) -> None:
        """`memory` keeps the options that were read from one request to the next."""
        # What django-filter does here takes as long as the rest of a page: it copies every filter to the last part,
        # and makes a form of them that nobody draws.
        self.data = data
        self.filters = {name: copy(one) for name, one in self.base_filters.items()}
        self.now = now
        self.memory = {} if memory is None else memory
        self._rows: dict[tuple[str, ...], QuerySet] = {}  # by the choices applied; facets share them
        for name, one in self.filters.items():
            one.name, one.parent, one.model = name, self, self._meta.model

    @cached_property
    def queryset(self) -> QuerySet:
        """Every published row."""
        return self._meta.model.objects.published()

    @property
    def facets(self) -> list[Facet]:
        return [one for one in self.filters.values() if isinstance(one, Facet)]

    @cached_property
    def _cleaned(self) -> tuple[dict, dict[str, list[str]]]:
        return cleaned({name: one.field for name, one in self.filters.items()}, self.data)

    @property
    def chosen(self) -> dict:
        """The valid choices by parameter, in the order of the form."""
        return self._cleaned[0]

    @property
    def errors(self) -> dict[str, list[str]]:
        return self._cleaned[1]

    def rows(self, without: Iterable[str] = ()) -> QuerySet:
        """The published rows that fit all choices but those set aside."""
        chosen = {name: value for name, value in self.chosen.items() if name not in without}
        if tuple(chosen) not in self._rows:
            rows = self.queryset.all()
            for name, value in chosen.items():
                rows = self.filters[name].narrow(rows, value, chosen)
            self._rows[tuple(chosen)] = rows
        return self._rows[tuple(chosen)]
