"""Owns what the comparison does in a browser without asking the server again, and how it fits a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def address(live_server) -> str:
    indicator = make.indicator(topic="size")
    slugs = []
    for number in range(4):
        district = make.district(short_name_ko=f"아주긴이름의지구{number}")
        series = make.series(indicator=indicator, district=district, survey_ko="조사", survey_en="Survey")
        make.observation(series=series, period="2025", value=1_000_000 + number)
        slugs.append(f"d={district.slug}")
    return f"{live_server.url}/compare/?" + "&".join(slugs)


def test_a_phone_shows_the_chosen_pair(page: Page, address: str):
    page.set_viewport_size(PHONE)
    page.goto(address)
    heads = page.locator("table").first.locator("thead th")
    assert [heads.nth(n).is_visible() for n in range(4)] == [True, True, False, False]
    page.locator("#pair-2-4").check()
    assert [heads.nth(n).is_visible() for n in range(4)] == [False, True, False, True]


def test_a_wide_screen_shows_all(page: Page, address: str):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address)
    heads = page.locator("table").first.locator("thead th")
    assert all(heads.nth(n).is_visible() for n in range(4))
    expect(page.locator(".pair")).to_be_hidden()


def test_only_differences_needs_no_reload(page: Page, address: str):
    page.goto(address)
    row = page.locator('tr[data-row="in_seoul"]')
    expect(row).to_be_visible()
    page.locator("#diff").check()
    expect(row).to_be_hidden()
    expect(page.locator('tr[data-row^="indicator"]')).to_be_visible()


@pytest.mark.parametrize("width", [320, 500, 768, 900])
@pytest.mark.parametrize("language", ["", "/en"])
def test_nothing_scrolls_sideways(page: Page, address: str, width: int, language: str):
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(address.replace("/compare/", f"{language}/compare/"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_evidence_of_a_wide_table_opens_where_it_can_be_read(page: Page, address: str):
    page.set_viewport_size({"width": 800, "height": 740})
    page.goto(address)
    page.locator(".cmp .ev summary").first.click()
    box = page.locator(".cmp .ev[open] > div").first.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 800
