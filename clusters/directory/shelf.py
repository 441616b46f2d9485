"""Files beside the database that keep lines for one state of the data, for all processes of a machine.

Everything in them can be made anew: they may be thrown away at any time, and without them each line is written again.
"""

import json
import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

logger = logging.getLogger(__name__)

WAYS = 64  # kinds of files, in each language; of more the lines are not kept
MOST_BYTES = 16 * 2**30  # of a file; then nothing is added, and the next start begins anew
PATIENCE = 2  # seconds for another writer
REST = 60  # seconds until a disk that failed, or a file that failed twice in such a time, is tried again
_PAGE = 4096  # bytes
_OF_OTHERS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}  # another process writes
# Nothing is wrong with the file.
_OF_THE_DISK = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
_TABLES = """
    CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), stamp TEXT, told TEXT, age INTEGER);
    CREATE TABLE IF NOT EXISTS way (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
    CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY, age INTEGER, body BLOB);
"""


@dataclass(frozen=True)
class State:
    """A state of the data: what it is known by, and in JSON what tells how far it is from another."""

    stamp: str
    as_json: str

    @cached_property
    def told(self) -> Any:
        return json.loads(self.as_json)


@dataclass(frozen=True)
class Distance:
    """From the state of a shelf to one's own: which of the two is later, and whose lines differ, None for all."""

    is_later: bool
    differ: set[int] | None


Measure = Callable[[State | None], Distance]


class Shelf:
    """Lines by record and way; a way is a kind of file in a language.

    Whatever goes wrong with the file, nothing is kept then and nothing was.
    """

    def __init__(self, path: Callable[[], Path]) -> None:
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._left: list[sqlite3.Connection] = []  # of a parent process, which alone may close them
        self._ways: dict[str, int] = {}
        self._inode: int | None = None
        self._failed_at = self._rests_until = self._full_until = float("-inf")

    # ---- what is asked of it -------------------------------------------------------------------------

    def read(self, way: str, pks: Iterable[int], measure: Measure) -> dict[int, bytes]:
        """Those of the lines that are kept and hold in the reader's own state, too."""

        def read(connection: sqlite3.Connection) -> dict[int, bytes]:
            differ = measure(_state(connection)).differ
            number = self._way(connection, way)
            if differ is None or number is None or number >= WAYS:
                return {}
            wanted = json.dumps([pk * WAYS + number for pk in pks if pk not in differ])
            lines = (
                "SELECT id, body FROM line WHERE id IN (SELECT value FROM json_each(?))"
                " AND age = (SELECT age FROM state)"
            )
            return {at // WAYS: body for at, body in connection.execute(lines, (wanted,))}

        return self._do(read) or {}

    def write(self, way: str, lines: dict[int, bytes], state: State, measure: Measure) -> None:
        """Keep lines of this state, and no others that do not hold in it; nothing if the shelf is for a later one."""

        def write(connection: sqlite3.Connection) -> None:
            known = _state(connection)
            distance = measure(known)
            if distance.is_later:
                return
            if known is None or known.stamp != state.stamp:
                _move(connection, state, distance.differ)
            connection.execute("INSERT OR IGNORE INTO way (name) VALUES (?)", (way,))
            number = self._way(connection, way)
            if number >= WAYS:  # its lines would lie among those of the next record
                return
            rows = [(pk * WAYS + number, line) for pk, line in lines.items()]
            connection.executemany("INSERT OR REPLACE INTO line SELECT ?, age, ? FROM state", rows)

        self._do(write, writing=True)

    @property
    def rests(self) -> bool:
        """Whether nothing is added for a while, since something failed."""
        return time.monotonic() < max(self._rests_until, self._full_until)

    # ---- the file ------------------------------------------------------------------------------------

    def _do(self, does: Callable[[sqlite3.Connection], Any], writing: bool = False) -> Any:
        """One transaction at a time. What fails is told to whoever runs the site, not to the reader."""
        with self._lock:
            if time.monotonic() < self._rests_until:
                return None
            try:
                connection = self._opened()
                if writing and time.monotonic() < self._full_until:
                    return None
                connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
                try:
                    found = does(connection)
                    connection.execute("COMMIT")
                except BaseException:
                    self._ways.clear()
                    with suppress(sqlite3.Error):  # it may have been taken back already
                        connection.execute("ROLLBACK")
                    raise
                return found
            except (sqlite3.Error, OSError, ValueError, TypeError) as error:  # or it holds nonsense
                logger.warning("Rows of lists could not be kept: %s", error)
                self._after(error)
                return None

    def _after(self, error: Exception) -> None:
        now, code = time.monotonic(), getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            self._full_until = now + REST  # what is there can still be read
            if self._connection is None:  # there was no room to begin a file
                self._rests_until = now + REST
        elif isinstance(error, OSError) or code in _OF_THE_DISK:
            self._close()
            self._rests_until = now + REST
        elif code not in _OF_OTHERS:
            if now - self._failed_at < REST:
                self._rests_until = now + REST
            self._failed_at = now
            self._throw_away()

    def _opened(self) -> Any:
        if self._connection is not None and self._process != os.getpid():
            self._left.append(self._connection)
            self._connection = None
        if self._connection is not None and _inode(self._path()) not in {self._inode, None}:
            self._close()  # another process threw the file away and began anew
        if self._connection is None:
            path = self._path()
            _make_room(path.parent)
            self._connect(path)
            if self._is_full():
                self._throw_away()
                self._connect(path)
        return self._connection

    def _connect(self, path: Path) -> None:
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA max_page_count = {MOST_BYTES // _PAGE}")
        connection.executescript(_TABLES)
        self._connection, self._process = connection, os.getpid()
        self._inode = _inode(path)
        self._ways.clear()

    def _is_full(self) -> bool:
        if self._connection is None:
            return False
        with suppress(sqlite3.Error):
            return self._connection.execute("PRAGMA page_count").fetchone()[0] > MOST_BYTES // _PAGE * 0.9
        return False

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _throw_away(self) -> None:
        self._close()
        with suppress(OSError):
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._path()}{suffix}").unlink(missing_ok=True)

    def _way(self, connection: sqlite3.Connection, name: str) -> Any:
        if name not in self._ways:
            row = connection.execute("SELECT id FROM way WHERE name = ?", (name,)).fetchone()
            if row is None:
                return None
            self._ways[name] = row[0]
        return self._ways[name]


def _state(connection: sqlite3.Connection) -> State | None:
    row = connection.execute("SELECT stamp, told FROM state").fetchone()
    return None if row is None else State(*row)


def _move(connection: sqlite3.Connection, state: State, gone: set[int] | None) -> None:
    """Where all lines go, a new age begins: to delete them takes seconds in which nobody could read or write."""
    age = connection.execute("SELECT coalesce(max(age), 0) FROM state").fetchone()[0] + (gone is None)
    spans = [(pk * WAYS, (pk + 1) * WAYS) for pk in gone or ()]
    connection.executemany("DELETE FROM line WHERE id >= ? AND id < ?", spans)
    connection.execute("INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?)", (state.stamp, state.as_json, age))


def _inode(path: Path) -> int | None:
    """By which a file is told from another of the same name."""
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _make_room(folder: Path) -> None:
    """A folder of its own for each version of the code; those of others go."""
    if not folder.exists():
        for other in set(folder.parent.glob("*")) - {folder}:  # which another worker may have made meanwhile
            shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
