"""One kind of record in the plain rows of one table: its values by column, and which rows are surely right."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from clusters.curation import history
from clusters.dates import PartialDate, seoul_now
from clusters.models import Observation, Publication, Record
from clusters.models.fields import LineField, ProseField, TextListField, WebAddressField

from .columns import ABSENT, DOUBTFUL, Column, Outcomes, cleaned
from .drafts import Draft, Ref
from .lookup import by_slug, keys_of, many_to_many
from .planned import CAREFUL, Piece, Planned, PlannedRows, code
from .sheets import Part, Sheet
from .suspicion import PAST
from .validity import fields_of, holds, told_apart, unique_sets

if TYPE_CHECKING:
    from .planning import Planner


@dataclass
class Verdicts:
    """What a piece of a table says of one kind of record.

    values: by field a list, one value a row; silent: rows that say nothing of a field
    slugs: by related field, the code names; skipped: rows that make no such record
    stored: rows whose record is stored, with its number; numbers: of stored and of planned records
    """

    values: dict[str, list[Any]] = field(default_factory=dict)
    silent: dict[str, set[int]] = field(default_factory=dict)
    slugs: dict[str, list[str]] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    stored: dict[int, int] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)


# Fields whose values are texts and nothing else.
_AS_THEY_ARE = (models.CharField, models.TextField, LineField, ProseField, WebAddressField)


class Condition:
    """A constraint's condition, asked of columns: each combination of values that matter is worked out once."""

    def __init__(self, condition: Any) -> None:
        apart = told_apart(condition)
        self.names = sorted(apart)
        self._apart = [apart[name] for name in self.names]
        self._seen = Outcomes(
            lambda row: (
                None
                if DOUBTFUL in row
                else holds(condition, dict(zip(self.names, row, strict=True)).__getitem__)
            )
        )

    def of(self, columns: list[Sequence[Any]]) -> list[bool | None]:
        """Whether it holds, row by row; None where it cannot be told."""
        seen = self._seen
        alike = [_alike(column, apart) for column, apart in zip(columns, self._apart, strict=True)]
        return [seen[row] for row in zip(*alike, strict=True)]


def _alike(column: Sequence[Any], apart: frozenset | None) -> Sequence[Any]:
    """The column with one value in place of all those that the condition does not tell apart."""
    if apart is None:
        return column
    others = set(column) - apart - {None, DOUBTFUL}
    if len(others) < 2:
        return column
    other = others.pop()
    return [other if value in others else value for value in column]


