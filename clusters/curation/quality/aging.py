"""What time does to records: drafts left lying, statements past their maximum age, deadlines gone by."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate

from clusters import models as m
from clusters.dates import SEOUL
from clusters.models import Publication
from clusters.models.freshness import overdue
from clusters.programs.deadlines import RANK, CallStatus, status_rank

DRAFT_DAYS = 30


def drafts(model: type[models.Model], now: datetime) -> QuerySet:
    """Drafts that nobody touched for a month."""
    return model._default_manager.filter(
        publication=Publication.DRAFT, updated_at__lt=now - timedelta(days=DRAFT_DAYS)
    )


def in_review(model: type[models.Model], now: datetime) -> QuerySet:
    return model._default_manager.filter(publication=Publication.IN_REVIEW)


def stale(model: type[models.Model], now: datetime) -> QuerySet:
    return model._default_manager.filter(overdue(model, now.date()), publication=Publication.PUBLISHED)


def closed(model: type[models.Model], now: datetime) -> QuerySet:
    """Calls whose deadline is over and at which nobody has looked since."""
    calls = m.Call.objects.filter(publication=Publication.PUBLISHED).annotate(rank=status_rank(now))
    looked = Q(confirmed_on__gte=TruncDate(F("closes_at"), tzinfo=SEOUL))
    return calls.filter(Q(confirmed_on__isnull=True) | ~looked, rank=RANK[CallStatus.CLOSED])


def unconfirmed(model: type[models.Model], now: datetime) -> QuerySet:
    """Calls that a reader might apply to and that nobody confirmed of late."""
    calls = m.Call.objects.filter(publication=Publication.PUBLISHED).annotate(rank=status_rank(now))
    late = Q(confirmed_on__isnull=True) | overdue(m.Call, now.date())
    return calls.filter(late).exclude(rank=RANK[CallStatus.CLOSED])


def unread(model: type[models.Model], now: datetime) -> QuerySet:
    """Sources that were read long ago, or of which nobody noted that they were read at all."""
    late = Q(accessed_on__isnull=True) | overdue(m.Source, now.date())
    return m.Source.objects.filter(late, publication=Publication.PUBLISHED)
