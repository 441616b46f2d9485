"""Owns the comparison as served: page, CSV and JSON say the same, and no address breaks them."""

import csv
import io
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters import models as m
from tests import factories as make

pytestmark = pytest.mark.django_db

SECRET = "숨은표식"


@pytest.fixture
def trio():
    gyeonggi = make.province("gyeonggi", name_ko="경기도", name_en="Gyeonggi-do")
    return [
        make.district(
            slug="pangyo", short_name_ko="판교", short_name_en="Pangyo", province=gyeonggi, order=1
        ),
        make.district(slug="gangnam", short_name_ko="강남", short_name_en="Gangnam", order=2),
        make.district(slug="magok", short_name_ko="마곡", short_name_en="Magok", order=3),
    ]


def rent(districts, *values, survey="JLL", **given_):
    """One indicator with one value for each district, all of one survey."""
    indicator = make.indicator(slug="rent", name_ko="임대료", name_en="Rent", topic="space", **given_)
    for district, value in zip(districts, values, strict=True):
        series = make.series(indicator=indicator, district=district, survey_ko=survey, survey_en=survey)
        make.observation(series=series, period="2021-Q2", value=value)
    return indicator


def address(*slugs, path="/compare/", **more):
    parts = [f"d={slug}" for slug in slugs] + [f"{key}={value}" for key, value in more.items()]
    return f"{path}?{'&'.join(parts)}"


def body(client, *slugs, **more) -> str:
    response = client.get(address(*slugs, **more))
    assert response.status_code == 200
    return response.content.decode()


def document(client, *slugs, **more) -> dict:
    return json.loads(client.get(address(*slugs, path="/compare.json", **more)).content)


def row(data: dict, slug: str) -> dict:
    return next(found for found in data["results"] if found["slug"] == slug)


def test_values_of_one_survey_have_bars(client, trio):
    rent(trio, 73000, 109500, 50000)
    found = row(document(client, "pangyo", "gangnam", "magok"), "rent")
    assert [cell["bar_percent"] for cell in found["cells"]] == [66.7, 100.0, 45.7]
    assert found["comparable"] and not found["why_not"]


def test_one_value_of_another_scope_takes_all_bars_and_says_why(client, trio):
    rent(trio[:2], 73000, 109500)
    m.Series.objects.filter(district=trio[1]).update(extent="part", scope_en="Teheran-ro")
    found = row(json.loads(client.get(address("pangyo", "gangnam", path="/en/compare.json")).content), "rent")
    assert not found["comparable"] and "Teheran-ro" in found["why_not"]
    page = client.get(address("pangyo", "gangnam", path="/en/compare/")).content.decode()
    assert found["why_not"] in page and "No bars are drawn." in page


def test_a_measured_0_is_drawn_and_a_gap_is_worded(client, trio):
    indicator = rent(trio[:2], 0, 8.6)
    found = row(document(client, "pangyo", "gangnam", "magok"), indicator.slug)
    assert [cell["bar_percent"] for cell in found["cells"]] == [0.0, 100.0, None]
    assert "gap" in found["cells"][2] and "value" not in found["cells"][2]


def test_a_figure_of_one_district_only_is_folded_away(client, trio):
    rent(trio[:1], 5)
    page = body(client, "pangyo", "gangnam")
    fold = page[page.index('class="fold"') :]
    assert 'data-row="rent"' in fold[: fold.index("</details></td>")]


def test_a_disputed_value_shows_its_finding_and_the_other_side(client, trio):
    indicator = rent(trio[:2], 10, 20)
    series = m.Series.objects.get(indicator=indicator, district=trio[0])
    series.observations.update(status="disputed")
    make.observation(series=series, period="2021-Q2", value=12, status="disputed", source=make.source())
    page = body(client, "pangyo", "gangnam")
    assert 'data-s="disputed"' in page
    found = row(document(client, "pangyo", "gangnam"), indicator.slug)
    assert found["cells"][0]["other_values"] in ([12], [10]) and len(found["cells"][0]["sources"]) == 2


def fill(district, number=1):
    """A district with something of everything that the comparison shows."""
    for _ in range(number):
        source = make.source()
        make.station(district=district)
        make.claim(district=district, status="disputed", source=source)
        trait = make.trait(district=district)
        trait.further_sources.add(source)
        company = make.company(technologies=[make.technology()], industries=[make.industry()])
        make.office(company=company, district=district)
        make.office(district=district, status="unverified", source=None)
        make.institution(district=district)
        program = make.program(
            districts=[district], support_kinds=[make.support_kind()], coverage="districts"
        )
        make.call(program=program)
        make.observation(series=make.series(district=district)).further_sources.add(source)
        station = make.station(district=district)
        station.further_sources.add(source)
        claim = make.claim(district=district)
        claim.further_sources.add(source)


