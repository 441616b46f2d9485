"""Statements whose SQL is made once and run with other values.

For a small question, such as one record by its address, Django takes ten times as long to make the SQL as the
database takes to answer it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property

FEW = 20  # values; a statement is kept for each number of values up to this
_MARKS = {int: lambda place: 7_105_200_000_000_000 + place, str: lambda place: f"\x1avalue {place}"}


class Prepared:
    """The rows that have one of a few values.

    `rows` makes the queryset from a list of values of the type `of`, as by `filter(slug__in=values)`; it must ask for
    nothing else that changes, and for no computed columns. What the queryset says belongs to its rows
    (select_related, prefetch_related) is not read here: `directory.reading` does that.
    """

    def __init__(self, rows: Callable[[list], QuerySet], of: type = int) -> None:
        self._make, self._of = rows, of
        self._made: dict[tuple[str, int], tuple[str, list[Any], list[tuple[int, int]]]] = {}

    @cached_property
    def rows(self) -> QuerySet:
        """The queryset without values, to see what belongs to its rows."""
        return self._make([])

    def _statement(self, values: Sequence) -> tuple[str, tuple]:
        key = connection.vendor, len(values)
        if key not in self._made:
            marks = [_MARKS[self._of](place) for place in range(len(values))]
            query = self._make(marks).query
            if query.annotations:
                raise ValueError("A prepared statement holds no computed columns.")
            query.select_related = False
            sql, parameters = query.sql_with_params()
            places = [
                (at, marks.index(parameter)) for at, parameter in enumerate(parameters) if parameter in marks
            ]
            self._made[key] = sql, list(parameters), places
        sql, filled, places = self._made[key]
        filled = filled.copy()
        for at, place in places:
            filled[at] = values[place]
        return sql, tuple(filled)

    def records(self, values: Iterable) -> list[Any]:
        """The records with these values, without what belongs to them."""
        if not (wanted := list(values)):
            return []
        if len(wanted) > FEW:
            return list(self._make(wanted).select_related(None).prefetch_related(None))
        model: type[Model] = self.rows.model
        return list(model._base_manager.raw(*self._statement(wanted)))

    def pairs(self, values: Iterable) -> list[tuple]:
        """The same as tuples, of a queryset that asks for some columns only, numbers all of them."""
        if not (wanted := list(values)):
            return []
        if len(wanted) > FEW:
            return list(self._make(wanted))
        with connection.cursor() as cursor:
            cursor.execute(*self._statement(wanted))
            return cursor.fetchall()
