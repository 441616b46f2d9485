"""Settings are safe when nothing is set, https asks for what it needs, and SQLite is set up to serve several people."""

import json
import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from gunicorn.config import Config

from clusters.models import Redirect, Source
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
PRINT = """
import json, sys
from config import settings
print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}, default=str))
"""
HTTPS = {"SITE_URL": "https://clusters.example/", "SECRET_KEY": "s" * 60}


def start(folder: Path, names: tuple[str, ...], environment: dict[str, str]) -> subprocess.Popen:
    """Read settings in a process of its own, whose environment holds nothing but what is given."""
    return subprocess.Popen(
        [sys.executable, "-c", PRINT, *names],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def read(folder: Path, *names: str, **environment: str) -> dict:
    output, problem = (process := start(folder, names, environment)).communicate(timeout=60)
    assert process.returncode == 0, problem
    return json.loads(output)


def refuses(folder: Path, **environment: str) -> str:
    _, problem = (process := start(folder, (), environment)).communicate(timeout=60)
    assert process.returncode != 0
    return problem.strip().splitlines()[-1]


def test_safe_when_nothing_is_set(tmp_path):
    found = read(
        tmp_path,
        "DEBUG",
        "ALLOWED_HOSTS",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_SAMESITE",
        "SECURE_CONTENT_TYPE_NOSNIFF",
        "SESSION_COOKIE_AGE",
        "TRUSTED_PROXIES",
        "SECURE_PROXY_SSL_HEADER",
        "DATABASES",
    )
    database = found.pop("DATABASES")["default"]
    assert set(found.pop("ALLOWED_HOSTS")) == {"127.0.0.1", "localhost", "[::1]"}
    assert found == {
        "DEBUG": False,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SESSION_COOKIE_AGE": 8 * 60 * 60,
        "TRUSTED_PROXIES": 0,
        "SECURE_PROXY_SSL_HEADER": None,
    }
    assert database["NAME"] == str(tmp_path / "clusters.sqlite3")


def test_the_secret_is_made_once_and_for_the_owner_only(tmp_path):
    folder = tmp_path / "new" / "folder"
    first = read(folder, "SECRET_KEY")["SECRET_KEY"]
    assert len(first) >= 50
    kept = folder / "secret_key"
    assert kept.read_text(encoding="utf-8") == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert read(folder, "SECRET_KEY")["SECRET_KEY"] == first
    assert [path.name for path in folder.iterdir()] == ["secret_key"], "Nothing else is left behind."
    assert read(tmp_path / "elsewhere", "SECRET_KEY")["SECRET_KEY"] != first


def test_processes_started_at_once_agree_on_the_secret(tmp_path):
    started = [start(tmp_path, ("SECRET_KEY",), {}) for _ in range(4)]
    outputs = [process.communicate(timeout=60)[0] for process in started]
    assert len({json.loads(output)["SECRET_KEY"] for output in outputs}) == 1


def test_the_secret_is_never_committed():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert "/var/" in ignored
    assert Path(settings.BASE_DIR) == ROOT


def test_https_refuses_to_start_without_a_secret(tmp_path):
    problem = refuses(tmp_path, SITE_URL="https://clusters.example")
    assert "ImproperlyConfigured" in problem and "SECRET_KEY" in problem
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize("secret", ["$ecret" + "x" * 50, "$HOME", "$$" + "y" * 50])
def test_a_secret_may_start_with_a_dollar(tmp_path, secret):
    assert read(tmp_path, "SECRET_KEY", SECRET_KEY=secret)["SECRET_KEY"] == secret


def test_the_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "given").write_text("$from-a-file\n", encoding="utf-8")
    found = read(
        tmp_path, "SECRET_KEY", SECRET_KEY_FILE=str(tmp_path / "given"), SITE_URL="https://clusters.example"
    )
    assert found["SECRET_KEY"] == "$from-a-file"


