"""What a visitor notices at the location finder: the answer to the question, its reasons, and the same as files."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.compare.locate.criteria import CRITERIA, RENT
from tests import factories as make
from tests.reader import findings, links, read, section

pytestmark = pytest.mark.django_db

KEYS = [criterion.key for criterion in CRITERIA]
NOTHING = "&".join(f"{key}=0" for key in KEYS)


def only(**weights) -> str:
    """A question in which nothing but these matters."""
    return "&".join(f"{key}={weights.get(key, 0)}" for key in KEYS)


@pytest.fixture
def pair():
    return [
        make.district(slug="pangyo", short_name_ko="판교", short_name_en="Pangyo", order=1),
        make.district(slug="gangnam", short_name_ko="강남", short_name_en="Gangnam", order=2),
    ]


def ranked(client, query: str = "") -> list[str]:
    figure = section(client, f"/en/locate/?{query}", "results").all("figure")[0]
    return [one.attributes["data-slug"] for one in figure.all("li") if "data-slug" in one.attributes]


def document(client, query: str = "") -> dict:
    return json.loads(client.get(f"/en/locate.json?{query}").content)


def test_what_matters_decides_who_is_first(client, pair):
    make.office(district=pair[0])
    make.station(district=pair[0])
    make.office(district=pair[1], company=make.company(kind="large"))
    make.station(district=pair[1], lines_ko="1호선, 2호선, 3호선")
    make.office(district=pair[0])
    assert ranked(client, only(peers=5, transit=1)) == ["pangyo", "gangnam"]
    assert ranked(client, only(peers=1, transit=5)) == ["gangnam", "pangyo"]


def test_a_kind_of_person_brings_its_weights(client, pair):
    page = read(client, "/en/locate/?who=research&technology=none")
    chosen = [one for one in page.all("a") if one.attributes.get("aria-current") == "true"]
    assert any("Research team" in one.text for one in chosen)
    checked = {
        one.attributes["name"]: one.attributes["value"]
        for one in page.all("input")
        if one.attributes.get("type") == "radio" and "checked" in one.attributes
    }
    assert (checked["talent"], checked["rent"], checked["stage"]) == ("5", "1", "any")


def test_the_fields_are_kept_when_another_kind_is_chosen(client, pair):
    make.technology()
    assert "/en/locate/?who=foreign&technology=llm" in links(
        read(client, "/en/locate/?technology=llm&peers=1")
    )


def test_the_form_gives_back_the_question(client, pair):
    make.technology()
    page = read(client, "/en/locate/?who=growing&stage=idea&technology=llm&rent=0&peers=4")
    given = {
        (one.attributes["name"], one.attributes["value"])
        for one in page.all("input")
        if one.attributes["type"] == "hidden" or "checked" in one.attributes
    }
    for wanted in (
        ("who", "growing"),
        ("stage", "idea"),
        ("technology", "llm"),
        ("rent", "0"),
        ("peers", "4"),
    ):
        assert wanted in given
    assert all(one.attributes.get("method", "get") == "get" for one in page.all("form"))


def test_a_bad_answer_is_said_beside_its_field_and_the_usual_one_taken(client, pair):
    page = read(client, "/en/locate/?who=founder&rent=7&stage=old")
    field = next(one for one in page.all("fieldset") if one.attributes.get("aria-describedby") == "rent-note")
    assert "no such value: 7" in field.text
    assert page.by_id("stage-note") is not None and page.by_id("peers-note") is None
    response = client.get("/en/locate.json?rent=7")
    assert response.status_code == 400 and list(json.loads(response.content)["errors"]) == ["rent"]
    assert client.get("/en/locate.csv?rent=7").status_code == 400


def test_when_nothing_matters_there_is_no_order(client, pair):
    assert "every weight is 0" in section(client, f"/en/locate/?{NOTHING}", "results").text
    assert client.get(f"/en/locate.json?{NOTHING}").status_code == 400


def test_an_empty_directory_says_so(client):
    assert "still empty" in section(client, "/en/locate/", "results").text
    assert document(client) == {"count": 0, "next": None, "results": []}


def test_every_point_shows_the_records_behind_it(client, pair):
    source = make.source(title="공시")
    company = make.company(slug="one", name_en="One Corp")
    make.office(company=company, district=pair[0], source=source)
    make.office(company=make.company(name_en="Two Corp"), district=pair[0], status="disputed")
    why = section(client, f"/en/locate/?{only(peers=3)}&d=pangyo", "c-peers")
    assert "1–2 companies" in why.text and "n ÷ (n + 10)" in why.text
    assert "One Corp" in why.text and "Two Corp" in why.text and "공시" in why.text
    assert "disputed" in findings(why)
    found = links(why)
    assert "/en/companies/one/" in found
    assert "/en/companies/?district=pangyo&status=confirmed" in found
    assert client.get("/en/companies/?district=pangyo&status=confirmed").status_code == 200


def test_the_first_district_is_opened_and_any_other_can_be(client, pair):
    make.station(district=pair[1], lines_ko="1호선, 2호선, 3호선")
    assert "Why Gangnam" in section(client, f"/en/locate/?{only(transit=1)}", "why").text
    assert "Why Pangyo" in section(client, f"/en/locate/?{only(transit=1)}&d=pangyo", "why").text
    addresses = links(section(client, f"/en/locate/?{only(transit=1)}", "why"))
    assert any(address.endswith("d=pangyo#why") for address in addresses)


def test_the_lists_it_leads_to_hold_what_was_counted(client, pair):
    """The number of a criterion is the total of the list behind it, where one list holds all of it."""
    make.office(company=make.company(kind="large", technologies=[make.technology()]), district=pair[0])
    make.office(district=pair[0])
    make.institution(district=pair[0], kind="university")
    trial = make.support_kind("testbed", name_ko="실증", name_en="Field trials")
    make.support_kind("prototype", name_ko="시제품", name_en="Prototyping")
    program = make.program(districts=[pair[0]], coverage="districts", support_kinds=[trial])
    make.call(program=program)
    make.program(provinces=[pair[0].province], coverage="provinces", support_kinds=[trial])
    data = document(client, "technology=llm")
    parts = {
        part["criterion"]: part for part in next(r for r in data["results"] if r["slug"] == "pangyo")["parts"]
    }
    for key, number in (("peers", 1), ("customers", 1), ("programs", 1), ("testbeds", 2), ("talent", 1)):
        assert parts[key]["value"] == number, key
        (address,) = parts[key]["records"]
        total = re.search(r'data-total="(\d+)"', client.get(address).content.decode())[1]
        assert int(total) == number, key


def test_missing_data_are_worded_and_drawn_as_a_range(client, pair):
    make.station(district=pair[0], lines_ko="1호선, 2호선")
    page = read(client, f"/en/locate/?{only(transit=1)}&d=gangnam")
    bars = page.by_id("results").all("figure")[0]
    assert "between 0.0 and 100.0" in " ".join(
        one.attributes.get("aria-label", "") for one in bars.all("svg")
    )
    why = page.by_id("c-transit")
    assert "not surveyed" in why.text and "No station here is listed yet." in why.text
    gangnam = next(
        found for found in document(client, only(transit=1))["results"] if found["slug"] == "gangnam"
    )
    part = gangnam["parts"][-1]
    assert part["value"] is None and part["gap"] and (part["score_worst"], part["score_best"]) == (0, 1)


def test_a_visitor_says_how_missing_data_count(client, pair):
    make.station(district=pair[0], lines_ko="1호선")
    for missing, first, points in (
        ("worst", "pangyo", 0.0),
        ("", "gangnam", 50.0),
        ("best", "gangnam", 100.0),
    ):
        query = only(transit=1) + (f"&missing={missing}" if missing else "")
        assert ranked(client, query)[0] == first
        found = {row["slug"]: row["points"] for row in document(client, query)["results"]}
        assert found == {"pangyo": 33.3, "gangnam": points}


def test_rents_that_are_not_alike_are_shown_with_the_reason_but_not_counted(client, pair):
    third = make.district(slug="magok", short_name_en="Magok")
    indicator = make.indicator(slug=RENT, name_en="Rent", unit_en="won", kind="rate")
    for district, value, survey in (
        (pair[0], 73_000, "JLL"),
        (pair[1], 109_500, "JLL"),
        (third, 93_000, "C&W"),
    ):
        series = make.series(indicator=indicator, district=district, survey_ko=survey, survey_en=survey)
        make.observation(series=series, value=value)
    assert ranked(client, only(rent=1)) == ["pangyo", "magok", "gangnam"]
    why = section(client, f"/en/locate/?{only(rent=1)}&d=magok", "c-rent")
    assert "Different surveys: JLL; C&W." in why.text and "93,000" in why.text
    parts = {row["slug"]: row["parts"][7] for row in document(client, only(rent=1))["results"]}
    assert parts["magok"]["value"] is None and parts["pangyo"]["value"] == 73_000
    assert parts["pangyo"]["sources"] and not parts["magok"]["sources"]


def test_page_json_and_csv_say_the_same(client, pair):
    make.office(district=pair[1])
    make.station(district=pair[0], status="unverified", source=None)
    make.institution(district=pair[0], kind="hub")
    query = "who=growing&technology=&stage=any"
    page = read(client, f"/en/locate/?{query}")
    data = document(client, query)
    text = client.get(f"/en/locate.csv?{query}").content.decode()
    assert text.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert ranked(client, query) == [row["slug"] for row in data["results"]]
    assert int(page.by_id("results").attributes["data-total"]) == data["count"]
    assert [(line["slug"], line["criterion"]) for line in lines] == [
        (row["slug"], part["criterion"]) for row in data["results"] for part in row["parts"]
    ]
    table = page.by_id("table")
    for row in data["results"]:
        assert f"{row['points']}" in table.text
        mine = [line for line in lines if line["slug"] == row["slug"]]
        assert {float(line["points"]) for line in mine} == {row["points"]}
        assert [line["gap"] for line in mine] == [part["gap"] for part in row["parts"]]
        assert sum(part["given_points"] for part in row["parts"]) == pytest.approx(row["points"], abs=0.5)
    assert data["summary"][0] in page.by_id("results").text
    assert data["robustness"]["notes"][0] in page.by_id("firm").text


def test_it_says_how_firm_the_order_is(client, pair):
    make.office(district=pair[0])
    make.station(district=pair[0])
    make.office(district=pair[1])
    make.office(district=pair[1])
    make.station(district=pair[1], status="unverified", source=None)
    firm = section(client, f"/en/locate/?{only(peers=2, transit=2)}", "firm")
    assert "combinations" in firm.text and "Pangyo" in firm.text
    turning = document(client, only(peers=2, transit=2))["robustness"]["turning_points"]
    assert {one["criterion"] for one in turning if one["below"] or one["above"]} == {
        "peers",
        "transit",
    } or turning


def test_the_method_names_every_criterion_with_its_formula(client, pair):
    method = section(client, "/en/locate/", "method").text
    for criterion in CRITERIA:
        assert criterion.scale.formula in method
    assert "never counted as 0" in method


def test_other_pages_lead_to_it(client, pair):
    make.office(district=pair[0])
    home = links(read(client, "/en/"))
    assert {"/en/locate/", "/en/locate/?who=founder", "/en/locate/?who=foreign"} <= set(home)
    assert "/en/locate/?d=pangyo#why" in links(read(client, "/en/districts/pangyo/"))
    assert "/en/locate/" in links(section(client, "/en/compare/?d=pangyo&d=gangnam", "share"))


def test_a_program_that_closes_is_gone_at_its_minute(client, pair):
    """What is kept from one reader to the next ends with the clock."""
    closes = datetime(2026, 11, 25, 7, tzinfo=UTC)
    program = make.program(name_en="Until four", coverage="districts", districts=[pair[0]])
    make.call(program=program, period_kind="window", closes_at=closes, closes_precision="time")
    address = f"/en/locate/?{only(programs=3)}&d=pangyo"
    for minute, number in (("15:59", "1 program"), ("16:01", "0 programs"), ("15:58", "1 program")):
        with time_machine.travel(f"2026-11-25 {minute} +0900", tick=False):
            why = section(client, address, "c-programs").text
            assert number in why and ("Until four" in why) == number.startswith("1"), minute


def test_every_change_shows_at_once(client, pair):
    address = f"/en/locate/?{only(peers=3, talent=2, transit=1)}&d=pangyo"
    assert "not surveyed" in section(client, address, "c-peers").text
    company = make.company(name_en="One Corp")
    office = make.office(company=company, district=pair[0])
    assert "One Corp" in section(client, address, "c-peers").text
    company.name_en = "Other Corp"
    company.save()
    assert "Other Corp" in section(client, address, "c-peers").text
    office.publication = "draft"
    office.save()
    assert "Other Corp" not in section(client, address, "why").text
    make.institution(district=pair[0], kind="university", name_en="The University")
    assert "The University" in section(client, address, "c-talent").text
    pair[0].short_name_en = "Pangyo Valley"
    pair[0].save()
    assert "Why Pangyo Valley" in section(client, address, "why").text


def test_one_question_is_not_answered_with_what_another_found(client, pair):
    """Records are read once for whoever asks alike; fields and age tell which those are."""
    llm, robots = make.technology(), make.technology("robotics", name_ko="로봇", name_en="Robotics")
    make.office(company=make.company(name_en="Words Inc", technologies=[llm]), district=pair[0])
    make.office(company=make.company(name_en="Arms Inc", technologies=[robots]), district=pair[0])
    make.institution(district=pair[0], kind="accelerator", name_en="The Accelerator")
    for _again in range(2):
        for query, peers, doors in (
            ("stage=early&technology=llm", {"Words Inc"}, True),
            ("stage=growth&technology=robotics", {"Arms Inc"}, False),
            ("stage=early", {"Words Inc", "Arms Inc"}, True),
        ):
            why = section(client, f"/en/locate/?{only(peers=1, investors=1)}&{query}&d=pangyo", "why").text
            assert {name for name in ("Words Inc", "Arms Inc") if name in why} == peers
            assert ("The Accelerator" in why) == doors


def test_no_style_is_written_into_the_page(client, pair):
    make.office(district=pair[0])
    html = client.get("/locate/").content.decode()
    assert " style=" not in html and "<style" not in html


def test_queries_do_not_grow_with_districts_fields_or_records(client, pair):
    def fill(district):
        source = make.source()
        llm = make.technology()
        for status in ("confirmed", "disputed"):
            office = make.office(
                company=make.company(kind="large", technologies=[llm]), district=district, status=status
            )
            office.further_sources.add(source)
        for kind in ("hub", "vc", "university"):
            make.institution(district=district, kind=kind).further_sources.add(source)
        kinds = [
            make.support_kind(slug, name_ko=slug, name_en=slug) for slug in ("space", "investment", "testbed")
        ]
        program = make.program(districts=[district], coverage="districts", support_kinds=kinds)
        make.call(program=program).further_sources.add(source)
        make.station(district=district).further_sources.add(source)
        indicator = make.indicator()
        type(indicator).objects.filter(slug=RENT).exists() or type(indicator).objects.filter(
            pk=indicator.pk
        ).update(slug=RENT)
        indicator = type(indicator).objects.get(slug=RENT)
        make.observation(series=make.series(indicator=indicator, district=district, survey_ko="조사"))

    for district in pair:
        fill(district)
    address = "/en/locate/?technology=llm&d=pangyo"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for district in [*pair, *(make.district() for _ in range(4))]:
        for _ in range(4):
            fill(district)
    client.get(address)  # brings the snapshot up to date
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 28
