"""What a move changes is the difference of two runs of the matcher, and nothing else."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clusters.models import Call, version
from clusters.programs import moving, weighing
from clusters.programs.eligibility import Applicant, Verdict
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
PLACES = (("seoul", "강남구"), ("seoul", "강서구"), ("gyeonggi", "성남시"), ("", ""), ("abroad", ""))


@pytest.fixture
def calls():
    dice = random.Random(5)
    seoul, gyeonggi = factories.province("seoul"), factories.province("gyeonggi")
    districts = [
        factories.district(slug="gangnam", province=seoul, municipality_ko="강남구"),
        factories.district(slug="magok", province=seoul, municipality_ko="강서구"),
        factories.district(slug="pangyo", province=gyeonggi, municipality_ko="성남시"),
    ]
    regions = (
        None,
        {"provinces": ["seoul"]},
        {"provinces": ["gyeonggi"]},
        {"provinces": ["seoul"], "municipalities": ["강남구"]},
        {"abroad": True},
    )
    for _number in range(60):
        coverage = dice.choice(["nationwide", "provinces", "districts"])
        program = factories.program(
            coverage=coverage,
            provinces=[dice.choice([seoul, gyeonggi])] if coverage == "provinces" else [],
            districts=[dice.choice(districts)] if coverage == "districts" else [],
        )
        call = factories.call(program=program, period_kind="always")
        for order, (dimension, terms) in enumerate(
            [("region", dice.choice(regions)), ("size", {"sizes": [dice.choice(["startup", "sme"])]})]
        ):
            if terms:
                factories.criterion(call=call, order=order, dimension=dimension, terms=terms)
    return weighing.Calls.read(NOW)


def reached(weighing) -> set[int]:
    return {one.call_pk for one in weighing if one.result.verdict != Verdict.UNMET and not one.outside}


@pytest.mark.parametrize("here", PLACES)
@pytest.mark.parametrize("there", PLACES)
def test_gained_and_lost_are_the_difference_of_two_runs(calls, here, there):
    somebody = Applicant(size="startup")
    before, after = (
        calls.weighed(replace(somebody, province=province, municipality=municipality))
        for province, municipality in (here, there)
    )
    move = moving.between(before, after)
    assert {one.call_pk for one in move.gained.first} == reached(after) - reached(before)
    assert {one.call_pk for one in move.lost.first} == reached(before) - reached(after)
    assert move.kept == len(reached(before) & reached(after))
    back = moving.between(after, before)
    assert {one.call_pk for one in back.gained.first} == {one.call_pk for one in move.lost.first}
    if here == there:
        assert not move.gained.total and not move.lost.total
    for some in (move.gained, move.lost):
        assert some.total == len(some.first)
    told = moving.between(before, after, 2)
    assert told.gained.first == move.gained.first[:2] and told.gained.total == move.gained.total


def test_calls_are_told_as_they_are_weighed_in_the_new_place(calls):
    somebody = Applicant(size="startup", province="seoul", municipality="강남구")
    move = moving.between(
        calls.weighed(somebody),
        calls.weighed(replace(somebody, province="gyeonggi", municipality="성남시")),
    )
    assert move.gained.total and move.lost.total and move.gained.total + move.kept <= Call.objects.count()
    assert {one.applicant.province for one in (*move.gained.first, *move.lost.first)} == {"gyeonggi"}


@pytest.mark.parametrize("place", PLACES)
def test_what_is_weighed_at_once_is_what_the_findings_of_each_call_say(calls, place):
    province, municipality = place
    for size in ("", "startup", "large"):
        for one in calls.weighed(Applicant(size=size, province=province, municipality=municipality)):
            in_doubt = one.outside and one.result.verdict == Verdict.MET
            assert one.verdict == (Verdict.CHECK if in_doubt else one.result.verdict)
            assert one.doubts == len(one.result.of(Verdict.CHECK))


def test_some_calls_are_told_and_all_are_counted(calls):
    weighed = calls.weighed(Applicant(size="startup", province="seoul"))
    every = sorted(weighed, key=lambda one: one.doubts)  # keeps the order of the deadlines
    some = weighed.clearest(calls.everything, 7)
    assert some.first == every[:7] and some.total == len(every) == 60
    assert [one.row for one in weighed] == calls.rows


def test_calls_are_read_once_for_a_version_and_as_long_as_the_clock_does_not_change_them(
    calls, django_assert_max_num_queries
):
    first = weighing.calls_at(NOW, version.current())
    with django_assert_max_num_queries(1):  # the version
        assert weighing.calls_at(NOW + timedelta(minutes=5), version.current()) is first
    assert weighing.calls_at(NOW) is not first, "A page of the past reads for itself."
    assert weighing.calls_at(NOW + timedelta(days=1), version.current()) is not first
    latest = weighing.calls_at(NOW, version.current())
    factories.call(period_kind="always")
    assert len(weighing.calls_at(NOW, version.current()).rows) == len(latest.rows) + 1


def test_a_move_from_nowhere_loses_nothing(client, calls):
    document = client.get("/programs/match.json?size=startup&to=magok").json()
    assert "move" not in document