def test_https_turns_on_what_https_needs(tmp_path):
    names = (
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    )
    more = ("SECURE_HSTS_SECONDS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SECURE_PROXY_SSL_HEADER")
    found = read(tmp_path, *names, *more, **HTTPS)
    assert all(found[name] is True for name in names)
    assert found["SECURE_HSTS_SECONDS"] >= 31536000
    assert "clusters.example" in found["ALLOWED_HOSTS"] and "*" not in found["ALLOWED_HOSTS"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://clusters.example"]
    assert found["SECURE_PROXY_SSL_HEADER"] is None, "Without a trusted proxy nobody may claim https."
    plain = read(tmp_path, *names, "SECURE_HSTS_SECONDS")
    assert not any(plain.values())


def test_proxies_are_trusted_only_when_counted(tmp_path):
    found = read(tmp_path, "TRUSTED_PROXIES", "SECURE_PROXY_SSL_HEADER", TRUSTED_PROXIES="2", **HTTPS)
    assert found["TRUSTED_PROXIES"] == 2
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_the_database_can_be_chosen(tmp_path):
    url = "postgres://user:p%40ss@db.example:5433/clusters"
    database = read(tmp_path, "DATABASES", DATABASE_URL=url)["DATABASES"]["default"]
    assert database["ENGINE"].endswith("postgresql") and database["PASSWORD"] == "p@ss"
    assert database["CONN_HEALTH_CHECKS"] is True
    assert not list(tmp_path.glob("*.sqlite3"))


def test_frames_are_allowed_by_origin_only(tmp_path):
    assert read(tmp_path, "EMBED_ORIGINS") == {"EMBED_ORIGINS": []}
    listed = "https://news.example,https://*.press.example:8443"
    assert read(tmp_path, "EMBED_ORIGINS", EMBED_ORIGINS=listed)["EMBED_ORIGINS"] == listed.split(",")
    assert read(tmp_path, "EMBED_ORIGINS", EMBED_ORIGINS="*")["EMBED_ORIGINS"] == ["*"]
    for bad in (
        "news.example",
        "https://news.example/page",
        "https://a.example; script-src *",
        "'self'",
        "https://",
    ):
        assert "EMBED_ORIGINS" in refuses(tmp_path, EMBED_ORIGINS=bad)


# ---- SQLite as shipped ----------------------------------------------------------------------------

only_on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="speaks of SQLite, and the tests run on PostgreSQL"
)


def pragma(name: str):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


@only_on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 20000), ("synchronous", 1)],
)
def test_sqlite_as_shipped(name, value):
    assert pragma(name) == value


@only_on_sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlite_transactions_take_their_lock_at_once():
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        Redirect.objects.count()
    assert queries[0]["sql"] == "BEGIN IMMEDIATE"


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_relations_to_nothing():
    office = factories.office()
    with pytest.raises(IntegrityError):
        type(office).objects.filter(pk=office.pk).update(source=10**9)


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_are_all_served():
    """Each reads, then writes, in one transaction: what SQLite answers with "database is locked" unless set up for it."""
    writers, rounds = 8, 12
    source = factories.source(note_ko="0")
    together, problems = Barrier(writers), []

    def write(number: int) -> None:
        try:
            together.wait(timeout=30)
            for turn in range(rounds):
                with transaction.atomic():
                    Redirect.objects.count()
                    held = Source.objects.select_for_update().get(pk=source.pk)
                    Source.objects.filter(pk=source.pk).update(note_ko=str(int(held.note_ko) + 1))
                    factories.redirect(old_slug=f"old-{number}-{turn}", new_slug="new")
        except Exception as problem:
            problems.append(repr(problem))
        finally:
            connection.close()

    threads = [Thread(target=write, args=(number,), daemon=True) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert problems == []
    assert not any(thread.is_alive() for thread in threads)
    assert Redirect.objects.count() == writers * rounds
    assert Source.objects.get(pk=source.pk).note_ko == str(writers * rounds), "No write was lost."


def test_korean_moments_are_written_by_the_24_hour_clock():
    from datetime import datetime

    from django.utils import formats, translation

    with translation.override("ko"):
        assert (
            formats.date_format(datetime(2026, 11, 25, 21, 34), "DATETIME_FORMAT") == "2026년 11월 25일 21:34"
        )


def test_workers_of_the_shipped_server_are_not_ended_while_they_send_a_long_file():
    """A worker without threads says only between two requests that it is alive, and is ended after the timeout."""
    config = Config()
    for name, value in runpy.run_path(str(ROOT / "config" / "gunicorn.py")).items():
        if name in config.settings:
            config.set(name, value)
    assert config.worker_class_str == "gthread" and config.preload_app


@pytest.mark.django_db
def test_postgresql_compiles_no_statement():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite never does")
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
