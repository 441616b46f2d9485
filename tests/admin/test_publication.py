"""Curators draft, editors publish: on forms, in rows, in lists, and by requests that no form offers."""

import pytest
from django.contrib.messages import get_messages

from clusters.models import Claim, Company, Office, Source, Technology
from tests import factories
from tests.admin.pages import change_form, change_url, form_of, list_url


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def action(client, model, name, *records, **more):
    data = {"action": name, "index": 0, "_selected_action": [record.pk for record in records], **more}
    return client.post(list_url(model), data)


def test_curators_change_nothing_that_is_published(as_curator):
    """What they write there goes to the editors: tests/admin/test_proposals.py."""
    company = factories.company(name_ko="공개기업")
    page = as_curator.get(change_url(company)).content.decode()
    assert "This record is published. What you change here is sent to the editors as a proposal" in page
    data = change_form(as_curator, company, name_ko="바꿈", publication="draft")
    assert as_curator.post(change_url(company), data).status_code == 302
    company.refresh_from_db()
    assert (company.name_ko, company.publication, company.version) == ("공개기업", "published", 1)


def test_curators_may_not_change_what_is_archived(as_curator):
    company = factories.company(publication="archived")
    assert "This record is archived." in as_curator.get(change_url(company)).content.decode()
    assert as_curator.post(change_url(company), {"version": 1}).status_code == 403


@pytest.mark.parametrize(("state", "status"), [("in_review", 302), ("published", 200), ("archived", 200)])
def test_curators_set_no_state_of_the_editors(as_curator, state, status):
    company = factories.company(publication="draft")
    assert '<option value="published">' not in as_curator.get(change_url(company)).content.decode()
    response = as_curator.post(change_url(company), change_form(as_curator, company, publication=state))
    assert response.status_code == status
    company.refresh_from_db()
    assert company.publication == (state if status == 302 else "draft")


def test_editors_publish_in_the_form(as_editor):
    company = factories.company(publication="in_review")
    response = as_editor.post(change_url(company), change_form(as_editor, company, publication="published"))
    assert response.status_code == 302
    company.refresh_from_db()
    assert company.is_public


def test_curators_add_drafts_to_a_published_company_on_the_page_of_the_fact(as_curator):
    company = factories.company()
    page = as_curator.get(change_url(company)).content.decode()
    add_url = f"/en/admin/clusters/office/add/?company={company.pk}"
    assert f'href="{add_url}"' in page
    form = form_of(as_curator.get(add_url), "office_form")
    assert form["company"] == [str(company.pk)]
    response = as_curator.post(
        add_url, {**form, "kind": "lab", "address_ko": "서울 강남구", "reason": "새 연구소"}
    )
    assert response.status_code == 302
    office = Office.objects.get()
    assert (office.company, office.publication) == (company, "draft")
    response = as_curator.post(add_url, {**form, "kind": "hq", "publication": "published"})
    assert response.status_code == 200
    assert Office.objects.count() == 1


def test_published_rows_of_a_draft_are_not_written_by_curators(as_curator):
    company = factories.company(publication="draft")
    public = factories.office(company=company, address_ko="공개 주소")
    draft = factories.office(company=company, address_ko="초안 주소", publication="draft")
    data = change_form(as_curator, company)
    rows = {data[f"offices-{i}-id"][0]: i for i in range(2)}
    locked, free = rows[str(public.pk)], rows[str(draft.pk)]
    data |= {
        f"offices-{locked}-address_ko": "고침",
        f"offices-{locked}-kind": "lab",
        f"offices-{locked}-DELETE": "on",
        f"offices-{free}-address_ko": "고친 초안",
    }
    response = as_curator.post(change_url(company), data)
    assert response.status_code == 302, response.context["errors"]
    public.refresh_from_db()
    draft.refresh_from_db()
    assert (public.address_ko, public.kind, public.version) == ("공개 주소", "hq", 1)
    assert draft.address_ko == "고친 초안"


def test_curators_publish_no_row(as_curator):
    company = factories.company(publication="draft")
    office = factories.office(company=company, publication="draft")
    data = change_form(as_curator, company, **{"offices-0-publication": "published"})
    assert as_curator.post(change_url(company), data).status_code == 200
    office.refresh_from_db()
    assert not office.is_public


def test_curators_delete_nothing(as_curator):
    company = factories.company(publication="draft")
    office = factories.office(company=company, publication="draft")
    assert as_curator.post(change_url(company, "delete"), {"post": "yes"}).status_code == 403
    data = change_form(as_curator, company, **{"offices-0-DELETE": "on"})
    as_curator.post(change_url(company), data)
    assert action(as_curator, Company, "delete_selected", company).status_code == 302
    assert Office.objects.filter(pk=office.pk).exists()