def test_the_number_of_queries_does_not_grow_with_rows_or_districts(client, trio):
    extra = make.district(slug="yangjae")
    for district in [*trio, extra]:
        fill(district)
    client.get("/companies/")  # the snapshot that the comparison counts from
    with CaptureQueriesContext(connection) as few:
        client.get(address("pangyo", "gangnam", path="/compare.json"))
    for district in [*trio, extra]:
        fill(district, 5)
    client.get("/companies/")
    with CaptureQueriesContext(connection) as many:
        client.get(address("pangyo", "gangnam", "magok", "yangjae", path="/compare.json"))
    assert len(many) == len(few) <= 24


def test_page_csv_and_json_list_the_same_rows(client, trio):
    for district in trio:
        fill(district, 2)
    rent(trio, 1, 2, 3)
    slugs = ["pangyo", "gangnam", "magok"]
    for differences in ({}, {"diff": "1"}):
        page = body(client, *slugs, **differences)
        data = document(client, *slugs, **differences)
        on_page = re.findall(r'data-row="([^"]+)"', page)
        assert on_page == [found["slug"] for found in data["results"]]
        assert data["count"] == len(on_page)
        bars = [
            cell for found in data["results"] for cell in found["cells"] if cell["bar_percent"] is not None
        ]
        assert page.count('class="bx"') == len(bars)
        text = client.get(address(*slugs, path="/compare.csv", **differences)).content.decode()
        assert text.startswith("\ufeff")
        lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        assert [(line["row"], line["slug"]) for line in lines] == [
            (found["slug"], cell["slug"]) for found in data["results"] for cell in found["cells"]
        ]
        assert [line["why_not"] for line in lines] == [
            found["why_not"] for found in data["results"] for _ in found["cells"]
        ]
        urls = {
            cell["sources"][0] for found in data["results"] for cell in found["cells"] if cell.get("sources")
        }
        assert urls and all(url.replace("&", "&amp;") in page for url in urls)


def test_rows_that_are_the_same_everywhere_can_be_left_out(client, trio):
    page = body(client, "gangnam", "magok")
    assert re.search(r'<tr class="same" data-row="in_seoul"', page)
    only = body(client, "gangnam", "magok", diff="1")
    assert 'data-row="in_seoul"' not in only and 'class="same"' not in only
    assert 'data-row="in_seoul"' in body(client, "pangyo", "magok", diff="1")


def test_companies_are_counted_by_confirmed_current_offices(client, trio):
    twice = make.company(technologies=[make.technology()])
    make.office(company=twice, district=trio[0])
    make.office(company=twice, district=trio[0], kind="lab")
    make.office(company=twice, district=trio[0], kind="branch", status="unverified", source=None)
    make.office(district=trio[0], status="outdated")
    make.office(district=trio[0], status="disputed")
    data = document(client, "pangyo", "gangnam")
    assert [cell["value"] for cell in row(data, "companies_confirmed")["cells"]] == [1, 0]
    assert [cell["value"] for cell in row(data, "companies_unsettled")["cells"]] == [1, 0]
    assert row(data, "technology:llm")["cells"][0]["share_percent"] == 100
    assert "gap" in row(data, "technology:llm")["cells"][1]


def test_programs_of_the_district_and_of_its_province_stand_apart(client, trio):
    seoul = make.province()
    bound = make.program(districts=[trio[1]], coverage="districts", support_kinds=[make.support_kind()])
    make.call(program=bound, period_kind="always")
    make.program(provinces=[seoul], coverage="provinces")
    make.program()
    data = document(client, "pangyo", "gangnam")
    assert [cell["value"] for cell in row(data, "programs_bound")["cells"]] == [0, 1]
    assert [cell["value"] for cell in row(data, "programs_province")["cells"]] == [0, 1]
    assert [cell["value"] for cell in row(data, "programs_open")["cells"]] == [0, 1]


def test_nothing_unpublished_appears(client, trio):
    hidden = {"publication": "draft"}
    names = {"name_ko": SECRET, "name_en": SECRET}
    make.district(slug="secret", short_name_ko=SECRET, short_name_en=SECRET, **names, **hidden)
    source = make.source(title=SECRET, **hidden)
    gangnam = trio[1]
    make.station(district=gangnam, source=source)
    make.station(district=gangnam, **names, **hidden)
    make.claim(district=gangnam, statement_ko=SECRET, statement_en=SECRET, **hidden)
    make.trait(district=gangnam, text_ko=SECRET, text_en=SECRET, **hidden)
    indicator = make.indicator(slug="hidden", **names, **hidden)
    make.observation(series=make.series(indicator=indicator, district=gangnam))
    make.observation(series=make.series(district=gangnam, scope_ko=SECRET, scope_en=SECRET, **hidden))
    shown = make.observation(series=make.series(district=gangnam))
    shown.further_sources.add(source)
    make.observation(series=make.series(district=gangnam), value=424242, **hidden)
    make.office(district=gangnam, **hidden)
    make.office(
        district=gangnam, company=make.company(technologies=[make.technology("x1", **names)], **hidden)
    )
    make.institution(district=gangnam, kind="vc", **hidden)
    make.program(districts=[gangnam], coverage="districts", **hidden)
    make.call(program=make.program(districts=[gangnam], coverage="districts"), period_kind="always", **hidden)
    for path in ("/compare/", "/en/compare/", "/compare.csv", "/compare.json"):
        text = client.get(address("pangyo", "gangnam", path=path)).content.decode()
        assert SECRET not in text and "424,242" not in text and "424242" not in text
    data = document(client, "pangyo", "gangnam")
    for key, count in (
        ("companies_confirmed", 0),
        ("institutions", 0),
        ("programs_bound", 1),
        ("programs_open", 0),
    ):
        assert row(data, key)["cells"][1]["value"] == count


