"""The history of each record tells who changed what, when and why, and leads back."""

import re

import pytest
from django.utils import translation

from clusters.curation import history, reasons
from clusters.curation.merging import applying as merging
from clusters.curation.merging import plans
from clusters.curation.merging.undoing import undo
from clusters.models import Company, Redirect
from tests import factories
from tests.admin.pages import change_form, change_url, form_of, list_url


def test_a_change_is_kept_with_who_when_why_and_what(as_editor, editor):
    company = factories.company(name_en="Old Name", kind="startup")
    data = change_form(as_editor, company, name_en="New Name", kind="sme", reason="법인명 변경 공시")
    assert as_editor.post(change_url(company), data).status_code == 302
    row = company.history.first()
    assert (row.history_user, row.history_change_reason) == (editor, "법인명 변경 공시")
    page = as_editor.get(change_url(company, "history")).content.decode()
    for text in (
        "jun",
        "법인명 변경 공시",
        "Old Name",
        "New Name",
        "Startup",
        "Small or medium-sized",
        "Created",
    ):
        assert text in page


def test_relations_are_kept_in_one_row_with_the_rest(as_editor, editor):
    first, second = factories.technology(), factories.technology("vision", name_ko="비전", name_en="Vision")
    company = factories.company(technologies=[first])
    before = company.history.count()
    data = change_form(as_editor, company, technologies=[second.pk], name_en="Renamed", reason="재분류")
    as_editor.post(change_url(company), data)
    assert company.history.count() == before + 1
    row = company.history.first()
    assert row.history_user == editor
    assert [kept.technology_id for kept in row.technologies.all()] == [second.pk]
    page = as_editor.get(change_url(company, "history")).content.decode()
    assert "Technologies" in page
    assert "Language models" in page
    assert "Vision" in page


def test_a_change_of_relations_alone_is_a_change(as_editor):
    company = factories.company()
    factories.technology()
    as_editor.post(
        change_url(company), change_form(as_editor, company, technologies=[factories.technology().pk])
    )
    company.refresh_from_db()
    assert company.version == 2
    assert company.history.first().version == 2


def test_new_records_begin_their_history_complete(as_editor, editor):
    technology = factories.technology()
    form = form_of(as_editor.get(list_url(Company, "add/")), "company_form")
    data = {
        **form,
        "name_ko": "새 기업",
        "name_en": "New company",
        "slug": "new-company",
        "kind": "startup",
        "ai_relevance": "core",
        "technologies": [technology.pk],
        "reason": "처음 등록",
    }
    response = as_editor.post(list_url(Company, "add/"), data)
    assert response.status_code == 302, response.context["errors"]
    row = Company.objects.get().history.get()
    assert (row.history_type, row.history_user, row.history_change_reason) == ("+", editor, "처음 등록")
    assert [kept.technology_id for kept in row.technologies.all()] == [technology.pk]


def test_rows_inside_a_form_are_kept_as_well(as_editor, editor):
    company, extra = factories.company(), factories.source()
    office = factories.office(company=company, address_ko="옛 주소")
    data = change_form(as_editor, company, reason="이전 확인")
    data |= {"offices-0-address_ko": "새 주소", "offices-0-further_sources": [extra.pk]}
    as_editor.post(change_url(company), data)
    row = office.history.first()
    assert (row.address_ko, row.history_user, row.history_change_reason) == ("새 주소", editor, "이전 확인")
    assert [kept.source_id for kept in row.further_sources.all()] == [extra.pk]
    assert office.history.count() == 2
    company.refresh_from_db()
    assert company.version == 1  # nothing of its own changed


def test_lists_keep_the_reason_too(as_editor, editor):
    district = factories.district()
    url = list_url(type(district))
    data = form_of(as_editor.get(url), "changelist-form")
    as_editor.post(url, data | {"form-0-order": "7", "reason": "차례", "_save": "Save"})
    row = district.history.first()
    assert (row.order, row.history_user, row.history_change_reason) == (7, editor, "차례")


