"""Version check on every write path: two curators with one record open, and nothing is lost."""

import pytest
from django.contrib.messages import get_messages

from clusters.models import Claim, Company, Office, Technology
from tests import factories
from tests.admin.conftest import person, signed_in
from tests.admin.pages import change_form, change_url, form_of, list_url


@pytest.fixture
def as_other(db):
    user = person("hana", "editor")
    user.first_name, user.last_name = "Hana", "Kim"
    user.save()
    return signed_in(user)


def errors(response) -> str:
    assert response.status_code == 200
    return " ".join(map(str, response.context["errors"].as_data() and response.context["errors"]))


def test_the_second_save_is_refused_and_told_what_changed(as_editor, as_other):
    company = factories.company(name_en="Original", kind="startup", summary_en="Before")
    mine = change_form(as_editor, company, name_en="My name", summary_en="My summary")
    theirs = change_form(as_other, company, name_en="Their name", kind="sme")
    assert as_other.post(change_url(company), theirs).status_code == 302
    response = as_editor.post(change_url(company), mine)
    told = errors(response)
    assert "Hana Kim saved this record while you were editing it" in told
    assert "Name (English): now “Their name”; yours is “My name”." in told
    assert "Size: now “Small or medium-sized”" in told
    assert "summary" not in told.lower()  # they had not touched it
    company.refresh_from_db()
    assert (company.name_en, company.summary_en, company.version) == ("Their name", "Before", 2)


def test_the_refused_form_keeps_the_text_and_can_be_saved_after_reading(as_editor, as_other):
    company = factories.company(name_en="Original", kind="startup")
    mine = change_form(as_editor, company, name_en="My name", reason="내 이유")
    as_other.post(change_url(company), change_form(as_other, company, name_en="Their name", kind="sme"))
    again = form_of(as_editor.post(change_url(company), mine), "company_form")
    assert again["name_en"] == ["My name"]
    assert again["reason"] == ["내 이유"]
    assert again["version"] == ["2"]
    assert again["kind"] == ["sme"]  # taken over: saving again does not undo the other's change
    assert as_editor.post(change_url(company), again).status_code == 302
    company.refresh_from_db()
    assert (company.name_en, company.kind, company.version) == ("My name", "sme", 3)


def test_relations_take_part(as_editor, as_other):
    one, two, three = (factories.technology(s, name_ko=s, name_en=s.title()) for s in ("one", "two", "three"))
    company = factories.company(technologies=[one])
    mine = change_form(as_editor, company, technologies=[one.pk, two.pk])
    as_other.post(change_url(company), change_form(as_other, company, technologies=[three.pk]))
    response = as_editor.post(change_url(company), mine)
    assert "Technologies: now “Three”; yours is “One, Two”." in errors(response)
    assert list(company.technologies.all()) == [three]


def test_dates_and_times_take_part(as_editor, as_other):
    call = factories.call(
        opens_at="2026-03-01T09:00+09:00", closes_at="2026-04-01T18:00+09:00", period_kind="window"
    )
    mine = change_form(as_editor, call, label_en="Mine")
    as_other.post(change_url(call), change_form(as_other, call, closes_at_0="2026-05-01"))
    again = form_of(as_editor.post(change_url(call), mine), "call_form")
    assert again["closes_at_0"] == ["2026-05-01"]
    assert as_editor.post(change_url(call), again).status_code == 302
    call.refresh_from_db()
    assert (call.label_en, call.closes_at.isoformat()[:10]) == ("Mine", "2026-05-01")


def test_an_untouched_stale_form_overwrites_nothing(as_editor, as_other):
    company = factories.company(name_en="Original")
    mine = change_form(as_editor, company)
    as_other.post(change_url(company), change_form(as_other, company, name_en="Their name"))
    assert as_editor.post(change_url(company), mine).status_code == 302
    company.refresh_from_db()
    assert (company.name_en, company.version) == ("Their name", 2)


def test_a_form_without_its_version_is_refused(as_editor):
    company = factories.company(name_en="Original")
    mine = change_form(as_editor, company, name_en="My name")
    del mine["version"]
    assert "saved this record" in errors(as_editor.post(change_url(company), mine))
    company.refresh_from_db()
    assert company.name_en == "Original"


def test_rows_are_checked_one_by_one(as_editor, as_other):
    company = factories.company()
    office, other = factories.office(company=company), factories.office(company=company, kind="lab")
    mine = change_form(as_editor, company)
    row = {mine[f"offices-{i}-id"][0]: i for i in range(2)}
    mine[f"offices-{row[str(office.pk)]}-address_ko"] = "내 주소"
    data = change_form(as_other, office, address_ko="그쪽 주소")
    assert as_other.post(change_url(office), data).status_code == 302
    response = as_editor.post(change_url(company), mine)
    assert "Address (Korean): now “그쪽 주소”; yours is “내 주소”." in response.content.decode()
    office.refresh_from_db()
    assert office.address_ko == "그쪽 주소"
    again = form_of(response, "company_form")
    assert again[f"offices-{row[str(office.pk)]}-address_ko"] == ["내 주소"]
    assert as_editor.post(change_url(company), again).status_code == 302
    office.refresh_from_db()
    other.refresh_from_db()
    assert (office.address_ko, other.version) == ("내 주소", 1)


