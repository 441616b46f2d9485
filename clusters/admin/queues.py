"""What needs somebody now, as the first page of the admin shows it: only what this person may see, one click away."""

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from clusters.curation import quality
from clusters.dates import seoul_now
from clusters.models import Call, version
from clusters.programs.keeping import kept_each

from .lists import WaitingIn


class Link(NamedTuple):
    """One kind of records in a queue, and the list that holds exactly these."""

    label: str
    number: int
    url: str


class Waiting(NamedTuple):
    queue: quality.Queue
    number: int
    links: list[Link]


Kind = type[models.Model]


def waiting(site: AdminSite, request: HttpRequest) -> dict[str, list]:
    """The queues this person may see: those where something waits, and the empty ones; one query for all."""
    visible = {model for model, page in site._registry.items() if page.has_view_permission(request)}
    queues = [queue for queue in quality.QUEUES if not visible.isdisjoint(queue.kinds)]
    pairs = [(queue, model) for queue in queues for model in queue.kinds if model in visible]
    counts = _counts(pairs, version.current(), seoul_now())
    filled, empty = [], []
    for queue in queues:
        links = [
            Link(str(model._meta.verbose_name_plural), count, address(queue, model))
            for model in queue.kinds
            if (count := counts.get((queue.name, model)))
        ]
        if links:
            filled.append(Waiting(queue, sum(link.number for link in links), links))
        else:
            empty.append(queue)
    return {"waiting": filled, "empty_queues": empty}


def _counts(
    pairs: list[tuple[quality.Queue, Kind]], data_version: int, now: datetime
) -> dict[tuple[str, Kind], int]:
    """How many of each kind wait in each queue, by its name.

    What only the data and the day decide is counted once until they change. Calls are not among it: a deadline
    passes at any minute.
    """
    beside = {name: ask() for name, ask in {queue.name: queue.beside for queue, _ in pairs}.items() if ask}
    steady, moving = {}, []
    for queue, model in pairs:
        if queue.name not in beside or model is Call:
            moving.append((queue, model))
        elif (state := beside[queue.name]) is None or state:  # else no address failed
            steady["waiting", queue.name, state, model] = (queue, model)
    found: dict[tuple[str, Kind], int] = {}

    def count(asked: list[tuple[quality.Queue, Kind]]) -> list[int]:
        """Whatever moves is counted along."""
        numbers = quality.numbers([*asked, *moving], now)
        found.update(
            ((queue.name, model), number)
            for (queue, model), number in zip(moving, numbers[len(asked) :], strict=True)
        )
        return numbers[: len(asked)]

    known = kept_each(
        steady,
        data_version,
        now,
        lambda keys: dict(zip(keys, count([steady[key] for key in keys]), strict=True)),
    )
    if not found:
        count([])
    return found | {(key[1], key[3]): number for key, number in known.items()}


def address(queue: quality.Queue, model: type[models.Model]) -> str:
    if queue.page:
        return reverse(queue.page)
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{page}?{urlencode({WaitingIn.parameter_name: queue.name})}"
