"""Calls weighed against an applicant: only public ones that are open or ahead, in a fixed number of queries."""

from datetime import UTC, datetime

import pytest

from clusters.dates import PartialDate
from clusters.programs import matching, weighing
from clusters.programs.eligibility import Applicant, Verdict
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
SOMEBODY = Applicant(form="corporation", founded=PartialDate("2020-05-01"), size="startup", province="seoul")


def call(slug, terms=None, *, dimension="size", **given):
    given.setdefault("period_kind", "always")
    made = factories.call(slug=slug, **given)
    if terms is not None:
        factories.criterion(call=made, order=1, dimension=dimension, terms=terms)
    return made


def verdicts(applicant=SOMEBODY):
    from clusters.models import Call

    slugs = dict(Call.objects.values_list("pk", "slug"))
    return {slugs[one.call_pk]: str(one.verdict) for one in weighing.weigh(applicant, NOW)}


def test_calls_are_weighed_by_their_conditions():
    call("fits", {"sizes": ["startup"]})
    call("does-not", {"sizes": ["large"]})
    call("says-nothing")
    call("closed", {"sizes": ["startup"]}, period_kind="window", closes_at=datetime(2026, 1, 1, tzinfo=UTC))
    call("ahead", {"sizes": ["startup"]}, period_kind="upcoming")
    call("draft", {"sizes": ["startup"]}, publication="draft")
    call("of-a-draft", {"sizes": ["startup"]}, program=factories.program(publication="draft"))
    assert verdicts() == {"fits": "met", "does-not": "unmet", "says-nothing": "check", "ahead": "met"}


def test_drafts_of_conditions_count_for_nothing():
    made = call("half", {"sizes": ["startup"]})
    factories.criterion(call=made, order=2, dimension="size", terms={"sizes": ["large"]}, publication="draft")
    assert verdicts() == {"half": "met"}


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"base_date": datetime(2026, 5, 1).date()}, "met"),
        ({"base_date": datetime(2026, 5, 2).date()}, "unmet"),
        ({"opens_at": datetime(2026, 4, 30, 15, tzinfo=UTC)}, "met"),  # 1 May in Seoul
        ({"opens_at": datetime(2026, 5, 1, 15, tzinfo=UTC)}, "unmet"),
        ({"period_kind": "always", "opens_at": datetime(2024, 1, 1, tzinfo=UTC)}, "unmet"),  # counted today
    ],
)
def test_years_are_counted_on_the_base_date(given, verdict):
    given = {"period_kind": "window", "closes_at": datetime(2026, 12, 31, tzinfo=UTC), **given}
    call("six-years", {"max_years": 6}, dimension="business_age", **given)
    assert verdicts() == {"six-years": verdict}


def test_a_program_for_another_region_is_to_be_checked():
    elsewhere = factories.program(coverage="provinces")
    elsewhere.provinces.set([factories.province("gyeonggi", name_ko="경기", name_en="Gyeonggi")])
    call("elsewhere", {"sizes": ["startup"]}, program=elsewhere)
    here = factories.program(coverage="provinces")
    here.provinces.set([factories.province("seoul")])
    call("here", {"sizes": ["startup"]}, program=here)
    assert verdicts() == {"elsewhere": "check", "here": "met"}


def test_moving_gains_and_loses_programs():
    for slug in ("seoul", "gyeonggi"):
        call(f"of-{slug}", {"provinces": [slug]}, dimension="region")
    call("everywhere", {"sizes": ["startup"]})
    before = matching.programs_open_to(SOMEBODY, NOW)
    after = matching.programs_open_to(Applicant(size="startup", province="gyeonggi"), NOW)
    gained = {pk for pk, one in after.items() if one == Verdict.MET and before[pk] == Verdict.UNMET}
    lost = {pk for pk, one in before.items() if one == Verdict.MET and after[pk] == Verdict.UNMET}
    assert len(gained) == len(lost) == 1 and len(before) == 3


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    def local():
        return factories.program(coverage="districts", districts=[factories.district()])

    for n in range(3):
        call(f"a-{n}", {"sizes": ["startup"]}, program=local())
    with django_assert_num_queries(4):
        weighing.weigh(SOMEBODY, NOW)
    for n in range(12):
        call(f"b-{n}", {"sizes": ["startup"]}, program=local())
    with django_assert_num_queries(4):
        assert len(weighing.weigh(SOMEBODY, NOW)) == 15


def test_what_the_directory_knows_about_a_company():
    district = factories.district(province=factories.province("gyeonggi"), municipality_ko="성남시")
    company = factories.company(founded="2019-04", kind="sme", stage="unknown")
    company.technologies.set([factories.technology("llm")])
    factories.office(company=company, district=district, kind="hq", status="confirmed")
    factories.office(company=company, district=factories.district(), kind="branch")
    known = matching.of_company(company)
    assert (known.province, known.municipality, known.size, known.stage) == ("gyeonggi", "성남시", "sme", "")
    assert known.technologies == {"llm"} and known.founded == "2019-04"
    disputed = factories.company()
    factories.office(company=disputed, district=district, kind="hq", status="disputed")
    assert matching.of_company(disputed).province == ""