def test_records_of_the_opening_data_keep_their_opening_state(as_editor):
    company = factories.company(name_en="As loaded", technologies=[factories.technology()])
    company.history.all().delete()  # fixtures load without one
    data = change_form(as_editor, company, name_en="Edited here", technologies=[])
    as_editor.post(change_url(company), data | {"technologies": []})
    edited, opening = company.history.all()
    assert (opening.name_en, opening.history_user) == ("As loaded", None)
    assert opening.technologies.count() == 1
    assert (edited.name_en, edited.technologies.count()) == ("Edited here", 0)
    page = as_editor.get(change_url(company, "history")).content.decode()
    assert "As loaded" in page


def test_deleting_is_signed_with_all_that_goes_along(as_editor, editor):
    institution = factories.institution()
    program = factories.program(operator=institution)
    partnered = factories.program()
    partnered.partners.set([institution])
    page = as_editor.get(change_url(institution, "delete"))
    stamp = form_of(page, "")["version"]
    as_editor.post(change_url(institution, "delete"), {"post": "yes", "version": stamp, "reason": "중복"})
    row = type(institution).history.filter(id=institution.pk).first()
    assert (row.history_type, row.history_user, row.history_change_reason) == ("-", editor, "중복")
    for holder in (program, partnered):
        holder.refresh_from_db()
        assert holder.history.first().history_change_reason == "중복"
        assert holder.history.first().history_user == editor
        assert holder.version == 2
    assert program.operator is None
    assert not partnered.history.first().partners.exists()


def test_cascades_are_signed(as_editor, editor):
    company = factories.company()
    office = factories.office(company=company)
    as_editor.post(change_url(company, "delete"), {"post": "yes", "reason": "폐업"})
    row = type(office).history.filter(id=office.pk).first()
    assert (row.history_type, row.history_user, row.history_change_reason) == ("-", editor, "폐업")


def bring_back(client, record, row, **data):
    url = f"{change_url(record, 'history')}{row.pk}/"
    return client.post(url, {**form_of(client.get(url), ""), **data})


def test_an_editor_brings_an_earlier_state_back(as_editor, editor):
    technology = factories.technology()
    company = factories.company(name_en="First", technologies=[technology])
    old = company.history.first()
    data = change_form(as_editor, company, name_en="Second") | {"technologies": []}
    as_editor.post(change_url(company), data)
    page = as_editor.get(f"{change_url(company, 'history')}{old.pk}/").content.decode()
    assert "First" in page
    assert "Restore this state" in page
    assert bring_back(as_editor, company, old, reason="잘못 고침").status_code == 302
    company.refresh_from_db()
    assert (company.name_en, company.version) == ("First", 3)
    assert list(company.technologies.all()) == [technology]
    assert company.history.first().history_change_reason == "잘못 고침"
    assert company.history.first().history_user == editor


def test_bringing_back_keeps_the_publication(as_editor):
    company = factories.company(publication="draft", name_en="Draft name")
    draft = company.history.first()
    as_editor.post(
        change_url(company), change_form(as_editor, company, publication="published", name_en="Public")
    )
    bring_back(as_editor, company, draft)
    company.refresh_from_db()
    assert (company.name_en, company.publication) == ("Draft name", "published")


def test_curators_bring_nothing_back_into_the_public(as_curator):
    company = factories.company(publication="draft")
    draft = company.history.first()
    company.publication = "published"
    company.save()
    url = f"{change_url(company, 'history')}{draft.pk}/"
    assert "Restore this state" not in as_curator.get(url).content.decode()
    assert as_curator.post(url, {"version": 2}).status_code == 403
    company.refresh_from_db()
    assert company.version == 2


def test_bringing_back_notices_a_save_between(as_editor):
    company = factories.company(name_en="First")
    old = company.history.first()
    company.name_en = "Second"
    company.save()
    url = f"{change_url(company, 'history')}{old.pk}/"
    sent = form_of(as_editor.get(url), "")
    company.name_en = "Third"
    company.save()
    response = as_editor.post(url, sent)
    assert "saved this record meanwhile" in response.content.decode()
    company.refresh_from_db()
    assert company.name_en == "Third"


