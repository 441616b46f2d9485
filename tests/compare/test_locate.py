"""Owns what the location finder counts: which records, in which district, and what is not known."""

from datetime import date, datetime
from fractions import Fraction

import pytest
from django.utils import translation

from clusters import models as m
from clusters.compare.locate import drawing, words
from clusters.compare.locate.answer import answer
from clusters.compare.locate.chances import of_question
from clusters.compare.locate.criteria import CRITERIA, CUSTOMERS, RENT
from clusters.compare.locate.gathering import Chance, Reading, count_companies, gather
from clusters.compare.locate.question import PRESETS, Question, Role, Stage
from clusters.dates import SEOUL
from clusters.directory import tallies
from clusters.models import version
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, tzinfo=SEOUL)
PLAIN = Question.of(Role.FOUNDER)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def pair():
    gyeonggi = make.province("gyeonggi", name_ko="경기도", name_en="Gyeonggi-do")
    return [make.district(slug="pangyo", province=gyeonggi), make.district(slug="gangnam")]


def readings(key: str, question: Question = PLAIN, chances=None) -> dict[str, tuple]:
    districts = list(m.District.objects.published())
    known = gather(districts, question, chances or of_question(question, NOW))
    return {d.slug: (known.readings[d.pk][key].least, known.readings[d.pk][key].most) for d in districts}


def gap(key: str, slug: str) -> str:
    districts = list(m.District.objects.published())
    known = gather(districts, PLAIN, of_question(PLAIN, NOW))
    return next(known.readings[d.pk][key].gap for d in districts if d.slug == slug)


UNKNOWN = (None, None)


def test_peers_are_companies_of_the_chosen_fields_counted_once(pair):
    llm, robots = make.technology(), make.technology("robotics", name_ko="로봇", name_en="Robotics")
    twice = make.company(technologies=[llm, robots])
    make.office(company=twice, district=pair[0])
    make.office(company=twice, district=pair[0], kind="lab")
    make.office(company=make.company(technologies=[robots]), district=pair[0])
    make.office(company=make.company(technologies=[llm]), district=pair[0], status="disputed")
    make.office(company=make.company(technologies=[llm]), district=pair[0], status="outdated")
    make.office(company=make.company(technologies=[llm], publication="draft"), district=pair[0])
    make.office(district=pair[1])
    assert readings("peers") == {"pangyo": (2, 3), "gangnam": (1, 1)}
    assert readings("peers", Question.of(Role.FOUNDER, [llm])) == {"pangyo": (1, 2), "gangnam": (0, 0)}
    assert readings("peers", Question.of(Role.FOUNDER, [llm, robots]))["pangyo"] == (2, 3)


def test_the_snapshot_counts_what_the_tables_count(pair):
    llm = make.technology()
    for district, status in (
        (pair[0], "confirmed"),
        (pair[0], "disputed"),
        (pair[1], "unverified"),
        (None, "confirmed"),
    ):
        for kind in ("large", "startup"):
            company = make.company(kind=kind, technologies=[llm] if status == "confirmed" else [])
            make.office(company=company, district=district, status=status)
            make.office(company=company, district=district, kind="lab", status="outdated")
    make.office(district=make.district(slug="past"), status="outdated")
    districts = list(m.District.objects.published())
    kinds = [kind.value for kind in CUSTOMERS]
    for fields in ([], ["llm"], ["llm", "none"]):
        counted = tallies.for_finder(districts, fields, kinds, version.current(), "en", NOW)
        assert counted == count_companies(districts, fields) and len(counted) == 2


def test_an_office_both_confirmed_and_disputed_is_confirmed(pair):
    company = make.company(kind="large")
    make.office(company=company, district=pair[0])
    make.office(company=company, district=pair[0], kind="lab", status="disputed")
    assert readings("peers")["pangyo"] == readings("customers")["pangyo"] == (1, 1)


