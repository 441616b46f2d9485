"""Processes that are killed, run out of disk or import at the same time: all of the old state, or all of the new."""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from .engine import company, table

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the database of these processes is a file"),
]
COMPANIES = 120
MADE = {
    "company": COMPANIES,
    "office": COMPANIES,
    "historicalcompany": COMPANIES,
    "importedchange": 2 * COMPANIES,
}


@pytest.fixture
def data(tmp_path):
    """A folder with a database as the migrations leave it."""
    (tmp_path / "data").mkdir()
    with connection.cursor() as cursor:
        cursor.execute(  # a virtual table makes its shadows itself
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%%'"
            " AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')",
            [],
        )
        statements = [sql for (sql,) in cursor.fetchall()]
    copy = sqlite3.connect(tmp_path / "data" / "clusters.sqlite3")
    copy.execute("BEGIN")
    for sql in statements:
        copy.execute(sql)
    copy.commit()
    copy.close()
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path):
    table(tmp_path / "in" / "companies.csv", [company(n) for n in range(COMPANIES)])
    offices = [{"company": f"made-{n}", "kind": "hq", "address_ko": f"{n}번지"} for n in range(COMPANIES)]
    table(tmp_path / "in" / "offices.csv", offices)
    return tmp_path / "in"


def start(folder, data, step=-1, limit=0) -> subprocess.Popen:
    command = [
        sys.executable,
        "-m",
        "tests.curation.importing.one_process",
        str(folder),
        str(step),
        str(limit),
    ]
    environment = {
        **os.environ,
        "DATA_DIR": str(data),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments, **options) -> tuple[int, str]:
    process = start(*arguments, **options)
    out, error = process.communicate(timeout=120)
    return process.returncode, out.strip() or error


def counts(data) -> dict[str, int]:
    with sqlite3.connect(data / "clusters.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {
            name: database.execute(f"SELECT count(*) FROM clusters_{name}").fetchone()[0] for name in MADE
        }


@pytest.mark.parametrize("step", [0, 3, 5])
def test_a_killed_import_leaves_the_old_state_and_the_next_one_works(folder, data, step):
    status, _said = run(folder, data, step)
    assert status == -9
    assert set(counts(data).values()) == {0}
    assert run(folder, data) == (0, "applied")
    assert counts(data) == MADE


def test_a_full_disk_refuses_in_a_sentence_and_leaves_the_old_state(folder, data):
    status, said = run(folder, data, limit=64 * 1024)  # this import writes over 300 KiB
    assert status == 0 and said.startswith("refused: ") and "disk" in said
    assert set(counts(data).values()) == {0}
    assert run(folder, data) == (0, "applied")


def test_two_imports_at_once_write_every_record_once(folder, data):
    processes = [start(folder, data) for _ in range(2)]
    said = sorted(process.communicate(timeout=120)[0].strip() for process in processes)
    assert said[0] == "applied"
    assert said[1] == "nothing to write" or said[1].startswith("refused: ")
    assert "locked" not in said[1]
    assert counts(data) == MADE
