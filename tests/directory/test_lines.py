"""Rows of files that are kept say what the tables say, whatever was written in between and in whatever order they are asked for."""

import os
import random
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from django.http import QueryDict
from django.urls import set_script_prefix

from clusters import models as m
from clusters.curation import history
from clusters.dates import seoul_now
from clusters.directory import formats, lines, selection
from clusters.directory import shelf as shelves
from clusters.directory.registry import BY_NAME
from clusters.directory.selection import Selection
from clusters.directory.shelf import Shelf
from clusters.directory.snapshot import Keeper
from clusters.models.version import Touches
from tests import factories

from .world import World

pytestmark = pytest.mark.django_db
SUFFIXES = (".csv", ".ndjson", ".xlsx")


def files(client, name: str, query: str = "") -> list[bytes]:
    return [
        client.get(f"{prefix}/{name}{suffix}?{query}").getvalue()
        for suffix in SUFFIXES
        for prefix in ("", "/en")
    ]


def as_the_tables_have_it(client, monkeypatch, name: str, query: str = "") -> list[bytes]:
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "at", lambda *anything: None)
        return files(client, name, query)


@pytest.mark.parametrize("name", ["companies", "institutions", "programs", "districts", "events", "sources"])
def test_kept_files_are_those_of_the_tables(client, monkeypatch, name):
    world, moment = World(), seoul_now()
    monkeypatch.setattr(selection, "seoul_now", lambda: moment)  # no call closes between two files
    for _round in range(2):
        world.fill(name)
        for query in ("", "sort=-name" if name != "sources" else "sort=-title", "q=a"):
            expected = as_the_tables_have_it(client, monkeypatch, name, query)
            assert files(client, name, query) == expected
            assert files(client, name, query) == expected, "The second time they come from what was kept."


def test_every_kind_of_change_shows_in_the_next_file(client, monkeypatch):
    editor = factories.person("editor", "editor")
    source, province = factories.source(title="옛 제목"), factories.province()
    companies = [factories.company(source=source) for _ in range(4)]
    office = factories.office(company=companies[0], province=province, source=source)
    technology = factories.technology("llm")

    def retitle():
        source.title = "새 제목"
        history.save(source, by=editor)

    def rename():
        companies[1].name_ko = "가나다"
        history.save(companies[1], by=editor)

    changes = {
        "a company": rename,
        "an office": lambda: m.Office.objects.filter(pk=office.pk).update(address_ko="다른 주소"),
        "a technology": lambda: (
            companies[2].technologies.add(technology)
            or m.Company.objects.filter(pk=companies[2].pk).update(stage="seed")
        ),
        "a source": retitle,
        "a source that is withdrawn": lambda: history.archive([source], by=editor),
        "a company that is withdrawn": lambda: history.archive([companies[3]], by=editor),
        "a new company": lambda: factories.company(slug="new-one"),
    }
    seen = files(client, "companies")
    for what, change in changes.items():
        change()
        now = files(client, "companies")
        assert now == as_the_tables_have_it(client, monkeypatch, "companies"), what
        assert now != seen, what
        seen = now


def test_addresses_in_a_file_have_the_prefix_under_which_the_site_stands(client):
    factories.company(slug="one")
    for prefix in ("/", "/2030/", "/"):
        set_script_prefix(prefix)
        try:
            said = b"".join(formats.csv_parts(Selection(BY_NAME["companies"], QueryDict()))).decode()
        finally:
            set_script_prefix("/")
        assert f",{prefix}companies/one/," in said


def test_what_a_slow_reader_reads_late_is_not_kept(client, monkeypatch):
    """The tables may be again what they were when he began."""
    company = factories.company(name_ko="옛 이름")
    slow = formats.csv_parts(Selection(BY_NAME["companies"], QueryDict()))
    next(slow)
    with transaction.atomic():
        company.name_ko = "새 이름"
        company.save()
        assert "새 이름" in b"".join(slow).decode()
        transaction.set_rollback(True)
    assert files(client, "companies") == as_the_tables_have_it(client, monkeypatch, "companies")


