"""The Atom feeds: valid, the same rows as the list, names that stay, and what changed said in words."""

import re
from datetime import datetime, timedelta

import feedparser
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from clusters.curation import history
from clusters.dates import SEOUL
from clusters.directory.registry import DIRECTORIES
from tests import factories

from .world import NOW, World

pytestmark = pytest.mark.django_db
NAMES = [directory.name for directory in DIRECTORIES]


def read(client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.getvalue())
    assert not feed.bozo and feed.version == "atom10", feed.get("bozo_exception")
    return feed


def slugs(feed) -> list[str]:
    return [entry.id.rsplit("/", 1)[1] for entry in feed.entries]


def address(name: str, language: str, query: str = "") -> str:
    with translation.override(language):
        return reverse(name) + (f"?{query}" if query else "")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_feed_is_valid_and_holds_the_rows_of_the_list(client, name, language):
    World().fill(name)
    with time_machine.travel(NOW, tick=False):
        listed = client.get(address(f"{name}.json", language, "per_page=100")).json()["results"]
        feed = read(client, address(f"{name}.atom", language, "per_page=100"))
        sorted_feed = read(client, address(f"{name}.atom", language, "per_page=100&sort=-updated"))
    assert set(slugs(feed)) == {row["slug"] for row in listed} and len(feed.entries) == len(listed)
    assert slugs(feed) == slugs(sorted_feed), "What changed last comes first."
    assert feed.feed.language == language
    assert feed.feed.links[0].href.endswith(address(f"{name}.atom", language, "per_page=100"))
    for entry in feed.entries:
        assert entry.id.startswith(f"tag:127.0.0.1,2026:{language}/{name}/")
        assert entry.title and entry.updated_parsed and entry.published_parsed
        assert entry.link.startswith("http") and entry.tags[0].label
    assert [e.updated for e in feed.entries] == sorted((e.updated for e in feed.entries), reverse=True)


def test_a_filter_is_a_feed_and_the_page_leads_to_it(client):
    factories.company(slug="here", kind="startup", name_en="Here & <there>")
    factories.company(slug="not-here", kind="large")
    page = client.get("/en/companies/?kind=startup").content.decode()
    assert 'rel="alternate" type="application/atom+xml"' in page
    linked = re.findall(r'href="([^"]+\.atom[^"]*)"', page)
    assert linked == ["/en/companies.atom?kind=startup"] * 2, "In the head and beside the other formats."
    feed = read(client, linked[0])
    assert slugs(feed) == ["here"] and feed.entries[0].title == "Here & <there>"
    assert "startup" in feed.feed.title.lower()


def test_pages_of_a_feed_lead_to_one_another(client):
    for number in range(5):
        factories.company(slug=f"c{number}")
    first = read(client, "/companies.atom?per_page=2")
    links = {link.rel: link.href for link in first.feed.links}
    assert "previous" not in links
    second = read(client, links["next"].removeprefix("http://127.0.0.1:8000"))
    third = read(client, "/companies.atom?per_page=2&page=3")
    assert sorted(slugs(first) + slugs(second) + slugs(third)) == [f"c{n}" for n in range(5)]
    assert "next" not in {link.rel for link in third.feed.links}
    assert client.get("/companies.atom?per_page=2&page=4").status_code == 400


def test_what_changes_moves_up_with_its_name_kept(client):
    first = factories.company(slug="first")
    factories.company(slug="second")
    before = read(client, "/companies.atom")
    assert slugs(before) == ["second", "first"]
    tag = client.get("/companies.atom")["ETag"]
    assert client.get("/companies.atom", headers={"If-None-Match": tag}).status_code == 304
    office = factories.office(company=first)
    after = read(client, "/companies.atom")
    assert slugs(after) == ["first", "second"], "An office shows in its company's row."
    assert {e.id for e in after.entries} == {e.id for e in before.entries}
    assert client.get("/companies.atom", headers={"If-None-Match": tag}).status_code == 200
    history.archive([office], by=factories.person("editor", "editor"))
    assert slugs(read(client, "/companies.atom")) == ["second", "first"]


def test_a_moved_deadline_is_told(client):
    editor = factories.person("editor", "editor")
    with time_machine.travel("2026-09-01 09:00 +0900", tick=False):
        call = factories.call(
            program=factories.program(slug="tips"),
            label_ko="2026년 2차",
            period_kind="window",
            opens_at=datetime(2026, 9, 1, tzinfo=SEOUL),
            closes_at=datetime(2026, 9, 30, 23, 59, tzinfo=SEOUL),
        )
    call.closes_at = datetime(2026, 10, 14, 18, 0, tzinfo=SEOUL)
    with time_machine.travel("2026-09-20 09:00 +0900", tick=False):
        history.save(call, by=editor)
        (entry,) = read(client, "/programs.atom").entries
    assert "2026년 2차" in entry.summary and "2026-09-30 → 2026-10-14 18:00" in entry.summary
    assert "2026-09-20" in entry.summary
    call = type(call).objects.get(pk=call.pk)
    with time_machine.travel("2026-09-21 09:00 +0900", tick=False):
        call.publication = "draft"
        history.save(call, by=editor)
        (entry,) = read(client, "/programs.atom").entries
    assert "→" not in entry.summary, "A withdrawn call is not told of."


def test_an_empty_feed_is_valid(client):
    feed = read(client, "/en/events.atom")
    assert feed.entries == [] and feed.feed.updated


def test_feeds_read_the_same_within_a_minute(client):
    factories.program()
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert client.get("/programs.atom").content == client.get("/programs.atom").content
