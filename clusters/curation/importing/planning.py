"""Plans the plain rows of tables a column at a time; whatever is not surely right is left to the careful way."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.db import models

from .drafts import Draft
from .matching import Matches
from .parts import PlainPart
from .planned import Planned, PlannedRows, code
from .plans import in_order
from .sheets import Sheet
from .verdicts import Verdicts


class Planner:
    """What plain rows come to: `planned` new records by kind, `unchanged` stored ones; the rest is doubtful."""

    def __init__(self, matches: Matches, *, by, publication: str) -> None:
        self.matches, self.by, self.publication = matches, by, publication
        self.planned: dict[type[models.Model], Planned] = {}
        self.rows: list[PlannedRows] = []
        self._doubtful: dict[Sheet, set[int]] = {}
        self._parts: dict[Sheet, list[PlainPart]] = {}

    def plan(self, sheets: Iterable[Sheet]) -> None:
        order = {model: at for at, model in enumerate(in_order())}
        sheets = sorted(sheets, key=lambda sheet: min(order[part.model] for part in sheet.parts))
        for sheet in sheets:
            self._plan(sheet)
        self._part_twins()

    def doubtful(self, sheet: Sheet) -> Iterator[Draft]:
        """The drafts of the rows that need care."""
        numbers = self._doubtful[sheet]
        if numbers:
            for row in sheet.rows():
                if row.number in numbers:
                    yield from sheet.drafts_of(row)

    def _plan(self, sheet: Sheet) -> None:
        doubtful = self._doubtful[sheet] = set()
        for said in sheet.parts:
            self.planned.setdefault(said.model, Planned(said.model))
        parts = [PlainPart(sheet, part, self) for part in sheet.parts]
        self._parts[sheet] = parts
        able = all(part.able for part in parts)
        for piece in sheet.pieces:
            numbers = [number for number, _values, _notes in piece]
            if not able:
                doubtful.update(numbers)
                continue
            bad = {
                at
                for at, (_number, _values, notes) in enumerate(piece)
                if notes and any(n.error for n in notes)
            }
            table = list(zip(*(values for _number, values, _notes in piece), strict=True))
            made: dict[str, Verdicts] = {}
            for part in parts:
                made[part.name] = part.look(table, len(piece), bad, made)
            doubtful.update(numbers[at] for at in bad)
            for part in parts:
                part.kept.keep(made[part.name], numbers, bad)
        for part in parts:
            if part.out.count:
                self.rows.append(part.out)

    def _part_twins(self) -> None:
        """Rows that share a key with another are looked at together, and so is what stands on them."""
        gone: dict[type[models.Model], set[int]] = defaultdict(set)
        twins = self._twins()
        for sheet, parts in self._parts.items():
            if not any(part.out.count or part.kept.hashes for part in parts):
                continue
            rows = {row for part in parts for row in part.kept.rows_with(twins[part.model])}
            rows |= {row for part in parts for row in part.kept.rows_on(gone)}
            rows -= self._doubtful[sheet]
            if not rows:
                continue
            self._doubtful[sheet] |= rows
            for part in parts:
                for number in part.kept.drop(rows):
                    gone[part.model].add(code(number))
        self.rows = [rows for rows in self.rows if rows.count]

    def _twins(self) -> dict[type[models.Model], dict[tuple[str, ...], set[int]]]:
        found: dict[type[models.Model], dict[tuple[str, ...], set[int]]] = defaultdict(dict)
        together: dict[tuple, list[array]] = defaultdict(list)
        for parts in self._parts.values():
            for part in parts:
                for names, hashes in part.kept.hashes.items():
                    together[part.model, names].append(hashes)
        for (model, names), several in together.items():
            every = sorted(one for hashes in several for one in hashes if one)
            found[model][names] = {one for one, other in pairwise(every) if one == other}
        return found

    def unchanged(self, model: type[models.Model]) -> Iterator[int]:
        """The numbers of stored records that plain rows leave as they are."""
        for parts in self._parts.values():
            for part in parts:
                if part.model is model:
                    yield from part.kept.same.values()

    def may_write(self, model: type[models.Model]) -> bool:
        if self.by is None:
            return True
        return self.by.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}")
