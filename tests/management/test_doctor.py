"""doctor: an installation in order is told so, and whatever is wrong is named with what to do."""

import json
import time
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.cache.backends.dummy import DummyCache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from clusters.management import checkup
from clusters.management.checkup import State, configuration, database, machine, site
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7-aB3dE6gH9jK2mN5pQ8sT1vW4yZ7"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def sound(settings, tmp_path):
    """A public site in good order; each test breaks one thing."""
    factories.person("sora", "administrator")
    settings.DATA_DIR = tmp_path
    settings.SECRET_KEY = SECRET
    settings.SITE_URL, settings.SITE_IS_HTTPS = "https://clusters.example", True
    settings.ALLOWED_HOSTS = ["clusters.example"]
    settings.TRUSTED_PROXIES, settings.ADMIN_REQUIRES_TOTP, settings.DEBUG = 1, True, False
    return settings


def states(check) -> dict[str, State]:
    found = list(check())
    assert all(one.said for one in found)
    assert all(one.advice for one in found if one.state in (State.WARNING, State.ERROR)), (
        "It says what to do."
    )
    return {one.name: one.state for one in found}


def run(**options) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", stdout=out, **{"language": "en", **options})
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_sound_installation(sound, monkeypatch):
    monkeypatch.setattr(configuration, "what_django_says", lambda: [])
    factories.company()
    found = list(checkup.run())
    wrong = [one for one in found if one.state is State.ERROR and one.name != "django"]
    assert wrong == []
    assert {"database", "integrity", "migrations", "static-files", "search", "pages", "clock"} <= {
        one.name for one in found if one.state is State.OK
    }


def test_errors_end_with_status_1_and_json_says_the_same(sound):
    sound.SECRET_KEY = "short"
    status, text = run()
    assert status == 1
    assert "secret-key: SECRET_KEY is short" in text and "→ Make one with" in text
    status, text = run(json=True)
    found = json.loads(text)["findings"]
    assert status == 1
    assert {"name": "secret-key", "state": "error"}.items() <= next(
        one for one in found if one["name"] == "secret-key"
    ).items()


def test_warnings_count_only_when_asked_for(monkeypatch):
    warning = checkup.Finding("made-up", State.WARNING, "so-so", "do better")
    monkeypatch.setattr(checkup, "CHECKS", (lambda: [warning],))
    assert run()[0] == 0
    assert run(strict=True)[0] == 1


def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(monkeypatch):
    def broken():
        raise RuntimeError("unforeseen")
        yield

    monkeypatch.setattr(checkup, "CHECKS", (broken, configuration.debug))
    assert [(one.name, one.state) for one in checkup.run()] == [("broken", State.ERROR), ("debug", State.OK)]


# ---- settings

