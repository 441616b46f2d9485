"""What all rows of one table have in common for one kind of record: columns, constants, defaults, constraints."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from clusters.models import Observation, Publication, Record

from .columns import DOUBTFUL, Column, Outcomes, cleaned
from .drafts import Draft, Ref
from .lookup import by_slug
from .planned import CAREFUL, Planned, PlannedRows, code
from .sheets import Part, Sheet
from .validity import fields_of, holds, unique_sets
from .verdicts import Condition, Verdicts

if TYPE_CHECKING:
    from .planning import Planner

# Fields that together tell records apart, the condition if only some are, and whether it is a key of the part.
Unique = tuple[tuple[str, ...], Condition | None, bool]


class Layout:
    """Worked out once for a table. able: whether its rows can be planned a column at a time at all."""

    def __init__(self, sheet: Sheet, part: Part, planner: "Planner") -> None:
        self.part, self.planner = part, planner
        self.name, self.model = part.name, part.model
        self.fields: dict[str, Any] = {
            f.name: f for f in (*self.model._meta.concrete_fields, *self.model._meta.many_to_many)
        }
        self.able = (
            issubclass(self.model, Record)
            and self.model.clean is models.Model.clean  # nothing only the record itself can check
            and self.model is not Observation
            and planner.may_write(self.model)
            and all(o.name in self.fields or o.name.startswith("_") for o in part.origins)
        )
        self.links = {o.name: o.link for o in part.origins if o.link}
        self.uniques: list[Unique] = []
        if self.able:
            self._compile(sheet)
        else:
            self.out = PlannedRows(sheet.name, part, [], {}, [], planner.planned)

    def _compile(self, sheet: Sheet) -> None:
        part = self.part
        self.given = {**part.constants}
        self.otherwise: dict[str, Any] = {}
        for name, of_field in self.fields.items():
            if of_field.many_to_many:
                self.otherwise[name] = part.defaults.get(name, [])
            elif name in part.defaults:
                self.otherwise[name] = part.defaults[name]
            else:
                self.otherwise[name] = of_field.get_default()
        origins = {o.name: o for o in part.origins if not o.link and o.name in self.fields}
        wanted = self.planner.publication
        if wanted and "publication" not in origins:
            self.given["publication"] = wanted
        state = wanted or self.given.get("publication", self.otherwise["publication"])
        lenient = state == Publication.DRAFT and (bool(wanted) or "publication" not in origins)
        self.columns = {
            name: Column(origin, self.fields[name], lenient and name in part.may_be_blank)
            for name, origin in origins.items()
            if name not in self.given
        }
        self.lenient = part.may_be_blank if lenient else frozenset()
        varying = [*self.columns, *(n for n in self.links if n not in self.given)]
        self.varying = [n for n in self.fields if n in varying and not self.fields[n].many_to_many]
        self.several = [n for n in varying if self.fields[n].many_to_many]
        self.makes = self._fix()
        self.defaults = {name: self._resolved(name, self.otherwise[name]) for name in self.fields}
        self.defaults = {name: self._sound(name, value) for name, value in self.defaults.items()}
        self.uniques = self._uniques()
        checks = [c.condition for c in self.model._meta.constraints if isinstance(c, models.CheckConstraint)]
        self.checks = [Condition(c) for c in checks if not fields_of(c).isdisjoint(varying)]
        for condition in checks:
            names = sorted(fields_of(condition))
            if set(names).isdisjoint(varying) and holds(condition, self.fixed.__getitem__) is False:
                self.makes = False
        self.preparers = {n: self._preparer(self.fields[n]) for n in self.varying}
        fixed = {
            self.fields[n]: value
            for n, value in self.fixed.items()
            if not self.fields[n].many_to_many and n not in ("id", "created_at", "updated_at", "version")
        }
        self.out = PlannedRows(
            sheet.name,
            part,
            [self.fields[n] for n in self.varying],
            fixed,
            [self.fields[n] for n in self.several],
            self.planner.planned,
        )
        self.planner.planned[self.model].rows.append(self.out)

    def _fix(self) -> bool:
        """The values that all rows share, and whether they are right."""
        self.fixed: dict[str, Any] = {}
        for name in self.fields:
            if name in self.varying or name in self.several:
                continue
            value = self._resolved(name, self.given.get(name, self.otherwise[name]))
            self.fixed[name] = self._sound(name, value)
            if self.fields[name].many_to_many and value:
                return False
        return DOUBTFUL not in [v for v in self.fixed.values() if not isinstance(v, list | dict)]

    def _sound(self, name: str, value: Any) -> Any:
        of_field = self.fields[name]
        if value is DOUBTFUL or of_field.many_to_many or of_field.primary_key:
            return value
        if of_field.is_relation:
            return DOUBTFUL if value is None and not of_field.null else value
        return cleaned(of_field, value, name in self.lenient)

    def _resolved(self, name: str, value: Any) -> Any:
        of_field = self.fields[name]
        if not of_field.is_relation or value in (None, [], ""):
            return value if value != "" or not of_field.is_relation else None
        if isinstance(value, Draft):
            return self._careful(value)
        if isinstance(value, Ref):
            return self.related(of_field.related_model, {value.slug}).get(value.slug, DOUBTFUL)
        return DOUBTFUL

    def _careful(self, draft: Draft) -> Any:
        """A record that is stored, or that the careful way makes before."""
        record = self.planner.matches.resolve(draft)
        if record is None or draft.faulty:
            return DOUBTFUL
        if record.pk is not None:
            return record.pk
        made = self.planner.planned.setdefault(draft.model, Planned(draft.model)).made
        if not any(one is record for one in made):
            made.append(record)
        return CAREFUL - next(at for at, one in enumerate(made) if one is record)

    def _uniques(self) -> list[Unique]:
        """Sets of fields that tell records apart: those a record is recognized by first."""
        found: list[Unique] = [(names, None, True) for names in self.part.keys]
        keys = {frozenset(names) for names in self.part.keys}
        found += [
            (u.names, Condition(u.condition) if u.condition else None, False)
            for u in unique_sets(self.model)
            if frozenset(u.names) not in keys
        ]
        return found

    def _preparer(self, of_field: Any) -> Outcomes:
        def prepared(value: Any) -> Any:
            value = of_field.get_db_prep_save(value, connection)
            return str(value) if isinstance(value, str) else value

        return Outcomes(prepared)

    def related(self, model: Any, slugs: set[str]) -> dict[str, int]:
        planned = self.planner.planned.get(model)
        numbers = planned.numbers if planned else {}
        found = {slug: code(numbers[slug]) for slug in slugs if slug in numbers}
        related = self.planner.matches.related
        unknown = {Ref(model, slug) for slug in slugs if slug not in found}
        wanted = {ref for ref in unknown if ref not in related}
        if wanted and model._default_manager.exists():
            fresh = by_slug(wanted)
            if len(related) + len(fresh) < 20_000:
                related.update(fresh)
            found.update({ref.slug: record.pk for ref, record in fresh.items()})
        found.update({ref.slug: related[ref].pk for ref in unknown if ref in related})
        return found

    def column(self, found: Verdicts, name: str, count: int) -> Sequence[Any]:
        """The values of a field, row by row, whether the rows vary in it or share one."""
        values = found.values.get(name)
        return [self.fixed[name]] * count if values is None else values
