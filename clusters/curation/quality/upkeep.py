"""What machines noticed: addresses that fail or moved, pulls from portals that bring nothing, rows left out."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q, QuerySet

from clusters import models as m
from clusters.models import Publication, SyncState

# Where each kind of record keeps the address its readers are sent to.
ADDRESSES: dict[type[models.Model], str] = {
    m.Source: "url",
    m.Company: "website",
    m.Institution: "website",
    m.Program: "website",
    m.Call: "notice_url",
    m.Event: "website",
}
# cron pulls hourly; two days without a run mean that cron itself stopped.
SILENT_HOURS = 48
LEFT_OUT_DAYS = 14


def _with_address(model: type[models.Model], checks: QuerySet) -> QuerySet:
    records = model._default_manager.exclude(publication=Publication.ARCHIVED)
    return records.filter(**{f"{ADDRESSES[model]}__in": checks.order_by().values("url")})


def broken_links(model: type[models.Model], now: datetime) -> QuerySet:
    return _with_address(model, m.LinkCheck.objects.broken())


def moved_links(model: type[models.Model], now: datetime) -> QuerySet:
    return _with_address(model, m.LinkCheck.objects.moved())


def broken_addresses() -> frozenset[str]:
    return frozenset(m.LinkCheck.objects.broken().values_list("url", flat=True))


def moved_addresses() -> frozenset[str]:
    return frozenset(m.LinkCheck.objects.moved().values_list("url", flat=True))


def sync_alarms(model: type[models.Model], now: datetime) -> QuerySet:
    """The last pull of each portal where it failed, brought nothing again, or is too long ago."""
    troubled = Q(state__in=(SyncState.ALARM, SyncState.FAILED))
    silent = Q(started_at__lt=now - timedelta(hours=SILENT_HOURS))
    return m.SyncRun.objects.latest_of_each_portal().filter(troubled | silent)


def proposals(model: type[models.Model], now: datetime) -> QuerySet:
    return m.Proposal.objects.waiting()


def duplicates(model: type[models.Model], now: datetime) -> QuerySet:
    return m.SuspectedPair.objects.standing()


def left_out(model: type[models.Model], now: datetime) -> QuerySet:
    """Recent imports that were applied without all of their rows."""
    return m.ImportBatch.objects.filter(
        left_out__gt=0, undone_at__isnull=True, applied_at__gte=now - timedelta(days=LEFT_OUT_DAYS)
    )
