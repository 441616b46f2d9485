"""Files made to break a reader are refused by name, in bounded time and memory."""

import json
import os
import subprocess
import sys
import time

import pytest

from clusters.curation.importing.reading import UnreadableFile, read
from tests.curation.importing import hostile

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
