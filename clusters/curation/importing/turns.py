"""One import is written at a time: the next one waits a little, then is told whose turn it is."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from zlib import crc32

from django.db import connection
from django.utils.translation import gettext as _

WAIT = 10.0
_STEP = 0.1
_KEY = crc32(b"clusters import")


class Busy(Exception):
    """Another import is being written: by whom, as a sentence."""


@contextmanager
def turn(who: str, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the turn. The system takes it back from a process that dies. Raises Busy."""
    with (_postgres if connection.vendor == "postgresql" else _file)(" ".join(who.split())[:40], wait):
        yield


@contextmanager
def _postgres(who: str, wait: float) -> Iterator[None]:
    with connection.cursor() as cursor:
        end = time.monotonic() + wait
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_KEY])
            if cursor.fetchone()[0]:
                break
            if time.monotonic() >= end:
                cursor.execute(
                    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"
                    " WHERE locktype = 'advisory' AND granted AND objid = %s",
                    [_KEY],
                )
                raise _busy((cursor.fetchone() or ("",))[0])
            time.sleep(_STEP)
        cursor.execute("SELECT current_setting('application_name')")
        before = cursor.fetchone()[0]
        # Names there hold ASCII only.
        cursor.execute("SELECT set_config('application_name', %s, false)", [ascii(who)[1:-1]])
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('application_name', %s, false)", [before])
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_KEY])


@contextmanager
def _file(who: str, wait: float) -> Iterator[None]:
    import fcntl

    with _beside_the_database().open("a+", encoding="utf-8") as file:
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() >= end:
                    file.seek(0)
                    raise _busy(file.read(200)) from None
                time.sleep(_STEP)
        try:
            file.truncate(0)
            file.write(who)
            file.flush()
            yield
        finally:
            file.truncate(0)


def _beside_the_database() -> Path:
    name = Path(connection.settings_dict["NAME"])
    if name.is_file():
        return name.with_name(f"{name.name}-import.lock")
    return Path(gettempdir(), f"clusters-{os.getpid()}-import.lock")  # in memory: nobody else can have it


def _busy(who: str) -> Busy:
    return Busy(
        _("An import by %(who)s is being written just now. Nothing was written; try again in a moment.")
        % {"who": who or _("someone else")}
    )
