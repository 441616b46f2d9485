"""The kinds of record that changes are told of: their codes, how each is named, where it is shown, what is not told."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from clusters import models as m
from clusters.curation.changes import tracked_fields
from clusters.curation.moments import belonging

# For each kind, in the order of the filter: the path to the record whose page shows it ("" for its own, None for no
# page), and the section there.
PLACES: dict[type[m.Record], tuple[str | None, str]] = {
    m.District: ("", ""),
    m.Claim: ("district", "claims"),
    m.Designation: ("district", "hist"),
    m.Trait: ("district", "role"),
    m.Station: ("district", "role"),
    m.AnchorSite: ("district", "role"),
    m.Indicator: (None, ""),
    m.Series: ("district", "ind"),
    m.Observation: ("series__district", "ind"),
    m.Company: ("", ""),
    m.Office: ("company", "off"),
    m.FundingRound: ("company", "fund"),
    m.Institution: ("", ""),
    m.Program: ("", ""),
    m.Call: ("program", "calls"),
    m.Criterion: ("call__program", "who"),
    m.Event: ("", ""),
    m.Source: ("", ""),
}

# Fields no page shows, and fields that only say how something is drawn, sorted or computed with.
NOT_TOLD = frozenset(
    {
        "publication",
        "order",
        "featured",
        "mark",
        "terms",
        "business_number",
        "phone",
        "opens_precision",
        "closes_precision",
        "link_checked_at",
    }
)

# What a row that belongs to another record says beside that record's name.
_STATEMENTS: dict[type[m.Record], Callable[[Any], str]] = {
    m.Claim: lambda row: str(row.statement),
    m.Designation: lambda row: f"{row.designated_on.display()}, {row.title}",
    m.Trait: lambda row: str(row.text),
    m.Station: lambda row: str(row.name),
    m.AnchorSite: lambda row: str(row.name),
    m.Series: lambda row: f"{row.indicator}, {row.scope}",
    m.Observation: lambda row: f"{row.series.indicator}, {row.series.scope}, {row.period.display()}",
    m.Office: lambda row: ", ".join(
        map(str, filter(None, (row.get_kind_display(), row.address or row.district)))
    ),
    m.FundingRound: lambda row: f"{row.get_round_display()}, {row.date.display()}",
    m.Call: lambda row: str(row.label),
    m.Criterion: lambda row: f"{row.call.label}, {row}",
}


def code(model: type[models.Model]) -> str:
    """A kind as addresses and files write it: funding_round."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


BY_CODE = {code(model): model for model in PLACES}


def label(model: type[models.Model], number: int = 1) -> str:
    return str(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural)


@cache
def told_fields(model: type[m.Record]) -> tuple[Any, ...]:
    return tuple(field for field in tracked_fields(model) if field.name not in NOT_TOLD)


@cache
def gates(model: type[m.Record]) -> tuple[tuple[str, type[m.Record]], ...]:
    """The relations a record stands on directly, and the kind at the other end."""
    names = [name for name in (*model.gates, *model.optional_gates) if "__" not in name]
    return tuple((f"{name}_id", model._meta.get_field(name).related_model) for name in names)  # type: ignore[misc]


def page_of(record: m.Record) -> Any:
    """The record whose page shows this one; None where no page does."""
    path, _section = PLACES[type(record)]
    if path is None:
        return None
    found: Any = record
    for part in path.split("__") if path else ():
        found = getattr(found, part) if found is not None else None
    return found


def address(record: m.Record) -> str:
    page, section = page_of(record), PLACES[type(record)][1]
    return page.get_absolute_url() + (f"#{section}" if section else "") if page is not None else ""


def name(record: Any) -> str:
    """What a record is called, or the record that it belongs to."""
    path, _section = PLACES[type(record)]
    page = page_of(record) if path else record
    if page is None:  # a figure of a reference area
        return (record.series if isinstance(record, m.Observation) else record).place
    return str(page.title if isinstance(page, m.Source) else page)


def statement(record: m.Record) -> str:
    return _STATEMENTS[type(record)](record) if type(record) in _STATEMENTS else ""


# ---- which rows of the history speak of a record ------------------------------------------------------


def of_record(model: type[m.Record], record: m.Record) -> Q | None:
    """The rows of a kind that are the record's own or belong to it; None when the kind has none of these."""
    if model is type(record):
        return Q(id=record.pk)
    return _below(model, record, [name for child, name in _parts(type(record)) if child is model])


def of_district(model: type[m.Record], district: m.District) -> Q | None:
    """The rows of a kind that are the district's, or name it."""
    found = of_record(model, district)
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if field.related_model is not m.District:
            continue
        if isinstance(field, models.ManyToManyField):
            through: Any = field.remote_field.through
            holders = through.objects.filter(district=district.pk).values(f"{field.m2m_field_name()}_id")
            named = Q(id__in=holders)
        else:
            named = Q(**{field.name: district.pk})
        found = named if found is None else found | named
    return found


def _below(model: type[m.Record], record: m.Record, paths: list[str]) -> Q | None:
    found: Q | None = None
    for path in paths:
        first, _, rest = path.partition("__")
        related: Any = model._meta.get_field(first).related_model
        if rest:
            one = Q(**{f"{first}__in": related.objects.filter(**{rest: record.pk}).order_by().values("pk")})
        else:
            one = Q(**{first: record.pk})
        found = one if found is None else found | one
    return found


@cache
def _parts(model: type[m.Record]) -> tuple[tuple[type[m.Record], str], ...]:
    """The kinds of row that go with a record, and with those, each with its path to it."""
    found = []
    for child, name_of_it in belonging(model):
        found.append((child, name_of_it))
        found += [(grandchild, f"{path}__{name_of_it}") for grandchild, path in _parts(child)]
    return tuple(found)
