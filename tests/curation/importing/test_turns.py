"""Imports are written one after the other, and changes made meanwhile are not lost."""

from threading import Event, Thread

import pytest
from django.db import OperationalError, connection

from clusters.curation.importing import applying, turns
from clusters.curation.importing.applying import NotApplied
from clusters.curation.importing.undoing import undo
from clusters.models import Company, ImportBatch, Technology
from tests import factories

from .engine import bring_in, company, plan, table

pytestmark = pytest.mark.django_db


class Other:
    """Somebody else whose import is being written."""

    def __init__(self, who: str) -> None:
        self.holds, self.enough = Event(), Event()
        self.thread = Thread(target=self.hold, args=[who])

    def hold(self, who: str) -> None:
        with turns.turn(who, wait=0):
            self.holds.set()
            self.enough.wait(60)
        connection.close()

    def __enter__(self) -> "Other":
        self.thread.start()
        assert self.holds.wait(60)
        return self

    def __exit__(self, *_exception: object) -> None:
        self.enough.set()
        self.thread.join()


@pytest.mark.django_db(transaction=True)
def test_the_second_import_is_told_who_is_importing(tmp_path):
    rehearsed = plan(table(tmp_path / "companies.csv", [company(1)]))
    with Other("kim"), pytest.raises(NotApplied, match="import by kim"):
        applying.apply(rehearsed, file_name="x", wait=0)
    assert not ImportBatch.objects.exists()
    batch = applying.apply(rehearsed, file_name="x", wait=0)
    with Other("kim"), pytest.raises(NotApplied, match="import by kim"):
        undo(batch, wait=0)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_waits_goes_on_when_its_turn_comes(tmp_path):
    rehearsed = plan(table(tmp_path / "companies.csv", [company(1)]))
    with Other("kim") as other:
        second = Thread(target=lambda: other.enough.set())
        second.start()
        assert applying.apply(rehearsed, file_name="x", wait=60)
        second.join()


def test_a_key_taken_after_the_rehearsal_is_a_conflict_in_words(tmp_path):
    rehearsed = plan(table(tmp_path / "companies.csv", [company(1)]))
    factories.company(slug="made-1")
    with pytest.raises(NotApplied, match="rehearse again"):
        applying.apply(rehearsed, file_name="x")
    assert Company.objects.count() == 1


def test_a_word_without_a_version_that_was_edited_meanwhile_is_a_conflict_too(tmp_path):
    factories.technology("llm", name_ko="언어 모형")
    rows = [{"slug": "llm", "name_ko": "언어모델", "name_en": "LLM", "order": "1"}]
    rehearsed = plan(table(tmp_path / "technologies.csv", rows))
    Technology.objects.update(name_ko="초거대 언어모델")
    with pytest.raises(NotApplied, match="after the rehearsal"):
        applying.apply(rehearsed, file_name="x")
    assert Technology.objects.get().name_ko == "초거대 언어모델"


def test_nobody_reads_that_a_database_is_locked(tmp_path, monkeypatch):
    def locked(*_args, **_kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(ImportBatch.objects, "create", locked)
    with pytest.raises(NotApplied, match="Other changes are being saved") as refusal:
        bring_in(table(tmp_path / "companies.csv", [company(1)]))
    assert "locked" not in str(refusal.value)
