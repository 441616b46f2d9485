"""A queue: records that wait for somebody, why they wait, and how many there are."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Func, IntegerField, Value

from clusters.dates import seoul_now

# Gives the records of a kind that wait at a moment; without slices, so that it can be counted and filtered further.
Find = Callable[[type[models.Model], datetime], models.QuerySet]


class _Rows(Func):
    """The number of rows, without the grouping an aggregate would bring."""

    template = "COUNT(*)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Queue:
    """name: in addresses and on the command line; title and why: for people, translated when they are read.

    find: the records that wait
    kinds: the kinds of records that may wait in it, in the order in which they are shown
    page: the name of an admin page where they are worked on, when that is not the list of the records
    beside: what decides who waits beside the data and the day: None for nothing else, empty where it is none at
        all; without this function, that may change at any moment
    """

    name: str
    title: Any
    why: Any
    kinds: tuple[type[models.Model], ...]
    find: Find
    page: str = ""
    beside: Callable[[], Hashable] | None = None

    def records(self, model: type[models.Model], now: datetime | None = None) -> models.QuerySet:
        return self.find(model, now or seoul_now())

    def within(self, records: models.QuerySet, now: datetime | None = None) -> models.QuerySet:
        """Those of some records that wait here; where it can be, by one condition: the first are found at once."""
        waiting = self.records(records.model, now).order_by()
        # Conditions about related records must not come to be about the same one of several.
        if records.query.distinct or len(records.query.alias_map) > 1:
            return records.filter(pk__in=waiting.values("pk"))
        return records & waiting

    def counts(
        self, among: Collection[type[models.Model]] | None = None, now: datetime | None = None
    ) -> dict[type[models.Model], int]:
        """How many of each kind wait, in one query; kinds with none are left out."""
        chosen = [model for model in self.kinds if among is None or model in among]
        found = numbers([(self, model) for model in chosen], now or seoul_now())
        return {model: number for model, number in zip(chosen, found, strict=True) if number}


def numbers(asked: Sequence[tuple[Queue, type[models.Model]]], now: datetime) -> list[int]:
    """How many records of a kind wait in a queue, for each pair of these, in one query."""
    if not asked:
        return []
    parts = [
        queue.records(model, now).order_by().values_list(Value(place, IntegerField()), _Rows())
        for place, (queue, model) in enumerate(asked)
    ]
    found = dict(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
    return [found.get(place, 0) for place in range(len(asked))]
