"""The machine: Python, text, clock, time zone, and room on the disk."""

import locale
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from .findings import Finding, error, note, ok, warning

LITTLE, TOO_LITTLE = 2 * 2**30, 200 * 2**20  # bytes free
CLOCKS_MAY_DIFFER = 5  # seconds
# No clock of a machine that runs this can be earlier.
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)


def text() -> Iterator[Finding]:
    names = {"filesystem": sys.getfilesystemencoding(), "locale": locale.getpreferredencoding(False)}
    wrong = [f"{name}: {found}" for name, found in names.items() if found.replace("-", "").upper() != "UTF8"]
    if wrong:
        yield warning(
            "locale",
            _("Text of this machine is not UTF-8 (%(names)s).") % {"names": ", ".join(wrong)},
            _("Set LANG=C.UTF-8 or PYTHONUTF8=1 for the site and for cron."),
        )
    else:
        yield ok("locale", f"UTF-8, Python {sys.version.split()[0]}")


def data_folder() -> Iterator[Finding]:
    folder = Path(settings.DATA_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="doctor-") as probe:
            probe.write(b"0")
            probe.flush()
            written = os.stat(probe.name).st_mtime
        now = time.time()
    except OSError as problem:
        yield error(
            "data-folder",
            _("Nothing can be written into DATA_DIR: %(problem)s") % {"problem": problem.strerror or problem},
            _("Give the folder to the user the site runs as: %(folder)s") % {"folder": folder},
        )
        return
    yield ok("data-folder", str(folder))
    if abs(now - written) > CLOCKS_MAY_DIFFER:
        yield warning(
            "clock",
            _("The disk's clock is %(seconds)d seconds off this machine's.")
            % {"seconds": abs(now - written)},
            _("Turn on time synchronization (NTP) on both."),
        )
    secret = folder / "secret_key"
    if secret.exists() and secret.stat().st_mode & 0o077:
        yield error(
            "secret-file", _("Others on this machine can read the secret key."), f"chmod 600 {secret}"
        )


def room() -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(Path(settings.DATA_DIR))).free
    said = _("%(size)s MB free on the disk of DATA_DIR.") % {"size": f"{free // 2**20:,}"}
    if free < TOO_LITTLE:
        yield error("disk", said, _("Make room before the database can no longer write."))
    elif free < LITTLE:
        yield warning("disk", said, _("Make room, or move DATA_DIR to a larger disk."))
    else:
        yield ok("disk", said)


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def clock() -> Iterator[Finding]:
    now = datetime.now(UTC)
    if now < RELEASED:
        yield error(
            "clock",
            _("The clock says %(date)s; deadlines are wrong.") % {"date": f"{now:%Y-%m-%d}"},
            _("Set the clock, and turn on time synchronization (NTP)."),
        )
        return
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute(
            "SELECT strftime('%s', 'now')" if sqlite else "SELECT extract(epoch FROM clock_timestamp())"
        )
        apart = abs(float(cursor.fetchone()[0]) - time.time())
    if apart > CLOCKS_MAY_DIFFER:
        yield warning(
            "clock",
            _("The database's clock is %(seconds)d seconds off this machine's.") % {"seconds": apart},
            _("Turn on time synchronization (NTP) on both."),
        )
    else:
        yield ok("clock", f"{now.astimezone(ZoneInfo('Asia/Seoul')):%Y-%m-%d %H:%M:%S} (Asia/Seoul)")


def time_zone() -> Iterator[Finding]:
    try:
        hours = datetime.now(ZoneInfo("Asia/Seoul")).utcoffset()
    except ZoneInfoNotFoundError:
        hours = None
    if hours is None or hours.total_seconds() != 9 * 3600:
        yield error(
            "time-zone",
            _("This machine does not know the time in Seoul; deadlines would be wrong."),
            _("Install the system's tzdata, or pip install tzdata."),
        )
    else:
        yield ok("time-zone", "Asia/Seoul, UTC+9")


def backups() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        advice = _(
            'Copy it daily to another machine: sqlite3 clusters.sqlite3 ".backup copy.sqlite3", and secret_key '
            "beside it. Try once a year whether a copy can be read."
        )
        yield note("backups", _("All data stand in one file in DATA_DIR."), advice)
    else:
        yield note(
            "backups",
            _("All data stand in PostgreSQL."),
            _("Run pg_dump daily to another machine. Try once a year whether a dump can be restored."),
        )


CHECKS = (text, data_folder, room, time_zone, clock, backups)
