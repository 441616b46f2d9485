"""Suggestions while typing: a combobox that is complete by keyboard, said aloud, and takes no room before it opens."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from .watching import Watched

SHIFTS = """
() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(seen => seen.getEntries().forEach(one => { sum += one.value }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})
"""


def typed(page: Page, text: str) -> Locator:
    field = page.get_by_role("combobox")
    field.focus()
    with page.expect_response(lambda answer: answer.url.endswith(f"?q={quote(text)}")):
        field.press_sequentially(text)
    expect(field).to_have_attribute("aria-expanded", "true")
    return field


def chosen(page: Page) -> str:
    """The option a screen reader is told of, which is also the one marked as chosen."""
    field = page.get_by_role("combobox")
    named = field.get_attribute("aria-activedescendant")
    marked = page.locator('[role="option"][aria-selected="true"]')
    expect(marked).to_have_count(1 if named else 0)
    assert not named or marked.get_attribute("id") == named
    return marked.locator("span").first.inner_text() if named else ""


@pytest.mark.parametrize("address", ["/", "/search/"])
def test_a_name_is_reached_by_keyboard_alone(watched: Watched, address: str) -> None:
    watched.visit(address)
    page = watched.page
    field = typed(page, "판교")
    options = page.get_by_role("option")
    number = options.count()
    assert number > 2
    names = [option.locator("span").first.inner_text() for option in options.all()]
    expect(page.locator("form.search [role=status]")).to_contain_text(str(number))
    assert chosen(page) == ""
    page.keyboard.press("ArrowDown")
    assert chosen(page) == names[0]
    page.keyboard.press("ArrowDown")
    assert chosen(page) == names[1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert chosen(page) == "", "Above the first stands the text."
    page.keyboard.press("ArrowUp")
    assert chosen(page) == names[-1]
    page.keyboard.press("Home")
    assert chosen(page) == ""
    page.keyboard.press("End")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    expect(field).to_have_value("판교")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("판교")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert chosen(page) == names[0]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/districts/pangyo/$"))
    assert not watched.complaints


def test_enter_without_a_choice_searches(watched: Watched) -> None:
    watched.visit("/en/")
    page = watched.page
    typed(page, "Pangyo")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search/\?q=Pangyo$"))
    assert not watched.complaints


def test_a_click_chooses_and_leaving_closes(watched: Watched) -> None:
    watched.visit("/")
    page = watched.page
    field = typed(page, "마고")
    page.keyboard.press("Tab")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.focus()
    field.press("ArrowDown")
    page.get_by_role("option").filter(has_text="마곡").first.click()
    expect(page).to_have_url(re.compile(r"/(districts|institutions|companies)/"))


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_is_sound_and_moves_nothing(watched: Watched, width: int, scheme: str) -> None:
    for address in ("/", "/en/search/"):
        watched.visit(address, width, scheme)
        page = watched.page
        before = page.evaluate("() => document.documentElement.scrollHeight")
        typed(page, "판교")
        page.keyboard.press("ArrowDown")
        assert watched.axe() == []
        assert watched.content_width <= width
        box = page.get_by_role("listbox").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
        assert page.evaluate(SHIFTS) < 0.01
        if address == "/":
            assert page.evaluate("() => document.documentElement.scrollHeight") == before
    assert not watched.complaints


def test_without_a_script_it_is_a_plain_search(without_script) -> None:
    page = without_script()
    page.goto("/")
    field = page.get_by_role("searchbox")
    field.fill("판교")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))
    expect(page.locator('[role="combobox"], [role="listbox"]')).to_have_count(0)