class Joined(lines.Lines):
    """The lines one after the other."""

    def of(self, way, pks, draw) -> bytes:
        return b"".join(super().of(way, pks, draw).values())


def lines_at(shelf: Shelf, *tokens: int, changed: dict[int, set] | None = None, old=()) -> Joined:
    """Lines after some writes; each is of the records that `changed` says, or of the one with its number."""
    writes = Touches({token: ("company", token) for token in tokens}, frozenset(old))

    def rows(found):
        return set().union(*((changed or {}).get(token, {token}) for _model, token in found))

    return Joined(shelf, writes, None, rows, lambda: True)


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(lambda: tmp_path / "code" / "companies.sqlite3")


class Draw:
    """Writes lines that say for which state they were written, and remembers whose."""

    def __init__(self, text: str) -> None:
        self.text, self.written = text, []

    def __call__(self, pks):
        for pk in pks:
            self.written.append(pk)
            yield pk, f"{pk} {self.text}\n".encode()


def nothing(missing):
    pytest.fail(f"{missing} were kept.")


def test_lines_come_back_in_any_order_and_new_ones_are_written_once(shelf):
    kept, dice, draw = lines_at(shelf, 1000), random.Random(1), Draw("now")
    for _round in range(50):
        pks = dice.sample(range(200), dice.randint(0, 60))
        assert kept.of("csv", pks, draw) == b"".join(b"%d now\n" % pk for pk in pks)
    assert len(draw.written) == len(set(draw.written))
    assert kept.of("ndjson", [1, 2], Draw("json")) == b"1 json\n2 json\n", "Another kind of file."


def test_a_later_state_writes_only_what_changed_and_an_earlier_one_never_says_it(shelf):
    before, after = lines_at(shelf, 1000), lines_at(shelf, 1000, 3, 4)
    assert before.of("csv", [2, 3], Draw("early")) == b"2 early\n3 early\n"
    late = Draw("late")
    assert after.of("csv", [4, 3, 2], late) == b"4 late\n3 late\n2 early\n"
    assert late.written == [4, 3]
    assert before.of("csv", [4, 3, 2], Draw("early")) == b"4 early\n3 early\n2 early\n"
    assert after.of("csv", [4, 3, 2], nothing) == b"4 late\n3 late\n2 early\n"


def test_a_write_that_comes_to_be_seen_late_is_not_missed(shelf):
    """Its number was given before that of the last one seen."""
    assert lines_at(shelf, 5, 6, 7).of("csv", [6], Draw("all")) == b"6 all\n"
    assert lines_at(shelf, 5, 7).of("csv", [6], Draw("before")) == b"6 before\n"
    assert lines_at(shelf, 5, 6, 7).of("csv", [6], nothing) == b"6 all\n"


def test_nothing_holds_when_writes_in_between_may_be_forgotten(shelf):
    lines_at(shelf, 1, 2, 3).of("csv", [9], Draw("early"))
    assert lines_at(shelf, 50, 60).of("csv", [9], Draw("late")) == b"9 late\n"
    lines_at(shelf, 1, 2, 3, old={1, 2}).of("csv", [9], Draw("again"))
    assert lines_at(shelf, 3, 4).of("csv", [9], nothing) == b"9 again\n", (
        "Old ones were forgotten, and no other."
    )


def test_what_the_clock_changes_does_not_hold_after_its_moment(shelf):
    touches = Touches({1: ("company", 1)}, frozenset())
    for day in (1, 2):
        kept = Joined(shelf, touches, datetime(2026, 1, day, tzinfo=UTC), lambda writes: set(), lambda: True)
        assert kept.of("csv", [1], Draw(str(day))) == b"1 %d\n" % day


