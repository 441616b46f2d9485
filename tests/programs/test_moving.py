"""What a move changes is the difference of two runs of the matcher, and nothing else."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clusters.models import Call
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


def reached(weighed) -> set[int]:
    return {one.call_pk for one in weighed if one.is_within_reach}


@pytest.mark.parametrize("here", PLACES)
@pytest.mark.parametrize("there", PLACES)
def test_gained_and_lost_are_the_difference_of_two_runs(calls, here, there):
    somebody = Applicant(size="startup")
    before, after = (
        weighing.weigh(replace(somebody, province=province, municipality=municipality), NOW)
        for province, municipality in (here, there)
    )
    move = moving.between(before, after)
    assert {one.call_pk for one in move.gained} == reached(after) - reached(before)
    assert {one.call_pk for one in move.lost} == reached(before) - reached(after)
    assert move.kept == len(reached(before) & reached(after))
    back = moving.between(after, before)
    assert {one.call_pk for one in back.gained} == {one.call_pk for one in move.lost}
    if here == there:
        assert not move.gained and not move.lost


def test_calls_are_told_as_they_are_weighed_in_the_new_place(calls):
    somebody = Applicant(size="startup", province="seoul", municipality="강남구")
    move = moving.between(
        calls.weighed(somebody, NOW),
        calls.weighed(replace(somebody, province="gyeonggi", municipality="성남시"), NOW),
    )
    assert move.gained and move.lost and len(move.gained) + move.kept <= Call.objects.count()
    assert all(one.is_within_reach for one in move.gained)
    assert not any(one.is_within_reach for one in move.lost)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_weighed_at_once_is_what_the_findings_of_each_call_say(calls, place):
    province, municipality = place
    for size in ("", "startup", "large"):
        for one in calls.weighed(Applicant(size=size, province=province, municipality=municipality), NOW):
            assert one.met == one.result.verdict
            assert one.doubts == len(one.result.of(Verdict.CHECK))


def test_calls_are_read_once_for_a_version_and_as_long_as_the_clock_does_not_change_them(
    calls, django_assert_num_queries
):
    first = weighing.calls_at(NOW, 5)
    with django_assert_num_queries(0):
        assert weighing.calls_at(NOW + timedelta(minutes=5), 5) is first
    assert weighing.calls_at(NOW, 6) is not first
    assert weighing.calls_at(NOW + timedelta(days=1), 6) is not weighing.calls_at(NOW, 6)
    assert weighing.calls_at(NOW) is not weighing.calls_at(NOW)


def test_a_move_from_nowhere_loses_nothing(client, calls):
    document = client.get("/programs/match.json?size=startup&to=magok").json()
    assert "move" not in document
