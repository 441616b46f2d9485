"""A record with its rows as of a moment: seen, compared and restored through the recorder."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from clusters.curation import history, moments
from clusters.models import Company, EditConflict, Office
from tests import factories
from tests.admin.conftest import signed_in
from tests.admin.pages import form_of

pytestmark = pytest.mark.django_db

SEOUL = ZoneInfo("Asia/Seoul")
START = datetime(2026, 11, 20, 9, tzinfo=SEOUL)
NOON, END = START + timedelta(hours=3), START + timedelta(hours=9)


@pytest.fixture
def editor(db):
    return factories.person("jun", "editor")


@pytest.fixture
def company(editor) -> Company:
    """A company whose name, offices and technologies changed in the afternoon."""
    llm, vision = factories.technology(), factories.technology("vision", name_ko="비전", name_en="Vision")
    with time_machine.travel(START, tick=False):
        record = factories.company(name_en="Morning", technologies=[llm])
        moved = factories.office(company=record, kind="hq", address_en="1 Old Street", address_ko="옛길 1")
        closed = factories.office(company=record, kind="lab", address_ko="연구소길 1")
        closed.further_sources.set([factories.source(slug="further")])
        closed.save()
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        record.refresh_from_db()
        record.name_en = "Afternoon"
        history.save(record, by=editor, relations={"technologies": [vision]})
        moved.address_en = "2 New Street"
        history.save(moved, by=editor, reason="이전")
        history.delete(Office.objects.get(pk=closed.pk), by=editor)
        history.save(
            Office(company=record, kind="branch", address_ko="지점길 1", publication="published"), by=editor
        )
    return Company.objects.get(pk=record.pk)


def kinds(company, moment) -> dict[str, str]:
    return {f"{step.model.__name__} {step.called}": step.kind for step in moments.steps_back(company, moment)}


def test_what_differs_from_a_moment(company):
    assert sorted(kinds(company, NOON).values()) == ["bring_back", "change", "change", "remove"]
    assert kinds(company, END) == {}
    labels = {change.label for step in moments.steps_back(company, NOON) for change in step.differences}
    assert {"Technologies", "기술분야"} & labels


def test_all_goes_back_and_can_go_forth_again(company, editor):
    steps = {step.key for step in moments.steps_back(company, NOON)}
    stamp = moments.stamp(company)
    with time_machine.travel(END + timedelta(hours=1), tick=False):
        assert (
            moments.go_back(company, moment=NOON, chosen=steps, opened_on=stamp, by=editor, reason="되돌림")
            == 4
        )
    company = Company.objects.get(pk=company.pk)
    assert company.name_en == "Morning"
    assert [str(one.slug) for one in company.technologies.all()] == ["llm"]
    offices = {office.kind: office for office in company.offices.all()}
    assert set(offices) == {"hq", "lab"} and offices["hq"].address_en == "1 Old Street"
    assert [source.slug for source in offices["lab"].further_sources.all()] == ["further"]
    assert moments.steps_back(company, NOON) == []
    row = offices["lab"].history.first()
    assert (row.history_user, row.history_change_reason) == (editor, "되돌림")
    steps = {step.key for step in moments.steps_back(company, END)}
    moments.go_back(company, moment=END, chosen=steps, opened_on=moments.stamp(company), by=editor)
    assert sorted(office.kind for office in company.offices.all()) == ["branch", "hq"]
    assert Company.objects.get(pk=company.pk).name_en == "Afternoon"


def test_only_what_was_chosen_goes_back(company, editor):
    step = next(step for step in moments.steps_back(company, NOON) if step.kind == "bring_back")
    moments.go_back(company, moment=NOON, chosen=[step.key], opened_on=moments.stamp(company), by=editor)
    assert Company.objects.get(pk=company.pk).name_en == "Afternoon"
    assert sorted(office.kind for office in company.offices.all()) == ["branch", "hq", "lab"]


def test_nothing_goes_back_over_a_newer_save(company, editor):
    stamp = moments.stamp(company)
    office = company.offices.first()
    history.save(office, by=editor)
    with pytest.raises(EditConflict):
        moments.go_back(company, moment=NOON, chosen=["x"], opened_on=stamp, by=editor)


def test_curators_take_nothing_public_back(company):
    curator = factories.person("mina", "curator")
    steps = {step.key for step in moments.steps_back(company, NOON)}
    with pytest.raises(PermissionDenied):
        moments.go_back(company, moment=NOON, chosen=steps, opened_on=moments.stamp(company), by=curator)
    assert Company.objects.get(pk=company.pk).name_en == "Afternoon"


def test_records_of_the_opening_data_without_history_stay(editor, settings):
    settings.SIMPLE_HISTORY_ENABLED = False
    company = factories.office().company
    settings.SIMPLE_HISTORY_ENABLED = True
    assert moments.steps_back(company, datetime.now(SEOUL) + timedelta(seconds=5)) == []


def test_the_page_shows_and_restores(company, editor):
    client = signed_in(editor)
    page = f"/en/admin/clusters/company/{company.pk}/moment/"
    assert page in client.get(page.replace("moment", "history")).content.decode()
    assert client.get(page).status_code == 200
    address = f"{page}?at=2026-11-20T12:00"
    shown = client.get(address)
    text = shown.content.decode()
    for words in ("Morning", "Afternoon", "1 Old Street", "Deleted since", "Added later", "Language models"):
        assert words in text
    data = form_of(shown, "moment_form")
    assert len(data["step"]) == 3, "What was added later is not chosen by itself."
    assert client.post(address, {**data, "stamp": "x"}).status_code == 200
    assert client.post(address, {**data, "reason": "되돌림"}).status_code == 302
    assert Company.objects.get(pk=company.pk).name_en == "Morning"
    assert sorted(office.kind for office in company.offices.all()) == ["branch", "hq", "lab"]


def test_odd_requests_for_a_moment(company, editor):
    client = signed_in(editor)
    page = f"/en/admin/clusters/company/{company.pk}/moment/"
    for at in ("x", "0000-00-00T00:00", "9999-12-31T23:59", "²", "2026-13-40T99:99", "1" * 500, "%00"):
        assert client.get(f"{page}?at={at}").status_code in (200, 400), at
    assert client.post(page, {}).status_code == 403
    assert client.get("/en/admin/clusters/company/999999/moment/").status_code == 404
    curator = signed_in(factories.person("mina", "curator"))
    assert curator.get(f"{page}?at=2026-11-20T12:00").status_code == 200
    assert curator.post(f"{page}?at=2026-11-20T12:00", {"step": "x"}).status_code == 403
