"""Deleting a record says what goes along and what stands against it: each by name, or the first of very many."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.admin import deletions
from clusters.models import Company, District, Office, Trait
from tests import factories
from tests.admin.conftest import signed_in
from tests.admin.pages import list_url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(deletions, "MANY", 12)
    monkeypatch.setattr(deletions, "NAMED", 3)
    monkeypatch.setattr(deletions, "AT_ONCE", 4)


def page_of(record) -> str:
    return f"{list_url(type(record))}{record.pk}/delete/"


def told(html: str, kind: str) -> list[str]:
    return re.findall(rf'{kind}: <a href="[^"]+">([^<]*)</a>', html)


def test_a_district_with_many_offices_names_the_first_that_stand_against_it(as_editor):
    district = factories.district()
    for _number in range(20):
        factories.office(district=district)
    html = as_editor.get(page_of(district)).content.decode()
    assert len(told(html, "Office")) == 3 and "Offices: 17 further" in html
    assert 'name="post"' not in html
    as_editor.post(page_of(district), {"post": "yes"})
    assert District.objects.filter(pk=district.pk).exists() and Office.objects.count() == 20


def test_what_goes_along_is_counted_and_goes(as_editor, editor):
    district = factories.district()
    for number in range(14):
        factories.trait(district=district, text_ko=f"장점 {number}")
        factories.station(district=district, name_ko=f"역 {number}")
    other = factories.trait(text_ko="다른 지구")
    html = as_editor.get(page_of(district)).content.decode()
    assert "Stations: 14" in html and "Stations: 11 further" in html and len(told(html, "Station")) == 3
    assert "Districts: 1" in html and 'name="post"' in html
    version = re.search(r'name="version" value="([^"]*)"', html)[1]
    as_editor.post(page_of(district), {"post": "yes", "version": version, "reason": "weg"})
    assert not District.objects.filter(pk=district.pk).exists()
    assert list(Trait.objects.values_list("pk", flat=True)) == [other.pk]
    last = Trait.history.filter(history_type="-")
    assert last.count() == 14 and {row.history_user for row in last} == {editor}


def test_short_and_long_agree_on_what_goes_and_on_what_stands_against_it(as_editor, monkeypatch):
    source = factories.source()
    company = factories.company(source=source)
    for number in range(20):
        factories.office(company=company, source=source, address_ko=f"{number}층")
        factories.funding_round(company=company, date=str(1990 + number))
    for record in (company, source, company.offices.first()):
        monkeypatch.setattr(deletions, "MANY", 1000)
        long = as_editor.get(page_of(record)).context
        monkeypatch.setattr(deletions, "MANY", 0)
        monkeypatch.setattr(deletions, "NAMED", 1000)
        short = as_editor.get(page_of(record)).context
        counts = [{str(name): number for name, number in one["model_count"]} for one in (short, long)]
        assert counts[0] == counts[1]
        assert set(short["protected"]) == set(long["protected"])
        assert bool(short["perms_lacking"]) == bool(long["perms_lacking"])


def test_nobody_deletes_many_of_what_he_may_not(django_user_model):
    """Who may delete companies but only unpublished offices is told so, however many there are."""
    user = User.objects.create_user("limited", is_staff=True)
    for name in ("view_company", "delete_company", "publish_company", "delete_office"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    client, company = signed_in(user), factories.company()
    for number in range(20):
        factories.office(
            company=company, address_ko=f"{number}층", publication="published" if number == 19 else "draft"
        )
    html = client.get(page_of(company)).content.decode()
    assert 'name="post"' not in html and "office" in html
    assert client.post(page_of(company), {"post": "yes"}).status_code == 403
    assert Company.objects.filter(pk=company.pk).exists()


def test_several_that_are_chosen_in_a_list_are_told_in_short_as_well(as_editor):
    companies = [factories.company() for _number in range(3)]
    for number in range(20):
        factories.office(company=companies[0], address_ko=f"{number}층")
    asked = {"action": "delete_selected", "_selected_action": [one.pk for one in companies]}
    html = as_editor.post(list_url(Company), asked).content.decode()
    assert "Companies: 3" in html and "Offices: 20" in html and "Offices: 17 further" in html
    as_editor.post(list_url(Company), {**asked, "post": "yes"})
    assert not Company.objects.exists() and not Office.objects.exists()


def test_the_question_takes_no_query_for_each_record(as_editor):
    district = factories.district()

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            as_editor.get(page_of(district))
        return len(found)

    for number in range(20):
        factories.office(district=district, address_ko=f"{number}층")
    queries()
    few = queries()
    for number in range(40):
        factories.office(district=district, address_ko=f"더 {number}층")
    assert queries() == few
