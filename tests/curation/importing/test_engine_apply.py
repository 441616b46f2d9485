"""Applying writes all or nothing, signed and undoable; undoing leaves what was there before."""

import pytest
from django.db import DatabaseError

from clusters.curation import fixtures, history
from clusters.curation.importing import applying, canonical, writing
from clusters.curation.importing.applying import NotApplied
from clusters.curation.importing.plans import in_order
from clusters.curation.importing.undoing import undo
from clusters.models import Company, ImportBatch, ImportedChange, Office, Technology
from tests import factories

from .engine import bring_in, company, content, everything, plan, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """Two new companies, a changed one and an unchanged one, with an office each for the new ones."""
    factories.technology("llm")
    factories.technology("speech", name_ko="음성", name_en="Speech")
    changed = factories.company(slug="made-3", name_ko="옛 이름", former_names=["더 옛 이름"])
    changed.technologies.set([factories.technology("llm")])
    canonical.export(tmp_path / "out")
    row = next(line for line in canonical.rows(Company) if line[0] == "made-3")
    columns = [field.name for field in canonical.fields(Company)]
    stays = {**dict(zip(columns, row, strict=True)), "name_ko": "새 이름", "technologies": "speech"}
    table(tmp_path / "in" / "companies.csv", [company(1, technologies="llm;speech"), company(2), stays])
    table(
        tmp_path / "in" / "offices.csv",
        [{"company": f"made-{n}", "kind": "hq", "address_ko": "서울"} for n in (1, 2)],
    )
    return tmp_path / "in"


def test_every_record_has_one_signed_row_of_history(folder):
    user = factories.person("a-editor", "editor")
    Company.history.all().delete()  # as after loading the opening data
    batch = bring_in(folder, by=user, reason="정기 갱신")
    assert (batch.created, batch.changed, batch.by) == (4, 1, user)
    made = Company.objects.get(slug="made-1")
    row = made.history.get()
    assert (row.history_type, row.history_user, row.history_change_reason) == (
        "+",
        user,
        f"batch {batch.pk}: 정기 갱신",
    )
    assert {t.technology.slug for t in row.technologies.all()} == {"llm", "speech"}
    changed = Company.objects.get(slug="made-3")
    after, before = changed.history.all()
    assert (after.history_type, before.history_type, after.history_user, before.history_user) == (
        "~",
        "+",
        user,
        None,
    )
    assert (before.name_ko, after.name_ko) == ("옛 이름", "새 이름")
    assert [t.technology.slug for t in after.technologies.all()] == ["speech"]
    assert (changed.version, after.version) == (2, 2)
    assert [t.slug for t in changed.technologies.all()] == ["speech"]


def test_what_an_import_wrote_can_be_edited_and_reverted_in_the_usual_way(folder):
    bring_in(folder)
    changed = Company.objects.get(slug="made-3")
    history.restore(changed, row=changed.history.last(), by=None)
    again = Company.objects.get(slug="made-3")
    assert (again.name_ko, again.version) == ("옛 이름", 3)


def test_running_the_same_file_again_changes_nothing(folder):
    bring_in(folder)
    before, rows = everything(), Company.history.count()
    assert plan(folder).to_write == []
    assert bring_in(folder) is None
    assert (everything(), Company.history.count(), ImportBatch.objects.count()) == (before, rows, 1)


def test_undo_brings_back_what_was_there(folder):
    before = content()
    batch = bring_in(folder)
    assert content() != before
    outcome = undo(batch)
    assert (outcome.deleted, outcome.restored, outcome.left) == (4, 1, [])
    assert content() == before
    assert Company.objects.get(slug="made-3").version == 3  # goes on counting
    assert ImportBatch.objects.get().undone_at
    gone = Company.history.filter(slug="made-1").first()
    assert (gone.history_type, gone.history_change_reason) == ("-", f"undo batch {batch.pk}")
    with pytest.raises(NotApplied):
        undo(batch)


def test_undo_of_new_records_leaves_the_very_same_fixtures(tmp_path):
    factories.company()
    before = everything()
    batch = bring_in(table(tmp_path / "companies.csv", [company(n) for n in range(30)]))
    undo(batch)
    assert everything() == before


def test_undo_of_the_whole_opening_data(tmp_path):
    fixtures.load(verbosity=0)
    canonical.export(tmp_path)
    for model in reversed(in_order()):
        model._default_manager.all().delete()
    before = everything()
    outcome = undo(bring_in(tmp_path, reason="opening data"))
    assert outcome.left == []
    assert everything() == before


