"""The way of an import in a real browser: without a script, by keyboard, and nothing axe objects to."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from tests.admin.imports import rows, table

from .watching import AXE_RULES, TELL_OF_REFUSALS, barriers

PASSWORD = "a long enough password"
FILE = {
    "name": "기업 명단.csv",
    "mimeType": "text/csv",
    "buffer": table([*rows(60), ["61", "(주)라", "서울", "htp:/", ""]]),
}


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    """A database of its own, so the site with the opening data need not start."""
    return {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def root(transactional_db, settings, tmp_path) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_DIR = tmp_path
    return User.objects.create_superuser("root", password=PASSWORD)


def sign_in(page: Page, live_server, root: User, language: str) -> None:
    page.goto(f"{live_server.url}{language}/admin/imports/new/")
    page.fill("#id_username", root.username)
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")


def choose(page: Page) -> None:
    page.select_option("[name=default-kind]", "sme")
    page.select_option("[name=default-ai_relevance]", "adjacent")


@pytest.mark.parametrize(("language", "scheme", "width"), [("", "dark", 360), ("/en", "light", 1440)])
def test_axe_finds_nothing_on_the_way(page: Page, live_server, root, language, scheme, width):
    complaints: list[str] = []
    page.add_init_script(TELL_OF_REFUSALS)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)

    def look(place: str) -> None:
        complaints.extend(f"{place}: {one}" for one in barriers(page, rules=AXE_RULES))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            complaints.append(f"{place}: sideways scroll")

    sign_in(page, live_server, root, language)
    look("upload")
    page.set_input_files("input[type=file]", FILE)
    page.click("#upload-form [type=submit]")
    look("mapping")
    page.select_option("[name=column-1-field]", "website")
    page.click("button[value=rehearse]")
    look("mapping with problems")
    page.select_option("[name=column-1-field]", "name_ko")
    choose(page)
    page.click("button[value=rehearse]")
    look("rehearsal")
    page.click("[data-part=create]")
    look("new records")
    page.check("[name=good_rows_only]")
    page.click("button[value=apply]")
    look("result")
    page.click("a[href$='/undo/']")
    look("undo")
    assert complaints == []


def test_the_whole_way_without_a_script(browser: Browser, live_server, root):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, root, "/en")
    page.set_input_files("input[type=file]", FILE)
    page.click("#upload-form [type=submit]")
    choose(page)
    page.click("button[value=rehearse]")
    page.check("[name=good_rows_only]")
    page.focus("[name=reason]")
    page.keyboard.type("first list")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=step]")).to_have_text("Result")
    page.click("a[href$='/undo/']")
    page.click("#undo-form [type=submit]")
    expect(page.locator(".import .notice")).to_contain_text("undone")
    context.close()
