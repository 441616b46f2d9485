"""The calendar of calls as a visitor uses it: the same filters as the list, month by month, nothing invented."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils.html import escape

from clusters.curation import history
from clusters.models import Call
from tests import addresses, factories

pytestmark = pytest.mark.django_db
ADDRESS = "/en/programs/calendar/"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00").astimezone(UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-25 12:00 +0900", tick=False):
        yield


def window(slug="r1", opens="2026-11-02T00:00", closes="2026-11-30T16:00", **given):
    defaults = {
        "period_kind": "window",
        "opens_at": opens and at(opens),
        "closes_at": closes and at(closes),
        "opens_precision": "day",
        "closes_precision": "time",
    }
    return factories.call(slug=slug, **{**defaults, **given})


def page(client, query="", address=ADDRESS) -> str:
    response = client.get(address + query)
    assert response.status_code == 200
    return response.content.decode()


def listed(html: str) -> set[tuple[str, str, str]]:
    found = re.findall(r'data-slug="([^"]+)" data-day="([^"]+)" data-what="([^"]+)"', html)
    assert len(found) == len(set(found))
    return set(found)


def below(html: str) -> str:
    return html.split('id="undated"')[-1] if 'id="undated"' in html else ""


def test_the_present_month_shows_what_opens_and_closes_with_its_hour(client):
    window("a")
    window("b", closes="2026-11-30T18:00", closes_precision="time")
    window("c", opens=None, closes="2026-11-30T23:59", closes_precision="day")
    html = page(client)
    assert listed(html) == {
        ("a", "2026-11-02", "opens"),
        ("a", "2026-11-30", "closes"),
        ("b", "2026-11-02", "opens"),
        ("b", "2026-11-30", "closes"),
        ("c", "2026-11-30", "closes"),
    }
    assert "16:00" in html and "18:00" in html and "23:59" not in html
    assert html.index('data-slug="a" data-day="2026-11-30"') < html.index(
        'data-slug="b" data-day="2026-11-30"'
    )
    cells = html[html.index("<tbody>") : html.index("</tbody>")]
    assert cells.count("<td") == 35 and cells.count('data-edge="closes"') == 3
    assert html.count('scope="col"') == 7 and html.index(">Sun<") < html.index(">Mon<")


def test_calls_without_a_fixed_date_stand_below_and_on_no_day(client):
    factories.call(slug="always", period_kind="always")
    factories.call(slug="money", period_kind="until_exhausted", opens_at=at("2026-03-01T00:00"))
    factories.call(slug="later", period_kind="announced_later")
    window("vague", closes="2026-11-30T23:59", closes_precision="month", opens=None)
    window("past-vague", closes="2026-10-31T23:59", closes_precision="month", opens=None)
    window("fixed")
    html = page(client)
    assert {slug for slug, _, _ in listed(html)} == {"fixed"}
    for slug in ("always", "money", "later", "vague"):
        assert f'data-slug="{slug}"' in below(html)
    assert 'data-slug="past-vague"' not in html and 'data-slug="fixed"' not in below(html)
    assert listed(page(client, "?month=2026-03")) == {("money", "2026-03-01", "opens")}


def test_a_project_period_is_no_time_to_apply(client):
    window("project", period_kind="project")
    html = page(client)
    assert not listed(html) and 'data-slug="project"' in below(html)
    assert "No call opens or closes on a known day in November 2026." in html


def test_filters_of_the_list_hold_here_and_can_be_removed(client):
    space = factories.support_kind("space")
    window("in", program=factories.program(slug="in", support_kinds=[space]))
    window("out", program=factories.program(slug="out"))
    assert escape(f"{ADDRESS}?support=space") in page(client, "?support=space", "/en/programs/")
    html = page(client, "?support=space&month=2026-11")
    assert {slug for slug, _, _ in listed(html)} == {"in"}
    assert f'<a class="chip" href="{ADDRESS}">' in html
    for address in ("/en/programs/?support=space", "/en/programs.ics?support=space"):
        assert f'href="{address}"' in html
    assert f'href="{ADDRESS}?month=2026-10"' in page(client, "?month=2026-10&support=space")
    none = page(client, "?support=space&q=nothing-of-the-kind")
    assert "Drop" in none and f'href="{ADDRESS}?support=space"' in none


def test_links_lead_through_the_months_with_calls_and_no_further(client):
    window("old", opens="2026-08-03T00:00", closes="2026-09-30T18:00")
    window("new", opens=None, closes="2027-01-05T18:00")

    def around(query):
        html = page(client, query)
        return re.findall(r'href="([^"]+)" rel="(?:prev|next)"', html)

    assert around("") == [f"{ADDRESS}?month=2026-10", f"{ADDRESS}?month=2026-12"]
    assert around("?month=2026-08") == [f"{ADDRESS}?month=2026-09"]
    assert around("?month=2026-10") == [f"{ADDRESS}?month=2026-09", ADDRESS]
    assert around("?month=2027-01") == [f"{ADDRESS}?month=2026-12"]
    assert around("?month=2000-01") == [f"{ADDRESS}?month=2026-08"]
    assert around("?month=2099-01") == [f"{ADDRESS}?month=2027-01"]
    empty = page(client, "?month=2026-10")
    assert f'href="{ADDRESS}?month=2026-09">September 2026' in empty
    assert "noindex" in empty and "noindex" not in page(client, "?month=2026-09")
    assert "noindex" not in page(client) and "noindex" in page(client, "?month=2100-12")


@pytest.mark.parametrize(
    "query",
    [
        "?month=2026-13",
        "?month=1999-12",
        "?month=x",
        "?month=2026-10&month=2026-12",
        "?month=" + "9" * 5000,
    ],
)
def test_a_bad_month_is_said_beside_the_field_and_the_present_one_shown(client, query):
    window()
    for address in addresses.both("programs/calendar"):
        html = page(client, query, address)
        assert 'aria-invalid="true" aria-describedby="month-note"' in html and 'id="month-note"' in html
        assert {slug for slug, _, _ in listed(html)} == {"r1"}
    assert client.get("/programs.ics?month=x").status_code == 200


def test_a_bad_filter_is_said_and_filters_nothing(client):
    window()
    html = page(client, "?support=nonsense&page=x&sort=x")
    assert "There is no such value: nonsense" in html and listed(html)


def test_what_moved_is_told_on_its_day(client):
    call = window(closes="2026-11-10T18:00")
    editor = factories.person("ed", "editor")
    call = Call.objects.get(pk=call.pk)
    call.closes_at, call.kind = at("2026-11-27T16:00"), "extended"
    history.save(call, by=editor)
    html = page(client)
    assert ("r1", "2026-11-27", "closes") in listed(html) and ("r1", "2026-11-10", "closes") not in listed(
        html
    )
    assert "closing moved: 2026-11-10 18:00 → 2026-11-27 16:00 (noted 2026-11-25)" in html
    assert "Extended" in html


def test_nothing_unpublished_shows(client):
    window("draft", publication="draft")
    window("gone", publication="archived")
    window("of-draft", program=factories.program(publication="draft"))
    html = page(client)
    assert not listed(html) and "of-draft" not in html and 'data-slug="gone"' not in html


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_deadline_that_a_reader_may_have_noted_is_told_to_be_withdrawn(client):
    call, _other = window(label_en="Round 1"), window("kept", opens=None)
    history.archive([call], by=factories.person("ed", "editor"))
    html = page(client)
    assert listed(html) == {
        ("r1", "2026-11-02", "opens"),
        ("r1", "2026-11-30", "closes"),
        ("kept", "2026-11-30", "closes"),
    }
    assert 'data-total="1"' in html  # what is withdrawn is not counted among what opens or closes
    assert "0 calls open, 1 closes. 1 was withdrawn" in words(html)
    assert "withdrawn from the directory on 2026-11-25" in html
    for part in (html[html.index("<tbody>") : html.index("</tbody>")], html[html.index('id="days"') :]):
        assert part.count("<s>") >= 2 and "withdrawn" in part
    # On a day it stands after what still holds.
    assert html.index('data-slug="kept"') < html.index('data-slug="r1" data-day="2026-11-30"')
    assert "내림" in page(client, address=ADDRESS.removeprefix("/en"))
    with time_machine.travel("2027-04-01 12:00 +0900", tick=False):
        assert listed(page(client, "?month=2026-11")) == {("kept", "2026-11-30", "closes")}


def test_a_month_in_which_everything_was_withdrawn_shows_its_days(client):
    history.archive([window()], by=factories.person("ed", "editor"))
    html = page(client)
    assert {slug for slug, _, _ in listed(html)} == {"r1"} and 'class="cal"' in html
    assert "No call opens or closes on a known day" not in html


def test_of_a_withdrawn_call_only_what_was_public_is_told(client):
    editor = factories.person("ed", "editor")
    call = window(label_en="Seen")
    history.send_to_review([call], by=editor)
    call = Call.objects.get(pk=call.pk)
    call.label_en, call.closes_at = "Never seen", at("2026-11-12T10:00")
    history.save(call, by=editor)
    history.archive([Call.objects.get(pk=call.pk)], by=editor)
    html = page(client)
    assert ("r1", "2026-11-30", "closes") in listed(html) and ("r1", "2026-11-12", "closes") not in listed(
        html
    )
    assert "Seen" in html and "Never seen" not in html
    feed = client.get("/en/programs.ics").content.decode()
    assert "Seen" in feed and "Never seen" not in feed


def test_a_call_that_was_public_under_a_draft_is_not_told_when_it_is_withdrawn(client):
    editor = factories.person("ed", "editor")
    program = factories.program(publication="draft")
    call = window("hidden", program=program)
    with time_machine.travel("2026-11-25 12:05 +0900", tick=False):
        history.archive([call], by=editor)
    with time_machine.travel("2026-11-25 12:10 +0900", tick=False):
        history.publish([program], by=editor)
        assert not listed(page(client))
        assert "hidden" not in client.get("/en/programs.ics").content.decode()


def test_a_withdrawn_call_comes_back_as_it_was(client):
    editor, call = factories.person("ed", "editor"), window()
    history.archive([call], by=editor)
    history.publish([Call.objects.get(pk=call.pk)], by=editor)
    html = page(client)
    assert ("r1", "2026-11-30", "closes") in listed(html) and "<s>" not in html


def test_a_busy_day_is_cut_in_the_grid_and_whole_in_the_list(client):
    for n in range(5):
        window(f"r{n}", opens=None)
    html = page(client)
    assert "2 more" in html and 'href="#d-2026-11-30"' in html and 'id="d-2026-11-30"' in html
    assert len(listed(html)) == 5


def test_part_of_the_page_for_a_changed_filter(client):
    factories.support_kind("space")
    window()
    response = client.get(f"{ADDRESS}?month=2026-10&support=space", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert (
        "<h1" not in html
        and 'id="results"' in html
        and '<input type="hidden" name="month" value="2026-10">' in html
    )
    assert response["HX-Push-Url"] == f"{ADDRESS}?support=space&month=2026-10"


def test_queries_do_not_grow_with_calls(client, django_assert_max_num_queries):
    for n in range(12):
        window(f"r{n}")
        factories.call(period_kind="always")
    page(client)
    with django_assert_max_num_queries(9):
        assert len(listed(page(client))) == 24


def test_no_program_takes_the_address_of_the_calendar():
    with pytest.raises(ValidationError):
        factories.program(slug="calendar").full_clean()


def test_what_closes_on_a_day_of_the_month_stands_on_its_day_only(client):
    factories.call(
        slug="opens-some-day",
        period_kind="window",
        opens_at=datetime(2026, 10, 31, 15, tzinfo=UTC),
        opens_precision="month",
        closes_at=datetime(2026, 11, 29, 16, tzinfo=UTC),
        closes_precision="day",
    )
    html = client.get("/en/programs/calendar/?month=2026-11").content.decode()
    assert "opens-some-day" in html
    assert 'id="undated"' not in html