def test_a_row_somebody_else_changed_does_not_stop_work_elsewhere(as_editor, as_other):
    company = factories.company()
    office = factories.office(company=company)
    mine = change_form(as_editor, company, name_en="My name")
    as_other.post(change_url(office), change_form(as_other, office, address_ko="그쪽 주소"))
    assert as_editor.post(change_url(company), mine).status_code == 302
    office.refresh_from_db()
    company.refresh_from_db()
    assert (office.address_ko, company.name_en) == ("그쪽 주소", "My name")


def test_a_row_added_meanwhile_stays(as_editor, as_other):
    company = factories.company()
    factories.office(company=company)
    mine = change_form(as_editor, company, name_en="My name", **{"offices-0-address_ko": "고침"})
    factories.office(company=company, kind="branch", address_ko="가가가 먼저 오는 주소")
    assert as_editor.post(change_url(company), mine).status_code == 302
    assert sorted(company.offices.values_list("address_ko", flat=True)) == ["가가가 먼저 오는 주소", "고침"]


def test_a_row_deleted_meanwhile_is_said_and_kept_on_the_page(as_editor, as_other):
    company = factories.company()
    gone, stays = (
        factories.office(company=company, kind="branch"),
        factories.office(company=company, kind="lab"),
    )
    mine = change_form(as_editor, company)
    row = {mine[f"offices-{i}-id"][0]: i for i in range(2)}[str(gone.pk)]
    mine[f"offices-{row}-address_ko"] = "아직 쓰던 글"
    as_other.post(change_url(gone, "delete"), {"post": "yes"})
    response = as_editor.post(change_url(company), mine)
    page = response.content.decode()
    assert "Hana Kim deleted this row while you were editing it." in page
    assert "아직 쓰던 글" in page
    again = form_of(response, "company_form") | {f"offices-{row}-DELETE": "on"}
    assert as_editor.post(change_url(company), again).status_code == 302
    assert list(company.offices.all()) == [stays]


def test_a_row_is_not_deleted_over_a_change(as_editor, as_other):
    company = factories.company()
    office = factories.office(company=company)
    mine = change_form(as_editor, company, **{"offices-0-DELETE": "on"})
    as_other.post(change_url(office), change_form(as_other, office, address_ko="그쪽 주소"))
    response = as_editor.post(change_url(company), mine)
    assert "Hana Kim saved this record" in response.content.decode()
    assert Office.objects.filter(pk=office.pk).exists()


def test_lists_are_checked_as_well(as_editor, as_other):
    claim = factories.claim(order=1)
    mine = form_of(as_editor.get(list_url(Claim)), "changelist-form")
    as_other.post(change_url(claim), change_form(as_other, claim, order=5))
    response = as_editor.post(list_url(Claim), mine | {"form-0-order": "9", "_save": "Save"})
    page = response.content.decode()
    assert "Hana Kim saved this record" in page
    assert "Order: now “5”; yours is “9”." in page
    claim.refresh_from_db()
    assert claim.order == 5
    again = form_of(response, "changelist-form") | {"_save": "Save"}
    assert as_editor.post(list_url(Claim), again).status_code == 302
    claim.refresh_from_db()
    assert claim.order == 9


def test_a_record_deleted_meanwhile_gives_the_text_back(as_editor, as_other):
    company = factories.company()
    factories.office(company=company)
    mine = change_form(as_editor, company, name_en="My long text", **{"offices-0-address_en": "My address"})
    as_other.post(change_url(company, "delete"), {"post": "yes"})
    response = as_editor.post(change_url(company), mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Hana Kim deleted this record while you were editing it" in page
    assert "My long text" in page
    assert "My address" in page
    assert not Company.objects.exists()


def test_a_record_changed_meanwhile_is_not_deleted(as_editor, as_other):
    company = factories.company()
    question = form_of(as_editor.get(change_url(company, "delete")), "")
    as_other.post(change_url(company), change_form(as_other, company, name_en="Worth keeping"))
    response = as_editor.post(change_url(company, "delete"), question)
    told = " ".join(map(str, get_messages(response.wsgi_request)))
    assert "Hana Kim changed this record meanwhile" in told
    assert Company.objects.filter(pk=company.pk).exists()


def test_words_without_a_version_are_checked_by_what_they_say(as_editor, as_other):
    term = factories.technology(name_en="Language models")
    mine = change_form(as_editor, term, name_en="Mine")
    as_other.post(change_url(term), change_form(as_other, term, name_en="Theirs"))
    response = as_editor.post(change_url(term), mine)
    assert "Hana Kim saved this record" in errors(response)
    assert Technology.objects.get().name_en == "Theirs"
    assert as_editor.post(change_url(term), form_of(response, "technology_form")).status_code == 302
    assert Technology.objects.get().name_en == "Mine"


def test_the_second_of_two_curators_is_told_in_korean(as_editor, as_other):
    company = factories.company(name_en="Original")
    mine = change_form(as_editor, company, name_en="My name")
    as_other.post(change_url(company), change_form(as_other, company, name_en="Their name"))
    response = as_editor.post(change_url(company).removeprefix("/en"), mine)
    assert response.status_code == 200
    assert "Their name" in response.content.decode()
