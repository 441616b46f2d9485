"""Owns what every test shares: the database, said aloud, the collected static files, and Chromium."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests import chromium
from tests.server import static_files_are_fresh

# Playwright keeps an event loop running in the test's thread, where Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# How long a busy machine takes says nothing about the code.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent
BROWSER_TESTS = ROOT / "tests" / "browser"
NO_CHROMIUM = "no Chromium found: install it, or name it in CHROMIUM"


def pytest_configure(config: pytest.Config) -> None:
    """Every request of a test is answered anew; what is kept of finished pages has tests of its own."""
    from django.conf import settings

    settings.CACHES.pop("pages", None)


@pytest.fixture(scope="session", autouse=True)
def lines_root(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Rows of files are kept for the tests of one process only."""
    from django.conf import settings

    settings.LINES_ROOT = tmp_path_factory.mktemp("lines")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):  # the first process does this for all
        return
    collect_static_files()
    if reporter := session.config.pluginmanager.get_plugin("terminalreporter"):
        from django.db import connection

        found = "Chromium found" if chromium.find() else f"skipped, {NO_CHROMIUM}"
        reporter.write_line(f"Database: {connection.display_name}. Browser tests: {found}.")


def collect_static_files() -> None:
    """Pages link to collected, hashed files as in production; collecting is slow, so only after a change."""
    from django.conf import settings
    from django.core.management import call_command

    if not static_files_are_fresh(Path(settings.STATIC_ROOT)):
        call_command("collectstatic", interactive=False, verbosity=0)
        (Path(settings.STATIC_ROOT) / ".collected").touch()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = chromium.find() is None
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker("browser")
            if missing:
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite is tested in a file, as it is shipped: in memory there is no WAL and no second writer."""
    from django.db import connection

    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "clusters.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    from django.contrib.auth.models import Group

    from tests import factories

    with django_db_blocker.unblock():
        for group in Group.objects.prefetch_related("permissions"):
            factories.permissions_of_groups[group.name] = {one.codename for one in group.permissions.all()}


@pytest.fixture(scope="session")
def static_files_as_shipped() -> Iterator[None]:
    """Lets WhiteNoise answer for static files in the live server too, as in production."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "django.contrib.staticfiles.handlers.StaticFilesHandler", lambda application: application
        )
        yield


@pytest.fixture(scope="session")
def live_server(static_files_as_shipped: None, live_server: LiveServer) -> LiveServer:
    return live_server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": chromium.ARGUMENTS}
