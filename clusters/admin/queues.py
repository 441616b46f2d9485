"""What needs somebody now, as the first page of the admin shows it: only what this person may see, one click away."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from clusters.curation import quality
from clusters.dates import seoul_now

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


def waiting(site: AdminSite, request: HttpRequest) -> dict[str, list]:
    """The queues this person may see: those where something waits, and the empty ones; one query for each."""
    visible = [model for model, page in site._registry.items() if page.has_view_permission(request)]
    now = seoul_now()
    filled, empty = [], []
    for queue in quality.QUEUES:
        if not any(model in visible for model in queue.kinds):
            continue
        counts = queue.counts(visible, now)
        if not counts:
            empty.append(queue)
            continue
        links = [
            Link(str(model._meta.verbose_name_plural), count, address(queue, model))
            for model, count in counts.items()
        ]
        filled.append(Waiting(queue, sum(counts.values()), links))
    return {"waiting": filled, "empty_queues": empty}


def address(queue: quality.Queue, model: type[models.Model]) -> str:
    if queue.page:
        return reverse(queue.page)
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{page}?{urlencode({WaitingIn.parameter_name: queue.name})}"
