"""How long a statement of each kind may stand before somebody should look again: the one table of maximum ages."""

from datetime import date
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Q

from clusters.dates import PartialDate

from .base import Publication, Status


class MaxAge(NamedTuple):
    """`field`: the date that says when the statement was true or last seen to be."""

    field: str
    months: int


MAX_AGES: dict[str, MaxAge] = {
    # Surveys are yearly and appear up to a year late: after two years the next one has been out for long.
    "Observation": MaxAge("period", 24),
    # Stage, listing and business of a young company are others after two years.
    "Company": MaxAge("as_of", 24),
    # Leases of offices run for two or three years.
    "Office": MaxAge("as_of", 36),
    # Public bodies are reorganized with governments and budgets, not every year.
    "Institution": MaxAge("as_of", 36),
    "AnchorSite": MaxAge("as_of", 60),
    # Strengths and weaknesses are judgments on figures that are renewed every other year.
    "Trait": MaxAge("as_of", 36),
    # Programs are renewed with the yearly budget.
    "Program": MaxAge("as_of", 18),
    # Events come back yearly; half a year later the next date is known.
    "Event": MaxAge("as_of", 18),
    # Notices of calls are extended, corrected and closed early without a word.
    "Call": MaxAge("confirmed_on", 3),
    # Documents are replaced and taken down.
    "Source": MaxAge("accessed_on", 24),
}
# What happened once stays true: designations, funding rounds, claims and what we found, criteria of a dated call.
# Stations do not move.


def cutoff(months: int, today: date) -> date:
    """The same day so many months ago, or the last of its month."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    day = today.day
    while day > 28:
        try:
            return date(year, month + 1, day)
        except ValueError:
            day -= 1
    return date(year, month + 1, day)


def before(field: str, day: date) -> Q:
    """Partial dates that are over before a day, compared as far as each one goes: 2023 is not before 2023-11-26."""
    text = f"{day:%Y-%m-%d}"
    quarters = [f"{day.year}-Q{number}" for number in range(1, (day.month - 1) // 3 + 1)]
    earlier = Q(**{f"{field}__lt": text}) & ~Q(**{f"{field}__in": ["", text[:4], text[:7]]})
    return earlier | Q(**{f"{field}__in": quarters})


def overdue(model: type[models.Model], today: date) -> Q:
    """The condition under which a record's statement is older than its kind may be; undated ones are not."""
    field, months = MAX_AGES[model.__name__]
    day = cutoff(months, today)
    if isinstance(model._meta.get_field(field), models.DateField):
        condition = Q(**{f"{field}__lt": day})
    else:
        condition = before(field, day)
    names = {f.name for f in model._meta.concrete_fields}
    if "status" in names:
        condition &= ~Q(status=Status.OUTDATED)
    if "until" in names:
        condition &= Q(until="")
    if model.__name__ == "Observation":  # older points of a line are its past, not its age
        newer = model._default_manager.filter(
            ~Q(publication=Publication.ARCHIVED), series=OuterRef("series"), period__gt=OuterRef("period")
        )
        condition &= ~Q(Exists(newer))
    return condition


def months_old(fact: Any, today: date) -> int | None:
    """How many whole months a statement is old where that is more than its kind may be; else None."""
    rule = MAX_AGES.get(type(fact).__name__)
    value = getattr(fact, rule.field) if rule else None
    if rule is None or not value:
        return None
    if getattr(fact, "status", "") == Status.OUTDATED or getattr(fact, "until", ""):
        return None
    partial = None if isinstance(value, date) else PartialDate(str(value))
    last = partial.last_day if partial else value
    if last >= cutoff(rule.months, today):
        return None
    years = today.year - last.year
    if partial and partial.precision == "year":  # nobody can tell more exactly
        return years * 12
    return years * 12 + today.month - last.month - (today.day < last.day)
