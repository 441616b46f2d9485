"""How far two states of the data are apart: told only when nothing can have been missed."""

import random

from hypothesis import given
from hypothesis import strategies as st

from clusters.models.version import Touches, between


class Table:
    """Touches as the database has them: numbered when they are written, seen when they are committed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.number, self.waiting, self.rows, self.ever = 0, [], {}, []

    def write(self) -> None:
        self.number += 1
        self.waiting.append(self.number)

    def commit(self) -> None:
        if self.waiting:
            number = self.waiting.pop(self.dice.randrange(len(self.waiting)))
            self.rows[number] = False
            self.ever.append(number)

    def forget(self) -> None:
        self.rows = {number: True for number, is_old in self.rows.items() if not is_old}

    def read(self) -> tuple[Touches, list[int]]:
        numbers = sorted(self.rows)
        old = frozenset(number for number in numbers if self.rows[number])
        return Touches({number: ("company", number) for number in numbers}, old), list(self.ever)


@given(
    st.integers(0, 999),
    st.lists(
        st.sampled_from(["write", "write", "commit", "commit", "forget", "read"]), min_size=8, max_size=60
    ),
)
def test_what_was_written_between_two_readings_is_told_whole_or_not_at_all(seed, steps):
    table = Table(seed)
    readings = [table.read()]
    for step in steps:
        found = getattr(table, step)()
        readings += [found] if found else []
    readings.append(table.read())
    for earlier, had in readings:
        for later, has in readings:
            told = between(earlier, later)
            if told is not None:
                assert {number for _model, number in told} >= set(has) ^ set(had)


def test_a_state_is_told_from_itself_and_from_the_next():
    one = Touches({1: ("company", 7)}, frozenset())
    two = Touches({1: ("company", 7), 2: ("source", None)}, frozenset({1}))
    assert between(one, one) == [] and between(one, two) == [("source", None)] and between(two, one) is None
    assert between(Touches({}, frozenset()), two) is None
