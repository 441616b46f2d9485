"""What a move changes is the difference of two runs of the matcher, and nothing else."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clusters.models import Call
from clusters.programs import matching, moving
from clusters.programs.eligibility import Applicant
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
    return matching.Calls.read(NOW)


def reached(weighed) -> set[int]:
    return {one.call_pk for one in weighed if one.is_within_reach}


@pytest.mark.parametrize("here", PLACES)
@pytest.mark.parametrize("there", PLACES)
def test_gained_and_lost_are_the_difference_of_two_runs(calls, here, there):
    somebody = Applicant(size="startup")
    before, after = (
        matching.weigh(replace(somebody, province=province, municipality=municipality), NOW)
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
        calls.weighed(somebody), calls.weighed(replace(somebody, province="gyeonggi", municipality="성남시"))
    )
    assert move.gained and move.lost and len(move.gained) + move.kept <= Call.objects.count()
    assert all(one.is_within_reach for one in move.gained)
    assert not any(one.is_within_reach for one in move.lost)