def test_customers_are_the_large_ones(pair):
    for kind in ("large", "mid_tier", "global_branch", "sme", "startup"):
        make.office(company=make.company(kind=kind), district=pair[0])
    assert readings("customers") == {"pangyo": (3, 3), "gangnam": UNKNOWN}


def test_no_record_at_all_is_unknown_and_says_so(pair):
    for criterion in CRITERIA:
        assert readings(criterion.key) == {"pangyo": UNKNOWN, "gangnam": UNKNOWN}
        assert gap(criterion.key, "pangyo").endswith(".")
    make.institution(district=pair[0], kind="government")
    assert readings("talent") == {"pangyo": (0, 0), "gangnam": UNKNOWN}


def test_space_counts_a_hub_and_its_own_program_once(pair):
    hub = make.institution(district=pair[0], kind="hub")
    space = [make.support_kind("space")]
    make.program(districts=[pair[0]], coverage="districts", support_kinds=space, operator=hub)
    make.program(districts=[pair[0]], coverage="districts", support_kinds=space)
    make.institution(district=pair[0], kind="incubator", status="unverified", source=None)
    make.institution(district=pair[0], kind="vc")
    make.program(provinces=[pair[0].province], coverage="provinces", support_kinds=space)
    assert readings("space")["pangyo"] == (2, 3)
    old = Question(Role.FOUNDER, Stage.ESTABLISHED)
    assert readings("space", old)["pangyo"] == (2, 2)


def test_investors_depend_on_the_age_of_the_company(pair):
    make.institution(district=pair[1], kind="vc")
    make.institution(district=pair[1], kind="accelerator")
    fund = [make.support_kind("investment", name_ko="투자", name_en="Investment")]
    make.program(provinces=[pair[1].province], coverage="provinces", support_kinds=fund)
    assert readings("investors")["gangnam"] == (3, 3)
    assert readings("investors", Question(Role.GROWING, Stage.GROWTH))["gangnam"] == (2, 2)


def test_testbeds_are_programs_of_the_district_and_its_province(pair):
    trial = [
        make.support_kind("testbed", name_ko="실증", name_en="Field trials"),
        make.support_kind("prototype", name_ko="시제품", name_en="Prototyping"),
    ]
    make.program(districts=pair, coverage="districts", support_kinds=trial)
    make.program(provinces=[pair[0].province], districts=[pair[0]], coverage="provinces", support_kinds=trial)
    make.program(provinces=[pair[0].province], coverage="nationwide", support_kinds=trial)
    make.program(support_kinds=trial)
    make.program(districts=pair, coverage="districts", support_kinds=trial, publication="draft")
    assert readings("testbeds") == {"pangyo": (2, 2), "gangnam": (1, 1)}


def test_open_programs_are_those_of_the_clock(pair):
    def program(**call):
        made = make.program(districts=[pair[0]], coverage="districts")
        if call:
            make.call(program=made, **call)
        return made

    taking = program(period_kind="always")
    make.call(program=taking, period_kind="window", closes_at=datetime(2020, 1, 1, tzinfo=SEOUL))
    program(period_kind="window", closes_at=datetime(2020, 1, 1, tzinfo=SEOUL))
    program(period_kind="window")
    program()
    program(period_kind="always", publication="draft")
    assert readings("programs")["pangyo"] == (1, 4)


def test_a_matcher_may_judge_the_programs_of_each_district(pair):
    one, other = (make.program(districts=pair, coverage="districts") for _ in range(2))

    def chances(district):
        if district.slug == "pangyo":
            return {one.pk: Chance.YES, other.pk: Chance.PERHAPS}
        return {one.pk: Chance.NO, other.pk: Chance.NO}

    assert readings("programs", chances=chances) == {"pangyo": (1, 2), "gangnam": (0, 0)}


