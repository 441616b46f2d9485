"""Files made to break a reader are refused by name, in bounded time and memory."""

import json
import os
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clusters.curation.importing.applying import NotApplied
from clusters.curation.importing.reading import UnreadableFile, read
from clusters.models import Company, ImportBatch
from tests.curation.importing import hostile

from .engine import bring_in, company, everything, plan, table

SECONDS = 20  # generous: most take milliseconds
MEMORY = 400 * 2**20

# Reads a folder's files under a limit of memory and prints what became of each.
SCRIPT = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
import django
django.setup()
from clusters.curation.importing.reading import UnreadableFile, read
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        with read(path) as reading:
            told[path.name] = sum(1 for table in reading.tables for row in table.rows())
    except UnreadableFile as refusal:
        told[path.name] = str(refusal)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile")
    hostile.write(path)
    return path


@pytest.mark.parametrize(
    ("name", "words"), [(name, words) for name, _content, words in hostile.FILES if words]
)
def test_a_hostile_file_is_refused(folder, name, words):
    started = time.monotonic()
    with pytest.raises(UnreadableFile, match=words) as caught, read(folder / name) as reading:
        for table in reading.tables:
            list(table.rows())
    assert time.monotonic() - started < SECONDS
    assert caught.value.fix
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


def test_all_of_them_together_stay_within_memory(folder):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), str(MEMORY)],
        capture_output=True,
        text=True,
        timeout=SECONDS * 10,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert set(told) == {name for name, _content, _words in hostile.FILES}
    assert {name for name, what in told.items() if not isinstance(what, str)} == {
        name for name, _content, words in hostile.FILES if not words
    }


def test_a_folder_of_hostile_files_names_each(folder):
    reading = read(folder)
    assert not [table for table in reading.tables if table.file not in {"tall.html"}]
    assert sum(note.error for note in reading.notes) > 50


@pytest.mark.django_db
def test_an_import_of_them_says_so_and_writes_nothing(folder):
    before = everything()
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("import_data", str(folder), stdout=told, stderr=told, **{"as": "draft"})
    named = [name for name, _content, words in hostile.FILES if words]
    assert [name for name in named if name not in told.getvalue()] == []
    assert everything() == before
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
def test_redirects_that_lead_in_a_circle_lead_nowhere(client, tmp_path):
    """Each is a row that may stand; together they would send a reader, or the next import, around for ever."""
    rows = [
        {"kind": "company", "old_slug": old, "new_slug": new}
        for old, new in (("one", "two"), ("two", "three"), ("three", "one"))
    ]
    bring_in(table(tmp_path / "redirects.csv", rows))
    for slug in ("one", "two", "three"):
        assert client.get(f"/companies/{slug}/").status_code == 404
    found = plan(table(tmp_path / "companies.csv", [{**company(1), "slug": "two"}]))
    assert found.counts()["create"] == 1


@pytest.mark.django_db
def test_a_heading_that_stands_twice_is_said(tmp_path):
    path = tmp_path / "companies.csv"
    path.write_text(
        "slug,name_ko,name_en,kind,ai_relevance,name_ko\na,가,A,startup,core,나\n", encoding="utf-8"
    )
    errors = [problem for problem in plan(path).problems if problem.kind == "error"]
    assert [(problem.place.row, problem.column) for problem in errors] == [(1, "name_ko (2)")]
    with pytest.raises(NotApplied):
        bring_in(path)
    assert not Company.objects.exists()
