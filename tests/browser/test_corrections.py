"""Suggesting a correction in a browser that runs no script, and the form with errors, in every state."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .watching import Watched

FORM = "corrections/new/?about=company:naver"


def test_from_the_profile_to_the_reference_without_script(without_script: Callable[[], Page]) -> None:
    page = without_script()
    page.goto("/en/companies/naver/")
    page.get_by_role("link", name="Suggest a correction").click()
    expect(page).to_have_url(re.compile(r"/en/corrections/new/\?about=company:naver"))
    assert page.context.cookies() == []
    expect(page.get_by_label("Leave this field empty")).not_to_be_in_viewport()
    page.locator("#id_new-website").fill("not an address")
    page.get_by_role("button").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#id_new-website")).to_have_value("not an address")
    page.locator("#id_new-website").fill("https://naver.example/")
    page.locator("#id_link").fill("https://news.example/naver")
    page.get_by_role("button").last.click()
    expect(page).to_have_url(re.compile(r"/en/corrections/thanks/[2-9B-Z]{4}-[2-9B-Z]{4}/"))
    assert page.context.cookies() == []


@pytest.mark.parametrize("language", ["", "en/"])
def test_the_form_with_errors_is_accessible(watched: Watched, language: str) -> None:
    watched.visit(f"/{language}{FORM}")
    watched.page.locator("#id_new-name_en").fill("")
    watched.page.locator("#id_email").fill("nobody")
    watched.page.get_by_role("button").last.click()
    expect(watched.page.get_by_role("alert")).to_be_visible()
    watched.open_all()
    for width, scheme in ((1440, "light"), (360, "dark")):
        watched.look(width, scheme)
        assert watched.axe() == []
    watched.look(320)
    assert watched.content_width == 320
    assert not watched.complaints
