"""A queue: records that wait for somebody, why they wait, and how many there are."""

from collections.abc import Callable, Collection
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
    """

    name: str
    title: Any
    why: Any
    kinds: tuple[type[models.Model], ...]
    find: Find
    page: str = ""

    def records(self, model: type[models.Model], now: datetime | None = None) -> models.QuerySet:
        return self.find(model, now or seoul_now())

    def within(self, records: models.QuerySet, now: datetime | None = None) -> models.QuerySet:
        """Those of some records that wait here."""
        return records.filter(pk__in=self.records(records.model, now).order_by().values("pk"))

    def counts(
        self, among: Collection[type[models.Model]] | None = None, now: datetime | None = None
    ) -> dict[type[models.Model], int]:
        """How many of each kind wait, in one query; kinds with none are left out."""
        chosen = [model for model in self.kinds if among is None or model in among]
        if not chosen:
            return {}
        parts = [
            self.records(model, now).order_by().values_list(Value(place, IntegerField()), _Rows())
            for place, model in enumerate(chosen)
        ]
        found = dict(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
        return {model: found[place] for place, model in enumerate(chosen) if found.get(place)}
