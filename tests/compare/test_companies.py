"""What the comparison says of companies: offices, fields, and funding that is never added up or ranked wrongly."""

import re

import pytest

from tests import factories as make

from .served import document, page, row, values

pytestmark = pytest.mark.django_db

SECRET = "숨은표식"


@pytest.fixture
def pair():
    return [make.company(slug="one"), make.company(slug="two")]


def compared(client) -> dict:
    return document(client, "companies", "one", "two")


def test_offices_stand_with_their_districts_and_findings(client, pair):
    district = make.district(short_name_en="Gangnam", mark="diamond")
    make.office(
        company=pair[0], district=district, address_en="Teheran-ro 1", status="disputed", source=make.source()
    )
    make.office(company=pair[0], kind="lab", address_en="Outer road 2")
    make.office(company=pair[0], kind="branch", address_en="Long ago 3", status="outdated")
    html = page(client, "companies", "one", "two")
    cell = html.split('data-row="head_office"')[1].split("</td>")[0]
    assert 'data-d="diamond"' in cell and "Gangnam" in cell and 'data-s="disputed"' in cell
    data = compared(client)
    assert values(data, "head_office") == [
        ["Head office, Teheran-ro 1, Gangnam, Disputed"],
        "not surveyed",
    ]
    assert values(data, "offices") == [["Laboratory, Outer road 2, outside the districts"], "not surveyed"]
    assert "Long ago" not in html and row(data, "head_office")["cells"][0]["sources"]


def test_technologies_are_marked_as_common_or_as_of_one_only(client, pair):
    llm, vision = make.technology(), make.technology("vision", name_ko="비전", name_en="Vision")
    pair[0].technologies.set([vision, llm])
    pair[1].technologies.set([llm])
    third = make.company(slug="three", technologies=[vision])
    data = compared(client)
    assert values(data, "technologies") == [
        ["Language models (common)", "Vision (this company only)"],
        ["Language models (common)"],
    ]
    data = document(client, "companies", "one", "two", "three")
    assert values(data, "technologies")[0] == ["Language models", "Vision"], "Two of three have each."
    assert third.slug == "three" and values(data, "industries") == ["not surveyed"] * 3
    cell = page(client, "companies", "one", "two").split('data-row="technologies"')[1].split("</tr>")[0]
    assert cell.count(">common<") == 2 and cell.count(">this company only<") == 1


def test_what_is_not_known_is_said_in_words(client, pair):
    type(pair[0]).objects.filter(slug="one").update(stage="listed", market="kospi", stock_code="035420")
    type(pair[0]).objects.filter(slug="two").update(stage="unknown")
    data = compared(client)
    assert values(data, "market") == ["KOSPI 035420", "not applicable"]
    assert values(data, "stage") == ["Listed", "not surveyed"]
    assert values(data, "as_of") == ["not known: no source stated"] * 2
    assert values(data, "funding_total") == ["not surveyed"] * 2
    html = page(client, "companies", "one", "two")
    assert not re.search(r"<td class=[^>]*>\s*(-|–|0)?\s*</td>", html)


def test_every_fact_of_a_profile_has_its_source_and_date(client, pair):
    source = make.source(title="공시", published="2024-05-01")
    type(pair[0]).objects.filter(slug="one").update(source=source, as_of="2024-03")
    cell = row(compared(client), "kind")["cells"][0]
    assert cell["sources"] == [source.url] and cell["period"] == "2024-03"
    html = page(client, "companies", "one", "two")
    opened = html.split('data-row="kind"')[1].split("</td>")[0]
    assert "공시" in opened and "As of March 2024" in opened


def fund(company, *amounts, **given):
    for number, amount in enumerate(amounts):
        make.funding_round(company=company, date=f"2024-0{number + 1}", amount=amount, **given)


def test_rounds_are_counted_and_the_latest_is_shown(client, pair):
    fund(pair[0], 1_000_000_000, 3_000_000_000)
    make.funding_round(company=pair[0], date="2025", round="cumulative", amount=9_000_000_000)
    data = compared(client)
    assert values(data, "funding_rounds") == [2, "not surveyed"]
    assert values(data, "funding_latest")[0] == ["February 2024, Seed, KRW 3 billion"]
    assert values(data, "funding_total") == [9_000_000_000, "not surveyed"], (
        "A stated total goes before a sum."
    )


