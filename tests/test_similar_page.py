"""The districts like one, on its profile: reasons with numbers, each number leading to the list it counts."""

import re
from html import unescape

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def settle(district, technology, number, **given):
    for _ in range(number):
        company = factories.company(technologies=[technology], **given)
        factories.office(company=company, district=district)


def section(client, slug, language="/en") -> str:
    html = client.get(f"{language}/districts/{slug}/").content.decode()
    return html[html.index('id="alike"') : html.index('id="near"')]


@pytest.fixture
def districts():
    made = {
        name: factories.district(slug=name, short_name_en=name.title()) for name in ("pangyo", "magok", "far")
    }
    llm, robots = (
        factories.technology("llm"),
        factories.technology("robotics", name_en="Robotics", name_ko="로봇"),
    )
    settle(made["pangyo"], llm, 4)
    settle(made["magok"], llm, 3)
    settle(made["far"], robots, 3, kind="large")
    return made


def test_the_most_similar_stands_first_with_reasons_and_a_comparison(client, districts):
    html = section(client, "pangyo")
    assert re.findall(r'data-slug="([^"]+)"', html) == ["magok", "far"]
    assert "Pangyo 4 of 4 companies" in html and "Magok 3 of 3 companies" in html
    assert 'href="/en/compare/?d=pangyo&amp;d=magok"' in html and "Language models:" in html
    assert "Not compared, since one of the two has no records" in html


def test_every_number_is_that_of_the_list_behind_it(client, districts):
    for slug in districts:
        factories.institution(kind="hub", district=districts[slug])
        factories.program(
            support_kinds=[factories.support_kind("space")], coverage="districts", districts=[districts[slug]]
        )
    html = section(client, "pangyo")
    found = re.findall(r'<a href="(/en/(?:companies|institutions|programs)/\?[^"]+)">\w+ (\d+) of \d+', html)
    assert {address.split("/")[2] for address, _ in found} == {"companies", "institutions", "programs"}
    for address, number in found:
        listed = client.get(unescape(address)).content.decode()
        assert f'data-total="{number}"' in listed


def test_a_district_without_companies_says_that_too_little_is_known(client, districts):
    factories.district(slug="empty", short_name_en="Empty")
    html = section(client, "empty")
    assert "Too little is known of the companies in Empty" in html and "data-slug" not in html
    assert 'data-slug="empty"' not in section(client, "pangyo")


def test_records_that_are_not_public_or_not_current_do_not_count(client, districts):
    llm = factories.technology("llm")
    ghost = factories.district(slug="ghost", publication="draft")
    settle(ghost, llm, 4)
    settle(districts["far"], llm, 4, publication="draft")
    for _ in range(4):
        factories.office(
            company=factories.company(technologies=[llm]), district=districts["far"], status="outdated"
        )
    html = section(client, "pangyo")
    assert "ghost" not in html and "Far" in html and re.findall(r"Far (\d+) of", html).count("4") == 0


def test_both_languages_say_the_same(client, districts):
    for language in ("", "/en"):
        assert re.findall(r'data-slug="([^"]+)"', section(client, "magok", language)) == ["pangyo", "far"]


def test_lines_in_common_are_found_however_the_commas_are_set(client, districts):
    for name, lines_ko, lines_en in (
        ("pangyo", "2호선,9호선", "Line 2,Line 9"),
        ("magok", "9호선, 5호선", "Line 9, Line 5"),
    ):
        factories.station(district=districts[name], lines_ko=lines_ko, lines_en=lines_en)
    assert "Line 9" in section(client, "pangyo")
