"""One kind of record in the plain rows of one table: its values by column, and which rows are surely right."""

from typing import TYPE_CHECKING, Any

from clusters.curation import history
from clusters.dates import PartialDate, seoul_now

from .columns import ABSENT, DOUBTFUL
from .drafts import Ref
from .kept import Kept
from .layout import Layout
from .lookup import given_up, keys_of, many_to_many
from .planned import code
from .sheets import Part, Sheet
from .suspicion import PAST
from .verdicts import Verdicts

if TYPE_CHECKING:
    from .planning import Planner


class PlainPart(Layout):
    """Looks at a piece of the table at a time; what is right goes to `kept`."""

    def __init__(self, sheet: Sheet, part: Part, planner: "Planner") -> None:
        super().__init__(sheet, part, planner)
        self.empty = not self.model._default_manager.exists()
        self.moved = {} if self.empty else given_up(self.model)
        self.today = seoul_now().date()
        self.kept = Kept(self)

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
        known: dict[Any, Any] = self.related(of_field.related_model, slugs)
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

    def _fill(self, found: Verdicts, wrong: set[int], unfit: set[int]) -> None:
        """What rows do not say is taken from the defaults."""
        for name, values in found.values.items():
            if DOUBTFUL in values:
                wrong.update(at for at, value in enumerate(values) if value is DOUBTFUL)
            if self.moved and name == "slug":
                wrong.update(at for at, value in enumerate(values) if value in self.moved)
            silent = {at for at, value in enumerate(values) if value is ABSENT} if ABSENT in values else set()
            found.silent[name] = silent
            if silent:
                for at in silent:
                    values[at] = self.defaults[name]
                if self.defaults[name] is DOUBTFUL:
                    unfit |= silent
            if None in values and self.fields[name].is_relation and not self.fields[name].null:
                unfit.update(at for at, value in enumerate(values) if value is None)

    def _find(self, found: Verdicts, count: int, bad: set[int]) -> None:
        """Which rows speak of stored records, and a mark of each row's keys for the search of twins."""
        for names, condition, is_key in self.uniques:
            columns = [self.column(found, name, count) for name in names]
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
                applies = condition.of([self.column(found, name, count) for name in condition.names])
                keys = [key if a is not False else None for key, a in zip(keys, applies, strict=True)]
            if found.skipped:
                keys = [None if at in found.skipped else key for at, key in enumerate(keys)]
            self.kept.hashes[names].extend([0 if key is None else hash(key) or 1 for key in keys])
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
        for at, name in enumerate(self.column(found, "name_ko", count)):
            if at not in found.stored and name is not DOUBTFUL and names.like(name or ""):
                bad.add(at)

    def _check(self, found: Verdicts, count: int, bad: set[int]) -> None:
        """Constraints, dates to come, and what only some people may do."""
        for check in self.checks:
            held = check.of([self.column(found, name, count) for name in check.names])
            if False in held:
                bad.update(at for at, holds_here in enumerate(held) if holds_here is False)
        for name in PAST & found.values.keys():
            values = found.values[name]
            late = {value for value in set(values) if value and value is not DOUBTFUL and self._late(value)}
            if late:
                bad.update(at for at, value in enumerate(values) if value in late)
        if self.planner.by is not None and not history.may_publish(self.planner.by, self.model):
            states = self.column(found, "publication", count)
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