def test_lists_lock_published_rows_for_curators(as_curator):
    public, draft = factories.claim(order=3), factories.claim(order=4, publication="draft")
    response = as_curator.get(list_url(Claim))
    data = form_of(response, "changelist-form")
    rows = {data[f"form-{i}-id"][0]: i for i in range(2)}
    data |= {
        f"form-{rows[str(public.pk)]}-order": "30",
        f"form-{rows[str(draft.pk)]}-order": "40",
        "_save": "Save",
    }
    assert as_curator.post(list_url(Claim), data).status_code == 302
    public.refresh_from_db()
    draft.refresh_from_db()
    assert (public.order, draft.order) == (3, 40)


def test_actions_publish_and_say_how_many(as_editor, editor):
    source = factories.source()
    drafts = [factories.company(publication="draft", source=source) for _ in range(2)]
    public = factories.company()
    response = action(as_editor, Company, "publish", *drafts, public, reason="검토 완료")
    assert "2 records were changed." in told(response)
    assert "1 record was already in that state." in told(response)
    for company in drafts:
        company.refresh_from_db()
        assert company.is_public
        row = company.history.first()
        assert (row.history_user, row.history_change_reason) == (editor, "검토 완료")
        assert row.publication == "published"
    response = action(as_editor, Company, "archive", *drafts)
    assert "2 records were changed." in told(response)
    assert Company.objects.published().count() == 1


def test_actions_say_what_stays_hidden(as_editor):
    office = factories.office(company=factories.company(publication="draft"), publication="draft")
    response = action(as_editor, Office, "publish", office)
    assert "not visible until the record it belongs to is published" in told(response)
    assert not Office.objects.published().exists()


def test_actions_say_which_failed_and_why(as_editor):
    good = factories.company(publication="draft")
    bad = factories.company(publication="draft", name_ko="나쁜 기업")
    Company.objects.filter(pk=bad.pk).update(website="javascript:alert(1)")
    response = action(as_editor, Company, "publish", good, bad)
    assert "1 record was changed." in told(response)
    assert "1 record was not changed:" in told(response)
    assert bad.name_en in told(response)
    assert "http://" in told(response)
    bad.refresh_from_db()
    assert bad.publication == "draft"


def test_curators_get_no_publishing_action(as_curator):
    company = factories.company(publication="draft")
    page = as_curator.get(list_url(Company)).content.decode()
    assert '<option value="publish">' not in page
    assert '<option value="send_to_review">' in page
    for name in ("publish", "archive"):
        action(as_curator, Company, name, company)
        company.refresh_from_db()
        assert company.publication == "draft"


def test_curators_send_drafts_to_review_but_take_nothing_down(as_curator):
    draft, public = factories.company(publication="draft"), factories.company()
    response = action(as_curator, Company, "send_to_review", draft, public)
    assert "1 record was changed." in told(response)
    assert "Only an editor may do this." in told(response)
    draft.refresh_from_db()
    public.refresh_from_db()
    assert (draft.publication, public.publication) == ("in_review", "published")


def test_what_is_public_at_once_is_kept_by_editors(as_curator, as_editor):
    term = factories.technology()
    assert as_curator.get(change_url(term)).status_code == 200
    assert as_curator.post(change_url(term), {"name_ko": "다른 말"}).status_code == 403
    assert as_curator.get(list_url(Technology, "add/")).status_code == 403
    data = change_form(as_editor, term, name_en="Large language models")
    assert as_editor.post(change_url(term), data).status_code == 302
    term.refresh_from_db()
    assert term.name_en == "Large language models"


def test_accounts_are_for_administrators(as_curator, as_editor, as_administrator, curator):
    for path in ("auth/user/", "auth/group/", "axes/accessattempt/", "otp_totp/totpdevice/"):
        assert as_curator.get(f"/en/admin/{path}").status_code == 403
        assert as_editor.get(f"/en/admin/{path}").status_code == 403
        assert as_administrator.get(f"/en/admin/{path}").status_code == 200
    assert as_administrator.get(change_url(curator)).status_code == 200


def test_sources_that_carry_statements_are_not_deleted(as_editor):
    office = factories.office()
    page = as_editor.get(change_url(office.source, "delete")).content.decode()
    assert "would require deleting the following protected related objects" in page
    assert "Link these to another record first" in page
    as_editor.post(change_url(office.source, "delete"), {"post": "yes"})
    page = action(as_editor, Source, "delete_selected", office.source, post="yes").content.decode()
    assert "cannot be deleted, because these records depend on them" in page
    assert Source.objects.filter(pk=office.source.pk).exists()
