"""What is kept serves one version of the data and the clock as long as it changes nothing, for all threads alike."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from clusters.models import version
from clusters.programs import bits, keeping
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data():
    factories.call(period_kind="window", closes_at=NOW + timedelta(hours=4), closes_precision="time")


class Made:
    """Counts how often something was made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_it_is_made_once_until_the_data_change():
    made = Made()
    assert [keeping.kept("it", version.current(), NOW, made) for _ in range(3)] == [1, 1, 1]
    factories.company()
    assert keeping.kept("it", version.current(), NOW, made) == 2


def test_it_is_made_anew_when_a_call_closes_and_when_the_clock_goes_back():
    made = Made()
    moments = [NOW, NOW + timedelta(hours=3, minutes=59), NOW + timedelta(hours=4, seconds=1), NOW]
    assert [keeping.kept("it", version.current(), now, made) for now in moments] == [1, 1, 2, 3]
    assert keeping.until(version.current(), NOW) == NOW + timedelta(hours=4)


def test_a_page_of_the_past_neither_reads_nor_leaves_anything():
    made = Made()
    assert keeping.kept("it", 0, NOW, made) == 1
    assert keeping.kept("it", version.current(), NOW, made) == 2
    assert keeping.kept("it", 0, NOW, made) == 3
    assert keeping.kept("it", version.current(), NOW, made) == 2


def test_what_was_made_while_somebody_wrote_is_not_kept():
    before = version.current()
    assert keeping.kept("it", before, NOW, factories.company) != keeping.kept(
        "it", before, NOW, factories.company
    )


def test_of_many_only_those_that_are_missing_are_made():
    asked = []

    def make(missing):
        asked.append(missing)
        return {key: key * 2 for key in missing if key != 4}  # 4 is not to be had

    assert keeping.kept_each([1, 2], version.current(), NOW, make) == {1: 2, 2: 4}
    assert keeping.kept_each([1, 2, 3, 4], version.current(), NOW, make) == {1: 2, 2: 4, 3: 6}
    assert asked == [[1, 2], [3, 4]]


def test_what_is_not_asked_for_goes_first(monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 3)
    current, made = version.current(), Made()
    for key in ("a", "b", "c", "a", "d"):
        keeping.kept(key, current, NOW, made)
    assert keeping.kept("a", current, NOW, made) == 1 and keeping.kept("b", current, NOW, made) == 5


def test_threads_share_it():
    current, found, together = version.current(), [], Barrier(8)
    keeping.kept("first", current, NOW, int)

    def ask() -> None:
        together.wait()
        values = keeping._at(current, NOW)
        for number in range(500):
            values.keep({number % 50: number % 50})
            found.append(values.get(number % 50) == number % 50)

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4000 and all(found)


@pytest.mark.parametrize("places", [[], [0], [7, 8, 9], [3, 64, 1000], list(range(130))])
def test_a_set_holds_its_places(places):
    assert list(bits.places(bits.of(places))) == places
    assert bits.of(places) == sum(1 << place for place in places)


def test_a_tally_counts_each_place():
    tally = bits.Tally()
    for places in ([0, 1, 2], [1, 2], [2], [2], [2, 4]):
        tally.count(bits.of(places))
    by_number = tally.by_number(bits.of(range(5)))
    assert [list(bits.places(one)) for one in by_number] == [[3], [0, 4], [1], [], [], [2], [], []]
