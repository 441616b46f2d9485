"""One page of what changed: the entries, newest first, and the moment before which the next page goes on."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from clusters.models import ImportBatch, Record, Source

from . import kinds
from .acts import Act, grouped
from .reading import Question, window
from .standing import Standing
from .states import Difference, States, Step, gates_of
from .words import Change, Names, in_words

ENTRIES = 40
MOST_ACTS = 120  # that are looked at for one page
WINDOWS = 3  # that are looked at until one holds something public
TOGETHER = 3  # records of one edit that are told one by one
FIRST_FEW = 5  # records that are named of a larger act
# What becomes public together may be saved in several steps: an earlier state was seen only after this time.
SEEN_AFTER = timedelta(minutes=10)

ADDED, CHANGED, WITHDRAWN = "added", "changed", "withdrawn"
WHAT = (ADDED, CHANGED, WITHDRAWN)


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
        by_act = _told(acts)
        for place, act in enumerate(acts):
            before = _beginning(act)
            entries += _entries(act, by_act[id(act)])
            if len(entries) >= ENTRIES:
                has_more = has_more or place + 1 < len(acts)
                break
        if entries or not has_more:
            break
    return Page(entries, before if has_more else None)


def _beginning(act: Act) -> datetime:
    """Before which the next act is looked for. The rows of a long import are passed over."""
    if act.kind == "batch" and not act.is_whole:
        started = ImportBatch.objects.filter(pk=act.number).values_list("applied_at", flat=True).first()
        return min(started, act.oldest) if started else act.oldest
    return act.oldest


# ---- what may be told -------------------------------------------------------------------------------


def _told(acts: list[Act]) -> dict[int, list[Told]]:
    """What readers may know of each act, by its id()."""
    states = States(acts)
    standing = _standing(states)
    happened: list[tuple[Step, str, list[Difference]]] = []
    for step in states.steps:
        what = _what(step, standing)
        differences = states.differences(step, standing) if what == CHANGED else []
        if what and (what != CHANGED or differences):
            happened.append((step, what, differences))
    names = Names(one for _step, _what, differences in happened for one in differences)
    records = _records([step for step, _what, _differences in happened])
    sources = _sources([step for step, _what, _differences in happened], standing)
    found: dict[int, list[Told]] = {id(act): [] for act in acts}
    for step, what, differences in happened:
        told = _one(step, what, records, in_words(differences, names), sources)
        if told is not None:
            found[id(step.act)].append(told)
    return found


def _standing(states: States) -> Standing:
    wanted: dict[type[Record], set[int]] = defaultdict(set)
    for step in states.steps:
        for model, pk in {step.key, *step.gates()}:
            wanted[model].add(pk)
    for related, pks in states.related().items():
        if issubclass(related, Record):
            wanted[related] |= pks
    return Standing(wanted)


def _what(step: Step, standing: Standing) -> str:
    """What readers saw happen; "" for nothing."""
    act, since = step.act, standing.own(step.key)
    if standing.since(step.key) is None:
        was_seen = step.was_there_before() and _was_seen(step, standing)
        return WITHDRAWN if was_seen and not step.is_there_after() else ""
    assert since is not None
    if not step.is_there_after() or not all(
        standing.was_public(gate, act.newest) for gate in gates_of(step.model, step.after)
    ):
        return ""
    if step.rows[-1].when <= since <= step.rows[0].when:
        return "" if _opens_history(step) else ADDED
    if since < step.rows[-1].when and step.was_there_before() and _was_seen(step, standing):
        return CHANGED
    return ""


def _was_seen(step: Step, standing: Standing) -> bool:
    """Whether all that the earlier state stood on was public while it held."""
    for gate in gates_of(step.model, step.before):
        since = standing.since(gate)
        if since is None:
            return False
        if since > step.before.history_date and since > step.act.oldest - SEEN_AFTER:
            return False
    return True


def _opens_history(step: Step) -> bool:
    """Records of the opening data get their first row with their first edit: nothing happened then."""
    row = step.rows[-1]
    return row.type == "+" and row.user is None and not row.reason and row.when == step.after.created_at


# ---- in words ---------------------------------------------------------------------------------------


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


def _sources(steps: list[Step], standing: Standing) -> dict[int, Source]:
    """The sources of the states after, by number, in one query."""
    named = {pk for step in steps if (pk := getattr(step.after, "source_id", None))}
    return Source.objects.published().in_bulk(named) if named else {}


def _one(step: Step, what: str, records: dict, changes: list[Change], sources: dict) -> Told | None:
    row = step.rows[0]
    given: dict[str, Any] = {}
    if what == WITHDRAWN:
        stood_on = gates_of(step.model, step.before)
        for holder in (records.get(gate) for gate in sorted(stood_on, key=lambda gate: gate[0].__name__)):
            if holder is not None:
                given = {"name": kinds.name(holder), "url": kinds.address(holder)}
                break
    else:
        record = records[step.key]
        given = {
            "name": kinds.name(record),
            "statement": kinds.statement(record),
            "url": kinds.address(record),
            "changes": tuple(changes),
            "source": sources.get(getattr(step.after, "source_id", None)),
        }
    return Told(row.when, row.history_id, step.model, what, **given)


def _entries(act: Act, told: list[Told]) -> list[Entry]:
    if not told:
        return []
    if not act.kind and act.is_whole and len(told) <= TOGETHER:
        return [Entry(f"{one.kind}/{one.number}", one.when, [one]) for one in told]
    first = act.rows[-1]
    key = (
        f"{act.kind.replace(' ', '-')}/{act.number}" if act.kind else f"edit/{first.kind}/{first.history_id}"
    )
    counted = Counter((one.model, one.what) for one in told)
    counts = [
        Count(model, what, counted[model, what])
        for model in kinds.PLACES
        for what in WHAT
        if counted[model, what]
    ]
    named = [one for one in told if one.name][:FIRST_FEW]
    return [Entry(key, act.newest, named, act.kind, counts, len(told) - len(named), act.is_whole)]
