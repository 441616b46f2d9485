"""Rows of files that are kept say what the tables say, whatever was written in between and in whatever order they are asked for."""

import os
import random

import pytest

from clusters import models as m
from clusters.curation import history
from clusters.directory import lines
from clusters.directory.snapshot import Keeper
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
    world = World()
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


def test_lines_come_back_in_any_order_and_new_ones_are_written_once():
    kept, dice = lines.Lines(), random.Random(1)
    written: list[int] = []

    def draw(pks):
        for pk in pks:
            written.append(pk)
            yield pk, b"%d\n" % pk * (pk % 5)

    for _round in range(50):
        pks = dice.sample(range(200), dice.randint(0, 60))
        assert kept.of("csv", pks, draw) == b"".join(b"%d\n" % pk * (pk % 5) for pk in pks)
    assert len(written) == len(set(written))
    fewer = kept.without({3, 4})
    written.clear()
    assert fewer.of("csv", [4, 3, 2], draw) == b"4\n" * 4 + b"3\n" * 3 + b"2\n" * 2
    assert set(written) <= {3, 4} and kept.of("csv", [3], draw) == b"3\n" * 3


def test_a_further_source_of_a_part_shows_in_the_next_file_and_page(client):
    office, call = factories.office(source=factories.source()), factories.call(source=factories.source())
    second = factories.source(title="둘째 문서", publication="published")
    client.get("/companies.ndjson").getvalue(), client.get("/programs/")
    for part in (office, call):
        part.further_sources.add(second)
    assert "둘째 문서" in client.get("/companies.ndjson").getvalue().decode()
    assert "둘째 문서" in client.get("/programs/").content.decode()


@pytest.mark.filterwarnings("ignore:.*fork")
def test_workers_that_start_with_the_same_snapshot_write_files_of_their_own():
    kept = lines.Lines()
    waiting, go = os.pipe()
    other = os.fork()
    if not other:
        os.read(waiting, 1)
        kept.of("csv", [1], lambda missing: [(pk, b"theirs") for pk in missing])
        os._exit(0)
    assert kept.of("csv", [1], lambda missing: [(pk, b"our own") for pk in missing]) == b"our own"
    os.write(go, b"!")
    os.waitpid(other, 0)
    assert kept.of("csv", [1], lambda missing: pytest.fail("It was kept.")) == b"our own"
