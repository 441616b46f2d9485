"""Two saves at the same instant, on threads and connections of their own: one wins, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connection

from clusters.models import Claim, Company, Office, Technology
from tests import factories
from tests.admin.conftest import signed_in
from tests.admin.pages import change_form, change_url, form_of, list_url

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


@pytest.fixture
def two():
    """Two people who may do everything; groups do not outlive the flush of these tests."""
    return [
        signed_in(User.objects.create_superuser(name, password="a long enough password"))
        for name in ("one", "two")
    ]


def at_once(*calls):
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def outcome(responses) -> list[int]:
    return sorted(response.status_code for response in responses)


def told(responses) -> str:
    return "".join(response.content.decode() for response in responses if response.status_code == 200)


def test_one_record_in_two_forms(two):
    company = factories.company(name_en="Original")
    for turn in range(ROUNDS):
        forms = [change_form(client, company, name_en=f"Name {turn} of {i}") for i, client in enumerate(two)]
        responses = at_once(
            *(lambda c=c, f=f: c.post(change_url(company), f) for c, f in zip(two, forms, strict=True))
        )
        assert outcome(responses) == [200, 302]
        assert "saved this record while you were editing it" in told(responses)
        company.refresh_from_db()
        assert company.version == turn + 2
        winner = next(i for i, response in enumerate(responses) if response.status_code == 302)
        assert company.name_en == f"Name {turn} of {winner}"
        assert f"Name {turn} of {1 - winner}" in told(responses)  # the text is still in the form
        assert company.history.filter(version=company.version).count() == 1


def test_one_row_in_a_form_and_on_its_own_page(two):
    company = factories.company()
    office = factories.office(company=company)
    for turn in range(ROUNDS):
        inside = change_form(two[0], company, **{"offices-0-address_ko": f"안 {turn}"})
        alone = change_form(two[1], office, address_ko=f"밖 {turn}")
        responses = at_once(
            lambda data=inside: two[0].post(change_url(company), data),
            lambda data=alone: two[1].post(change_url(office), data),
        )
        assert outcome(responses) == [200, 302]
        office.refresh_from_db()
        assert office.version == turn + 2
        assert office.address_ko == (f"안 {turn}" if responses[0].status_code == 302 else f"밖 {turn}")


def test_one_list_and_one_form(two):
    claim = factories.claim(order=1)
    for turn in range(ROUNDS):
        listed = form_of(two[0].get(list_url(Claim)), "changelist-form")
        listed |= {"form-0-order": str(100 + turn), "_save": "Save"}
        alone = change_form(two[1], claim, order=200 + turn)
        responses = at_once(
            lambda data=listed: two[0].post(list_url(Claim), data),
            lambda data=alone: two[1].post(change_url(claim), data),
        )
        assert outcome(responses) == [200, 302]
        claim.refresh_from_db()
        assert claim.version == turn + 2


def test_a_save_and_a_deletion(two):
    for turn in range(ROUNDS):
        company = factories.company(name_en="Original")
        data = change_form(two[0], company, name_en=f"Kept text {turn}")
        question = form_of(two[1].get(change_url(company, "delete")), "")
        save, delete = at_once(
            lambda data=data, c=company: two[0].post(change_url(c), data),
            lambda data=question, c=company: two[1].post(change_url(c, "delete"), data),
        )
        assert delete.status_code == 302
        if Company.objects.filter(pk=company.pk).exists():
            assert save.status_code == 302
            assert Company.objects.get(pk=company.pk).name_en == f"Kept text {turn}"
        else:
            assert save.status_code == 409
            assert f"Kept text {turn}" in save.content.decode()


def test_the_same_address_name_twice(two):
    form = form_of(two[0].get(list_url(Technology, "add/")), "technology_form")
    for turn in range(ROUNDS):
        data = {**form, "name_ko": "말", "name_en": "Word", "slug": f"word-{turn}"}
        responses = at_once(*(lambda c=c, d=data: c.post(list_url(Technology, "add/"), d) for c in two))
        assert outcome(responses) == [200, 302]
        assert "already exists" in told(responses)


def test_a_citation_of_a_source_being_deleted(two):
    for _turn in range(ROUNDS):
        source, office = factories.source(), factories.office()
        data = change_form(two[0], office, source=source.pk)
        save, delete = at_once(
            lambda d=data, o=office: two[0].post(change_url(o), d),
            lambda s=source: two[1].post(change_url(s, "delete"), {"post": "yes"}),
        )
        assert save.status_code in {200, 302}
        assert delete.status_code in {200, 302}
        office.refresh_from_db()
        assert Office.objects.filter(source=source).exists() == (save.status_code == 302)


def test_publishing_and_editing(two):
    for turn in range(ROUNDS):
        company = factories.company(publication="draft")
        data = change_form(two[0], company, name_en=f"Edited {turn}")
        action = {"action": "publish", "index": 0, "_selected_action": [company.pk]}
        save, publish = at_once(
            lambda d=data, c=company: two[0].post(change_url(c), d),
            lambda d=action: two[1].post(list_url(Company), d),
        )
        assert publish.status_code == 302
        company.refresh_from_db()
        assert company.publication == "published"
        assert company.name_en == f"Edited {turn}" or save.status_code == 200