def test_lines_are_kept_for_the_next_start_of_the_same_code(shelf, tmp_path):
    lines_at(shelf, 1).of("csv", [1], Draw("one"))
    another = Shelf(lambda: tmp_path / "code" / "companies.sqlite3")
    assert lines_at(another, 1).of("csv", [1], nothing) == b"1 one\n"
    newer = Shelf(lambda: tmp_path / "newer" / "companies.sqlite3")
    assert lines_at(newer, 1).of("csv", [1], Draw("two")) == b"1 two\n"
    assert [one.name for one in tmp_path.iterdir()] == ["newer"]
    assert lines_at(shelf, 1).of("csv", [1], nothing) == b"1 one\n", "An old process still runs."


@pytest.mark.parametrize("damage", ["broken", "gone", "no folder"])
def test_files_are_sent_whatever_happens_to_what_is_kept(shelf, tmp_path, caplog, damage):
    kept, file = lines_at(shelf, 1), tmp_path / "code" / "companies.sqlite3"
    if damage == "no folder":
        file.parent.write_text("A file where a folder should be")
    elif damage == "gone":
        kept.of("csv", [1], Draw("first"))
        shutil.rmtree(file.parent)
    else:
        file.parent.mkdir()
        file.write_bytes(b"This is no database. " * 1000)
    for _round in range(3):
        assert kept.of("csv", [1, 2], Draw("first")) == b"1 first\n2 first\n"
    assert bool(caplog.records) == (damage != "gone")
    if damage == "broken":
        assert kept.of("csv", [1, 2], nothing), "It began anew."


def test_nothing_is_added_to_a_file_that_is_full_and_the_next_start_begins_anew(shelf, monkeypatch, tmp_path):
    monkeypatch.setattr(shelves, "MOST_BYTES", 2500 * 4096)
    long, kept = Draw("x" * 200_000), lines_at(shelf, 1)
    for _round in range(2):
        for pk in range(60):
            assert kept.of("csv", [pk], long).startswith(b"%d xxx" % pk)
    assert 60 < len(long.written) < 120
    assert kept.of("csv", [0], nothing).startswith(b"0 xxx")
    started = lines_at(Shelf(lambda: tmp_path / "code" / "companies.sqlite3"), 1)
    assert started.of("csv", [0], Draw("anew")) == b"0 anew\n"
    assert started.of("csv", [0], nothing) == b"0 anew\n"


def test_a_disk_without_room_costs_nothing_of_what_is_kept(shelf, caplog):
    kept = lines_at(shelf, 1)
    kept.of("csv", [1, 2], Draw("one"))
    assert shelf._connection
    shelf._connection.execute("PRAGMA max_page_count = 1")  # SQLite takes as many as there are
    for pk in range(10, 20):
        assert kept.of("csv", [1, 2, pk], Draw("x" * 20_000)).startswith(b"1 one\n2 one\n%d xxx" % pk)
    assert kept.of("csv", [1, 2], nothing) == b"1 one\n2 one\n"
    assert len(caplog.records) == 1, "Nobody reads the same for each row."


def test_what_never_works_is_not_tried_for_each_row(shelf, tmp_path, caplog):
    (tmp_path / "code").write_text("A file where a folder should be")
    kept = lines_at(shelf, 1)
    for pk in range(10):
        assert kept.of("csv", [pk], Draw("one")) == b"%d one\n" % pk
    assert len(caplog.records) == 1


def test_a_disk_that_was_full_before_is_not_tried_for_each_row(shelf, monkeypatch, caplog):
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    kept = lines_at(shelf, 1)
    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "_connect", lambda self, path: (_ for _ in ()).throw(full))
        for pk in range(10):
            assert kept.of("csv", [pk], Draw("one")) == b"%d one\n" % pk
    assert len(caplog.records) == 1


def test_a_disk_that_fails_takes_nothing_away(shelf, tmp_path, monkeypatch, caplog):
    """A full one fails like this while no other process has the file open."""
    lines_at(shelf, 1).of("csv", [1], Draw("one"))
    failure = sqlite3.OperationalError("disk I/O error")
    failure.sqlite_errorcode = sqlite3.SQLITE_IOERR
    monkeypatch.setattr(shelves, "REST", 0.0)
    started = lines_at(Shelf(lambda: tmp_path / "code" / "companies.sqlite3"), 1)
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *args, **kwargs: (_ for _ in ()).throw(failure))
        assert started.of("csv", [1], Draw("other")) == b"1 other\n"
    assert started.of("csv", [1], nothing) == b"1 one\n" and "disk I/O error" in caplog.text


