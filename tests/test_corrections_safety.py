"""The public form of corrections under abuse: other sites, programs, floods, and hostile text in every field."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from clusters.curation import sendings
from clusters.models import Proposal, Sending
from tests import factories, markup
from tests.corrections import LANGUAGES, errors, form_url, opened, sent

pytestmark = pytest.mark.django_db


# ---- protection ------------------------------------------------------------------------------------


def test_no_cookie_is_needed_and_none_is_set():
    client = Client(enforce_csrf_checks=True)
    company = factories.company()
    response = sent(client, company, **{"new-name_en": "New"})
    assert response.status_code == 303
    assert not response.cookies and not client.cookies


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver", "sec-fetch-site": "same-origin"}, 303),
        ({"origin": "http://[broken"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(client, headers, status):
    company = factories.company()
    data = {**opened(client, company), "new-name_en": "New", "link": "https://a.example/"}
    assert client.post(form_url(company), data, headers=headers).status_code == status
    assert Proposal.objects.exists() == (status == 303)


def test_a_form_is_good_for_a_day_and_for_its_record(client):
    one, other = factories.company(), factories.company()
    with time_machine.travel("2026-11-24 03:00 +0000", tick=False):
        old = opened(client, one)
    with time_machine.travel("2026-11-25 03:01 +0000", tick=False):
        data = {**old, "new-name_en": "New", "link": "https://a.example/", "comment": "내 의견"}
        page = client.post(form_url(one), data).content.decode()
        assert "more than a day" in page and "내 의견" in page
        again = {**data, "opened": opened(client, one)["opened"]}
        for seal in ("", "x", "x" * 9999, opened(client, other)["opened"][0]):
            assert client.post(form_url(one), {**again, "opened": seal}).status_code == 200
        assert not Proposal.objects.exists()
        assert client.post(form_url(one), again).status_code == 303


def test_programs_that_fill_in_every_field_are_stopped(client):
    company = factories.company()
    response = sent(client, company, **{"new-name_en": "New", "homepage": "https://spam.example/"})
    assert response.status_code == 200 and not Proposal.objects.exists()
    assert any("to stop programs" in error for error in errors(response))


def test_one_address_sends_only_so_much(client):
    company = factories.company()
    (_, most), *_rest = sendings.PER_ADDRESS
    with time_machine.travel("2026-11-25 03:00 +0000", tick=False) as clock:
        for number in range(most):
            assert sent(client, company, comment=f"의견 {number}").status_code == 303
        response = sent(client, company, comment="하나 더")
        assert response.status_code == 429
        assert "하나 더" in response.content.decode()
        form = {**opened(client, company), "link": "https://a.example/", "comment": "다른 곳"}
        assert client.post(form_url(company), form, REMOTE_ADDR="192.0.2.7").status_code == 303
        clock.shift(timedelta(hours=1, seconds=1))
        assert sent(client, company, comment="하나 더").status_code == 303
        clock.shift(timedelta(days=2))
        assert sent(client, company, comment="또 하나").status_code == 303
        assert Sending.objects.count() == 1, "What is older than a day is gone."


def test_all_together_send_only_so_much(client, monkeypatch):
    monkeypatch.setattr(sendings, "FROM_ALL", ((timedelta(hours=1), 2),))
    company = factories.company()
    for number, status in enumerate((303, 303, 429)):
        data = {**opened(client, company), "link": "https://a.example/", "comment": f"의견 {number}"}
        response = client.post(form_url(company), data, REMOTE_ADDR=f"192.0.2.{number}")
        assert response.status_code == status


def test_no_network_address_is_kept(client):
    company = factories.company()
    data = {**opened(client, company), "link": "https://a.example/", "comment": "의견"}
    client.post(form_url(company), data, REMOTE_ADDR="198.51.100.23")
    assert Sending.objects.get().digest != "198.51.100.23"
    for row in (*Proposal.objects.values(), *Sending.objects.values()):
        assert "198.51.100.23" not in str(row)


# ---- hostile input ---------------------------------------------------------------------------------

HOSTILE = [
    "' OR 1=1;--",
    "</textarea><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "\u200b\u202e",
    "\ufffd",
    "=1+1",
    "9" * 400,
    "-1",
    "1e999",
    "NaN",
    "Infinity",
    "²",
    "２０２６",
    "0000-00-00",
    "9999999-01-01",
    "x" * 2500,
    "a\r\nb",
    "💥",
]


@pytest.mark.parametrize(
    "make",
    [
        factories.company,
        factories.call,
        factories.observation,
        factories.event,
        factories.office,
        factories.program,
        factories.station,
        factories.source,
        factories.criterion,
        factories.funding_round,
    ],
)
def test_hostile_text_in_every_field(make):
    record = make()
    client = Client(raise_request_exception=True)
    form = opened(client, record)
    for text in HOSTILE:
        data = {**dict.fromkeys(form, text), "opened": form["opened"], "homepage": ""}
        response = client.post(form_url(record), data)
        assert response.status_code in (200, 303, 429), text
        if response.status_code == 200:
            page = response.content.decode()
            assert "<img src=x" not in page
            assert "{%" in text or not markup.problems(page), text
    for proposal in Proposal.objects.all():
        proposal.full_clean()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "about",
    [
        "company",
        "company:",
        "company:no-such",
        "company:../x",
        "office:0",
        "office:-1",
        "office:²",
        "office:9223372036854775808",
        "office:" + "9" * 300,
        "user:1",
        "proposal:1",
        ":",
        "::",
        "company:a:b",
        "COMPANY:naver",
        "x" * 3000,
        "회사:네이버",
    ],
)
def test_addresses_of_nothing(client, about, language):
    assert client.get(f"{language}/corrections/new/?about={quote(about)}").status_code == 404
    assert client.post(f"{language}/corrections/new/?about={quote(about)}", {}).status_code == 404


def test_bodies_that_fit_nothing(client):
    company = factories.company()
    form = opened(client, company)
    too_much = client.post(form_url(company), {**form, "comment": "글" * 70_000})
    assert too_much.status_code == 413 and "too much text" in too_much.content.decode()
    assert client.post(form_url(company), {**form, "new-technologies": "a\x00b"}).status_code == 400
    for body, kind in (
        (b"\xff\xfe=\xff&new-name_en=%ff%fe", "application/x-www-form-urlencoded"),
        (b"no parts", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"&".join(b"a%d=1" % number for number in range(6000)), "application/x-www-form-urlencoded"),
    ):
        response = Client(raise_request_exception=False).post(
            form_url(company), body, content_type=kind, headers={"accept": "text/html"}
        )
        # 404: by another character set than UTF-8 the address itself reads differently, and names no record.
        assert response.status_code in (200, 400, 404), kind
    assert client.put(form_url(company)).status_code == 405
    for path in ("", "X/", "AAAA-AAAA/", "2222-222/", "2222-22222/", "%EB%84%A4-2222/"):
        assert client.get(f"/en/corrections/thanks/{path}").status_code == 404
    assert client.post("/en/corrections/thanks/2222-2222/").status_code == 405


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_record_the_page_says_how_to_begin(client, language):
    response = client.get(f"{language}/corrections/new/")
    assert response.status_code == 200
    assert not markup.problems(response.content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
def test_markup(client, language):
    office = factories.office(district=factories.district())
    for address in (
        form_url(office.company, language),
        form_url(office, language),
        f"{language}/corrections/thanks/2222-2222/",
    ):
        assert not markup.problems(client.get(address).content.decode())
    response = sent(client, office.company, language, link="", **{"new-name_en": ""})
    assert not markup.problems(response.content.decode())


def test_the_form_of_a_large_profile_asks_no_more(client, django_assert_max_num_queries):
    district = factories.district()
    for _ in range(3):
        factories.claim(district=district)
        factories.observation(series=factories.series(district=district))
    with django_assert_max_num_queries(14):
        client.get(form_url(district))