@pytest.mark.parametrize(
    "tail", ["abc/history/", "1/history/abc/", "9" * 30 + "/history/", "1/history/" + "9" * 30 + "/"]
)
def test_histories_of_nothing_are_not_found(as_editor, tail):
    assert as_editor.get(f"/en/admin/clusters/company/{tail}").status_code == 404


def rename(client, record, slug):
    response = client.post(change_url(record), change_form(client, record, slug=slug))
    assert response.status_code == 302, response.context["errors"]
    record.refresh_from_db()


def redirects() -> dict[str, str]:
    return dict(Redirect.objects.values_list("old_slug", "new_slug"))


@pytest.mark.parametrize(
    "make",
    [factories.district, factories.company, factories.institution, factories.program, factories.source],
)
def test_a_changed_address_of_a_public_record_keeps_leading_there(as_editor, make):
    record = make(slug="one")
    rename(as_editor, record, "two")
    assert list(Redirect.objects.values_list("kind", "old_slug", "new_slug")) == [
        (record._meta.model_name, "one", "two")
    ]


def test_redirects_lead_there_in_one_step(as_editor):
    company = factories.company(slug="one")
    rename(as_editor, company, "two")
    rename(as_editor, company, "three")
    assert redirects() == {"one": "three", "two": "three"}
    rename(as_editor, company, "one")
    assert redirects() == {"two": "one", "three": "one"}


def test_a_draft_that_was_never_public_leaves_no_redirect(as_editor):
    company = factories.company(slug="one", publication="draft")
    rename(as_editor, company, "two")
    assert redirects() == {}


def test_a_record_taken_down_and_renamed_keeps_its_address(as_editor):
    company = factories.company(slug="one")
    as_editor.post(change_url(company), change_form(as_editor, company, publication="draft"))
    company.refresh_from_db()
    rename(as_editor, company, "two")
    assert redirects() == {"one": "two"}


def links_of(response) -> list[str]:
    found = re.findall(r'href="([^"#?][^"]*)"', response.content.decode())
    return [link for link in dict.fromkeys(found) if "/admin/clusters/" in link]


@pytest.mark.parametrize("goes", ["deleted", "merged"])
def test_the_history_of_a_record_that_is_gone_has_no_dead_links(as_editor, editor, goes):
    company, other = factories.company(), factories.company()
    address = change_url(company, "history")
    if goes == "deleted":
        history.delete(company, by=editor, reason="Closed down")
    else:
        stamp = plans.make(other, company).stamp
        merging.merge(other, company, by=editor, stamp=stamp, reason="The same firm")
    page = as_editor.get(address)
    said = page.content.decode()
    assert ("Closed down" if goes == "deleted" else "The same firm") in said and str(editor) in said
    assert (change_url(other, "history") in said) == (goes == "merged")
    links = links_of(page)
    assert links
    assert {link: as_editor.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_history_of_a_record_leads_to_its_moments(as_editor):
    company = factories.company()
    assert change_url(company, "moment") in links_of(as_editor.get(change_url(company, "history")))


def test_histories_tell_merges_and_their_undoing_with_who_and_why(as_editor, editor):
    kept, merged = factories.company(), factories.company()
    stamp = plans.make(kept, merged).stamp
    merge = merging.merge(kept, merged, by=editor, stamp=stamp, names_to="aliases", reason="The same firm")
    undo(merge, by=editor)
    for page in ("history", "moment"):
        said = as_editor.get(change_url(kept, page)).content.decode()
        assert f"<td>Merge {merge.pk}: The same firm</td>" in said
        assert f"<td>Merge {merge.pk} was undone</td>" in said
        assert f"<td>{editor}</td>" in said


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("batch 7: 기업.csv", "Import 7: 기업.csv"),
        ("undo batch 7: wrong file", "Import 7 was undone: wrong file"),
        ("undo batch 7", "Import 7 was undone"),
        ("batch of corrections", "batch of corrections"),
        (None, ""),
    ],
)
def test_reasons_are_told_in_words(kept, told):
    with translation.override("en"):
        assert reasons.in_words(kept) == told
