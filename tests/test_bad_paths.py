"""No path, method, header or body, however bad, breaks the site or leads away from it."""

import re
from itertools import product
from urllib.parse import unquote_to_bytes

import pytest
from django.templatetags.static import static
from django.test import Client

from tests import addresses, world
from tests.hostile import ask

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def directory(django_db_setup, django_db_blocker):
    with world.standing(django_db_blocker, 1) as made:
        yield made


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    "path",
    [
        "/companies/NO-SUCH/",
        "/companies/-/",
        "/companies/a--b/",
        "/companies/../../etc/passwd",
        "/companies/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/companies/" + "a" * 5000 + "/",
        "/companies/판교/",
        "/companies/main-company",
        "/companies/main-company/extra/",
        "/companies.xml",
        "/companies.json/",
        "/sources/%EF%BC%91/",
        "/static/../manage.py",
        "/static/%2e%2e/%2e%2e/config/settings.py",
        "/var/secret_key",
        "/%3Cscript%3Ealert(1)%3C/script%3E/",
        "/a%0D%0AX-Bad:%201/",
        "//elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example/",
        "/%5C%5Celsewhere.example/",
    ],
)
def test_paths(directory, client, language, path):
    # The client would take a path with two slashes for another host's.
    info = unquote_to_bytes(language + path).decode("latin-1")
    response = client.get("/", PATH_INFO=info)
    assert response.status_code in (301, 404)
    assert "X-Bad" not in response.headers
    if response.status_code == 301:
        assert re.match(r"/[^/\\]", response["Location"]), "A redirect stays on the site."
    else:
        text = response.content.decode()
        assert "<script>alert" not in text
        links = re.findall(r'(?:href|src|action)="([^"]*)"', text)
        assert not [link for link in links if re.match(r"[/\\]{2}|/\\", link)], "Links stay on the site."


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_methods(directory, client, method):
    visited = [*addresses.pages(directory, ["main-district"]), *addresses.files(["main-district"])]
    forms = addresses.both("correction")
    for address in visited:
        if address.split("?")[0] in forms:  # the one public page that takes a form
            continue
        response = ask(client, address.split("?")[0], method=method)
        assert response.status_code == 405, address
        assert response["Allow"] == "GET, HEAD"


def test_head_answers_like_get_without_a_body(directory, client):
    for address in (
        *addresses.simple_pages(),
        *addresses.lists(),
        "/companies.csv",
        "/healthz",
        "/sitemap.xml",
    ):
        response = client.head(address)
        assert response.status_code == 200 and response.getvalue() == b"", address


@pytest.mark.parametrize(
    ("headers", "codes"),
    [
        ({"host": "elsewhere.example"}, {400}),
        ({"host": "testserver:99999999"}, {200, 400}),
        ({"host": ""}, {400}),
        ({"host": "a" * 5000}, {400}),
        ({"x-forwarded-host": "elsewhere.example"}, {200}),
        ({"x-forwarded-for": "not an address, ::1, " + "9" * 500}, {200}),
        ({"x-forwarded-proto": "gopher"}, {200}),
        ({"cookie": "sessionid=" + "x" * 60_000}, {200}),
        ({"cookie": "; ".join(f"c{n}=\x7f" for n in range(3000))}, {200}),
        ({"cookie": "sessionid=\xff\xfe; csrftoken='\"; a"}, {200}),
        ({"accept-language": "ko;q=" + "9" * 4000}, {200}),
        ({"accept-encoding": "gzip;q=nonsense, \x00"}, {200}),
        ({"hx-request": "garbage"}, {200}),
        (
            {"hx-request": "true", "hx-target": "\xff" * 500, "hx-current-url": "http://[not-an-address"},
            {200},
        ),
        ({"hx-request": "true", "hx-history-restore-request": "garbage", "hx-trigger": "{"}, {200}),
        ({"hx-request-uri-autoencoded": "true", "hx-request": "%ZZ"}, {200}),
        ({"if-modified-since": "the day before yesterday"}, {200}),
        ({"if-none-match": '"' * 2000}, {200}),
        ({"range": "bytes=9-1"}, {200, 416}),
        ({"range": "bytes=" + "9" * 4000 + "-"}, {200, 416}),
        ({"content-length": "-5"}, {200, 400}),
        ({"referer": "javascript:alert(1)"}, {200}),
        ({"user-agent": ""}, {200}),
    ],
    ids=lambda value: "+".join(value)[:40] if isinstance(value, dict) else "",
)
def test_odd_headers(directory, client, headers, codes):
    for address in ("/compare/", "/en/events/", "/companies.json", static("clusters/style.css")):
        response = client.get(address, headers=headers)
        assert response.status_code in codes | ({200} if address.startswith("/static/") else set()), address
        assert b"elsewhere.example" not in (b"" if response.streaming else response.content)


@pytest.mark.parametrize(
    ("field", "value"), [*product(["username", "password", "next"], ["a\x00b", "\ud800", "x" * 9000])]
)
def test_sign_in(client, settings, field, value):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    data = {"username": "nobody", "password": "nothing", "next": "/admin/", field: value}
    for address in ("/admin/login/", "/en/admin/login/"):
        body = "&".join(f"{name}={text}" for name, text in data.items()).encode("utf-8", "surrogatepass")
        response = client.post(address, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (200, 400)


def test_bodies_that_cannot_be_read():
    for body, kind in (
        (b"\xff\xfe\x00", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"{", "application/json"),
        (b"a=1&" * 6000, "application/x-www-form-urlencoded"),
        (b"a" * (6 * 1024 * 1024), "application/x-www-form-urlencoded"),
        (b"a=1", "application/x-www-form-urlencoded; charset=no-such-charset"),
    ):
        for enforced in (False, True):
            client = Client(enforce_csrf_checks=enforced)
            response = client.generic("POST", "/admin/login/", body, content_type=kind)
            assert 200 <= response.status_code < 500, (body[:20], kind)
