"""The public form of corrections: what readers see, what is kept, what is refused, and that nothing leaks."""

import re

import pytest

from clusters.curation import correctable, history
from clusters.models import Company, Proposal
from tests import factories
from tests.corrections import LANGUAGES, errors, form_url, opened, sent

pytestmark = pytest.mark.django_db


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