def test_an_open_program_that_refuses_somebody_like_this_does_not_count(pair):
    llm, robots = make.technology(), make.technology("robotics", name_ko="로봇", name_en="Robotics")
    young, local, of_robots = (make.program(districts=pair, coverage="districts") for _ in range(3))
    for program, dimension, terms in (
        (young, "business_age", {"max_years": 3}),
        (local, "region", {"provinces": ["gyeonggi"]}),
        (of_robots, "sector", {"technologies": ["robotics"]}),
    ):
        make.criterion(
            call=make.call(program=program, period_kind="always"), order=1, dimension=dimension, terms=terms
        )

    def counted(stage: Stage, *fields) -> dict:
        return readings("programs", Question(Role.FOUNDER, stage, fields))

    assert counted(Stage.ANY) == {"pangyo": (3, 3), "gangnam": (2, 2)}
    assert counted(Stage.EARLY) == {"pangyo": (3, 3), "gangnam": (2, 2)}
    assert counted(Stage.GROWTH) == {"pangyo": (2, 2), "gangnam": (1, 1)}
    assert counted(Stage.ANY, robots) == {"pangyo": (3, 3), "gangnam": (2, 2)}
    assert counted(Stage.ESTABLISHED, llm) == {"pangyo": (1, 1), "gangnam": (0, 0)}


def test_a_second_call_that_is_open_to_them_keeps_a_program_in(pair):
    program = make.program(districts=pair, coverage="districts")
    for slug, terms in (("for-the-young", {"max_years": 3}), ("for-the-old", {"min_years": 7})):
        make.criterion(
            call=make.call(slug=slug, program=program, period_kind="always"),
            order=1,
            dimension="business_age",
            terms=terms,
        )
    for stage, number in ((Stage.EARLY, 1), (Stage.GROWTH, 0), (Stage.ESTABLISHED, 1)):
        assert readings("programs", Question(Role.FOUNDER, stage))["pangyo"] == (number, number), stage


def test_a_budget_nobody_confirmed_lately_counts_in_the_best_case_only(pair):
    for confirmed_on in (None, date(2026, 1, 22), date(2026, 11, 20)):
        program = make.program(districts=pair, coverage="districts")
        make.call(program=program, period_kind="until_exhausted", confirmed_on=confirmed_on)
    assert readings("programs")["pangyo"] == (1, 3)


def test_lines_are_counted_once(pair):
    make.station(district=pair[0], lines_ko="2호선, 신분당선")
    make.station(district=pair[0], lines_ko="2호선")
    make.station(district=pair[0], lines_ko="경강선", status="unverified", source=None)
    make.station(district=pair[0], lines_ko="옛 노선", status="outdated")
    assert readings("transit") == {"pangyo": (2, 3), "gangnam": UNKNOWN}


def rent(district, value, survey="JLL", period="2025", extent="whole"):
    indicator = m.Indicator.objects.filter(slug=RENT).first() or make.indicator(slug=RENT)
    series = make.series(
        indicator=indicator,
        district=district,
        survey_ko=survey,
        survey_en=survey,
        extent=extent,
        scope_ko=extent,
        scope_en=extent,
    )
    return make.observation(series=series, value=value, period=period)


def test_rents_are_read_from_one_survey_and_never_from_two(pair):
    third = make.district(slug="magok")
    rent(pair[0], 70_000)
    rent(pair[1], 100_000)
    rent(third, 10_000, survey="Another")
    assert readings("rent") == {"pangyo": (70_000, 70_000), "gangnam": (100_000,) * 2, "magok": UNKNOWN}
    assert "Another" in gap("rent", "magok") and "JLL" in gap("rent", "magok")


def test_one_value_alone_is_not_compared(pair):
    rent(pair[0], 70_000)
    rent(pair[1], 70_000, extent="part")
    assert set(readings("rent").values()) == {UNKNOWN}


def test_the_survey_of_more_districts_goes_first_then_the_later(pair):
    third = make.district(slug="magok")
    for number, district in enumerate([*pair, third]):
        rent(district, 60_000 + number, survey="Wide", period="2020")
    for district in pair:
        rent(district, 90_000, survey="Narrow", period="2025")
    assert readings("rent")["pangyo"] == (60_000, 60_000)
    m.Series.objects.filter(district=third).delete()
    assert readings("rent")["pangyo"] == (90_000, 90_000)