def test_an_unpublished_district_is_as_unknown_as_one_that_never_was(client, trio):
    make.district(slug="secret", publication="draft")

    def without_slug(slug):
        return body(client, "pangyo", "gangnam", slug).replace(slug, "")

    assert without_slug("secret") == without_slug("nowhere")
    assert client.get(address("pangyo", "gangnam", "secret", path="/compare.json")).status_code == 400


@pytest.mark.parametrize("slugs", [[], ["pangyo"], ["nowhere"], ["pangyo", "nowhere"], ["pangyo", "pangyo"]])
def test_fewer_than_two_districts_lead_to_the_choice(client, trio, slugs):
    page = body(client, *slugs)
    assert page.count('type="checkbox"') == 3
    assert page.count("checked") == ("pangyo" in slugs)
    assert ("msg warn" in page) == bool(slugs)


def test_the_choice_of_an_empty_directory(client):
    assert body(client)


def test_of_five_districts_the_first_four_are_shown_and_it_says_so(client, trio):
    slugs = [d.slug for d in trio] + [make.district().slug for _ in range(2)]
    page = body(client, *slugs)
    assert "msg warn" in page and 'class="c4"' in page and 'class="c5"' not in page
    assert 'class="tw"' in page


def test_districts_can_be_moved_removed_and_added(client, trio):
    make.district(slug="yangjae")
    page = body(client, "pangyo", "gangnam", "magok", diff="1").replace("&amp;", "&")
    assert 'href="/compare/?d=gangnam&d=pangyo&d=magok&diff=1"' in page
    assert 'href="/compare/?d=pangyo&d=magok&diff=1"' in page
    assert '<option value="yangjae">' in page and '<option value="magok">' not in page


def test_the_pair_on_a_phone_is_kept_in_the_address(client, trio):
    page = body(client, "pangyo", "gangnam", "magok", pair="1-3")
    assert 'id="pair-1-3" value="1-3" checked' in page and 'data-pair="1-3"' in page
    assert 'data-pair="1-2"' in body(client, "pangyo", "gangnam", "magok", pair="1-4")
    assert 'name="pair"' not in body(client, "pangyo", "gangnam")


def test_the_mail_link_holds_the_whole_address(client, trio, settings):
    page = body(client, "pangyo", "gangnam")
    assert f"{settings.SITE_URL}/compare/?d=pangyo&d=gangnam".replace("&", "%26").replace("?", "%3F").replace(
        "=", "%3D"
    ).replace(":", "%3A") in page.replace("&amp;", "&")


def test_formulas_are_escaped_in_the_csv(client, trio):
    make.trait(district=trio[0], text_ko="=1+1", text_en="=1+1")
    text = client.get(address("pangyo", "gangnam", path="/compare.csv")).content.decode()
    assert "'=1+1" in text


def test_both_languages_speak_for_themselves(client, trio):
    rent(trio, 1, 2, 3)
    korean = body(client, "pangyo", "gangnam")
    english = client.get(address("pangyo", "gangnam", path="/en/compare/")).content.decode()
    assert '<html lang="ko">' in korean and "판교, 강남" in korean
    assert '<html lang="en">' in english and "<h1>Pangyo and Gangnam compared</h1>" in english
    assert "2021-Q2" not in english and "Q2 2021" in english


anything = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.lists(st.one_of(anything, st.sampled_from(["pangyo", "gangnam", "magok", "1" * 30, "²"])), max_size=8),
    anything,
    anything,
)
def test_no_address_breaks_the_page_or_the_files(client, trio, slugs, diff, pair):
    for path in ("/compare/", "/en/compare/", "/compare.csv", "/compare.json"):
        response = client.get(path, {"d": slugs, "diff": diff, "pair": pair})
        assert response.status_code in ((200,) if path.endswith("/") else (200, 400))


def test_thousands_of_parameters_do_no_harm(client, trio):
    assert client.get("/compare/?" + "d=x&" * 1500).status_code == 200
    assert client.get("/compare/?d=%00").status_code == 400