SETTINGS = {
    "a short secret": ({"SECRET_KEY": "a" * 49}, configuration.secret_key, "secret-key", State.ERROR),
    "a dull secret": ({"SECRET_KEY": "ab" * 40}, configuration.secret_key, "secret-key", State.ERROR),
    "debug": ({"DEBUG": True}, configuration.debug, "debug", State.ERROR),
    "debug at home": (
        {"DEBUG": True, "SITE_URL": "http://localhost:8000"},
        configuration.debug,
        "debug",
        State.NOTE,
    ),
    "no https": ({"SITE_URL": "http://clusters.example"}, configuration.address, "site-url", State.ERROR),
    "a path": ({"SITE_URL": "https://clusters.example/x"}, configuration.address, "site-url", State.ERROR),
    "any host": ({"ALLOWED_HOSTS": ["*"]}, configuration.address, "allowed-hosts", State.ERROR),
    "another host": ({"ALLOWED_HOSTS": ["a.example"]}, configuration.address, "allowed-hosts", State.ERROR),
    "a domain": ({"ALLOWED_HOSTS": [".example"]}, configuration.address, "allowed-hosts", State.OK),
    "frames everywhere": ({"EMBED_ORIGINS": ["*"]}, configuration.frames, "frames", State.NOTE),
    "no proxy": ({"TRUSTED_PROXIES": 0}, configuration.proxies, "proxies", State.WARNING),
    "proxies at home": (
        {"SITE_URL": "http://127.0.0.1:8000", "SITE_IS_HTTPS": False},
        configuration.proxies,
        "proxies",
        State.WARNING,
    ),
    "passwords only": (
        {"ADMIN_REQUIRES_TOTP": False},
        configuration.sign_in,
        "one-time-codes",
        State.WARNING,
    ),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_settings(sound, case):
    changed, check, name, state = SETTINGS[case]
    assert states(check)[name] is State.OK
    for setting, value in changed.items():
        setattr(sound, setting, value)
    assert states(check)[name] is state


def test_nobody_can_sign_in():
    User.objects.update(is_active=False)
    assert states(configuration.sign_in)["accounts"] is State.WARNING


def test_a_cache_that_forgets(monkeypatch):
    monkeypatch.setattr(configuration, "caches", {"default": DummyCache("x", {})})
    assert states(configuration.answers_of_caches) == {"cache": State.ERROR}


def test_what_django_finds_is_told(monkeypatch):
    from django.core import checks

    monkeypatch.setattr(
        configuration.checks,
        "run_checks",
        lambda **options: [checks.Warning("odd", hint="mend it", id="x.W1")],
    )
    (found,) = configuration.what_django_says()
    assert (found.state, found.said, found.advice) == (State.WARNING, "x.W1: odd", "mend it")


# ---- database


def test_a_database_that_does_not_answer(monkeypatch):
    def refuse(*arguments):
        raise OperationalError("connection refused")

    monkeypatch.setattr(database, "_ask", refuse)
    (found,) = database.reachable()
    assert found.state is State.ERROR and "connection refused" in found.said


def test_an_old_version(monkeypatch):
    monkeypatch.setattr(connection, "get_database_version", lambda: (3, 20, 0))
    assert states(database.reachable) == {"database": State.ERROR}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="speaks of SQLite")
def test_sqlite_that_is_not_set_up(monkeypatch):
    assert states(database.set_up_as_shipped) == {"sqlite": State.OK}
    monkeypatch.setattr(database, "_ask", lambda sql: "delete" if "journal_mode" in sql else 99999)
    (found,) = database.set_up_as_shipped()
    assert found.state is State.ERROR and "journal_mode = delete" in found.said


@pytest.mark.parametrize("answer", ["*** in database main ***", 7])
def test_damage(monkeypatch, answer):
    assert states(database.whole) == {"integrity": State.OK}
    monkeypatch.setattr(
        database, "_ask", lambda sql: "ok" if "quick_check" in sql and answer == 7 else answer
    )
    assert states(database.whole) == {"integrity": State.ERROR}


def test_a_database_that_spoils_hangul(monkeypatch):
    assert states(database.at_home_in_hangul) == {"encoding": State.OK}
    monkeypatch.setattr(database, "_ask", lambda sql, *given: "??" if given else "UTF8")
    assert states(database.at_home_in_hangul) == {"encoding": State.ERROR}
    monkeypatch.setattr(database, "_ask", lambda sql, *given: "SQL_ASCII")
    assert states(database.at_home_in_hangul) == {"encoding": State.ERROR}


def test_migrations_that_are_missing_or_too_new():
    assert states(database.migrated) == {"migrations": State.OK}
    recorder = MigrationRecorder(connection)
    recorder.record_applied("clusters", "9999_of_the_future")
    assert states(database.migrated) == {"migrations": State.ERROR}
    recorder.record_unapplied("clusters", "9999_of_the_future")
    recorder.record_unapplied(*MigrationLoader(connection).graph.leaf_nodes("clusters")[0])
    (found,) = database.migrated()
    assert found.state is State.ERROR and "manage.py migrate" in found.advice