def test_sources_that_differ_give_a_range(pair):
    rent(pair[1], 90_000)
    one = rent(pair[0], 70_000)
    make.observation(series=one.series, period="2025", value=80_000, source=make.source())
    assert readings("rent")["pangyo"] == (70_000, 80_000)
    span = Reading(70_000, 80_000).score("rent")
    assert (span.low, span.high) == (Fraction(7, 10), Fraction(8, 10))


# ---- the whole answer ------------------------------------------------------------------------------


def test_every_role_has_weights_for_every_criterion():
    assert set(PRESETS) == set(Role)
    for preset in PRESETS.values():
        assert len(preset.weights) == len(CRITERIA) and all(0 <= weight <= 5 for weight in preset.weights)
    assert [criterion.number for criterion in CRITERIA] == list(range(1, 10))


def test_an_address_holds_what_differs_from_the_preset():
    llm = make.technology()
    assert Question.of(Role.FOREIGN, [llm]).query() == "who=foreign&technology=llm"
    weights = (0, *PRESETS[Role.FOUNDER].weights[1:])
    assert (
        Question(Role.FOUNDER, Stage.IDEA, (), weights).query(d="x") == "who=founder&stage=idea&peers=0&d=x"
    )


def only(**weights) -> Question:
    return Question(Role.FOUNDER, Stage.EARLY, (), tuple(weights.get(c.key, 0) for c in CRITERIA))


def answered(question: Question):
    return ranked(list(m.District.objects.published()), question)


def ranked(districts, question: Question):
    return answer(districts, question, gather(districts, question, of_question(PLAIN, NOW)))


def test_nothing_matters_or_nothing_is_there(pair):
    assert answered(only()) is None
    assert ranked([], PLAIN) is None


def test_the_answer_is_told_in_sentences(pair):
    make.office(district=pair[0])
    for _ in range(3):
        make.office(district=pair[1])
    make.station(district=pair[0])
    make.station(district=pair[1], lines_ko="1호선")
    found = answered(only(peers=4, transit=2))
    first, second = (place.district.short_name for place in found.places)
    assert first == pair[1].short_name
    said = words.first_place(found)
    assert said.startswith(f"{first} comes first with 26.5 of 100 points, 9.3 ahead of {second}.")
    assert "behind in nothing" in words.why_first(found)
    verdict = words.verdict(found)
    assert verdict.word == "The first place is firm." and "4 combinations" in verdict.shares
    assert "stays the same" in verdict.gaps
    assert all(row.is_free for row in words.turning_rows(found) if row.weight)


def test_a_tie_is_told_as_one(pair):
    for district in pair:
        make.station(district=district)
    found = answered(only(transit=3))
    assert [place.rank for place in found.places] == [1, 1]
    assert "share the first place" in words.first_place(found)


def test_what_is_missing_makes_rivals(pair):
    make.station(district=pair[0])
    found = answered(only(transit=3))
    assert [place.district.slug for place in found.rivals] == [
        place.district.slug for place in found.places[1:]
    ]
    assert "one other district could be first" in words.verdict(found).gaps


def test_pieces_of_a_bar_lie_side_by_side_and_end_at_the_best_case(pair):
    make.office(district=pair[0])
    make.office(district=pair[0], status="disputed")
    make.station(district=pair[1])
    found = answered(only(peers=4, transit=1))
    bars = drawing.draw(found.places)
    end = bars.end
    for bar in bars.rows:
        at = 0.0
        for piece in bar.pieces:
            assert piece.x == pytest.approx(at, abs=0.05)
            at = piece.x + piece.width
        assert at == pytest.approx(bar.place.most_points * 100 / end, abs=0.2)
        certain = sum(piece.width for piece in bar.pieces if piece.is_certain)
        assert certain == pytest.approx(bar.place.least_points * 100 / end, abs=0.2)
        assert [piece.is_certain for piece in bar.pieces] == sorted(
            (piece.is_certain for piece in bar.pieces), reverse=True
        )
        assert at <= 100.1
