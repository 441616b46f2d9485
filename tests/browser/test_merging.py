"""Merging two records in a real browser: chosen with the keyboard, without barriers, and taken back."""

import pytest
from playwright.sync_api import Page, expect

from clusters.models import Company
from tests import factories

from .watching import barriers

OURS = "#content"  # the admin's own frame is Django's


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    return {"viewport": {"width": 1440, "height": 900}, "bypass_csp": True}  # for axe alone


@pytest.fixture
def signed_in(page: Page, live_server, transactional_db, settings) -> Page:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    factories.person("jun", "editor", "a long enough password")
    page.goto(f"{live_server.url}/en/admin/")
    page.fill("#id_username", "jun")
    page.fill("#id_password", "a long enough password")
    page.click("input[type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("jun")
    return page


def test_an_editor_merges_two_companies_and_takes_it_back(signed_in, live_server):
    page = signed_in
    kept = factories.company(slug="one", name_ko="업스테이지", name_en="Upstage", summary_en="First.")
    merged = factories.company(slug="two", name_ko="㈜업스테이지", name_en="UPSTAGE", summary_en="Second.")
    factories.office(company=merged)

    page.goto(f"{live_server.url}/en/admin/clusters/company/{kept.pk}/change/")
    page.locator("#content-main").get_by_role("link", name="Possible duplicates").click()
    assert barriers(page, OURS) == []
    page.get_by_role("link", name="Compare with").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert barriers(page, OURS) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    summary = page.get_by_role("group", name="Summary (English)")
    summary.get_by_role("radio", name="First.").focus()
    page.keyboard.press("ArrowRight")
    expect(summary.get_by_role("radio", name="Second.")).to_be_checked()
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("The two records are one now.")).to_be_visible()
    assert barriers(page, OURS) == []
    assert Company.objects.get().summary_en == "Second."

    page.get_by_role("button", name="Undo this merge").click()
    expect(page.get_by_text("everything is as before")).to_be_visible()
    assert Company.objects.count() == 2