def test_a_group_without_permissions():
    Group.objects.get(name="editor").permissions.clear()
    (found,) = database.groups_are_there()
    assert found.state is State.WARNING and found.said.endswith("editor")


# ---- machine


def test_a_folder_that_cannot_be_written(sound, tmp_path):
    (tmp_path / "file").touch()
    sound.DATA_DIR = tmp_path / "file" / "below"
    assert states(machine.data_folder) == {"data-folder": State.ERROR}


def test_a_secret_that_others_can_read(tmp_path):
    secret = Path(tmp_path, "secret_key")
    secret.touch(mode=0o600)
    assert states(machine.data_folder) == {"data-folder": State.OK}
    secret.chmod(0o644)
    assert states(machine.data_folder)["secret-file"] is State.ERROR


def test_a_disk_whose_clock_is_off(monkeypatch):
    now = time.time()
    monkeypatch.setattr(machine.time, "time", lambda: now + 60)
    assert states(machine.data_folder)["clock"] is State.WARNING
    assert states(machine.clock) == {"clock": State.WARNING}


@pytest.mark.parametrize(
    ("megabytes", "state"), [(5000, State.OK), (1000, State.WARNING), (100, State.ERROR)]
)
def test_room(monkeypatch, megabytes, state):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: SimpleNamespace(free=megabytes * 2**20))
    assert states(machine.room) == {"disk": state}


def test_a_clock_that_stands_in_the_past():
    with time_machine.travel("2020-01-01T00:00:00Z"):
        assert states(machine.clock) == {"clock": State.ERROR}


def test_a_machine_without_time_zones(monkeypatch):
    def unknown(name):
        raise machine.ZoneInfoNotFoundError(name)

    assert states(machine.time_zone) == {"time-zone": State.OK}
    monkeypatch.setattr(machine, "ZoneInfo", unknown)
    assert states(machine.time_zone) == {"time-zone": State.ERROR}


def test_text_that_is_not_utf_8(monkeypatch):
    monkeypatch.setattr(machine.locale, "getpreferredencoding", lambda setlocale: "ANSI_X3.4-1968")
    assert states(machine.text) == {"locale": State.WARNING}


def test_backups_are_advised():
    assert states(machine.backups) == {"backups": State.NOTE}


# ---- site


def test_static_files_that_are_not_collected(monkeypatch, tmp_path):
    assert states(site.static_files) == {"static-files": State.OK}
    (tmp_path / "new.css").touch()
    monkeypatch.setattr(site, "OWN_FILES", tmp_path)
    (found,) = site.static_files()
    assert found.state is State.ERROR and "new.css" in found.said


def test_translations_that_are_gone(monkeypatch):
    assert states(site.translations) == {"translations": State.OK}
    monkeypatch.setattr(site.translation, "gettext", lambda text: text)
    assert states(site.translations) == {"translations": State.ERROR}


def test_pages_that_fail(monkeypatch):
    assert states(site.pages) == {"pages": State.OK}
    monkeypatch.setattr("clusters.views.pages.seoul_now", lambda: 1 / 0)
    (found,) = site.pages()
    assert found.state is State.ERROR and "500" in found.said


def test_a_search_that_finds_nothing(monkeypatch):
    assert states(site.search) == {"search": State.NOTE}
    factories.company(publication="draft")
    factories.institution(source=factories.source())
    assert states(site.search) == {"search": State.OK}
    nothing = SimpleNamespace(status_code=200, json=lambda: {"results": []})
    monkeypatch.setattr(site, "_ask", lambda path, **asked: nothing)
    assert states(site.search) == {"search": State.ERROR}


def test_upkeep_that_never_ran_or_fails():
    assert states(site.upkeep) == {}
    factories.company()
    assert states(site.upkeep) == {"links": State.NOTE}
    factories.link_check()
    factories.sync_run(state="alarm", message="The portal returned nothing twice in a row.")
    assert states(site.upkeep) == {"links": State.OK, "sync": State.WARNING}
