"""What full_clean asks of a record, asked of thousands without a query for each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .lookup import simple, stored_by


class Fault(NamedTuple):
    """What is wrong with a record: the field ("" for the record as a whole) and why."""

    field: str
    reason: str


def faults(record: models.Model, may_be_blank: Iterable[str] = ()) -> Iterator[Fault]:
    """Everything full_clean would say that needs no look at other records."""
    lacking = [
        f.name
        for f in record._meta.concrete_fields
        if f.name in may_be_blank and not getattr(record, f.attname)
    ]
    relations = [f.name for f in record._meta.concrete_fields if f.is_relation]
    told: set[str] = set()
    try:
        # Related records were looked up together before.
        record.clean_fields(exclude={*relations, *lacking})
        record.clean()
    except ValidationError as problem:
        for name, errors in problem.update_error_dict({}).items():
            told.add(name)
            yield Fault(
                "" if name == "__all__" else name, " ".join(m for error in errors for m in error.messages)
            )
    for field in record._meta.concrete_fields:
        if field.is_relation and not field.null and _read(record, field.name) is None:
            told.add(field.name)
            yield Fault(field.name, str(field.error_messages["blank"]))
    for constraint in record._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            names = fields_of(constraint.condition)
            if not names & told and holds(constraint.condition, partial(_read, record)) is False:
                yield Fault(_the_field(names), constraint.get_violation_error_message())


def _the_field(names: set[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""


def fields_of(condition: Any) -> set[str]:
    if isinstance(condition, Q):
        return {name for child in condition.children for name in fields_of(child)}
    lookup, value = condition
    return {lookup.split("__")[0]} | ({value.name.split("__")[0]} if isinstance(value, F) else set())


def holds(condition: Any, read: Callable[[str], Any]) -> bool | None:
    """Whether a constraint's condition is true of the values that are read; None where SQL would say NULL."""
    if isinstance(condition, Q):
        parts = [holds(child, read) for child in condition.children]
        if condition.connector == Q.OR:
            found = True if True in parts else None if None in parts else False
        elif condition.connector == Q.AND:
            found = False if False in parts else None if None in parts else True
        else:
            raise NotImplementedError(condition.connector)
        return not found if condition.negated and found is not None else found
    lookup, wanted = condition
    name, _separator, operator = lookup.partition("__")
    value = read(name)
    if operator == "isnull":
        return (value is None) is bool(wanted)
    if isinstance(wanted, F):
        wanted = read(wanted.name)
    if value is None or wanted is None:
        return None
    if operator == "in":
        return value in wanted
    if operator == "range":
        return wanted[0] <= value <= wanted[1]
    if operator == "gte":
        return bool(value >= wanted)
    if operator in ("", "exact"):
        return bool(value == wanted)
    raise NotImplementedError(operator)


def told_apart(condition: Any) -> dict[str, frozenset | None]:
    """Which values of each field a condition tells from all others; None for a field of which every value counts."""
    if isinstance(condition, Q):
        found: dict[str, frozenset | None] = {}
        for child in condition.children:
            for name, values in told_apart(child).items():
                known = found.get(name, frozenset())
                found[name] = None if values is None or known is None else known | values
        return found
    lookup, wanted = condition
    name, _separator, operator = lookup.partition("__")
    if isinstance(wanted, F):
        return {name: None, wanted.name: None}
    if operator == "isnull":
        return {name: frozenset()}
    if operator == "in":
        return {name: frozenset(wanted)}
    return {name: frozenset([wanted]) if operator in ("", "exact") else None}


def _read(record: models.Model, name: str) -> Any:
    field: Any = record._meta.get_field(name)
    value = getattr(record, field.attname)
    if value is None and field.is_relation:  # one that is written in the same batch has no number yet
        return record._state.fields_cache.get(name)
    return value


class Unique(NamedTuple):
    """A set of fields whose values no two records share."""

    names: tuple[str, ...]
    condition: Q | None
    message: str


def unique_sets(model: type[models.Model]) -> list[Unique]:
    label = model._meta.verbose_name
    sets = [
        Unique(
            (f.name,),
            None,
            _("%(model)s with this %(field)s already exists.")
            % {"model": capfirst(label), "field": f.verbose_name},
        )
        for f in model._meta.concrete_fields
        if f.unique and not f.primary_key
    ]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            message = constraint.violation_error_message
            if message == models.BaseConstraint.default_violation_error_message:
                message = _("Another record has the same key already.")
            sets.append(Unique(tuple(constraint.fields), constraint.condition, str(message)))
    return sets


def clashes(
    records: list[models.Model], model: type[models.Model]
) -> Iterator[tuple[models.Model, str, str, Any]]:
    """Records that would break a unique set: record, field, message, and the other: a record of the list or a stored one."""
    ours = {record.pk for record in records if record.pk is not None}
    for unique in unique_sets(model):
        by_key: dict[tuple, list[models.Model]] = defaultdict(list)
        for record in records:
            key = tuple(simple(_read(record, name)) for name in unique.names)
            if None not in key and (
                unique.condition is None or holds(unique.condition, partial(_read, record)) is True
            ):
                by_key[key].append(record)
        stored = stored_by(model, unique.names, set(by_key))
        for key, holders in by_key.items():
            for later in holders[1:]:
                yield later, unique.names[-1], unique.message, holders[0]
            for other in stored.get(key, ()):
                if other.pk not in ours and (
                    unique.condition is None or holds(unique.condition, partial(_read, other))
                ):
                    yield holders[0], unique.names[-1], unique.message, other
