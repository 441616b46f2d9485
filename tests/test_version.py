"""How far two states of the data are apart: told only when nothing can have been missed."""

import os
import random
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from clusters.models import version
from clusters.models.version import KEPT, Touch, Touches, between
from tests import factories


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

    def gather(self) -> None:
        """All become one write of anything."""
        self.number += 1
        self.rows = {self.number: False}
        self.ever.append(self.number)

    def read(self) -> tuple[Touches, list[int]]:
        numbers = sorted(self.rows)
        old = frozenset(number for number in numbers if self.rows[number])
        return Touches({number: ("company", number) for number in numbers}, old), list(self.ever)


@given(
    st.integers(0, 999),
    st.lists(
        st.sampled_from(["write", "write", "commit", "commit", "forget", "gather", "read", "read"]),
        min_size=8,
        max_size=60,
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


@pytest.mark.django_db(transaction=True)
def test_what_a_long_transaction_wrote_is_not_forgotten_with_it():
    with transaction.atomic():
        company = factories.company()
        for _time in range(3 * KEPT):
            company.save()
    written = version.touches()
    assert len(written.writes) > 3 * KEPT and version.current()
    for _time in range(KEPT):
        company.save()
    assert between(written, version.touches()) is not None
    for _time in range(2 * KEPT):
        company.save()
    assert Touch.objects.count() < 3 * KEPT


@pytest.mark.django_db(transaction=True)
def test_what_wrote_very_much_is_told_as_one_write_of_anything(monkeypatch):
    monkeypatch.setattr(version, "MOST", 2 * KEPT)
    company = factories.company()
    before, known = version.touches(), version.current()
    with transaction.atomic():
        for _time in range(3 * KEPT):
            company.save()
    assert Touch.objects.count() < KEPT and version.current() not in {0, known}
    assert between(before, version.touches()) is None
    after = version.touches()
    company.save()
    assert set(between(after, version.touches()) or ()) == {("company", company.pk)}


def test_the_version_of_the_code_is_that_of_the_code_that_was_loaded():
    """Newer files may lie there by the time somebody asks."""
    loaded = "import config.wsgi; from clusters.directory.code import code_version as v; print(v.cache_info().currsize)"
    found = subprocess.run(
        [sys.executable, "-c", loaded], cwd=settings.BASE_DIR, env=os.environ, capture_output=True, text=True
    )
    assert found.stdout.strip() == "1", found.stderr
