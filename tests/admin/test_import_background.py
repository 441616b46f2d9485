"""Large files are worked on by a process of their own; one that dies is noticed, and nothing is half done."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from clusters.curation.importing.uploads import background, steps, storing
from clusters.models import Company, ImportBatch, Upload
from tests.admin.imports import apply, at, rehearsed, rows, step, table, uploaded

pytestmark = pytest.mark.usefixtures("uploads_in")

DEFAULTS = {"default-kind": "sme", "default-ai_relevance": "adjacent"}
PATIENCE = 60


def database_url() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return f"postgres://{known['USER']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


@pytest.fixture
def processes(settings, monkeypatch, uploads_in):
    """Every file counts as large, and the processes started work on this test's database and folder."""
    settings.IMPORT_AT_ONCE_UP_TO = 1
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("DATA_DIR", str(uploads_in.parent))
    background._started.clear()
    yield background._started
    for process in background._started:
        process.kill()
        process.wait()


@pytest.mark.django_db(transaction=True)
def test_a_large_file_is_rehearsed_and_applied_in_the_background(as_curator, processes):
    upload = uploaded(as_curator, table(rows(30)))
    response = step(as_curator, upload, "rehearse", **DEFAULTS)
    assert response["Location"] == at(upload, "rehearsal")
    (process,) = processes
    page = as_curator.get(at(upload, "rehearsal"))
    if process.poll() is None:
        assert 'id="progress"' in page.content.decode()
        assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
    assert process.wait(PATIENCE) == 0
    assert 'data-part="create" data-count="60"' in as_curator.get(at(upload, "rehearsal")).content.decode()
    apply(as_curator, upload, reason="갱신")
    assert processes[-1].wait(PATIENCE) == 0
    batch = ImportBatch.objects.get()
    assert batch.created == 60 and Company.objects.count() == 30
    assert as_curator.get(at(upload, "rehearsal"))["Location"].endswith(f"/importbatch/{batch.pk}/change/")


@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_is_noticed_and_the_step_can_be_taken_again(
    as_curator, processes, monkeypatch, tmp_path
):
    stuck = tmp_path / "stuck"
    stuck.write_text("#!/bin/sh\nexec sleep 60\n")
    stuck.chmod(0o700)
    monkeypatch.setattr(background.sys, "executable", str(stuck))
    upload = uploaded(as_curator, table(rows(5)))
    step(as_curator, upload, "rehearse", **DEFAULTS)
    (process,) = processes
    assert 'id="progress"' in as_curator.get(at(upload, "rehearsal")).content.decode()
    os.kill(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    page = as_curator.get(at(upload, "rehearsal"), follow=True).content.decode()
    assert "ended before it was through. Nothing was written." in page
    upload.refresh_from_db()
    assert upload.state == "mapping"


@pytest.mark.django_db
def test_somebody_at_work_keeps_others_out(as_curator):
    upload = rehearsed(as_curator, table(rows(1)))
    held = storing.lock(upload)
    assert held is not None
    try:
        apply(as_curator, upload)
        assert not ImportBatch.objects.exists()
    finally:
        os.close(held)
    apply(as_curator, upload)
    assert ImportBatch.objects.count() == 1


@pytest.mark.django_db
def test_what_nobody_foresaw_is_told_and_leaves_the_upload_where_it_was(as_curator, monkeypatch):
    upload = rehearsed(as_curator, table(rows(1)))

    def break_down(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(steps.applying, "apply", break_down)
    apply(as_curator, upload)
    upload.refresh_from_db()
    assert upload.state == "rehearsed" and "nobody foresaw" in upload.trouble
    monkeypatch.undo()
    assert not Company.objects.exists()


@pytest.mark.django_db
def test_the_command_does_nothing_for_an_upload_that_rests(as_curator):
    upload = rehearsed(as_curator, table(rows(1)))
    call_command("carry_out", upload.pk)
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
def test_old_uploads_are_cleared_away_and_applied_ones_keep_their_record(as_curator, uploads_in):
    left, done = uploaded(as_curator, table(rows(1))), rehearsed(as_curator, table(rows(2)))
    apply(as_curator, done)
    Upload.objects.update(moved_at=timezone.now() - timedelta(days=15))
    fresh = uploaded(as_curator, table(rows(1)))
    assert set(Upload.objects.values_list("pk", flat=True)) == {done.pk, fresh.pk}
    assert [path.name for path in uploads_in.iterdir()] == [fresh.folder.partition("/")[2]]
    assert not Upload.objects.filter(pk=left.pk).exists()
    assert as_curator.get(at(done, "rehearsal")).status_code == 302


def test_waiting_for_a_lock_is_short(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    upload = Upload(folder="uploads/x")
    storing.folder_of(upload).mkdir(parents=True)
    held = storing.lock(upload)
    started = time.monotonic()
    assert background._lock(upload) is None and time.monotonic() - started < 2
    os.close(held)
    assert not storing.is_locked(upload)
