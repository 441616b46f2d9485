"""Deadlines in a calendar: entries that keep their identity, rise when a date moves, and end as cancelled."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import time_machine

from clusters.curation import history
from clusters.models import Call
from tests import addresses, factories

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00").astimezone(UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-25 12:00 +0900", tick=False):
        yield


def window(**given):
    defaults = {
        "slug": "r1",
        "period_kind": "window",
        "opens_at": at("2026-11-01T00:00"),
        "closes_at": at("2026-12-10T16:00"),
        "closes_precision": "time",
        "opens_precision": "day",
    }
    return factories.call(**{**defaults, **given})


def entries(client, query="", language="/en"):
    response = client.get(f"{language}/programs.ics{query}")
    assert response.status_code == 200 and response["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(response.content)
    assert not calendar.errors
    return {str(event["uid"]).split("@")[0]: event for event in calendar.walk("VEVENT")}


def test_a_deadline_to_the_minute_and_an_opening_to_the_day(client):
    window(program=factories.program(name_ko="가나다라마바사" * 8, name_en="A program", slug="p"))
    found = entries(client)
    closes, opens = found["r1-closes"], found["r1-opens"]
    assert closes["dtstart"].dt.isoformat() == "2026-12-10T16:00:00+09:00"
    assert closes["dtstart"].params["TZID"] == "Asia/Seoul"
    assert opens["dtstart"].dt == date(2026, 11, 1) and opens["dtend"].dt == date(2026, 11, 2)
    assert [alarm["trigger"].dt for alarm in closes.walk("VALARM")] == [
        timedelta(days=-7),
        timedelta(days=-1),
    ]
    assert closes["summary"].startswith("Closes: A program")
    assert closes["url"].endswith("/en/programs/p/") and closes["status"] == "CONFIRMED"
    assert "가나다라마바사" * 8 in entries(client, language="")["r1-closes"]["summary"]


def test_a_moved_deadline_keeps_its_identity_and_says_what_changed(client):
    call = window()
    editor = factories.person("ed", "editor")
    before = entries(client)["r1-closes"]
    for day in ("2026-12-14", "2026-12-20"):
        call = Call.objects.get()
        call.closes_at = at(f"{day}T18:00")
        history.save(call, by=editor)
    after = entries(client)["r1-closes"]
    assert (before["sequence"], after["sequence"]) == (0, 2) and before["uid"] == after["uid"]
    assert "from 2026-12-10 16:00 to 2026-12-14 18:00" in after["description"]
    assert after["dtstart"].dt.day == 20
    call = Call.objects.get()
    call.award_count = 7
    history.save(call, by=editor)
    assert entries(client)["r1-closes"]["sequence"] == 2


def test_a_withdrawn_call_is_cancelled_for_a_while(client):
    call = window()
    editor = factories.person("ed", "editor")
    history.archive([call], by=editor)
    gone = entries(client)["r1-closes"]
    assert gone["status"] == "CANCELLED" and gone["sequence"] == 1 and not gone.walk("VALARM")
    with time_machine.travel("2027-04-01 12:00 +0900", tick=False):
        assert not entries(client)


def test_drafts_and_vague_dates_are_not_in_it(client):
    window(slug="draft", publication="draft")
    window(slug="never-public", publication="archived")
    window(slug="of-draft", program=factories.program(publication="draft"))
    window(slug="vague", closes_precision="month", opens_precision="month")
    factories.call(slug="always", period_kind="always", opens_at=None, closes_at=None)
    assert not entries(client)


def test_the_calendar_has_the_programs_of_the_list(client):
    window(slug="a", program=factories.program(name_en="Alpha"))
    window(slug="b", program=factories.program(name_en="Beta"))
    assert set(entries(client, "?q=Alpha")) == {"a-closes", "a-opens"}
    for address in addresses.both("programs.ics"):
        assert client.get(f"{address}?status=nonsense").status_code == 400


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    for n in range(15):
        window(slug=f"r{n}")
    entries(client)  # reads the list once
    with django_assert_max_num_queries(8):
        assert len(entries(client)) == 30
