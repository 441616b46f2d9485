"""Choosing filters in place: results, counts, address and focus move together; without a script a button does it."""

import re

import pytest
from playwright.sync_api import Page, expect

from .watching import Watched

FILTER = "/companies/?relevance=core"


def total(page: Page) -> int:
    return int(page.locator("#results").get_attribute("data-total") or -1)


def counts(page: Page) -> list[str]:
    return page.locator("[data-facet]").evaluate_all(
        "all => all.map(one => one.dataset.facet + one.dataset.count)"
    )


def test_a_choice_replaces_results_and_counts_and_keeps_the_place(watched: Watched) -> None:
    watched.visit(FILTER)
    page = watched.page
    before = total(page)
    box = page.locator('input[name="district"][value="gangnam"]')
    box.check()
    expect(page).to_have_url(re.compile(r"/companies/\?district=gangnam&relevance=core$"))
    expect(page.locator("#chosen")).to_have_text("2")
    assert 0 < total(page) < before
    expect(box).to_be_focused()
    expect(page.locator("#said")).to_contain_text(str(total(page)))
    assert len([url for url in watched.requests if "/companies/?" in url]) == 2
    in_place = counts(page)
    page.reload()
    assert counts(page) == in_place
    assert not watched.complaints


def test_typing_searches_without_losing_the_field(watched: Watched) -> None:
    watched.visit("/companies/")
    page = watched.page
    field = page.get_by_role("searchbox")
    field.press_sequentially("판교", delay=30)
    expect(page).to_have_url(re.compile(r"\?q=%ED%8C%90%EA%B5%90$"))
    expect(field).to_be_focused()
    expect(field).to_have_value("판교")
    assert total(page) < 142
    assert not watched.complaints


def test_opened_choices_stay_open_and_the_other_language_follows(watched: Watched) -> None:
    watched.visit("/companies/")
    page = watched.page
    page.locator("#technology-more > summary").click()
    page.locator("#technology-more input").last.check()
    expect(page.locator("#chosen")).to_have_text("1")
    expect(page.locator("#technology-more")).to_have_attribute("open", "")
    other = page.locator(".edition a[hreflang]").evaluate("link => link.href")
    assert re.search(r"/en/companies/\?technology=", other)


def test_back_restores_the_list_and_its_form(watched: Watched) -> None:
    watched.visit("/companies/")
    page = watched.page
    before = total(page)
    page.locator('input[name="relevance"][value="core"]').check()
    expect(page.locator("#chosen")).to_have_text("1")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/companies/$"))
    expect(page.locator("#results")).to_have_attribute("data-total", str(before))
    expect(page.locator('input[name="relevance"][value="core"]')).not_to_be_checked()
    assert not watched.complaints


def test_on_a_phone_the_panel_stays_open_while_choosing(watched: Watched) -> None:
    watched.visit("/companies/", width=360)
    page = watched.page
    page.locator(".flt > summary").click()
    page.locator('input[name="kind"][value="large"]').check()
    expect(page.locator("#chosen")).to_have_text("1")
    expect(page.locator(".flt")).to_have_attribute("open", "")


def test_everything_works_without_a_script(without_script) -> None:
    page = without_script()
    page.goto("/companies/")
    page.locator('input[name="district"][value="gangnam"]').check()
    page.get_by_role("button", name="적용").click()
    expect(page).to_have_url(re.compile(r"district=gangnam"))
    filtered = total(page)
    page.locator(".said a.chip").click()
    expect(page).to_have_url(re.compile(r"/companies/$"))
    assert total(page) > filtered
    page.locator("#sort-founded").click()
    expect(page.locator('th[aria-sort="descending"]')).to_have_count(1)
    page.locator('a[rel="next"]').click()
    expect(page.locator('.pager [aria-current="page"]')).to_contain_text("2")


def test_districts_are_ticked_for_comparison(without_script) -> None:
    page = without_script()
    page.goto("/districts/")
    for slug in ("pangyo", "magok"):
        page.locator(f'input[name="d"][value="{slug}"]').check()
    page.locator('form[id="compare"] button').click()
    expect(page).to_have_url(re.compile(r"/compare/\?d=pangyo&d=magok$"))


@pytest.mark.parametrize("address", ["/companies/", "/en/companies/?q=ai"])
def test_a_wide_screen_shows_all_of_the_table(watched: Watched, address: str) -> None:
    """What does not fit lies below the last column, which stays in place."""
    watched.page.set_viewport_size({"width": 1440, "height": 900})
    watched.visit(address)
    assert watched.page.locator("#results .tw").evaluate("one => one.scrollWidth <= one.clientWidth")
