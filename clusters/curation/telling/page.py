"""One page of what changed: the entries, newest first, and the moment before which the next page goes on."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from clusters.models import Record, Source

from . import kinds
from .acts import Act, grouped
from .judging import WHAT, WITHDRAWN, Happened, judged
from .reading import Question, window
from .states import States, Step, gates_of
from .words import Change, Names, in_words

ENTRIES = 40
MOST_ACTS = 120  # that are looked at for one page
WINDOWS = 3  # that are looked at until one holds something public
TOGETHER = 3  # records of one edit that are told one by one
FIRST_FEW = 5  # records that are named of a larger act


@dataclass(frozen=True)
class Told:
    """What happened to one record. What was withdrawn has no name of its own, only that of the record it belonged to."""

    when: datetime
    number: int  # of the row of the history
    model: type[Record]
    what: str
    name: str = ""
    statement: str = ""
    url: str = ""
    changes: tuple[Change, ...] = ()
    source: Source | None = None

    @property
    def kind(self) -> str:
        return kinds.code(self.model)

    @property
    def label(self) -> str:
        return kinds.label(self.model)


@dataclass(frozen=True)
class Count:
    model: type[Record]
    what: str
    number: int

    @property
    def label(self) -> str:
        return kinds.label(self.model, self.number)


@dataclass(frozen=True)
class Entry:
    """One record, or an act with the first few of its records and how many there were; `key` stays the same."""

    key: str
    when: datetime
    records: list[Told]
    act: str = ""  # "batch", "undo batch", "merge", "undo merge", or "" for an edit
    counts: list[Count] = field(default_factory=list)
    rest: int = 0  # further records that are not named
    is_whole: bool = True  # else there were more than the counts say

    @property
    def is_group(self) -> bool:
        return bool(self.counts)


@dataclass(frozen=True)
class Page:
    entries: list[Entry]
    before: datetime | None  # where older changes go on; None at the end


def read(question: Question) -> Page:
    """The entries of one page, in a number of queries that does not depend on the number of rows."""
    before, entries = question.before, []
    for _number in range(WINDOWS):
        rows, has_more = window(question, before)
        acts = grouped(rows)
        if has_more:  # the last act may have begun earlier
            if len(acts) > 1:
                acts.pop()
            else:
                acts[0].is_whole = False
        if len(acts) > MOST_ACTS:
            acts, has_more = acts[:MOST_ACTS], True
        for place, (act, of_act) in enumerate(zip(acts, _entries(acts), strict=True)):
            before = act.oldest
            entries += of_act
            if len(entries) >= ENTRIES:
                has_more = has_more or place + 1 < len(acts)
                break
        if entries or not has_more:
            break
    return Page(entries, before if has_more else None)


# ---- what may be told -------------------------------------------------------------------------------


def _entries(acts: list[Act]) -> list[list[Entry]]:
    """The entries of each act. Only what is shown is put into words."""
    happened: dict[int, list[Happened]] = {id(act): [] for act in acts}
    for one in judged(States(acts)):
        happened[id(one.step.act)].append(one)
    shown = {
        id(act): of_act if _is_few(act, of_act) else [one for one in of_act if one.has_name][:FIRST_FEW]
        for act, of_act in zip(acts, happened.values(), strict=True)
    }
    words = _in_words([one for of_act in shown.values() for one in of_act])
    return [_of_act(act, happened[id(act)], [words[id(one)] for one in shown[id(act)]]) for act in acts]


def _is_few(act: Act, happened: list[Happened]) -> bool:
    return not act.kind and act.is_whole and len(happened) <= TOGETHER


# ---- in words ---------------------------------------------------------------------------------------


def _in_words(shown: list[Happened]) -> dict[int, Told]:
    """What is shown, by its id(); the records are read by kind."""
    names = Names(difference for one in shown for difference in one.differences)
    records = _records([one.step for one in shown])
    cited = {pk for one in shown if (pk := getattr(one.step.after, "source_id", None))}
    sources = Source.objects.published().in_bulk(cited) if cited else {}
    found = {}
    for one in shown:
        step, row = one.step, one.step.rows[0]
        given: dict[str, Any] = {}
        if one.what == WITHDRAWN:
            for gate, _kind in kinds.gates(step.model):
                holder = records.get((_kind, getattr(step.before, gate)))
                if holder is not None and not given:
                    given = {"name": kinds.name(holder), "url": kinds.address(holder)}
        else:
            record = records[step.key]
            given = {
                "name": kinds.name(record),
                "statement": kinds.statement(record),
                "url": kinds.address(record),
                "changes": tuple(in_words(one.differences, names)),
                "source": sources.get(getattr(step.after, "source_id", None)),
            }
        found[id(one)] = Told(row.when, row.history_id, step.model, one.what, **given)
    return found


def _records(steps: list[Step]) -> dict[tuple[type[Record], int], Any]:
    """The records that are named, and those that withdrawn ones stood on; one query for each kind."""
    wanted: dict[type[Record], set[int]] = defaultdict(set)
    for step in steps:
        for model, pk in {step.key, *gates_of(step.model, step.before)}:
            wanted[model].add(pk)
    found: dict[tuple[type[Record], int], Any] = {}
    for model, pks in wanted.items():
        related = (*model.gates, *model.optional_gates)
        records = model.objects.published().filter(pk__in=pks)
        for record in records.select_related(*related) if related else records:
            found[model, record.pk] = record
    return found


def _of_act(act: Act, happened: list[Happened], shown: list[Told]) -> list[Entry]:
    if _is_few(act, happened):
        return [Entry(f"{one.kind}/{one.number}", one.when, [one]) for one in shown]
    first = act.rows[-1]
    key = (
        f"{act.kind.replace(' ', '-')}/{act.number}" if act.kind else f"edit/{first.kind}/{first.history_id}"
    )
    counted = Counter((one.step.model, one.what) for one in happened)
    counts = [
        Count(model, what, counted[model, what])
        for model in kinds.PLACES
        for what in WHAT
        if counted[model, what]
    ]
    rest = len(happened) - len(shown)
    return [Entry(key, act.newest, shown, act.kind, counts, rest, act.is_whole)] if happened else []
