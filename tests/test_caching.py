"""What browsers and shared caches are told: one tag for one answer, 304 before any other work, nothing mixed up."""

import gzip

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db

PAGES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages under test"},
}


def tag(client: Client, address: str, **headers) -> str:
    return client.get(address, headers=headers)["ETag"]


def test_an_unchanged_page_is_answered_by_one_query(client):
    factories.company()
    first = client.get("/companies/")
    assert first["ETag"].startswith('"'), "A strong tag."
    assert first["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/companies/", headers={"If-None-Match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content, len(queries)) == (304, b"", 1)
    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
        assert again[name] == first[name]


def test_every_write_makes_another_answer(client):
    company = factories.company()
    before = tag(client, "/companies/")
    company.name_ko = "다른 이름"
    company.save()
    answer = client.get("/companies/", headers={"If-None-Match": before})
    assert answer.status_code == 200 and "다른 이름" in answer.content.decode()


def test_no_two_answers_share_a_tag(client):
    factories.company()
    gzipped, part = {"Accept-Encoding": "gzip"}, {"HX-Request": "true"}
    restored = {**part, "HX-History-Restore-Request": "true"}
    tags = [
        tag(client, address, **headers)
        for address in (
            "/companies/",
            "/en/companies/",
            "/companies/?page=2",
            "/companies/?q=2",
            "/companies.csv",
        )
        for headers in ({}, gzipped, part, restored)
    ]
    assert len(set(tags)) == len(tags)
    vary = client.get("/companies/")["Vary"].lower().split(", ")
    assert {"hx-request", "hx-history-restore-request", "accept-encoding"} <= set(vary)
    assert "cookie" not in vary


def test_compressed_answers_are_the_same(client):
    factories.company()
    for address in ("/companies/", "/companies.csv", "/companies.ndjson"):
        plain = client.get(address).getvalue()
        answer = client.get(address, headers={"Accept-Encoding": "br, gzip;q=0.5"})
        assert answer["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.getvalue()) == plain


@pytest.mark.parametrize("refusing", ["gzip;q=0", "br, gzip; q=0.0", "identity", "x-gzip"])
def test_who_takes_no_gzip_gets_none(client, refusing):
    factories.company()
    for address in ("/companies/", "/companies.csv", "/companies/nobody/", "/admin/login/"):
        answer = client.get(address, headers={"Accept-Encoding": refusing})
        assert "Content-Encoding" not in answer
        assert "accept-encoding" in answer["Vary"].lower()
        assert not answer.get("ETag", "").startswith("W/")


def test_a_workbook_is_not_compressed_again(client):
    factories.company()
    answer = client.get("/companies.xlsx", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer and answer["ETag"].startswith('"')
    assert answer.getvalue() == client.get("/companies.xlsx", headers={"Accept-Encoding": "gzip"}).getvalue()


def test_whoever_has_anything_is_told_that_there_is_something(client):
    factories.company()
    for address in ("/companies/", "/companies.csv"):
        answer = client.get(address, headers={"If-None-Match": "*"})
        assert (answer.status_code, answer.getvalue()) == (304, b"") and answer["ETag"] == tag(
            client, address
        )
    assert client.get("/companies/nobody/", headers={"If-None-Match": "*"}).status_code == 404


def test_deadlines_change_by_the_minute_and_dates_by_the_day(client):
    factories.company()

    def tags(moment: str) -> dict[str, str]:
        with time_machine.travel(moment, tick=False):
            return {name: tag(client, f"/{name}/") for name in ("programs", "events", "companies")}

    first = tags("2026-11-23 10:00:10 +0900")
    assert tags("2026-11-23 10:00:50 +0900") == first
    minute = tags("2026-11-23 10:01:00 +0900")
    assert {name for name in first if minute[name] != first[name]} == {"programs"}
    day = tags("2026-11-24 00:00:00 +0900")
    assert {name for name in first if day[name] != first[name]} == {"programs", "events"}


def test_errors_and_the_admin_are_not_for_keeping(client):
    for address in ("/companies/nobody/", "/companies.json?kind=nope", "/admin/login/"):
        assert "ETag" not in client.get(address)


@override_settings(CACHES=PAGES)
def test_the_page_cache_gives_the_same_page_until_the_data_changes(client):
    company = factories.company(name_ko="첫째기업")
    first = client.get("/companies/")
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/companies/")
    assert again.content == first.content and len(queries) == 1
    assert {**again.headers} == {**first.headers}
    company.delete()
    assert "첫째기업" not in client.get("/companies/").content.decode()
    assert b"<html" not in client.get("/companies/", headers={"HX-Request": "true"}).content
