"""An export brings back exactly what it was written from."""

import csv

import pytest

from clusters.curation import fixtures
from clusters.curation.importing import canonical, cells
from clusters.models import Company, Source
from tests import factories

from .engine import bring_in, everything, plan

pytestmark = pytest.mark.django_db

HOSTILE = ["=1+1", "+82", "-3 items", "@cmd", "'=quoted", "''+twice", "'AI'", "plain", "-5"]


def test_an_export_of_the_opening_data_changes_nothing_and_fills_an_empty_directory(tmp_path):
    fixtures.load(verbosity=0)
    canonical.export(tmp_path / "out")
    rehearsed = plan(tmp_path / "out")
    assert [problem for problem in rehearsed.problems if problem.kind != "note"] == []
    assert rehearsed.to_write == []
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    _empty()
    batch = bring_in(tmp_path / "out", reason="opening data")
    assert batch is not None and batch.created == sum(map(_rows, first.values()))
    canonical.export(tmp_path / "again")
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == first


def _rows(file: bytes) -> int:
    return sum(1 for _row in csv.reader(file.decode("utf-8-sig").splitlines(keepends=True))) - 1


def _empty() -> None:
    from clusters.curation.importing.plans import in_order

    for model in reversed(in_order()):
        model._default_manager.all().delete()


def test_fixtures_are_read_as_well(tmp_path):
    fixtures.load(verbosity=0)
    before = everything()
    fixtures.dump(tmp_path / "dump")
    rehearsed = plan(tmp_path / "dump")
    assert rehearsed.errors == []
    assert rehearsed.to_write == []
    assert everything() == before


@pytest.mark.parametrize("text", HOSTILE)
def test_escaping_is_exact_and_no_cell_runs(text):
    cell = cells.escaped(text)
    assert cells.unescaped(cell) == text
    assert cell == "-5" or cell[0] not in "=+-@\t\r"


def test_hostile_texts_survive_the_round_trip(tmp_path):
    made = [factories.company(name_ko=text, aliases=["a;b", "c\\d", text]) for text in HOSTILE]
    canonical.export(tmp_path)
    with (tmp_path / "companies.csv").open(encoding="utf-8-sig", newline="") as file:
        written = {row["slug"]: row for row in csv.DictReader(file)}
    assert written[made[0].slug]["name_ko"] == "'=1+1"
    assert plan(tmp_path).to_write == []
    Company.objects.all().delete()
    bring_in(tmp_path / "companies.csv", reason="back again")
    assert sorted(Company.objects.values_list("name_ko", flat=True)) == sorted(HOSTILE)
    assert Company.objects.get(name_ko="@cmd").aliases == ["a;b", "c\\d", "@cmd"]


def test_a_cell_that_may_not_be_empty_is_left_alone_and_one_that_may_is_emptied(tmp_path):
    source = factories.source(license="CC BY", published="2024")
    canonical.export(tmp_path)
    text = (tmp_path / "sources.csv").read_text("utf-8-sig")
    (tmp_path / "sources.csv").write_text(text.replace("CC BY", "").replace(",published\n", ",\n"), "utf-8")
    bring_in(tmp_path / "sources.csv")
    found = Source.objects.get(pk=source.pk)
    assert (found.license, found.publication) == ("", "published")
