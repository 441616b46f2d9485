"""The commands: what they say in both languages, and their exit status."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clusters.models import Company, ImportBatch
from tests import factories

from .engine import company, everything, table

pytestmark = pytest.mark.django_db


def run(*arguments, **options) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out, **{"language": "en", **options})
    return out.getvalue()


def test_import_then_undo(tmp_path):
    before = everything()
    path = table(tmp_path / "companies.csv", [company(1)])
    assert "nothing was written" in run("import_data", path, dry_run=True)
    assert everything() == before
    assert "Applied as import" in run("import_data", path, reason="첫 자료")
    batch = ImportBatch.objects.get()
    assert (batch.reason, len(batch.sha256), batch.file_name) == ("첫 자료", 64, "companies.csv")
    assert "nothing to write" in run("import_data", path)
    assert "Deleted: 1" in run("undo_import", batch.pk)
    assert everything() == before
    with pytest.raises(CommandError):
        run("undo_import", batch.pk)


def test_errors_end_with_status_1_and_write_nothing(tmp_path):
    path = table(tmp_path / "companies.csv", [company(1), company(2, kind="huge")])
    report = tmp_path / "report.csv"
    with pytest.raises(CommandError) as refusal:
        run("import_data", path, report=report)
    assert refusal.value.returncode == 1
    assert Company.objects.count() == 0
    assert "huge" in report.read_text("utf-8-sig")
    run("import_data", path, good_rows_only=True)
    assert Company.objects.count() == 1


def test_the_permissions_of_a_named_user_hold(tmp_path):
    factories.person("junior", "curator")
    path = table(tmp_path / "companies.csv", [company(1)])
    with pytest.raises(CommandError):
        run("import_data", path, by="junior", publication="published")
    run("import_data", path, by="junior")
    assert Company.objects.get().history.get().history_user.username == "junior"
    with pytest.raises(CommandError):
        run("import_data", path, by="nobody")


def test_a_missing_file_and_an_unknown_profile_are_named(tmp_path):
    path = table(tmp_path / "companies.csv", [company(1)])
    with pytest.raises(CommandError, match=r"gone\.csv"):
        run("import_data", tmp_path / "gone.csv")
    with pytest.raises(CommandError, match="unheard-of"):
        run("import_data", path, profile="unheard-of")


def test_export(tmp_path):
    factories.company(slug="kept")
    out = StringIO()
    call_command("export_data", str(tmp_path / "out"), stdout=out)
    assert "kept" in (tmp_path / "out" / "companies.csv").read_text("utf-8-sig")
    assert "nothing to write" in run("import_data", tmp_path / "out")
