"""What is possible but unlikely in the directory as it stands; the importer asks the same of what comes in."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Abs, Lag, Lead

from clusters import models as m
from clusters.curation.importing.suspicion import FACTOR, PAST
from clusters.models import Flag, Publication
from clusters.models.fields import PartialDateField


def _of_the_past(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if field.name in PAST]


def _in_the_future(model: type[models.Model], now: datetime) -> Q:
    """Dates of what has happened that begin after today."""
    today = now.date()
    begun = [f"{today.year}-Q{number}" for number in range(1, (today.month - 1) // 3 + 2)]
    condition = Q()
    for field in _of_the_past(model):
        if isinstance(field, models.DateField):
            condition |= Q(**{f"{field.name}__gt": today})
        else:
            later = Q(**{f"{field.name}__gt": f"{today:%Y-%m-%d}"})
            if isinstance(field, PartialDateField) and field.quarters:
                later &= ~Q(**{f"{field.name}__in": begun})
            condition |= later
    return condition


def _off_its_neighbors() -> QuerySet:
    """Values many times off both neighbors in their series, where neither a break nor a note says why."""
    order = [F("period").asc(), F("value").asc(), F("pk").asc()]
    points = (
        m.Observation.objects.exclude(publication=Publication.ARCHIVED)
        .order_by()
        .annotate(size=Abs(F("value")))
        .annotate(
            earlier=Window(Lag("size"), partition_by=[F("series")], order_by=order),
            later=Window(Lead("size"), partition_by=[F("series")], order_by=order),
        )
    )
    far = Q(size__gt=0) & (Q(earlier__isnull=False) | Q(later__isnull=False))
    for other in ("earlier", "later"):
        far &= Q(**{f"{other}__isnull": True}) | (
            Q(**{f"{other}__gt": 0})
            & (Q(size__gte=F(other) * FACTOR) | Q(**{f"{other}__gte": F("size") * FACTOR}))
        )
    explained = Q(flag=Flag.BREAK) | ~Q(note_ko="") | ~Q(note_en="")
    return m.Observation.objects.filter(pk__in=points.filter(far).values("pk")).exclude(explained)


def kinds(records: tuple[type[models.Model], ...]) -> tuple[type[models.Model], ...]:
    """Those kinds that have anything to be doubted: a value, or a date that must lie in the past."""
    return tuple(model for model in records if model is m.Observation or _of_the_past(model))


def suspicious(model: type[models.Model], now: datetime) -> QuerySet:
    doubtful = _in_the_future(model, now)
    if model is m.Observation:
        doubtful |= Q(pk__in=_off_its_neighbors().values("pk"))
    return model._default_manager.filter(doubtful).exclude(publication=Publication.ARCHIVED)
