"""Owns what the tests of pulls share: settings that lead to a portal on loopback, and a clock that nobody waits for."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
import time_machine
from django.utils import translation

from clusters.curation import syncing
from clusters.curation.syncing import pulling
from tests import factories, loopback

from .portal import KEY

NOW = "2026-11-26T10:00:00+09:00"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(pulling, "BOUNDS", pulling.Bounds(seconds=0.4, wait=0.4, bytes=5 * 2**20))
    monkeypatch.setattr(pulling.Puller, "bounds", pulling.BOUNDS)


@pytest.fixture
def portal(db, settings, tmp_path):
    """Starts a portal with its answers; gives back the server."""
    settings.DATA_DIR = tmp_path
    settings.KSTARTUP_API_KEY = settings.BIZINFO_API_KEY = KEY
    factories.support_kind("grant")
    factories.support_kind("loan")
    with ExitStack() as stack:
        stack.enter_context(time_machine.travel(NOW, tick=True))

        def start(answer: Callable) -> loopback.Loopback:
            server = stack.enter_context(loopback.serving(answer))
            settings.KSTARTUP_API_URL = f"{server.address}/announcements?cond=Y"
            settings.BIZINFO_API_URL = f"{server.address}/bizinfoApi.do"
            return server

        yield start


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def pull(slept):
    """Pull from K-Startup; nobody waits between attempts."""

    def run(portal: str = "kstartup", **wishes) -> syncing.Outcome:
        return syncing.sync(portal, syncing.Wishes(**wishes), sleep=slept.append)

    return run
