"""The admin in a real browser under the strict policy: it works, and nothing is blocked."""

import re

import pytest
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from tests import factories

from .watching import TELL_OF_REFUSALS

PASSWORD = "a long enough password"


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    """The admin is tested on a database of its own, so the site with the opening data need not start."""
    return {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser says it blocked, and every script error."""
    said: list[str] = []
    page.add_init_script(TELL_OF_REFUSALS)
    page.on(
        "console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def root(transactional_db, settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def signed_in(page: Page, live_server, root) -> Page:
    page.goto(f"{live_server.url}/en/admin/")
    page.fill("#id_username", root.username)
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("root")
    return page


def test_no_page_is_blocked_anything(signed_in, live_server, complaints):
    company = factories.company(technologies=[factories.technology()])
    district = factories.district()
    factories.office(company=company, district=district)
    factories.claim(district=district)
    device = TOTPDevice.objects.create(user=User.objects.get(), name="phone")
    company.name_en = "Renamed"
    company.save()
    row = company.history.last()
    at = f"/en/admin/clusters/company/{company.pk}"
    for path in (
        "/en/admin/",
        "/admin/",
        "/en/admin/clusters/",
        "/en/admin/clusters/company/",
        "/en/admin/clusters/company/?publication__exact=published&_facets=True",
        "/en/admin/clusters/district/",
        f"/en/admin/clusters/district/{district.pk}/change/",
        "/en/admin/clusters/district/add/",
        "/en/admin/clusters/call/add/",
        f"{at}/change/",
        f"{at}/history/",
        f"{at}/history/{row.pk}/",
        f"{at}/delete/",
        "/en/admin/auth/user/add/",
        f"/en/admin/auth/user/{User.objects.get().pk}/change/",
        "/en/admin/auth/group/add/",
        "/en/admin/axes/accesslog/",
        f"/en/admin/otp_totp/totpdevice/{device.pk}/change/",
        "/en/admin/otp_static/staticdevice/add/",
        "/en/admin/password_change/",
    ):
        response = signed_in.goto(live_server.url + path)
        assert response.status == 200, path
        signed_in.wait_for_timeout(100)  # complaints of scripts that run last
        assert complaints == [], path


def test_sign_in_and_lockout_are_blocked_nothing(page, live_server, root, complaints, settings):
    settings.ADMIN_REQUIRES_TOTP = True
    page.goto(f"{live_server.url}/en/admin/login/")
    expect(page.locator("#id_otp_token")).to_be_visible()
    settings.ADMIN_REQUIRES_TOTP = False
    for _ in range(5):
        page.goto(f"{live_server.url}/en/admin/login/")
        page.fill("#id_username", "nobody")
        page.fill("#id_password", "wrong")
        page.click("input[type=submit]")
    expect(page.locator("h1")).to_have_text("Too many attempts")
    assert [text for text in complaints if "429" not in text] == []


def test_a_curator_finds_a_related_record_by_typing(signed_in, live_server, complaints):
    source, office = (
        factories.source(title="반도체 보도자료"),
        factories.office(source=None, status="unverified"),
    )
    page = signed_in
    page.goto(f"{live_server.url}/en/admin/clusters/office/{office.pk}/change/")
    page.locator(".field-source .select2-selection").click()
    page.locator(".select2-search__field").last.type("반도체")
    page.locator(".select2-results__option", has_text="반도체 보도자료").click()
    page.fill("#id_reason", "출처 추가")
    page.locator("input[name=_save]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    office.refresh_from_db()
    assert office.source == source
    assert office.history.first().history_change_reason == "출처 추가"
    assert complaints == []


def test_a_curator_adds_a_row_and_gets_an_address_name(signed_in, live_server, complaints):
    page = signed_in
    page.goto(f"{live_server.url}/en/admin/clusters/company/add/")
    page.fill("#id_name_ko", "새 기업")
    page.locator("#id_name_en").type("Brand New Company")
    expect(page.locator("#id_slug")).to_have_value("brand-new-company")
    page.select_option("#id_kind", "startup")
    page.select_option("#id_ai_relevance", "core")
    offices = page.locator("#offices-group")
    offices.locator("summary").first.click()
    offices.get_by_text(re.compile("Add another")).click()
    page.select_option("#id_offices-0-kind", "hq")
    page.locator("#offices-0 .field-district .select2-selection").first.click()
    expect(page.locator(".select2-results")).to_be_visible()
    page.keyboard.press("Escape")
    page.fill("#id_offices-0-address_ko", "서울 강남구")
    page.locator("input[name=_save]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert complaints == []


def test_two_windows_on_one_record(signed_in, live_server, complaints):
    company = factories.company(name_en="Original")
    first, address = signed_in, f"{live_server.url}/en/admin/clusters/company/{company.pk}/change/"
    second = first.context.new_page()
    for window, name in ((first, "Mine"), (second, "Theirs")):
        window.goto(address)
        window.fill("#id_name_en", name)
    second.locator("input[name=_save]").first.click()
    expect(second.locator(".messagelist .success")).to_be_visible()
    first.locator("input[name=_save]").first.click()
    expect(first.locator(".errorlist.nonfield")).to_contain_text("now “Theirs”; yours is “Mine”")
    expect(first.locator("#id_name_en")).to_have_value("Mine")
    first.locator("input[name=_save]").first.click()
    expect(first.locator(".messagelist .success")).to_be_visible()
    company.refresh_from_db()
    assert company.name_en == "Mine"
    assert complaints == []


def test_the_language_link_and_a_narrow_screen(signed_in, live_server):
    page = signed_in
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live_server.url}/en/admin/clusters/company/add/")
    page.locator("a.language").click()
    expect(page).to_have_url(f"{live_server.url}/admin/clusters/company/add/")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.wait_for_load_state()
    font = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert font.startswith("Pretendard")
