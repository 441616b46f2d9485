"""What a record lacks: the important fields of each kind, texts of one language only, statements without support."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from clusters import models as m
from clusters.models import Publication, Status
from clusters.programs.deadlines import RANK, CallStatus, status_rank

# What readers see, and what is about to be shown to them. Drafts are somebody's unfinished work.
SHOWN = (Publication.PUBLISHED, Publication.IN_REVIEW)


def _none_of(model: type[models.Model], name: str) -> Q:
    """Records without any related record of this name, asked without a join that would double rows."""
    field: Any = model._meta.get_field(name)
    if isinstance(field, models.ManyToManyField):
        through: Any = field.remote_field.through
        return ~Q(Exists(through._default_manager.filter(**{field.m2m_field_name(): OuterRef("pk")})))
    related = field.related_model._default_manager.exclude(publication=Publication.ARCHIVED)
    return ~Q(Exists(related.filter(**{field.field.name: OuterRef("pk")})))


# Fields without which a reader is left with a question, though the record can be saved without them.
IMPORTANT: dict[type[models.Model], tuple[str, ...]] = {
    m.District: ("managing_body_ko", "source"),
    m.AnchorSite: ("as_of",),
    m.Trait: ("as_of",),
    m.Company: ("summary_ko", "founded", "website", "technologies", "offices", "as_of"),
    m.Office: ("address_ko", "as_of"),
    m.FundingRound: ("amount",),
    m.Institution: ("website", "as_of"),
    m.Program: ("operator", "website", "target_ko", "support_kinds", "calls", "as_of"),
    m.Call: (),
    m.Event: ("website", "as_of"),
    m.Source: ("published",),
    m.Indicator: ("series",),
    m.Series: ("observations",),
}


def _lacks(model: type[models.Model], name: str) -> Q:
    field = model._meta.get_field(name)
    if isinstance(field, models.ManyToManyField) or not field.concrete:
        return _none_of(model, name)
    if isinstance(field, models.CharField | models.TextField):
        return Q(**{name: ""})
    return Q(**{f"{name}__isnull": True})


def incomplete(model: type[models.Model], now: datetime) -> QuerySet:
    records = model._default_manager.filter(publication__in=SHOWN)
    condition = Q()
    for name in IMPORTANT[model]:
        condition |= _lacks(model, name)
    if model is m.Call:  # whoever wants to apply needs the notice; a closed call does without
        records = records.annotate(rank=status_rank(now)).exclude(rank=RANK[CallStatus.CLOSED])
        condition |= Q(notice_url="") | Q(period_kind="window", closes_at__isnull=True)
    if model is m.Event:
        condition |= Q(starts_on__isnull=True, month__isnull=True)
    if model is m.Program:
        condition |= Q(coverage="provinces") & _none_of(model, "provinces")
        condition |= Q(coverage="districts") & _none_of(model, "districts")
    return records.filter(condition)


# These stand as they are registered or worded, in the language in which they are.
AS_GIVEN = frozenset({"address", "legal_name", "wording"})


def pairs(model: type[models.Model]) -> list[str]:
    """The stems of a model's bilingual fields: name for name_ko and name_en."""
    names = {field.name for field in model._meta.concrete_fields}
    stems = [name.removesuffix("_ko") for name in names if name.endswith("_ko")]
    return sorted(stem for stem in stems if f"{stem}_en" in names)


def one_language_only(model: type[models.Model]) -> Q:
    """Records with a text that the other language lacks."""
    condition = Q()
    for stem in pairs(model):
        if stem in AS_GIVEN:
            continue
        for language, other in (("ko", "en"), ("en", "ko")):
            condition |= Q(**{f"{stem}_{language}": ""}) & ~Q(**{f"{stem}_{other}": ""})
    return condition


def untranslated(model: type[models.Model], now: datetime) -> QuerySet:
    return model._default_manager.filter(one_language_only(model), publication__in=SHOWN)


def uncited(model: type[models.Model], now: datetime) -> QuerySet:
    return model._default_manager.filter(source__isnull=True, publication__in=SHOWN)


def unchecked(model: type[models.Model], now: datetime) -> QuerySet:
    """Confirmed, but on a source that readers cannot see or that nobody noted to have read, with no second one."""
    weak = Q(source__publication__in=(Publication.DRAFT, Publication.IN_REVIEW, Publication.ARCHIVED))
    weak |= Q(source__accessed_on__isnull=True)
    return model._default_manager.filter(
        weak & _none_of(model, "further_sources"), status=Status.CONFIRMED, publication__in=SHOWN
    )