def test_totals_of_one_kind_have_bars(client, pair):
    fund(pair[0], 1_000_000_000, 2_000_000_000)
    fund(pair[1], 6_000_000_000)
    found = row(compared(client), "funding_total")
    assert [cell["bar_percent"] for cell in found["cells"]] == [50.0, 100.0] and not found["why_not"]
    assert [cell["unit"] for cell in found["cells"]] == ["KRW", "KRW"]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ({"currency": "USD"}, "Different units"),
        ({"round": "cumulative"}, "Different scope"),
        ({"round": "ipo"}, "Different scope"),
        ({"date": "2019"}, "More than a year apart"),
    ],
)
def test_totals_that_are_unlike_are_shown_but_never_ranked(client, pair, second, why):
    fund(pair[0], 1_000_000_000)
    make.funding_round(company=pair[1], **{"date": "2024-02", "amount": 5_000_000, **second})
    found = row(compared(client), "funding_total")
    assert [cell["bar_percent"] for cell in found["cells"]] == [None, None]
    assert why in found["why_not"] and "No bars are drawn." in found["why_not"]
    html = page(client, "companies", "one", "two")
    assert 'class="bx"' not in html and why in html


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        ({"amount": None, "currency": ""}, "The amount of 1 round is not disclosed."),
        ({"currency": "USD"}, "The amounts are in different currencies."),
        ({"status": "disputed"}, "Not every amount is confirmed."),
    ],
)
def test_rounds_that_cannot_be_added_up_are_not(client, pair, spoiled, why):
    fund(pair[0], 1_000_000_000)
    make.funding_round(company=pair[0], date="2023", round="pre_a", **spoiled)
    assert values(compared(client), "funding_total")[0] == f"not added up: {why}"


def test_nothing_unpublished_appears(client, pair):
    hidden = {"publication": "draft"}
    district = make.district(short_name_ko=SECRET, short_name_en=SECRET, **hidden)
    source = make.source(title=SECRET, url="https://secret.example/", **hidden)
    make.office(company=pair[0], district=district, address_ko=SECRET, address_en=SECRET)
    make.office(company=pair[0], address_ko=SECRET, address_en=SECRET, **hidden)
    shown = make.office(company=pair[0], address_ko="보이는 길", address_en="Open road", source=source)
    shown.further_sources.add(source)
    make.funding_round(company=pair[0], amount=424242, **hidden)
    type(pair[0]).objects.filter(slug="one").update(source=source)
    for language in ("ko", "en"):
        html = page(client, "companies", "one", "two", language=language)
        data = str(document(client, "companies", "one", "two", language=language))
        for text in (html, data):
            assert SECRET not in text and "424242" not in text and "secret.example" not in text
    assert "Open road" in html


@pytest.mark.parametrize("status", ["disputed", "unverified", "outdated"])
def test_a_stated_total_that_is_not_confirmed_is_no_total(client, pair, status):
    make.funding_round(company=pair[0], round="cumulative", amount=10**9, date="2025", status=status)
    make.funding_round(company=pair[1], round="cumulative", amount=2 * 10**9, date="2025")
    found = row(compared(client), "funding_total")
    assert not found["comparable"]
    assert values(compared(client), "funding_total")[0] == "not added up: Not every amount is confirmed."


def test_a_stated_total_older_than_a_round_is_no_total(client, pair):
    make.funding_round(company=pair[0], round="cumulative", amount=10**9, date="2024-06")
    make.funding_round(company=pair[0], round="series_b", amount=50 * 10**9, date="2025-01")
    make.funding_round(company=pair[1], round="cumulative", amount=20 * 10**9, date="2025-01")
    assert not row(compared(client), "funding_total")["comparable"]
    assert "after the last stated total" in values(compared(client), "funding_total")[0]


def test_a_stated_total_of_the_same_year_may_hold_the_round(client, pair):
    make.funding_round(company=pair[0], round="cumulative", amount=60 * 10**9, date="2025")
    make.funding_round(company=pair[0], round="series_b", amount=50 * 10**9, date="2025-03")
    make.funding_round(company=pair[1], round="cumulative", amount=20 * 10**9, date="2025")
    assert row(compared(client), "funding_total")["comparable"]
