"""Migrations are complete, and run forwards and backwards on the opening data, in a database of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent

# Step by step, printing after each what stands in the database.
SCRIPT = """
import json
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from clusters.curation import fixtures

def say(step):
    tables = [name for name in connection.introspection.table_names() if name.startswith("clusters_")]
    counts = {}
    with connection.cursor() as cursor:
        for model in fixtures.fixture_models():
            if model._meta.db_table in tables:
                cursor.execute(f'SELECT COUNT(*) FROM "{model._meta.db_table}"')
                counts[model.__name__] = cursor.fetchone()[0]
        cursor.execute("SELECT name FROM auth_group ORDER BY name")
        groups = [name for (name,) in cursor.fetchall()]
    print(json.dumps({"step": step, "tables": len(tables), "counts": counts, "groups": groups}))

call_command("migrate", verbosity=0)
fixtures.load(verbosity=0)
say("seeded")
names = sorted(name for app, name in MigrationLoader(connection).graph.nodes if app == "clusters")
for name in [*reversed(names[:-1]), "zero"]:
    call_command("migrate", "clusters", name, verbosity=0)
    say(name)
call_command("migrate", verbosity=0)
say("again")
"""


@contextmanager
def scratch_database(folder: Path) -> Iterator[str]:
    """The address of an empty database of the kind the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'scratch.sqlite3'}"
        return
    name = f"scratch_{os.getpid()}"
    settings = connection.settings_dict
    server = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    password = settings["PASSWORD"] or None
    with psycopg.connect(**server, password=password, dbname="postgres", autocommit=True) as administration:
        administration.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        administration.execute(f'CREATE DATABASE "{name}"')
        try:
            person = quote(server["user"]) + (f":{quote(password, safe='')}" if password else "")
            yield f"postgres://{person}@{server['host']}:{server['port']}/{name}"
        finally:
            administration.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def steps(tmp_path_factory) -> list[dict]:
    folder = tmp_path_factory.mktemp("migrations")
    with scratch_database(folder) as url:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DATA_DIR": str(folder),
                "DATABASE_URL": url,
            },
            capture_output=True,
            text=True,
            timeout=900,
        )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_opening_data_is_there_to_be_migrated(steps):
    assert steps[0]["step"] == "seeded"
    assert steps[0]["counts"]["District"] >= 11 and sum(steps[0]["counts"].values()) > 1000
    assert {"curator", "editor"} <= set(steps[0]["groups"])


def test_each_migration_goes_back_and_loses_nothing_before_its_own_tables_go(steps):
    seeded, *back, zero, _ = steps
    assert [step["step"] for step in back], "There is more than one migration."
    for step in back:
        kept = {name: number for name, number in seeded["counts"].items() if name in step["counts"]}
        assert step["counts"] == kept, step["step"]
    assert zero["step"] == "zero"
    assert (zero["tables"], zero["counts"], zero["groups"]) == (0, {}, [])


def test_forwards_again_everything_is_as_new(steps):
    first, last = steps[0], steps[-1]
    assert last["step"] == "again"
    assert (last["tables"], last["groups"]) == (first["tables"], first["groups"])
    assert set(last["counts"]) == set(first["counts"]) and not any(last["counts"].values())


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
