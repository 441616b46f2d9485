"""What records were before and after an act, read for all acts of a page together, and the fields that differ."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Value
from simple_history.models import HistoricalRecords

from clusters.models import Publication, Record

from . import kinds
from .acts import Act
from .reading import Row, before_them, rows_of, united
from .standing import Standing

State = Any  # a row of the history as a named tuple


@dataclass(eq=False)
class Step:
    """What one act did to one record: its state before, if there was one, and after."""

    act: Act
    model: type[Record]
    pk: int
    rows: list[Row]  # newest first
    before: State = None
    after: State = None

    @property
    def key(self) -> tuple[type[Record], int]:
        return self.model, self.pk

    def is_there_after(self) -> bool:
        return _is_published(self.after)

    def was_there_before(self) -> bool:
        return self.before is not None and _is_published(self.before)

    def gates(self) -> set[tuple[type[Record], int]]:
        """The records that this one stood on before or after."""
        return gates_of(self.model, self.before) | gates_of(self.model, self.after)


def _read(model: type[Record], numbers: set[int]) -> Iterable[State]:
    columns = [field.attname for field in model._meta.concrete_fields]
    history = ("history_id", "history_date", "history_type")
    return rows_of(model).filter(history_id__in=numbers).values_list(*history, *columns, named=True)


def _is_published(state: State) -> bool:
    return state.publication == Publication.PUBLISHED and state.history_type != "-"


def gates_of(model: type[Record], state: State) -> set[tuple[type[Record], int]]:
    found = ((kind, getattr(state, name, None)) for name, kind in kinds.gates(model))
    return {(kind, pk) for kind, pk in found if pk is not None}


@dataclass(frozen=True)
class Difference:
    """A field whose value changed; relations as lists of numbers."""

    field: Any
    before: Any
    after: Any


class States:
    """The steps of several acts; what they need is read by kind of record, not by record."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self.steps = [
            Step(act, kinds.BY_CODE[code], pk, rows)
            for act in acts
            for (code, pk), rows in act.by_record().items()
            if any(row.publication == Publication.PUBLISHED or row.type != "+" for row in rows)
        ]
        first: dict[str, set[int]] = defaultdict(set)
        for step in self.steps:
            first[step.rows[-1].kind].add(step.rows[-1].history_id)
        earlier = before_them(first)
        wanted: dict[str, set[int]] = defaultdict(set)
        for step in self.steps:
            wanted[step.rows[0].kind].add(step.rows[0].history_id)
        for (kind, _number), number in earlier.items():
            wanted[kind].add(number)
        states = {
            (kind, state.history_id): state
            for kind, numbers in wanted.items()
            for state in _read(kinds.BY_CODE[kind], numbers)
        }
        for step in self.steps:
            code = step.rows[0].kind
            step.after = states[code, step.rows[0].history_id]
            before = earlier.get((code, step.rows[-1].history_id))
            step.before = states[code, before] if before else None
        self._several = _related(wanted)

    def value(self, state: State, field: Any) -> Any:
        """A field's value; of relations the numbers of the related records."""
        if isinstance(field, models.ManyToManyField):
            return self._several.get((field, state.history_id), [])
        if field.is_relation:
            number = getattr(state, field.attname)
            return [] if number is None else [number]
        return getattr(state, field.attname)

    def related(self) -> dict[type[models.Model], set[int]]:
        """The records that the states name, by kind."""
        found: dict[type[models.Model], set[int]] = defaultdict(set)
        for step in self.steps:
            for field in kinds.told_fields(step.model):
                if field.is_relation:
                    for state in (step.before, step.after):
                        if state is not None:
                            found[field.related_model].update(self.value(state, field))
        return found

    def differences(self, step: Step, standing: Standing) -> list[Difference]:
        """The fields that readers saw change. A relation to what was not public then shows as none."""
        found = []
        for field in kinds.told_fields(step.model):
            before, after = self.value(step.before, field), self.value(step.after, field)
            if before != after and field.is_relation:
                before = public_only(field, before, standing, step.act.newest)
                after = public_only(field, after, standing, step.act.newest)
            if before != after:
                found.append(Difference(field, before, after))
        return found


def public_only(field: Any, numbers: list[int], standing: Standing, when: datetime) -> list[int]:
    if not issubclass(field.related_model, Record):
        return numbers  # vocabularies are public as a whole
    return [number for number in numbers if standing.was_public((field.related_model, number), when)]


def _related(wanted: Mapping[str, set[int]]) -> dict[tuple[Any, int], list[int]]:
    """What the many-to-many fields of states held, by field and number of the state; in one query."""
    parts, fields = [], {}
    for kind, numbers in wanted.items():
        for field in kinds.told_fields(kinds.BY_CODE[kind]):
            kept: Any = HistoricalRecords.m2m_models.get(field)
            if kept is not None and isinstance(field, models.ManyToManyField):
                name = f"{kind}.{field.name}"
                fields[name] = field
                parts.append(
                    kept.objects.order_by()
                    .filter(history_id__in=numbers)
                    .values_list(Value(name), "history_id", F(f"{field.m2m_reverse_field_name()}_id"))
                )
    found: dict[tuple[Any, int], list[int]] = defaultdict(list)
    for name, state, number in united(parts) if parts else ():
        found[fields[name], state].append(number)
    for numbers_of in found.values():
        numbers_of.sort()
    return found