def test_a_worker_notices_that_another_began_anew(shelf, tmp_path):
    file = tmp_path / "code" / "companies.sqlite3"
    lines_at(shelf, 1).of("csv", [1], Draw("one"))
    shutil.rmtree(file.parent)
    another = lines_at(Shelf(lambda: file), 1)
    another.of("csv", [1, 2], Draw("another"))
    assert lines_at(shelf, 1).of("csv", [1, 2], nothing) == b"1 another\n2 another\n"


def test_a_further_source_of_a_part_shows_in_the_next_file_and_page(client):
    office, call = factories.office(source=factories.source()), factories.call(source=factories.source())
    second = factories.source(title="둘째 문서", publication="published")
    client.get("/companies.ndjson").getvalue(), client.get("/programs/")
    for part in (office, call):
        part.further_sources.add(second)
    assert "둘째 문서" in client.get("/companies.ndjson").getvalue().decode()
    assert "둘째 문서" in client.get("/programs/").content.decode()


def test_a_slow_reader_takes_nothing_away_from_those_who_read_after_him(shelf):
    """How far the two states are apart nobody can tell."""
    now = [True]
    slow = Joined(shelf, Touches({1: ("company", 1)}, frozenset()), None, lambda writes: None, lambda: now[0])
    slow.of("csv", [1], Draw("early"))
    now[0], late = False, lines_at(shelf, 50)
    assert late.of("csv", [1, 2], Draw("late")) == b"1 late\n2 late\n"
    assert slow.of("csv", [1, 2], Draw("early")) == b"1 early\n2 early\n"
    assert late.of("csv", [1, 2], nothing) == b"1 late\n2 late\n"


def test_nonsense_in_a_file_is_not_told_to_the_reader(shelf, tmp_path):
    lines_at(shelf, 1).of("csv", [1], Draw("one"))
    with sqlite3.connect(tmp_path / "code" / "companies.sqlite3") as connection:
        connection.execute("UPDATE state SET told = '[', stamp = 'x'")
    connection.close()
    assert lines_at(shelf, 1, 2).of("csv", [1], Draw("one")) == b"1 one\n"
    assert lines_at(shelf, 1, 2).of("csv", [1], nothing) == b"1 one\n", "It began anew."


def test_a_worker_leaves_alone_what_another_makes_at_the_same_time(shelf, tmp_path, monkeypatch):
    lines_at(shelf, 1).of("csv", [1], Draw("one"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "exists", lambda path: False)  # nor did it a moment ago
        another = Shelf(lambda: tmp_path / "code" / "companies.sqlite3")
        assert lines_at(another, 1).of("csv", [1], nothing) == b"1 one\n"


def test_more_ways_than_there_is_room_for_are_not_kept(shelf):
    kept = lines_at(shelf, 1)
    for way in range(shelves.WAYS + 2):
        assert kept.of(f"way {way}", [1, 2], Draw(f"{way}")) == b"1 %d\n2 %d\n" % (way, way)
    assert kept.of("way 0", [1, 2], nothing) == b"1 0\n2 0\n"


@pytest.mark.filterwarnings("ignore:.*fork")
def test_a_worker_that_is_split_off_opens_the_file_for_itself(shelf):
    kept = lines_at(shelf, 1)
    kept.of("csv", [1], Draw("parent"))
    other = os.fork()
    if not other:
        held = kept.of("csv", [1, 2], Draw("child"))
        os._exit(0 if held == b"1 parent\n2 child\n" else 1)
    _pid, status = os.waitpid(other, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert kept.of("csv", [1, 2], nothing) == b"1 parent\n2 child\n"
