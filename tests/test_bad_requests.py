"""No question, however bad, breaks the site: pages answer with a message, files with 400, nothing with a 5xx."""

import json
import re
from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from clusters.directory.registry import DIRECTORIES
from tests import addresses, world

pytestmark = pytest.mark.django_db

NAMES = [entry.name for entry in DIRECTORIES]
# What may stand where a code, a number or a word belongs, as it is sent.
HOSTILE = {
    "unknown": "no-such-thing",
    "empty": "",
    "blank": "%20%20",
    "text": "%ED%8C%90%EA%B5%90",
    "zero": "0",
    "negative": "-1",
    "huge": "1" + "0" * 30,
    "beyond-64-bit": "9223372036854775808",
    "endless-digits": "9" * 5000,
    "superscript": "%C2%B2",
    "full-width": "%EF%BC%91%EF%BC%92",
    "arabic-digits": "%D9%A1%D9%A2",
    "exponent": "1e9",
    "infinity": "Infinity",
    "not-a-number": "NaN",
    "dashes": "--name",
    "sql": "'%20OR%201=1;--",
    "markup": "%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "pattern": "(a%2B)%2B$",
    "like": "%25_%25%5C",
    "braces": "%7B%7B7*7%7D%7D",
    "percent": "%25",
    "broken-escape": "%zz%",
    "lookup": "district__slug__in",
    "newline": "a%0D%0AX-Bad:%201",
    "zero-width": "%E2%80%8B",
    "right-to-left": "%E2%80%AE",
    "emoji": "%F0%9F%92%A5",
    "long": "x" * 3000,
    "words": "+".join("abcdefghijklmnopqrst"),
    "repeated": "a&{name}=b&{name}=c",
}
UNREADABLE = {
    "nul": "%00",
    "nul-inside": "a%00b",
    "bad-utf-8": "%FF%FE",
    "cut-utf-8": "%ED%8C",
    "lone-surrogate": "%ED%A0%80",
    "overlong": "%C0%80",
}


