"""The first page of the admin says what needs somebody now, and each count leads to exactly those records."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.models import Company, Event, LinkCheck, Observation
from tests import factories
from tests.admin.conftest import signed_in
from tests.admin.pages import list_url

pytestmark = pytest.mark.django_db

START = "/en/admin/"


def shown(response) -> dict[str, int]:
    """The queues on the page with their counts."""
    html = response.content.decode()
    return {
        name: int(count)
        for name, count in re.findall(r'<li id="queue-([a-z-]+)">.*?data-count="(\d+)"', html, re.S)
    }


def links(response) -> list[tuple[str, int]]:
    html = response.content.decode()
    found = re.findall(r'<a href="([^"]+\?queue=[^"]+)">[^<]*<b>([\d,]+)</b>', html)
    return [(url, int(count.replace(",", ""))) for url, count in found]


@pytest.fixture
def troubled():
    factories.company(publication="in_review", summary_en="")
    factories.event(publication="in_review")
    factories.office(as_of="2015")
    factories.observation(period="2015")
    check = factories.link_check(state="fails", failures=2)
    factories.institution(website=check.url)
    factories.sync_run(state="failed")


def test_every_count_leads_to_a_list_of_that_length(as_editor, troubled):
    page = as_editor.get(START)
    assert {"in-review", "stale", "broken-links", "sync-alarms", "incomplete"} <= set(shown(page))
    found = links(page)
    assert found
    for url, count in found:
        response = as_editor.get(url)
        assert response.status_code == 200, url
        assert response.context["cl"].result_count == count, url


def test_the_list_says_why_its_records_wait(as_editor, troubled):
    page = as_editor.get(list_url(Company) + "?queue=in-review").content.decode()
    assert "asks an editor to look at them" in page


def test_an_empty_directory_says_that_nothing_waits(as_editor):
    page = as_editor.get(START).content.decode()
    assert "Nothing waits." in page
    assert 'class="queues"' not in page


def test_only_what_a_person_may_see_is_counted(troubled):
    user = User.objects.create_user("guest", is_staff=True)
    user.user_permissions.add(_permission("view_event"))
    page = signed_in(user).get(START)
    assert shown(page) == {"in-review": 1, "incomplete": 1, "unchecked": 1}
    assert all("/clusters/event/" in url for url, _count in links(page))


def _permission(codename: str):
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename=codename)


def test_nobody_without_an_account_sees_a_queue(client, troubled):
    response = client.get(START)
    assert response.status_code == 302
    assert "queue" not in client.get(START, follow=True).content.decode()


def test_the_queries_of_the_first_page_do_not_grow(as_editor, troubled):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            as_editor.get(START)
        return len(found)

    as_editor.get(START)
    factories.company()
    few, kept = queries(), queries()
    for _again in range(5):
        factories.company(publication="in_review")
        factories.office(as_of="2015")
    assert (queries(), queries()) == (few, kept)
    # Session, person, their permissions, recent actions, the version before and after, when a deadline changes, the
    # addresses that fail and that moved, and one count for all queues.
    assert kept < few <= 14


def test_counts_follow_what_is_written(as_editor, troubled):
    """Each is counted once until the data change, and what is no data is asked for each time."""
    before = shown(as_editor.get(START))
    assert shown(as_editor.get(START)) == before
    office = factories.office(as_of="2015")
    factories.institution(website=factories.link_check(state="fails", failures=2).url)
    factories.sync_run(portal="bizinfo", state="failed")
    after = shown(as_editor.get(START))
    for name in ("stale", "broken-links", "sync-alarms"):
        assert after[name] > before[name], name
    office.delete()
    LinkCheck.objects.all().delete()
    last = shown(as_editor.get(START))
    assert last["stale"] == before["stale"] and "broken-links" not in last


@pytest.mark.parametrize("value", ["nonsense", "a" * 200, "in-review'--", "sync-alarms", "%00", "가", ""])
def test_a_queue_that_the_list_does_not_have_is_left_out(as_editor, value):
    factories.company()
    response = as_editor.get(f"{list_url(Company)}?queue={value}", follow=True)
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert response.context["cl"].result_count == 1
        assert "queue=" not in response.request["QUERY_STRING"]


def test_a_queue_goes_with_other_filters_and_a_search(as_editor):
    first = factories.company(publication="in_review", name_ko="한빛")
    factories.company(publication="in_review", name_ko="다솔")
    url = f"{list_url(Company)}?queue=in-review&q=한빛&publication__exact=in_review&o=1"
    assert list(as_editor.get(url).context["cl"].result_list) == [first]


def test_lists_offer_their_queues_and_no_others(as_editor):
    factories.company()
    page = as_editor.get(list_url(Company)).content.decode()
    assert "queue=untranslated" in page and "queue=sync-alarms" not in page
    factories.observation()
    assert "queue=suspicious" in as_editor.get(list_url(Observation)).content.decode()


def test_facets_of_a_list_count_its_queues(as_editor):
    factories.event(publication="in_review")
    factories.event()
    page = as_editor.get(list_url(Event) + "?_facets=True").content.decode()
    assert re.search(r"In review\s*\(1\)", page)


@pytest.mark.parametrize("model", ["linkcheck", "syncrun"])
def test_nobody_writes_the_notes_of_machines(as_administrator, model):
    factories.link_check()
    factories.sync_run()
    assert as_administrator.get(f"/en/admin/clusters/{model}/").context["cl"].result_count == 1
    assert as_administrator.get(f"/en/admin/clusters/{model}/add/").status_code == 403