def test_undo_leaves_later_edits_unless_forced(folder):
    batch = bring_in(folder)
    edited = Company.objects.get(slug="made-3")
    edited.name_ko = "세 번째 이름"
    history.save(edited, by=None)
    outcome = undo(batch)
    assert [change.key for change, _why in outcome.left] == ["made-3"]
    assert Company.objects.get(slug="made-3").name_ko == "세 번째 이름"
    assert not ImportBatch.objects.get().undone_at
    assert undo(batch, force=True).left == []
    assert Company.objects.get(slug="made-3").name_ko == "옛 이름"


def test_undo_leaves_a_record_that_others_stand_on_by_now(folder):
    batch = bring_in(folder)
    factories.office(company=Company.objects.get(slug="made-1"))
    outcome = undo(batch, force=True)
    assert [change.key for change, _why in outcome.left] == ["made-1"]
    assert (
        Company.objects.filter(slug="made-1").exists() and not Company.objects.filter(slug="made-2").exists()
    )


def test_a_failure_in_the_last_step_leaves_everything_as_it_was(folder, monkeypatch):
    before, rows = everything(), Company.history.count()

    def full(*_args, **_kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(ImportedChange.objects, "bulk_create", full)
    with pytest.raises(NotApplied, match="disk full"):
        bring_in(folder)
    assert (everything(), Company.history.count(), ImportBatch.objects.count()) == (before, rows, 0)


def test_an_interruption_leaves_everything_as_it_was(folder, monkeypatch):
    before = everything()
    write = applying._remember

    def interrupted(batch, model, part):
        write(batch, model, part)
        if model is Office:
            raise KeyboardInterrupt

    monkeypatch.setattr(applying, "_remember", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bring_in(folder)
    assert (everything(), ImportBatch.objects.count()) == (before, 0)


def test_an_edit_between_rehearsal_and_apply_is_not_lost(folder):
    rehearsed = plan(folder)
    edited = Company.objects.get(slug="made-3")
    edited.name_ko = "그 사이의 이름"
    history.save(edited, by=None)
    before = everything()
    with pytest.raises(NotApplied, match="after the rehearsal"):
        applying.apply(rehearsed, file_name="x")
    assert everything() == before


def test_a_record_deleted_meanwhile_is_a_conflict_and_one_made_meanwhile_too(folder):
    rehearsed = plan(folder)
    factories.company(slug="made-1")
    before = everything()
    with pytest.raises(NotApplied):
        applying.apply(rehearsed, file_name="x")
    assert everything() == before
    Company.objects.filter(slug__in=["made-1", "made-3"]).delete()
    with pytest.raises(NotApplied):
        applying.apply(rehearsed, file_name="x")


def test_errors_refuse_the_whole_unless_good_rows_are_asked_for(tmp_path):
    path = table(tmp_path / "companies.csv", [company(1), company(2, kind="huge")])
    with pytest.raises(NotApplied):
        bring_in(path)
    assert Company.objects.count() == 0
    bring_in(path, good_rows_only=True)
    assert [record.slug for record in Company.objects.all()] == ["made-1"]


def test_a_curator_may_bring_in_drafts_only(tmp_path):
    curator, editor = factories.person("a-curator", "curator"), factories.person("a-editor", "editor")
    path = table(tmp_path / "companies.csv", [company(1)])
    refused = plan(path, by=curator, publication="published")
    assert [problem.column for problem in refused.errors] == ["publication"]
    assert plan(path, by=curator).errors == []
    assert plan(path, by=editor, publication="published").errors == []
    bring_in(path, by=editor, publication="published")
    assert Company.objects.published().count() == 1
    changes = table(tmp_path / "more" / "companies.csv", [{"slug": "made-1", "name_ko": "다른 이름"}])
    assert [problem.column for problem in plan(changes, by=curator).errors] == ["publication"]
    terms = table(
        tmp_path / "technologies.csv", [{"slug": "new", "name_ko": "새 기술", "name_en": "New", "order": "1"}]
    )
    assert len(plan(terms, by=curator).errors) == 1
    bring_in(terms, by=editor)
    assert Technology.objects.filter(slug="new").exists()


def test_only_those_who_may_publish_undo_what_is_public(folder):
    batch = bring_in(folder)
    outcome = undo(batch, by=factories.person("a-curator", "curator"))
    assert [change.key for change, _why in outcome.left] == ["made-3"]
    assert outcome.deleted == 4
    assert undo(batch, by=factories.person("a-editor", "editor")).restored == 1


def test_a_locked_version_is_compared(db):
    record = factories.company()
    with pytest.raises(writing.EditConflict):
        writing.lock(Company, {record.pk: record.version + 1})