@pytest.fixture(scope="module")
def directory(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        made = world.build()
        world.grow(made, 1)
        yield made
        transaction.set_rollback(True)


def parameters(name: str) -> list[str]:
    """Every parameter a list reads, and some it does not."""
    filters = next(entry.filters for entry in DIRECTORIES if entry.name == name)
    return [*filters.base_filters, "sort", "page", "per_page", "id", "pk__in", "publication", "unknown"]


def query(names: list[str], value: str) -> str:
    return "&".join(f"{name}={value.replace('{name}', name)}" for name in names)


def ask(client: Client, path: str, sent: str = "", method: str = "GET", **headers):
    """A request with the query exactly as given."""
    return client.generic(method, path, QUERY_STRING=sent, **headers)


def is_a_page(response) -> bool:
    return response["Content-Type"].startswith("text/html") and b'id="main"' in response.content


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", HOSTILE)
def test_lists(directory, client, name, value):
    """All parameters bad at once, then the three of the paging alone."""
    everything, paging = parameters(name), ["sort", "page", "per_page"]
    sent = query(everything, HOSTILE[value])[:8000]
    page = ask(client, reverse(name), sent)
    assert page.status_code == 200 and is_a_page(page)
    assert page.status_code == ask(client, f"/en{reverse(name)}", query(paging, HOSTILE[value])[:8000]).status_code
    for suffix in (".json", ".csv"):
        response = ask(client, reverse(name + suffix), sent)
        assert response.status_code == (200 if value in ("empty", "blank") else 400), response.content[:300]
        if suffix == ".json" and response.status_code == 400:
            problem = json.loads(response.content)
            assert response["Content-Type"] == "application/problem+json"
            assert problem["status"] == 400 and problem["errors"]


@pytest.mark.parametrize("name", NAMES)
def test_each_bad_parameter_says_so_and_filters_nothing(directory, client, name):
    untouched = ask(client, reverse(name)).content.decode()
    total = re.search(r'data-total="\d+"', untouched)[0]
    for parameter in parameters(name)[1:-4]:
        page = ask(client, reverse(name), f"{parameter}=no-such-thing").content.decode()
        assert total in page, parameter
        assert page.count('class="err"') > untouched.count('class="err"'), f"{parameter}: no message beside the field"
        problem = json.loads(ask(client, reverse(f"{name}.json"), f"{parameter}=no-such-thing").content)
        assert list(problem["errors"]) == [parameter]


@pytest.mark.parametrize("page", ["0", "-1", "1000000000000000000", "%C2%B2", "%EF%BC%91%EF%BC%92", "1.0", "0x1", "+1"])
def test_page_numbers(directory, client, page):
    response = ask(client, "/companies/", f"page={page}")
    assert response.status_code == 200
    assert b"data-slug" in response.content, "Some page of the list is shown."
    response = ask(client, "/companies.json", f"page={page}")
    assert response.status_code == 400
    assert list(json.loads(response.content)["errors"]) == ["page"]


@pytest.mark.parametrize("per_page", ["0", "-5", "101", "1000000000", "%C2%B2", "ten"])
def test_page_lengths(directory, client, per_page):
    response = ask(client, "/sources/", f"per_page={per_page}")
    assert response.status_code == 200
    assert 0 < response.content.count(b"data-slug") <= 100
    assert ask(client, "/sources.json", f"per_page={per_page}").status_code == 400


@pytest.mark.parametrize("value", HOSTILE)
def test_compare(directory, client, value):
    for names in (["d"], ["d", "diff", "pair"], ["diff", "pair"]):
        sent = query(names, HOSTILE[value])[:8000]
        for around in (sent, f"d=main-district&{sent}"):
            for address in addresses.both("compare"):
                page = ask(client, address, around)
                assert page.status_code == 200 and is_a_page(page)
            for suffix in (".json", ".csv"):
                assert ask(client, reverse(f"compare{suffix}"), around).status_code == 400


def test_compare_with_many_districts(directory, client):
    for sent in ("d=&" * 1000, "d=a&" * 1000, "d=main-district&" * 400, "&".join(f"d=d{n}" for n in range(800))):
        assert ask(client, "/compare/", sent).status_code == 200
        assert ask(client, "/compare.json", sent).status_code == 400


@pytest.mark.parametrize("value", HOSTILE)
def test_search(directory, client, value):
    for address in addresses.both("search"):
        page = ask(client, address, query(["q", "page", "kind"], HOSTILE[value])[:8000])
        assert page.status_code == 200 and is_a_page(page)


@pytest.mark.parametrize("value", HOSTILE)
def test_pages_without_parameters_do_not_mind_any(directory, client, value):
    sent = query(["q", "page", "slug", "lang", "next"], HOSTILE[value])[:8000]
    for address in (*addresses.simple_pages(), *addresses.profiles(directory), "/healthz", "/robots.txt"):
        assert ask(client, address, sent).status_code == 200, address


@pytest.mark.parametrize("value", HOSTILE)
def test_the_sitemap_has_only_the_pages_it_has(directory, client, value):
    assert ask(client, "/sitemap.xml", query(["p", "section"], HOSTILE[value])[:8000]).status_code in (200, 404)


@pytest.mark.parametrize("value", UNREADABLE)
def test_what_no_page_can_hold_is_refused(directory, client, value):
    sent = UNREADABLE[value]
    visited = [*addresses.simple_pages(), *addresses.lists(), *addresses.lists(".json"), *addresses.lists(".csv")]
    for address in visited:
        response = ask(client, address, f"q={sent}")
        assert response.status_code == 400 and is_a_page(response), address
    for template in ("/companies/{}/", "/en/companies/x{}/", "/{}/", "/en/{}", "/companies{}.json", "/static/{}"):
        response = client.get(template.format(sent))
        assert response.status_code in (400, 404), template


def test_raw_bytes_in_a_query_are_judged_like_escaped_ones(client, directory):
    assert ask(client, "/companies/", "q=\xff").status_code == 400
    assert ask(client, "/companies/", "q=판교".encode().decode("latin-1")).status_code == 200


@pytest.mark.parametrize(
    "sent",
    {
        "long-value": "q=" + "a" * 100_000,
        "many-parameters": "&".join(f"a{n}={n}" for n in range(10_000)),
        "one-name-often": "district=x&" * 5_000,
        "only-separators": "&" * 7_900,
        "deep-names": "a" + "[b]" * 2_000 + "=1",
        "deep-lookups": "district" + "__slug" * 1_000 + "=1",
    }.items(),
    ids=lambda item: item[0],
)
def test_endless_queries(directory, client, sent):
    visited = ["/", "/en/", "/companies/", "/en/programs/", "/companies.json", "/sources.csv", "/compare/", "/search/"]
    for address in visited:
        response = ask(client, address, sent[1])
        assert response.status_code in (200, 400), address
        assert response.status_code == 400 or len(sent[1]) <= 8000


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
    response = client.get(language + path)
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
    for address in visited:
        response = ask(client, address.split("?")[0], method=method)
        assert response.status_code == 405, address
        assert response["Allow"] == "GET, HEAD"


def test_head_answers_like_get_without_a_body(directory, client):
    for address in (*addresses.simple_pages(), *addresses.lists(), "/companies.csv", "/healthz", "/sitemap.xml"):
        response = client.head(address)
        assert response.status_code == 200 and response.content == b"", address


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
        ({"hx-request": "true", "hx-target": "\xff" * 500, "hx-current-url": "http://[not-an-address"}, {200}),
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
    from django.templatetags.static import static

    for address in ("/", "/en/companies/", "/companies.json", "/compare/", static("clusters/style.css")):
        response = client.get(address, headers=headers)
        assert response.status_code in codes | ({200} if address.startswith("/static/") else set()), address
        assert "elsewhere.example" not in response.content.decode()


@pytest.mark.parametrize(("field", "value"), product(["username", "password", "next"], ["a\x00b", "\ud800", "x" * 9000]))
def test_sign_in(client, field, value):
    data = {"username": "nobody", "password": "nothing", "next": "/admin/", field: value}
    for address in ("/admin/login/", "/en/admin/login/"):
        body = "&".join(f"{name}={text}" for name, text in data.items()).encode("utf-8", "surrogatepass")
        response = client.post(address, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in (200, 400)


def test_bodies_that_cannot_be_read(client):
    for body, kind in (
        (b"\xff\xfe\x00", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"{", "application/json"),
        (b"a=1&" * 6000, "application/x-www-form-urlencoded"),
        (b"a" * (6 * 1024 * 1024), "application/x-www-form-urlencoded"),
        (b"a=1", "application/x-www-form-urlencoded; charset=no-such-charset"),
    ):
        for enforced in (False, True):
            response = Client(enforce_csrf_checks=enforced).post("/admin/login/", body, content_type=kind)
            assert 200 <= response.status_code < 500, (body[:20], kind)