class PlainPart:
    def __init__(self, sheet: Sheet, part: Part, planner: "Planner") -> None:
        self.part, self.planner = part, planner
        self.name, self.model = part.name, part.model
        self.fields: dict[str, Any] = {
            f.name: f for f in (*self.model._meta.concrete_fields, *self.model._meta.many_to_many)
        }
        self.hashes: dict[tuple[str, ...], array] = {}
        self.rows = array("q")
        self.same: dict[int, int] = {}
        self.empty = not self.model._default_manager.exists()
        self.today = seoul_now().date()
        self.able = (
            issubclass(self.model, Record)
            and self.model.clean is models.Model.clean  # nothing only the record itself can check
            and self.model is not Observation
            and planner.may_write(self.model)
            and all(o.name in self.fields or o.name.startswith("_") for o in part.origins)
        )
        self.links = {o.name: o.link for o in part.origins if o.link}
        if self.able:
            self._compile(sheet)
        else:
            self.out = PlannedRows(sheet.name, part, [], {}, [], planner.planned)

    # ---- once for a table -------------------------------------------------------------------------

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
            return self._related(of_field.related_model, {value.slug}).get(value.slug, DOUBTFUL)
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

    def _uniques(self) -> list[tuple[tuple[str, ...], Any, bool]]:
        """Sets of fields that tell records apart: those a record is recognized by first."""
        found = [(names, None, True) for names in self.part.keys]
        keys = {frozenset(names) for names in self.part.keys}
        found += [
            (u.names, Condition(u.condition) if u.condition else None, False)
            for u in unique_sets(self.model)
            if frozenset(u.names) not in keys
        ]
        for names, _condition, _key in found:
            self.hashes[names] = array("q")
        return found

    def _preparer(self, of_field: Any) -> Outcomes:
        def prepared(value: Any) -> Any:
            value = of_field.get_db_prep_save(value, connection)
            return str(value) if isinstance(value, str) else value

        return Outcomes(prepared)

    # ---- for each piece of a table ----------------------------------------------------------------

    def look(self, table: list, count: int, bad: set[int], made: dict[str, Verdicts]) -> Verdicts:
        """The values of a piece; rows that are not surely right are added to `bad`."""
        found = Verdicts()
        for name, column in self.columns.items():
            values = column.values(table, count)
            found.values[name] = self._relate(name, values, found) if column.field.is_relation else values
        for name, link in self.links.items():
            if name not in self.given:
                other = made[link]
                found.values[name] = [
                    ABSENT if at in other.skipped else DOUBTFUL if at in bad else other.numbers[at]
                    for at in range(count)
                ]
                found.slugs[name] = other.values.get("slug", [""] * count)
        if self.part.when:
            present = [found.values[n] for n in self.part.when if n in found.values]
            found.skipped = {
                at for at in range(count) if all(column[at] in (ABSENT, None, "") for column in present)
            }
        wrong: set[int] = set()  # whatever the row speaks of
        unfit: set[int] = set() if self.makes else set(range(count))  # for a new record
        self._fill(found, wrong, unfit)
        self._find(found, count, wrong)
        if self.part.by_name and not self.empty:
            self._by_name(found, count, unfit)
        self._compare(found, wrong)
        if self.planner.publication and "publication" in found.values:
            found.values["publication"] = [self.planner.publication] * count
        self._check(found, count, unfit)
        bad |= (wrong | (unfit - found.stored.keys())) - found.skipped
        self._number(found, count, bad)
        return found

    def _relate(self, name: str, values: list[Any], found: Verdicts) -> list[Any]:
        """Related records as numbers."""
        of_field = self.fields[name]
        slugs: set[str] = set()
        for value in values:
            if type(value) is str:
                slugs.add(value)
            elif isinstance(value, Ref):
                slugs.add(value.slug)
            elif type(value) is list:
                slugs.update(ref.slug for ref in value)
        known: dict[Any, Any] = self._related(of_field.related_model, slugs)
        if not of_field.many_to_many:
            values = [value.slug if isinstance(value, Ref) else value for value in values]
            found.slugs[name] = [value if type(value) is str else "" for value in values]
            return [known.get(value, DOUBTFUL) if type(value) is str else value for value in values]
        several = []
        for value in values:
            if type(value) is list:
                numbers = [known.get(ref.slug, DOUBTFUL) for ref in value]
                several.append(DOUBTFUL if DOUBTFUL in numbers else numbers)
            else:
                several.append(value)
        return several

    def _related(self, model: Any, slugs: set[str]) -> dict[str, int]:
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

    def _fill(self, found: Verdicts, wrong: set[int], unfit: set[int]) -> None:
        """What rows do not say is taken from the defaults."""
        for name, values in found.values.items():
            if DOUBTFUL in values:
                wrong.update(at for at, value in enumerate(values) if value is DOUBTFUL)
            silent = {at for at, value in enumerate(values) if value is ABSENT} if ABSENT in values else set()
            found.silent[name] = silent
            if silent:
                for at in silent:
                    values[at] = self.defaults[name]
                if self.defaults[name] is DOUBTFUL:
                    unfit |= silent
            if None in values and self.fields[name].is_relation and not self.fields[name].null:
                unfit.update(at for at, value in enumerate(values) if value is None)

    def _column(self, found: Verdicts, name: str, count: int) -> Sequence[Any]:
        values = found.values.get(name)
        return [self.fixed[name]] * count if values is None else values

    def _find(self, found: Verdicts, count: int, bad: set[int]) -> None:
        """Which rows speak of stored records, and a mark of each row's keys for the search of twins."""
        for names, condition, is_key in self.uniques:
            columns = [self._column(found, name, count) for name in names]
            keys: list[Any] = list(zip(*columns, strict=True))
            needed = [
                column
                for name, column in zip(names, columns, strict=True)
                if not is_key or len(names) == 1 or not self.fields[name].blank
            ]
            if any(DOUBTFUL in column for column in columns) or any(
                None in column or (is_key and "" in column) for column in needed
            ):
                lacking = {
                    at
                    for column in needed
                    for at, value in enumerate(column)
                    if value is None or (is_key and value == "")
                }
                keys = [None if at in lacking or DOUBTFUL in key else key for at, key in enumerate(keys)]
            if condition is not None:
                applies = condition.of([self._column(found, name, count) for name in condition.names])
                keys = [key if a is not False else None for key, a in zip(keys, applies, strict=True)]
            if found.skipped:
                keys = [None if at in found.skipped else key for at, key in enumerate(keys)]
            self.hashes[names].extend([0 if key is None else hash(key) or 1 for key in keys])
            if not self.empty:
                self._match(found, names, keys, is_key, bad)

    def _match(
        self, found: Verdicts, names: tuple[str, ...], keys: list[Any], is_key: bool, bad: set[int]
    ) -> None:
        related = [at for at, name in enumerate(names) if self.fields[name].is_relation]
        asked = {k for k in keys if k is not None and all(k[at] is None or k[at] > 0 for at in related)}
        hits: dict[tuple, list[int]] = {}
        for key, pk in keys_of(self.model, names, asked) if asked else ():
            hits.setdefault(key, []).append(pk)
        if not hits:
            return
        sure = is_key and len(self.part.keys) == 1
        for at, key in enumerate(keys):
            if key is None or (pks := hits.get(key)) is None:
                continue
            if sure and len(pks) == 1:
                found.stored[at] = pks[0]
            elif found.stored.get(at) not in pks:
                bad.add(at)

    def _by_name(self, found: Verdicts, count: int, bad: set[int]) -> None:
        names = self.planner.matches.names(self.model)
        for at, name in enumerate(self._column(found, "name_ko", count)):
            if at not in found.stored and name is not DOUBTFUL and names.like(name or ""):
                bad.add(at)

    def _check(self, found: Verdicts, count: int, bad: set[int]) -> None:
        """Constraints, dates to come, and what only some people may do."""
        for check in self.checks:
            held = check.of([self._column(found, name, count) for name in check.names])
            if False in held:
                bad.update(at for at, holds_here in enumerate(held) if holds_here is False)
        for name in PAST & found.values.keys():
            values = found.values[name]
            late = {value for value in set(values) if value and value is not DOUBTFUL and self._late(value)}
            if late:
                bad.update(at for at, value in enumerate(values) if value in late)
        if self.planner.by is not None and not history.may_publish(self.planner.by, self.model):
            states = self._column(found, "publication", count)
            bad.update(at for at, state in enumerate(states) if state in history.CLOSED)

    def _late(self, value: Any) -> bool:
        if isinstance(value, PartialDate):
            return value.first_day > self.today
        return not isinstance(value, str) and value > self.today

    def _compare(self, found: Verdicts, bad: set[int]) -> None:
        """A row that leaves its stored record as it is is done with; one that would change it needs care."""
        if not found.stored:
            return
        single = [n for n in self.varying if n != "slug"]
        wanted = self.model._default_manager.filter(pk__in=set(found.stored.values())).order_by()
        stored = {
            pk: values for pk, *values in wanted.values_list("pk", *(self.fields[n].attname for n in single))
        }
        held = many_to_many([self.model(pk=pk) for pk in stored], self.model) if self.several else {}
        for at, pk in found.stored.items():
            same = (
                not self.part.constants
                and pk in stored
                and all(
                    at in found.silent[n] or found.values[n][at] == old
                    for n, old in zip(single, stored[pk], strict=True)
                )
                and all(
                    at in found.silent[n]
                    or (
                        found.values[n][at] is not DOUBTFUL
                        and sorted(found.values[n][at]) == held[n].get(pk, [])
                    )
                    for n in self.several
                )
            )
            if not same:
                bad.add(at)

    def _number(self, found: Verdicts, count: int, bad: set[int]) -> None:
        """Stored records have their number; new ones get one among the planned."""
        planned = self.planner.planned[self.model]
        for at in range(count):
            if at in found.stored:
                found.numbers.append(found.stored[at])
            elif at in bad or at in found.skipped:
                found.numbers.append(0)
            else:
                found.numbers.append(code(planned.count))
                planned.count += 1

    def keep(self, found: Verdicts, numbers: list[int], bad: set[int]) -> None:
        """Put aside what is right in every part of its row."""
        self.rows.extend(numbers)
        for at, pk in found.stored.items():
            if at not in bad and at not in found.skipped:
                self.same[numbers[at]] = pk
        out = bad | found.stored.keys() | found.skipped
        new = [at for at in range(len(numbers)) if at not in out]
        if not new:
            return
        if "slug" in self.fields:
            slugs = self._column(found, "slug", len(numbers))
            self.planner.planned[self.model].numbers.update(
                (slugs[at], code(found.numbers[at])) for at in new
            )
        self.out.add(
            Piece(
                [code(found.numbers[at]) for at in new],
                [numbers[at] for at in new],
                [self._prepared(name, found.values[name], new) for name in self.varying],
                [[tuple(found.values[n][at] or ()) for at in new] for n in self.several],
                self._known_as(found, numbers, new),
            )
        )

    def _prepared(self, name: str, values: list[Any], new: list[int]) -> list[Any]:
        """Values as the database takes them."""
        of_field = self.fields[name]
        if of_field.is_relation or type(of_field) in _AS_THEY_ARE:
            return [values[at] for at in new]
        prepare = self.preparers[name]
        if isinstance(of_field, TextListField | models.JSONField):
            return [prepare.work_out(values[at]) for at in new]
        return [prepare[values[at]] for at in new]

    def _known_as(self, found: Verdicts, numbers: list[int], new: list[int]) -> list[str]:
        """The keys by which records are known outside, as `applying.key_text` says them."""
        columns: list[Sequence[Any]] = []
        for path in self.model.natural_key_fields:  # type: ignore[attr-defined]
            name, _, deeper = path.partition("__")
            if deeper and name in found.slugs:
                columns.append(found.slugs[name])
            elif deeper:
                columns.append([self._slug(name)] * len(numbers))
            else:
                columns.append(self._column(found, name, len(numbers)))
        texts = [
            ["" if column[at] is None else str(column[at]) for at in new]
            if None in column
            else [str(column[at]) for at in new]
            for column in columns
        ]
        return [" / ".join(parts)[:500] for parts in zip(*texts, strict=True)]

    def _slug(self, name: str) -> str:
        value = self.given.get(name, self.otherwise[name])
        return value.slug if isinstance(value, Ref) else str(value.values["slug"]) if value else ""

    # ---- once all tables are read -----------------------------------------------------------------

    def rows_with(self, twins: dict[tuple[str, ...], set[int]]) -> Iterator[int]:
        for names, marks in self.hashes.items():
            if shared := twins.get(names):
                yield from (row for row, mark in zip(self.rows, marks, strict=True) if mark in shared)

    def rows_on(self, gone: dict[type[models.Model], set[int]]) -> Iterator[int]:
        """Rows that refer to planned records which are looked at with care after all."""
        for at, of_field in enumerate(self.out.fields):
            if of_field.is_relation and (lost := gone.get(of_field.related_model)):  # type: ignore[arg-type]
                for piece in self.out:
                    yield from (
                        row for row, value in zip(piece.rows, piece.columns[at], strict=True) if value in lost
                    )
        for at, many in enumerate(self.out.many):
            if lost := gone.get(many.related_model):  # type: ignore[arg-type]
                for piece in self.out:
                    yield from (
                        row
                        for row, value in zip(piece.rows, piece.several[at], strict=True)
                        if not lost.isdisjoint(value)
                    )

    def drop(self, rows: set[int]) -> set[int]:
        """Leave these rows to the careful way; gives the numbers that their records would have had."""
        for row in rows & self.same.keys():
            del self.same[row]
        numbers = {
            number
            for piece in self.out
            for number, row in zip(piece.numbers, piece.rows, strict=True)
            if row in rows
        }
        if numbers:
            self.out.drop(numbers)
            planned = self.planner.planned[self.model]
            for slug in [slug for slug, number in planned.numbers.items() if number in numbers]:
                del planned.numbers[slug]
        return numbers
