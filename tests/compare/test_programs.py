"""What the comparison says of programs: operators, support, the call that counts now, and its conditions by subject."""

import pytest
import time_machine

from tests import factories as make

from .served import document, page, row, values

pytestmark = pytest.mark.django_db

SECRET = "숨은표식"


@pytest.fixture
def pair():
    return [make.program(slug="one"), make.program(slug="two")]


def compared(client) -> dict:
    return document(client, "programs", "one", "two")


def test_operators_partners_coverage_and_support(client):
    operator, partner = make.institution(name_en="Operator"), make.institution(name_en="Partner")
    district = make.district(short_name_en="Magok", mark="triangle")
    space = make.support_kind()
    one = make.program(
        slug="one", operator=operator, coverage="districts", districts=[district], support_kinds=[space]
    )
    one.partners.add(partner)
    make.program(
        slug="two", support_kinds=[space, make.support_kind("grant", name_ko="지원금", name_en="Grant")]
    )
    data = compared(client)
    assert values(data, "operator") == [["Operator"], "not surveyed"]
    assert values(data, "partners") == [["Partner"], "not surveyed"]
    assert values(data, "coverage") == [["Magok"], ["Nationwide"]]
    assert values(data, "support_kinds") == [
        ["Space (common)"],
        ["Space (common)", "Grant (this program only)"],
    ]
    html = page(client, "programs", "one", "two")
    assert 'data-d="triangle"' in html and operator.get_absolute_url() in html


@time_machine.travel("2026-06-10 12:00 +0900", tick=False)
def test_the_call_that_counts_now_speaks_for_its_program(client, pair):
    make.call(
        program=pair[0], period_kind="window", closes_at="2026-01-05T23:59:00+09:00", label_en="First round"
    )
    now = make.call(
        program=pair[0],
        period_kind="window",
        closes_at="2026-06-20T18:00:00+09:00",
        closes_precision="time",
        label_en="Second round",
        wording_ko="6월 20일 18시까지",
        wording_en="by 18:00 on 20 June",
        budget_krw=4_250_000_000,
        award_count=12,
        notice_url="https://notice.example/2",
        confirmed_on="2026-06-01",
    )
    data = compared(client)
    assert values(data, "call")[0] == "Second round (New)"
    assert values(data, "deadline")[0] == ["Open, closes 20 June 2026 at 18:00"]
    assert values(data, "wording")[0] == "by 18:00 on 20 June"
    assert values(data, "budget")[0] == 4_250_000_000 and row(data, "budget")["cells"][0]["unit"] == "KRW"
    assert values(data, "awards")[0] == 12
    assert values(data, "notice")[0] == "notice.example/2"
    assert values(data, "confirmed_on")[0] == "1 June 2026"
    assert row(data, "budget")["cells"][0]["sources"] == [now.source.url]
    for key in ("deadline", "budget", "notice"):
        assert values(data, key)[1] == "not surveyed: no call in this directory"
    html = page(client, "programs", "one", "two")
    assert "D-10" in html and "KRW 4.25 billion" in html and "First round" not in html


def test_budgets_of_calls_are_never_ranked(client, pair):
    for program, budget in zip(pair, (10**9, 2 * 10**9), strict=True):
        make.call(program=program, budget_krw=budget, award_count=3)
    data = compared(client)
    for key in ("budget", "awards"):
        found = row(data, key)
        assert not found["comparable"] and "No bars are drawn." in found["why_not"]
    assert 'class="bx"' not in page(client, "programs", "one", "two")


def test_conditions_on_one_subject_stand_in_one_row_with_their_clause(client, pair):
    first, second = (make.call(program=program) for program in pair)
    make.criterion(call=first, dimension="size", value_en="Small firms", quote="중소기업")
    make.criterion(
        call=second, dimension="size", value_en="Startups", quote="스타트업", necessity="preferred"
    )
    make.criterion(call=second, dimension="region", value_en="Seoul", quote="서울 소재")
    data = compared(client)
    assert values(data, "criteria:size") == [
        ["Required: Small firms “중소기업”"],
        ["Preferred: Startups “스타트업”"],
    ]
    assert values(data, "criteria:region") == ["no condition recorded", ["Required: Seoul “서울 소재”"]]
    assert row(data, "criteria:size")["cells"][0]["sources"]
    assert '<q lang="ko">중소기업</q>' in page(client, "programs", "one", "two")


def test_without_any_conditions_it_says_where_they_are(client, pair):
    make.call(program=pair[0])
    assert values(compared(client), "criteria") == ["not surveyed: See the notice for its conditions."] * 2


def test_nothing_unpublished_appears(client, pair):
    hidden = {"publication": "draft"}
    names = {"name_ko": SECRET, "name_en": SECRET}
    institution = make.institution(**names, **hidden)
    type(pair[0]).objects.filter(slug="one").update(operator=institution, coverage="districts")
    pair[0].partners.add(institution)
    pair[0].districts.add(make.district(short_name_ko=SECRET, short_name_en=SECRET, **hidden))
    make.call(program=pair[0], label_ko=SECRET, label_en=SECRET, **hidden)
    shown = make.call(
        program=pair[1], source=make.source(title=SECRET, url="https://secret.example/", **hidden)
    )
    make.criterion(call=shown, value_ko=SECRET, value_en=SECRET, quote=SECRET, **hidden)
    data = compared(client)
    html = page(client, "programs", "one", "two")
    assert SECRET not in html + str(data) and "secret.example" not in html + str(data)
    assert [values(data, key)[0] for key in ("operator", "partners", "coverage")] == ["not surveyed"] * 3
