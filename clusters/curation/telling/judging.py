"""What readers saw happen in each step of an act: something added, changed or withdrawn, or nothing at all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from clusters.models import Record

from .standing import Standing
from .states import Difference, States, Step, gates_of

ADDED, CHANGED, WITHDRAWN = "added", "changed", "withdrawn"
WHAT = (ADDED, CHANGED, WITHDRAWN)
# What becomes public together may be saved in several steps: an earlier state was seen only after this time.
SEEN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Happened:
    """What readers saw happen to one record in an act."""

    step: Step
    what: str
    differences: list[Difference]

    @property
    def has_name(self) -> bool:
        """Of what was withdrawn only the record that it stood on is named."""
        return self.what != WITHDRAWN or bool(gates_of(self.step.model, self.step.before))


def judged(states: States) -> list[Happened]:
    """What readers saw happen, in the order of the steps."""
    standing = _standing(states)
    found = []
    for step in states.steps:
        what = _what(step, standing)
        differences = states.differences(step, standing) if what == CHANGED else []
        if what and (what != CHANGED or differences):
            found.append(Happened(step, what, differences))
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
