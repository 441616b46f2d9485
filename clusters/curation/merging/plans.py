"""What a merge would do: which rows move, which say the same and become one, and where a choice is open."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from clusters.curation import changes, history
from clusters.curation.merging.choices import Choice, choices_between, same_between
from clusters.models import MergeableKind, Record

from .relations import relations_to, twin

MOST_ROWS = 20_000


class NotMerged(Exception):
    """Why nothing was merged or taken back, as a sentence for the person who asked."""


@dataclass
class Pairing:
    """Two records that become one."""

    kept: Any
    merged: Any
    choices: list[Choice]
    same: list[tuple[str, str]]

    @property
    def key(self) -> str:
        """What names its fields in a form."""
        return f"{self.merged._meta.model_name}-{self.merged.pk}"


@dataclass
class Move:
    """A row that is to refer to the record that stays: its single relations set anew, and its several."""

    row: Any
    fields: set[str] = field(default_factory=set)
    several: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class Plan:
    main: Pairing
    facts: list[Pairing] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    @property
    def pairings(self) -> list[Pairing]:
        return [self.main, *self.facts]

    def rows(self) -> list[Any]:
        """Every record that the merge changes or takes away."""
        found = [one for pairing in self.pairings for one in (pairing.kept, pairing.merged)]
        found += [move.row for move in self.moves]
        return list({(type(row), row.pk): row for row in found}.values())

    def moved_by_model(self) -> list[tuple[type[models.Model], list[Any]]]:
        moves = sorted(self.moves, key=lambda move: move.row._meta.label)
        return [(model, [m.row for m in some]) for model, some in groupby(moves, lambda m: type(m.row))]

    @property
    def stamp(self) -> str:
        """What a form carries to tell whether anything of all this was saved since."""
        told = sorted(f"{row._meta.label} {row.pk} {changes.stamp(row)}" for row in self.rows())
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]

    def closed_to(self, by) -> list[Any]:
        """The records that this person may not change: what is or was before the public is for those who publish."""
        return [row for row in self.rows() if not may_change(by, row)]


def may_change(by, row: Any) -> bool:
    if isinstance(row, Record) and row.publication in history.CLOSED:
        return history.may_publish(by, type(row))
    return by.has_perm(f"{row._meta.app_label}.change_{row._meta.model_name}")


def make(kept: Any, merged: Any) -> Plan:
    """Plan to take one record into another of the same kind. Raises NotMerged."""
    if type(kept) is not type(merged) or kept._meta.model_name not in MergeableKind.values:
        raise NotMerged(_("Only two records of the same kind can become one."))
    if kept.pk == merged.pk:
        raise NotMerged(_("A record cannot be merged with itself."))
    plan = Plan(_pairing(kept, merged, frozenset()))
    taken = {(type(row), row.pk) for row in (kept, merged)}
    for pairing, moves in _follow(plan.main, taken):
        if pairing is not plan.main:
            plan.facts.append(pairing)
        plan.moves += moves
    return plan


def _pairing(kept: Any, merged: Any, moved: frozenset[str]) -> Pairing:
    return Pairing(kept, merged, choices_between(kept, merged, moved), same_between(kept, merged, moved))


def _follow(pairing: Pairing, taken: set[tuple[type, Any]]) -> Iterator[tuple[Pairing, list[Move]]]:
    """The pairing with the rows that move; then, for rows that say the same already, the pairings they make."""
    moves: dict[tuple[type, Any], Move] = {}
    for model, relation in relations_to(type(pairing.merged)):
        if relation.many_to_many:
            _move_several(pairing, model, relation, moves)
            continue
        for row in _bounded(relation, model, pairing.merged):
            if (model, row.pk) in taken:
                continue
            move = moves.setdefault((model, row.pk), Move(row))
            setattr(move.row, relation.name, pairing.kept)
            move.fields.add(relation.name)
    further = []
    for key, move in list(moves.items()):
        if move.fields and (same := twin(move.row, move.fields)) is not None:
            del moves[key]
            taken |= {key, (type(same), same.pk)}
            further.append(_pairing(same, move.row, frozenset(move.fields)))
    yield pairing, list(moves.values())
    for one in further:
        yield from _follow(one, taken)


def _move_several(pairing: Pairing, model: type[models.Model], relation: Any, moves: dict) -> None:
    for row in _bounded(relation, model, pairing.merged):
        move = moves.setdefault((model, row.pk), Move(row))
        held = move.several.get(relation.name) or changes.value(row, relation)
        held = [pk for pk in held if pk not in (pairing.kept.pk, pairing.merged.pk)]
        move.several[relation.name] = sorted([*held, pairing.kept.pk])


def _bounded(relation: Any, model: type[models.Model], merged: Any) -> list[Any]:
    rows = model._default_manager.filter(**{relation.name: merged.pk}).order_by("pk")
    found = list(rows[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        text = _(
            "More than %(most)d records refer to %(record)s. Let this one stay and merge the other into it."
        )
        raise NotMerged(text % {"most": MOST_ROWS, "record": merged})
    return found
