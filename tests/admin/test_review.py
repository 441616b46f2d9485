"""Review rules in the admin: a calm list on the form, refusal where they block, a word where they do not."""

import pytest
from django.contrib.messages import get_messages

from clusters.models import Call, Company
from tests import factories
from tests.admin.pages import change_form, change_url, list_url

pytestmark = pytest.mark.django_db


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_the_form_lists_what_to_look_at(as_curator, as_editor):
    draft = factories.company(publication="draft", summary_ko="", summary_en="")
    page = as_curator.get(change_url(draft)).content.decode()
    assert "Before publishing" in page and "There is no summary." in page and "No office is recorded" in page
    public = factories.office(source=factories.source()).company
    assert "Worth another look" in as_editor.get(change_url(public)).content.decode()
    whole = factories.source()
    assert "review-points" not in as_editor.get(change_url(whole)).content.decode()


def test_publishing_in_the_form_is_refused_with_the_reason(as_editor):
    call = factories.call(publication="draft", budget_krw=5, source=factories.source(published=""))
    data = change_form(as_editor, call, publication="published", label_en="My text")
    response = as_editor.post(change_url(call), data)
    page = response.content.decode()
    assert response.status_code == 200 and "without the date it speaks of" in page and "My text" in page
    assert as_editor.post(change_url(call), {**data, "as_of": "2026-11"}).status_code == 302
    call.refresh_from_db()
    assert call.is_public


def test_publishing_in_the_form_tells_open_points(as_editor):
    company = factories.company(publication="draft")
    response = as_editor.post(change_url(company), change_form(as_editor, company, publication="published"))
    assert response.status_code == 302
    assert "Published, but worth another look: No source" in told(response)


def test_publishing_in_a_list_tells_both(as_editor):
    call = factories.call(publication="draft", budget_krw=5, source=factories.source(published=""))
    data = {"action": "publish", "index": 0, "_selected_action": [call.pk]}
    response = as_editor.post(list_url(Call), data)
    assert "1 record was not changed:" in told(response) and "without the date" in told(response)
    company = factories.company(publication="draft", name_en="Small One")
    response = as_editor.post(list_url(Company), {**data, "_selected_action": [company.pk]})
    assert "worth another look: Small One – No source" in told(response)
