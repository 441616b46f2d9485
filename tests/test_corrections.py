"""The public form of corrections: what readers see, what is kept, what is refused, and that nothing leaks."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from clusters.curation import correctable, history, sendings
from clusters.models import Company, Proposal, Sending
from tests import factories, markup
from tests.admin.pages import Forms

pytestmark = pytest.mark.django_db

LANGUAGES = ["", "/en"]


def form_url(record, language: str = "/en") -> str:
    return f"{language}/corrections/new/?about={correctable.key(record)}"


def opened(client, record, language: str = "/en") -> dict:
    """What a browser would send for the untouched form."""
    response = client.get(form_url(record, language))
    assert response.status_code == 200
    forms = Forms(response.content.decode()).found
    return next(form for form in forms.values() if "opened" in form)


def sent(client, record, language: str = "/en", **changed):
    given = {"link": "https://news.example/says-so", **changed}
    return client.post(form_url(record, language), {**opened(client, record, language), **given})


def errors(response) -> list[str]:
    return re.findall(r'class="err"[^>]*>([^<]+)<', response.content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", correctable.FIELDS, ids=lambda model: model.__name__)
def test_every_kind_of_record_has_a_form(client, model, language):
    record = getattr(factories, re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower())()
    response = client.get(form_url(record, language))
    assert response.status_code == 200
    page = response.content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    form = opened(client, record, language)
    sent_back = client.post(form_url(record, language), {**form, "link": "https://a.example/"})
    assert sent_back.status_code == 200
    assert not Proposal.objects.exists(), "What was not touched is no proposal."


def test_profiles_lead_to_their_form(client):
    for record in (
        factories.district(),
        factories.company(),
        factories.institution(),
        factories.program(),
        factories.source(),
    ):
        page = client.get(f"/en{record.get_absolute_url()}").content.decode()
        assert f'href="{form_url(record)}"' in page
        assert not client.get(record.get_absolute_url()).cookies


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_becomes_a_proposal(client, language):
    llm, vision = factories.technology(), factories.technology("vision", name_ko="비전", name_en="Vision")
    company = factories.company(name_en="Old Name", website="https://old.example/", technologies=[llm])
    response = sent(
        client,
        company,
        language,
        **{
            "new-name_en": "New Name",
            "new-technologies": ["llm", "vision"],
            "new-aliases": "첫째\r\n둘째",
            "comment": "사명이 바뀌었습니다.\r\n둘째 줄",
            "email": "reader@example.com",
        },
    )
    assert response.status_code == 303
    proposal = Proposal.objects.get()
    assert response["Location"] == f"{language}/corrections/thanks/{proposal.reference}/"
    assert (proposal.model, proposal.record_pk, proposal.version) == ("company", company.pk, 1)
    assert proposal.by is None and proposal.from_public and proposal.is_waiting
    assert proposal.comment == "사명이 바뀌었습니다.\n둘째 줄"
    assert {entry["field"]: (entry["shown"], entry["proposed"]) for entry in proposal.changes} == {
        "name_en": ("Old Name", "New Name"),
        "aliases": ([], ["첫째", "둘째"]),
        "technologies": ([llm.pk], [llm.pk, vision.pk]),
    }
    company.refresh_from_db()
    assert (company.name_en, company.version) == ("Old Name", 1)
    thanks = client.get(response["Location"])
    assert proposal.reference in thanks.content.decode()
    assert not thanks.cookies and "noindex" in thanks.content.decode()


def test_a_statement_on_a_profile_is_chosen_there(client):
    company = factories.company()
    office, hidden = (
        factories.office(company=company, address_en="1 Teheran-ro"),
        factories.office(company=company, publication="draft"),
    )
    page = client.get(form_url(company)).content.decode()
    assert form_url(office).replace("&", "&amp;") in page
    assert correctable.key(hidden) not in page
    assert form_url(company) in client.get(form_url(office)).content.decode()
    assert sent(client, office, **{"new-kind": "lab"}).status_code == 303
    proposal = Proposal.objects.get()
    assert (proposal.model, proposal.record_pk) == ("office", office.pk)
    assert proposal.changes == [{"field": "kind", "shown": "hq", "proposed": "lab"}]


def test_a_comment_alone_is_enough_and_nothing_is_too_little(client):
    company = factories.company()
    response = sent(client, company)
    assert "You changed nothing." in response.content.decode()
    assert sent(client, company, comment="폐업했습니다.").status_code == 303
    assert Proposal.objects.get().changes == []


def test_what_was_wrong_is_said_beside_the_field_and_the_text_is_kept(client):
    company = factories.company()
    wrong = {
        "new-founded": "어제",
        "new-website": "javascript:alert(1)",
        "new-name_en": "",
        "new-summary_en": "<script>alert(1)</script> & my text",
        "link": "ftp://files.example/",
        "email": "nobody",
        "comment": "내 의견",
    }
    response = sent(client, company, **wrong)
    page = response.content.decode()
    assert response.status_code == 200 and not Proposal.objects.exists()
    assert len(errors(response)) == 5
    assert page.count('aria-invalid="true"') == 5
    for text in ("어제", "javascript:alert(1)", "ftp://files.example/", "nobody", "내 의견"):
        assert text in page
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
    assert 'role="alert"' in page


def test_a_source_or_grounds_are_needed(client):
    company = factories.company()
    response = sent(client, company, **{"new-name_en": "New", "link": ""})
    assert any("Give a link to a source" in error for error in errors(response))
    assert (
        sent(client, company, **{"new-name_en": "New", "link": "", "grounds": "재직 중"}).status_code == 303
    )


def test_rules_of_the_record_itself_are_said(client):
    office = factories.office(since="2024", until="")
    response = sent(client, office, **{"new-until": "2020"})
    assert "The end lies before the beginning." in response.content.decode()
    assert not Proposal.objects.exists()


def test_what_stands_there_wrong_already_stops_no_correction(client):
    company = factories.company()
    Company.objects.filter(pk=company.pk).update(website="no address at all")
    assert sent(client, company, **{"new-name_en": "New"}).status_code == 303


# ---- nothing leaks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "in_review", "archived"])
def test_unpublished_records_have_no_form(client, state):
    company = factories.company(publication=state, name_en="Hidden Name")
    office = factories.office(company=company)
    for record in (company, office):
        response = client.get(form_url(record))
        assert response.status_code == 404
        assert client.post(form_url(record), {"comment": "x"}).status_code == 404
        assert "Hidden Name" not in response.content.decode()


def test_hidden_relations_are_as_if_there_were_none(client):
    hidden = factories.district(publication="draft", short_name_en="Hidden District", slug="hidden-place")
    institution = factories.institution(district=hidden)
    page = client.get(form_url(institution)).content.decode()
    assert "Hidden District" not in page and "hidden-place" not in page
    response = sent(client, institution, **{"new-district": "hidden-place"})
    assert response.status_code == 200 and len(errors(response)) == 1
    assert sent(client, institution, **{"new-name_en": "New"}).status_code == 303
    assert [entry["field"] for entry in Proposal.objects.get().changes] == ["name_en"]


def test_whether_a_name_or_code_is_taken_is_not_told(client):
    factories.company(publication="draft", market="kosdaq", stock_code="123456")
    company = factories.company()
    response = sent(client, company, **{"new-market": "kosdaq", "new-stock_code": "123456"})
    assert response.status_code == 303


def test_proposals_appear_on_no_public_page(client):
    company = factories.company()
    sent(client, company, **{"new-name_en": "Proposed Name", "comment": "귓속말", "email": "who@example.com"})
    assert Proposal.objects.exists()
    for address in (company.get_absolute_url(), form_url(company, ""), "/companies/", "/companies.json"):
        page = client.get(address).content.decode()
        for text in ("Proposed Name", "귓속말", "who@example.com"):
            assert text not in page


def test_a_signed_in_curator_sends_as_a_reader(client):
    client.force_login(
        factories.person("mina", "curator"), backend="django.contrib.auth.backends.ModelBackend"
    )
    company = factories.company()
    assert client.get(form_url(company)).content.count(b"mina") == 0
    sent(client, company, **{"new-name_en": "New"})
    assert Proposal.objects.get().by is None


# ---- the form while others edit --------------------------------------------------------------------


def test_what_others_changed_meanwhile_is_not_proposed_back(client):
    company = factories.company(name_en="Old", website="https://old.example/")
    form = opened(client, company)
    fresh = Company.objects.get(pk=company.pk)
    fresh.website = "https://new.example/"
    history.save(fresh, by=None)
    data = {**form, "new-name_en": "Right", "link": "https://a.example/"}
    assert client.post(form_url(company), data).status_code == 303
    proposal = Proposal.objects.get()
    assert proposal.version == 1
    assert proposal.changes == [{"field": "name_en", "shown": "Old", "proposed": "Right"}]


def test_a_renamed_record_takes_what_was_sent_to_its_old_address(client):
    company = factories.company(slug="old-name")
    form = {**opened(client, company), "new-name_en": "Right", "link": "https://a.example/"}
    company.slug = "new-name"
    history.save(company, by=None)
    response = client.get("/en/corrections/new/?about=company:old-name")
    assert (response.status_code, response["Location"]) == (301, form_url(company))
    page = client.post("/en/corrections/new/?about=company:old-name", form).content.decode()
    assert "Your text is still here" in page and 'value="Right"' in page


def test_sending_twice_makes_one_proposal(client):
    company = factories.company()
    first, second = (sent(client, company, **{"new-name_en": "New"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Proposal.objects.count() == 1


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
        assert response.status_code in (200, 400), kind
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
