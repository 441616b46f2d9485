"""A visitor at work: by keyboard alone, with results replaced in place, back, print, language, phone, copying."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect


def focused(page: Page) -> str:
    return page.evaluate("() => document.activeElement.id")


def total(page: Page) -> int:
    return int(page.locator("#results").get_attribute("data-total"))


def test_the_skip_link_comes_first_and_leads_to_the_content(page: Page) -> None:
    for address in ("/", "/en/companies/", "/districts/pangyo/"):
        page.goto(address)
        page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert focused(page) == "main"


def test_evidence_opens_and_closes_by_keyboard(page: Page) -> None:
    page.goto("/en/districts/pangyo/")
    note = page.locator("main details.ev").first
    note.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(note).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(note.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(note).not_to_have_attribute("open", "")
    expect(note.locator("summary")).to_be_focused()


def test_a_click_elsewhere_closes_evidence(page: Page) -> None:
    page.goto("/en/districts/pangyo/")
    note = page.locator("main details.ev").first
    note.locator("summary").click()
    page.locator("h1").click()
    expect(note).not_to_have_attribute("open", "")


def test_a_filter_by_keyboard_replaces_the_results_in_place(page: Page) -> None:
    page.goto("/en/companies/")
    everything = total(page)
    page.evaluate("() => { window.same_document = true }")
    option = page.locator("#district-gangnam")
    option.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"/en/companies/\?.*district=gangnam"))
    expect(page.locator("#results")).not_to_have_attribute("data-total", str(everything))
    assert page.evaluate("() => window.same_document")
    expect(option).to_be_checked()
    expect(option).to_be_focused()
    # The live region was there from the start and says how many there are now.
    expect(page.locator("#said")).to_have_attribute("role", "status")
    expect(page.locator("#said")).to_contain_text(str(total(page)))
    assert page.evaluate("() => new URLSearchParams(location.search).getAll('district')") == ["gangnam"]

    page.go_back()
    expect(page.locator("#results")).to_have_attribute("data-total", str(everything))
    expect(page.locator("#district-gangnam")).not_to_be_checked()
    page.go_forward()
    expect(page.locator("#district-gangnam")).to_be_checked()
    expect(page.locator("#results")).not_to_have_attribute("data-total", str(everything))


def test_the_language_changes_on_the_same_page(page: Page) -> None:
    for address in ("/", "/companies/?district=gangnam", "/districts/pangyo/", "/compare/?d=pangyo&d=magok"):
        page.goto(address)
        page.locator(".edition a[hreflang=en]").click()
        expect(page).to_have_url(re.compile(re.escape("/en" + address) + "$"))
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.locator(".edition a[hreflang=ko]").click()
        expect(page).to_have_url(re.compile(f"[0-9]{re.escape(address)}$"))


def test_the_language_changes_with_the_filters_just_set(page: Page) -> None:
    page.goto("/companies/")
    page.locator("#district-magok").check()
    expect(page).to_have_url(re.compile("district=magok"))
    number = total(page)
    page.locator(".edition a[hreflang=en]").click()
    expect(page).to_have_url(re.compile(r"/en/companies/\?.*district=magok"))
    assert total(page) == number


def test_print_has_the_content_and_the_sources_only(page: Page) -> None:
    for address in ("/en/districts/pangyo/", "/en/companies/", "/en/compare/?d=pangyo&d=gangnam"):
        page.goto(address)
        page.emulate_media(media="print")
        for hidden in ("header nav", ".crumb", "form", ".edition a", "main details.ev > div"):
            for one in page.locator(hidden).all()[:3]:
                expect(one).not_to_be_visible()
        expect(page.locator("h1")).to_be_visible()
        if page.locator("#refs").count():
            expect(page.locator("#refs li").first).to_be_visible()
        page.emulate_media(media="screen")
    page.goto("/en/districts/pangyo/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    address = page.evaluate(
        "() => getComputedStyle(document.querySelector('.refs a[href^=http]'), '::after').content"
    )
    assert address.startswith('" http')


def test_the_address_is_copied(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/en/compare/?d=pangyo&d=gangnam")
    page.locator("#share [data-copy]").click()
    expect(page.locator("#live")).not_to_be_empty()
    assert page.evaluate("() => navigator.clipboard.readText()") == page.url
    expect(page.locator("[data-print]")).to_be_visible()


@pytest.mark.parametrize(
    ("address", "button", "said", "part"),
    [
        ("/en/companies/naver/", "Copy the Korean citation", "The Korean citation was copied.", "cite-ko"),
        (
            "/en/compare/?d=pangyo&d=gangnam",
            "Copy the BibTeX entry",
            "The BibTeX entry was copied.",
            "cite-bib",
        ),
        ("/districts/pangyo/", "이 상태의 주소 복사", "이 상태의 주소를 복사했습니다.", "cite-address"),
    ],
)
def test_a_citation_is_copied_with_the_keyboard(
    page: Page, context: BrowserContext, address: str, button: str, said: str, part: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    page.locator("#cite > summary").press("Enter")
    page.get_by_role("button", name=button).press("Enter")
    expect(page.locator("#live")).to_have_text(said)
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.locator(f"#{part}").text_content()
    assert "as_of=" in copied


def test_every_note_opens_inside_the_window(page: Page) -> None:
    for width in (1440, 1024, 800):
        page.set_viewport_size({"width": width, "height": 900})
        for address in (
            "/en/",
            "/en/districts/pangyo/",
            "/en/programs/",
            "/en/compare/?d=pangyo&d=gangnam&d=magok",
        ):
            page.goto(address)
            assert page.evaluate(OPEN_EACH_NOTE) == []


# Opens one note after the other, waits for the script to have placed it, and tells which ones stick out.
OPEN_EACH_NOTE = """
async () => {
  const outside = [];
  for (const note of document.querySelectorAll("main details.ev")) {
    if (note.offsetParent === null) continue;
    await new Promise(placed => { note.addEventListener("toggle", placed, {once: true}); note.open = true });
    const box = note.lastElementChild.getBoundingClientRect();
    if (box.left < 0 || box.right > innerWidth) outside.push(note.outerHTML.slice(0, 200));
    note.open = false;
  }
  return outside;
}
"""
