"""Safety headers on every answer: pages, files, errors, sign-in, static files; and no cookies on public pages."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError
from django.http import HttpResponse
from django.templatetags.static import static
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from clusters.models import District
from tests import addresses, world

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
UNNEEDED = ("camera", "geolocation", "microphone", "payment", "usb")


def policy_of(response: HttpResponse) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    return {name: rest[0] if rest else "" for name, *rest in parts}


def check(response: HttpResponse) -> None:
    policy = policy_of(response)
    assert {name: policy.get(name) for name in POLICY} == POLICY
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "*" not in response["Content-Security-Policy"]
    assert not any("http" in sources for sources in policy.values()), "Nothing comes from another site."
    features = response["Permissions-Policy"].split(", ")
    assert {f"{feature}=()" for feature in UNNEEDED} <= set(features)
    assert {name: response.headers.get(name) for name in FIXED} == FIXED


class Visit(NamedTuple):
    address: str
    public: HttpResponse
    curator: HttpResponse


@pytest.fixture(scope="module")
def visits(django_db_setup, django_db_blocker):
    """Every page and file, asked for by anybody and by a signed-in curator, with cookies and languages to mislead."""
    frozen = time_machine.travel("2026-11-25 03:00 +0000", tick=False)
    with frozen, world.standing(django_db_blocker, 1) as directory:
        compared = list(District.objects.values_list("slug", flat=True))
        visited = [
            *addresses.pages(directory, compared),
            *addresses.files(compared),
            "/no-such-page/",
            "/?q=%00",
        ]
        readers = Client(), Client()
        readers[1].force_login(get_user_model().objects.create_superuser("curator"))
        for reader in readers:
            reader.cookies["django_language"] = "en"
        misleading = {"ko": {"accept-language": "en"}, "en": {"accept-language": "ko"}}
        yield [
            Visit(
                address,
                *(reader.get(address, headers=misleading[language_of(address)]) for reader in readers),
            )
            for address in visited
        ]


def language_of(address: str) -> str:
    return "en" if address.startswith("/en/") else "ko"


@pytest.fixture
def patient() -> Client:
    """A client that gets the error page, as a reader does, instead of the exception."""
    return Client(raise_request_exception=False)


def test_pages_and_files(visits):
    for visit in visits:
        assert visit.public.status_code == {"/no-such-page/": 404, "/?q=%00": 400}.get(visit.address, 200)
        check(visit.public)
        check(visit.curator)


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/no-such-page/", 404),
        ("/companies/no-such-company/", 404),
        ("/companies/%00/", 400),
        ("/?q=%00", 400),
        ("/companies.json?district=nowhere", 400),
        ("/companies.csv?district=nowhere", 400),
        ("/companies", 301),
        ("/components/", 404),
        ("/admin/", 302),
        ("/admin/login/", 200),
        ("/admin/no-such-page/", 302),
    ],
)
def test_errors_redirects_and_sign_in(patient, language, path, status):
    response = patient.get(language + path)
    assert response.status_code == status
    check(response)
    assert response["Content-Language"] == ("en" if language else "ko")


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/companies/", "/healthz", "/companies.csv", "/compare/", "/districts/no-such-one/"]
)
def test_methods_that_change_things(path):
    stranger = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        response = getattr(stranger, method)(path)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD"
        check(response)


@pytest.mark.parametrize("path", ["/", "/companies/", "/companies.csv", "/no-such-page/", "/healthz"])
def test_no_body_is_handed_to_the_server_for_a_head(path):
    answer = get_wsgi_application().get_response(RequestFactory().head(path))
    assert b"".join(answer) == b""
    got = Client().get(path)
    assert answer.status_code == got.status_code
    for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
        assert answer.get(name) == got.get(name)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_form_sent_from_elsewhere(language):
    """The page about a refused form is ours, without the inline styles of the stock one."""
    response = Client(enforce_csrf_checks=True).post(
        "/admin/login/" if language == "ko" else "/en/admin/login/"
    )
    assert response.status_code == 403
    check(response)
    text = response.content.decode()
    assert f'<html lang="{language}">' in text and "<style" not in text and 'id="main"' in text


def test_a_host_that_is_not_ours(patient):
    response = patient.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    check(response)
    assert "elsewhere.example" not in response.content.decode()


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_host_that_is_not_ours_asked_for_without_https():
    response = Client(raise_request_exception=False).get("/en/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    check(response)
    assert response["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_our_own_mistake(patient, monkeypatch, language):
    monkeypatch.setattr("clusters.views.pages.seoul_now", lambda: 1 / 0)
    response = patient.get("/" if language == "ko" else "/en/")
    assert response.status_code == 500
    check(response)
    assert response["Content-Language"] == language
    assert f'<html lang="{language}">' in response.content.decode()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_about_our_own_mistake_needs_no_database(patient, monkeypatch, language):
    def gone(*args, **kwargs):
        raise DatabaseError("The database went away.")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
    response = patient.get("/companies/" if language == "ko" else "/en/companies/")
    assert response.status_code == 500
    text = response.content.decode()
    assert f'<html lang="{language}">' in text and 'id="main"' in text
    assert "went away" not in text
    check(response)
    assert patient.get("/healthz").status_code == 500


def test_static_files(client):
    for name in ("clusters/style.css", "clusters/enhance.js", "clusters/favicon.svg"):
        response = client.get(static(name))
        assert response.status_code == 200
        assert "immutable" in response["Cache-Control"], "The address changes with the content."
        check(response)
        assert "Set-Cookie" not in response.headers
    check(client.get("/static/no-such-file.css"))


# ---- cookies, languages and caches ----------------------------------------------------------------


def varies_on(response: HttpResponse) -> set[str]:
    return {part.strip().lower() for part in response.headers.get("Vary", "").split(",") if part.strip()}


def test_public_pages_set_no_cookie_and_do_not_depend_on_one(visits):
    for visit in visits:
        for response in (visit.public, visit.curator):
            assert not response.cookies, visit.address
            kept_apart = {"accept-encoding", "hx-request", "hx-history-restore-request"}
            assert varies_on(response) <= kept_apart, visit.address


def test_a_page_is_the_same_for_a_signed_in_curator(visits):
    for visit in visits:
        assert visit.curator.getvalue() == visit.public.getvalue(), visit.address


def test_the_address_alone_decides_the_language(visits):
    for visit in visits:
        language = language_of(visit.address)
        if visit.address not in ("/sitemap.xml", "/robots.txt", "/healthz"):
            assert visit.public["Content-Language"] == language, visit.address
        if visit.public["Content-Type"].startswith("text/html"):
            assert f'<html lang="{language}">' in visit.public.content.decode(), visit.address


def test_hsts_when_the_site_is_https(tmp_path):
    """With the settings as https brings them, in a process of its own: nothing here needs the database."""
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "client = Client(headers={'host': 'clusters.example'})\n"
        "plain, secure = client.get('/robots.txt'), client.get('/robots.txt', secure=True)\n"
        "print(plain.status_code, plain['Location'], plain.has_header('Content-Security-Policy'))\n"
        "print(secure.status_code, secure['Strict-Transport-Security'])\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(tmp_path),
        "SITE_URL": "https://clusters.example",
        "SECRET_KEY": "s" * 60,
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines() == [
        "301 https://clusters.example/robots.txt True",
        "200 max-age=31536000; includeSubDomains; preload",
    ], done.stderr
    assert "Strict-Transport-Security" not in Client().get("/robots.txt").headers


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_about_our_own_mistake_needs_no_static_files(patient, monkeypatch, language):
    def missing(*args, **kwargs):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr("django.contrib.staticfiles.storage.ManifestFilesMixin.stored_name", missing)
    response = patient.get("/about/" if language == "ko" else "/en/about/")
    assert response.status_code == 500
    text = response.content.decode()
    assert f'<html lang="{language}">' in text and 'id="main"' in text
    assert "manifest" not in text
    check(response)
