"""Links: what counts as working, moved and broken; gentle to hosts, and never inside the own network."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import translation

from clusters.curation import links, quality
from clusters.curation.fetching import Bounds
from clusters.curation.locking import alone_with
from clusters.models import LinkCheck, LinkState
from tests import factories
from tests.loopback import Asked, Reply, serving

NOW = datetime(2026, 11, 26, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def everybody_is_here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def checker(settings, clock) -> links.Checker:
    settings.LINK_CHECKS_STAY_PUBLIC = False
    return links.Checker(
        resolver=everybody_is_here,
        sleep=clock.sleep,
        clock=clock,
        bounds=Bounds(seconds=0.4, wait=0.4, bytes=100, cut=True),
    )


def verdict(checker, answer, path: str = "/page") -> links.Verdict:
    with serving(answer) as server:
        checker.server = server
        return checker.check(server.address + path)


def to(place: str, status: int) -> Reply:
    return Reply(status=status, headers={"Location": place})


def at(places: dict[str, Reply]):
    return lambda asked: places.get(asked.path, Reply(status=404))


@pytest.mark.parametrize(
    ("status", "state"),
    [(200, "works"), (204, "works"), (403, "works"), (429, "works"), (404, "fails"), (410, "fails"), (500, "fails"), (503, "fails")],
)  # fmt: skip
def test_what_an_answer_means(checker, status, state):
    found = verdict(checker, lambda asked: Reply(status=status))
    assert (found.state, found.status) == (state, status)


def test_head_is_enough_and_get_is_the_second_try(checker):
    verdict(checker, lambda asked: Reply(b"page"))
    assert [asked.method for asked in checker.server.asked] == ["HEAD"]
    found = verdict(checker, lambda asked: Reply(status=200 if asked.method == "GET" else 405))
    assert found.state == LinkState.WORKS
    assert [asked.method for asked in checker.server.asked] == ["HEAD", "GET"]
    assert verdict(checker, lambda asked: Reply(hang=asked.method == "HEAD")).state == LinkState.WORKS


def test_a_page_of_any_length_works(checker):
    assert (
        verdict(
            checker,
            lambda asked: Reply(endless=asked.method == "GET", status=200 if asked.method == "GET" else 500),
        ).state
        == LinkState.WORKS
    )


def test_a_permanent_redirect_is_a_suggestion_and_a_temporary_one_is_not(checker):
    found = verdict(
        checker, at({"/page": to("/new", 301), "/new": to("/newest#part", 308), "/newest": Reply()})
    )
    assert found.state == LinkState.MOVED and found.moved_to.endswith("/newest")
    found = verdict(checker, at({"/page": to("/new", 301), "/new": to("/today", 302), "/today": Reply()}))
    assert found.moved_to.endswith("/new")
    found = verdict(checker, at({"/page": to("/today", 302), "/today": to("/new", 301), "/new": Reply()}))
    assert (found.state, found.moved_to) == (LinkState.WORKS, "")


def test_a_redirect_to_nowhere_fails(checker):
    assert verdict(checker, at({"/page": to("/gone", 301)})).status == 404
    assert "circle" in verdict(checker, at({"/page": to("/page", 302)})).message


@pytest.mark.parametrize(
    "place",
    ["file:///etc/passwd", "ftp://a.example/", "http://u:p@a.example/", "http://[", "javascript:alert(1)"],
)
def test_a_redirect_to_what_is_no_web_address_fails(checker, place):
    assert verdict(checker, lambda asked: to(place, 302)).state == LinkState.FAILS


def test_every_hop_is_looked_at(checker, settings):
    """A public page may not send the check into the own network."""
    settings.LINK_CHECKS_STAY_PUBLIC = True

    checker.resolver = lambda host, port: ["10.0.0.1"] if host == "inside.example" else ["127.0.0.1"]
    with serving(lambda asked: to("http://inside.example/secret", 302)) as server:
        assert "private network" in checker.check(server.address).message
        assert server.asked == []
    settings.LINK_CHECKS_STAY_PUBLIC = False
    refusing = []

    def watching(url, **options):
        refusing.append(url)
        return links_fetch(url, **{**options, "anywhere": "127.0.0.1" in url})

    links_fetch, links.fetch = links.fetch, watching
    try:
        with serving(lambda asked: to("http://inside.example/secret", 302)) as server:
            found = checker.check(server.address)
    finally:
        links.fetch = links_fetch
    assert found.state == LinkState.FAILS and "private network" in found.message
    assert refusing == [server.address, "http://inside.example/secret"]


def test_one_host_is_asked_with_pauses(checker, clock):
    with serving(lambda asked: Reply()) as server:
        port = server.address.rpartition(":")[2]
        for host in ("one.example", "two.example", "one.example", "one.example"):
            checker.check(f"http://{host}:{port}/")
    assert clock.slept == [links.PAUSE, links.PAUSE]


# ---- what is checked, and what is noted


@pytest.mark.django_db
def test_the_addresses_of_all_kinds_are_checked_and_of_nothing_archived():
    factories.source(url="https://a.example/1")
    factories.company(website="https://b.example/")
    factories.institution(website="https://c.example/", source=factories.source(url=""))
    factories.call(notice_url="https://d.example/", program=factories.program(website="https://e.example/"),
                   source=factories.source(url=""))  # fmt: skip
    factories.event(website="https://f.example/", source=factories.source(url="", publication="draft"))
    factories.company(website="https://old.example/", publication="archived")
    hosts = {url.split("/")[2] for url in links.due(older_than=30, limit=100)}
    assert hosts == {f"{letter}.example" for letter in "abcdef"}
    assert links.due(older_than=30, limit=100, host="B.example") == ["https://b.example/"]
    assert len(links.due(older_than=30, limit=2)) == 2


@pytest.mark.django_db
def test_new_ones_come_first_then_failing_ones_then_old_ones():
    for name, check in {
        "fresh": {"checked_at": NOW - timedelta(days=3)},
        "older": {"checked_at": NOW - timedelta(days=40)},
        "failing": {"checked_at": NOW - timedelta(days=1), "failures": 1, "state": "fails"},
        "just-failed": {"checked_at": NOW - timedelta(hours=2), "failures": 1, "state": "fails"},
        "new": None,
    }.items():
        factories.company(website=f"https://{name}.example/")
        if check:
            factories.link_check(url=f"https://{name}.example/", **check)
    assert [url.split("/")[2] for url in links.due(older_than=30, limit=10, now=NOW)] == [
        "new.example", "failing.example", "older.example",
    ]  # fmt: skip


@pytest.mark.django_db
def test_hosts_take_turns_and_none_gets_too_many():
    for number in range(links.MOST_PER_HOST + 5):
        factories.company(website=f"https://big.example/{number:03d}")
    factories.company(website="https://small.example/")
    found = links.due(older_than=30, limit=1000)
    assert len(found) == links.MOST_PER_HOST + 1
    assert "https://small.example/" in found[:2]


def failed(status: int = 404) -> links.Verdict:
    return links.Verdict(LinkState.FAILS, status)


@pytest.mark.django_db
def test_broken_after_failing_on_two_days_and_sound_after_one_success():
    source = factories.source(url="https://a.example/1")
    history = source.history.count()
    broken = quality.named("broken-links")
    for hours, failures, waiting in ((0, 1, 0), (3, 1, 0), (25, 2, 1), (49, 3, 1)):
        links.note(source.url, failed(), NOW + timedelta(hours=hours))
        assert LinkCheck.objects.get().failures == failures
        assert sum(broken.counts().values()) == waiting
    links.note(source.url, links.Verdict(LinkState.WORKS, 200), NOW + timedelta(hours=50))
    check = LinkCheck.objects.get()
    assert (check.failures, check.failed_on, broken.counts()) == (0, None, {})
    source.refresh_from_db()
    assert source.link_checked_at == NOW + timedelta(hours=50)
    assert (source.version, source.history.count()) == (1, history), "A note of the machine is no edit."


@pytest.mark.django_db
def test_a_moved_page_waits_with_its_new_address():
    company = factories.company(website="http://a.example/")
    links.note(company.website, links.Verdict(LinkState.MOVED, 200, "https://a.example/"))
    assert list(quality.named("moved-links").records(type(company))) == [company]


@pytest.mark.django_db
def test_notes_on_addresses_that_are_gone_are_let_go():
    kept = factories.company(website="https://kept.example/").website
    factories.link_check(url=kept)
    factories.link_check(url="https://gone.example/")
    assert links.forget_unused() == 1
    assert LinkCheck.objects.get().url == kept


# ---- the command


def run(**options) -> str:
    out = StringIO()
    call_command("check_links", stdout=out, **{"language": "en", **options})
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_tells_what_fails_and_what_moved(settings, tmp_path, monkeypatch):
    settings.DATA_DIR, settings.LINK_CHECKS_STAY_PUBLIC = tmp_path, False
    monkeypatch.setattr(links.Checker, "pause", 0.0)

    def answer(asked: Asked) -> Reply:
        return at({"/moved": to("/new", 301), "/new": Reply(), "/fine": Reply()})(asked)

    with serving(answer) as server, time_machine.travel(NOW, tick=True):
        for path in ("moved", "fine", "gone"):
            factories.company(website=f"{server.address}/{path}")
        text = run(limit=10)
        assert "Links checked: 3 (Works 1, Moved for good 1, Fails 1)" in text
        assert f"Moved for good  {server.address}/moved  → {server.address}/new" in text
        assert f"Fails  {server.address}/gone  It answers with HTTP status 404." in text
        assert "/fine" not in text
        assert "Links checked: 0" in run()
        assert run(verbosity=0) == ""


@pytest.mark.django_db
def test_private_addresses_are_noted_without_being_asked(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with serving(lambda asked: Reply()) as server:
        factories.company(website=f"{server.address}/admin")
        assert "private network" in run()
    assert server.asked == []


@pytest.mark.django_db
def test_a_second_run_at_the_same_time_ends_quietly(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    factories.company(website="https://a.example/")
    with alone_with("check-links"):
        assert run() == ""
    assert not LinkCheck.objects.exists()
