"""Everything a visitor does works in a browser that runs no script."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_search_from_the_home_page(without_script: Callable[[], Page]) -> None:
    page = without_script()
    page.goto("/en/")
    page.get_by_role("searchbox").fill("판교")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/en/search/\?q="))
    assert int(page.locator("#results").get_attribute("data-total")) > 0


def test_conditions_open_on_a_phone(without_script: Callable[[], Page]) -> None:
    page = without_script()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/en/companies/")
    expect(page.locator("#district-gangnam")).not_to_be_visible()
    page.locator(".flt > summary").click()
    page.locator("#district-gangnam").check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("district=gangnam"))


def test_choose_districts_to_compare(without_script: Callable[[], Page]) -> None:
    page = without_script()
    page.goto("/en/compare/")
    for name in ("pangyo", "magok"):
        page.locator(f"input[name=d][value={name}]").check()
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(r"\?d=(pangyo&d=magok|magok&d=pangyo)$"))
    expect(page.locator("table.cmp").first.locator("thead th[data-d]")).to_have_count(2)
    # The rows that are the same are hidden by the style sheet alone.
    same = page.locator("tr.same").first
    expect(same).to_be_visible()
    page.locator("#diff").check()
    expect(same).not_to_be_visible()


def test_a_company_is_put_beside_another_by_search(without_script: Callable[[], Page]) -> None:
    page = without_script()
    page.goto("/en/companies/naver/")
    page.get_by_role("link", name="Compare this company").click()
    page.get_by_label("Add a company").fill("upstage")
    page.get_by_role("button", name="Find").click()
    page.locator("input[name=c][value=upstage][type=checkbox]").check()
    page.get_by_role("button", name="Put into the comparison").click()
    expect(page).to_have_url(re.compile(r"/en/compare/companies/\?c=naver&c=upstage$"))
    heads = page.locator("table.cmp thead th")
    expect(heads).to_have_count(2)
    page.get_by_role("link", name="Move Upstage to the left").click()
    expect(heads.first).to_contain_text("Upstage")
    page.get_by_role("link", name="Remove NAVER").click()
    expect(page.locator("main")).to_contain_text("One company alone cannot be compared.")


def test_two_of_three_districts_on_a_phone(without_script: Callable[[], Page]) -> None:
    page = without_script()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/en/compare/?d=pangyo&d=gangnam&d=magok")
    heads = page.locator("table.cmp").first.locator("thead th[data-d]")
    assert [heads.nth(number).is_visible() for number in range(3)] == [True, True, False]
    page.locator("#pair-2-3").check()
    assert [heads.nth(number).is_visible() for number in range(3)] == [False, True, True]


def test_evidence_opens(without_script: Callable[[], Page]) -> None:
    page = without_script()
    page.goto("/en/districts/pangyo/")
    note = page.locator("main details.ev").first
    expect(note.locator("div")).not_to_be_visible()
    note.locator("summary").click()
    expect(note.get_by_role("link").first).to_be_visible()
    page.locator("main details.ev").nth(1).locator("summary").click()
    expect(note.locator("div")).not_to_be_visible()


def test_nothing_is_offered_that_needs_a_script(without_script: Callable[[], Page]) -> None:
    page = without_script()
    page.goto("/en/compare/?d=pangyo&d=gangnam")
    page.locator("#cite > summary").click()
    expect(page.locator("#cite-ko")).to_be_visible()
    assert page.locator("[data-copy]").count() > 1
    expect(page.locator("[data-copy]").filter(visible=True)).to_have_count(0)
    expect(page.locator("[data-print]")).not_to_be_visible()
    expect(page.get_by_role("link", name="Send by mail")).to_be_visible()
