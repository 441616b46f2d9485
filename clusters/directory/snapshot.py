"""What each directory's public rows are, kept by this process: orders and tags, for one version of the data.

    tables ──(published rows, Facet.tags, Sort.order)──► Snapshot ──(bitsets.Index)──► totals, counts, pages

Nothing here is true by itself: a snapshot is made from the tables, serves only the version and the time it was made
for, and without one `answers.FromTables` says the same from SQL.
"""

import logging
from array import array
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from threading import Lock, Thread
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from clusters.dates import seoul_now
from clusters.models import version
from clusters.models.version import Touches, Write

from .bitsets import Index
from .hits import Hits
from .lines import Lines, shelf
from .reading import Reading
from .rows import Store
from .shelf import Shelf

if TYPE_CHECKING:
    from .registry import Directory

logger = logging.getLogger(__name__)

AT_ONCE = 2000  # rows that are read while the reader waits; more are read in the background
CATCH_UP = 50  # changed rows that are brought up to date one by one
CHUNK = 5000  # rows read from the database at a time
PROBES = 64  # rows that a new one is compared with at a time, to find its place
ATTEMPTS = 3
PATIENCE = 1.5  # seconds a reader waits for what is being made; reading the tables meanwhile takes longer

Order = tuple[str, str]  # code and language, which is empty where it makes no difference


@dataclass(frozen=True)
class Snapshot:
    directory: "Directory"
    version: int
    touches: Touches  # that are in it
    since: datetime
    until: datetime | None  # when the clock alone changes the list
    indexes: dict[Order, Index] = field(default_factory=dict)
    rows: Store = field(default_factory=Store)  # drawn rows
    reading: Reading = field(default_factory=Reading)  # related records that many rows share
    hits: Hits = field(default_factory=Hits)  # of searches
    memory: dict = field(default_factory=dict)  # anything else that holds for this version

    @cached_property
    def lines(self) -> Lines:
        """The rows of files, which show more than those of pages and so change more often."""
        return self._lines(of_files=True)

    @cached_property
    def page_lines(self) -> Lines:
        """The rows of pages."""
        return self._lines(of_files=False)

    def _lines(self, of_files: bool) -> Lines:
        changed = partial(_changed_rows, self.directory, of_files=of_files)
        return Lines(_shelf(self.directory, of_files), self.touches, self.until, changed, self.holds)

    def holds(self) -> bool:
        """Whether the tables still say so."""
        return self.version == version.current() and self.serves(seoul_now())

    def index(self, order: Order) -> Index:
        return self.indexes[self.directory.order_key(*order)]

    def serves(self, now: datetime) -> bool:
        return self.until is None or self.since <= now < self.until


def _shelf(directory: "Directory", of_files: bool) -> Shelf:
    return shelf(directory.name if of_files else f"{directory.name}-pages")


def keeps_lines(directory: "Directory") -> bool:
    """Whether rows that are written now are kept: not while the disk is full or fails."""
    return not any(_shelf(directory, of_files).rests for of_files in (True, False))


# ---- making one from the tables ----------------------------------------------------------------------


def _make(directory: "Directory", order: Order, now: datetime) -> Snapshot | None:
    """From nothing; None when the data moved all the time it was read."""
    for _attempt in range(ATTEMPTS):
        before, touches = version.current(), version.touches()
        index = Index.of(_in_order(directory, order, now), _tags(directory, now))
        until = directory.changes_at(now) if directory.changes_at else None
        if before == version.current():
            return Snapshot(directory, before, touches, now, until, {order: index})
    return None


def _ordered(directory: "Directory", order: Order, now: datetime) -> QuerySet:
    code, language = order
    rows = directory.rows(directory.model.objects.published())  # type: ignore[attr-defined]
    return rows.order_by(*directory.order(code, language, now))


def _in_order(directory: "Directory", order: Order, now: datetime) -> array:
    return array("q", _ordered(directory, order, now).values_list("pk", flat=True).iterator(CHUNK))


def _tags(directory: "Directory", now: datetime, pks: Collection[int] | None = None):
    filters = directory.filters(QueryDict(), now=now)
    rows = filters.queryset if pks is None else filters.queryset.filter(pk__in=pks)
    for facet in filters.facets:
        yield from facet.tags(rows)


# ---- bringing one up to date -------------------------------------------------------------------------


def _changed_rows(
    directory: "Directory", writes: Collection[Write], of_files: bool = False
) -> set[int] | None:
    """The rows that some writes changed; None when these may be any."""
    own = directory.model._meta.model_name
    others = _names([*directory.rests_on, *(directory.files_rest_on if of_files else ())])
    changed = set()
    for model, record in writes:
        if model in others or not model or (model == own and record is None):
            return None
        if model == own and record is not None:
            changed.add(record)
    return changed


def _names(models: Collection) -> set[str]:
    return {model._meta.model_name for model in models}


def _caught_up(snapshot: Snapshot, now: datetime) -> Snapshot | None:
    """The snapshot with what was written since; None when it must be made anew."""
    before, touches = version.current(), version.touches()
    if before == snapshot.version:
        return snapshot
    writes = version.between(snapshot.touches, touches)
    changed = None if writes is None else _changed_rows(snapshot.directory, writes)
    if writes is None or changed is None or len(changed) > CATCH_UP:
        return None
    indexes = snapshot.indexes
    if changed:
        tags: dict[int, set] = {}
        for pk, tag in _tags(snapshot.directory, now, changed):
            tags.setdefault(pk, set()).add(tag)
        indexes = {
            order: _with(snapshot, order, index, changed, tags, now) for order, index in indexes.items()
        }
    since, until = snapshot.since, snapshot.until
    if changed and snapshot.directory.changes_at:  # what was written may have a moment of its own
        since, until = now, snapshot.directory.changes_at(now)
    if before != version.current():
        return None
    same_files = _names(snapshot.directory.files_rest_on).isdisjoint(model for model, _record in writes)
    return replace(
        snapshot,
        version=before,
        touches=touches,
        since=since,
        until=until,
        indexes=indexes,
        rows=snapshot.rows.without(changed),
        reading=snapshot.reading if same_files else Reading(),
        hits=Hits(),
        memory={},
    )


def _with(
    snapshot: Snapshot, order: Order, index: Index, changed: set[int], tags: dict[int, set], now: datetime
) -> Index:
    ordered = _ordered(snapshot.directory, order, now)
    index = index.without(changed)
    for pk in ordered.filter(pk__in=changed).values_list("pk", flat=True):
        index = index.with_row(pk, _place(pk, index.keys, ordered), tags.get(pk, ()))
    return index


def _place(pk: int, keys, ordered: QuerySet) -> int:
    """Where a row belongs in an order, as the database sorts: only it knows its collation."""
    low, high = 0, len(keys)
    while low < high:
        step = -(-(high - low) // PROBES)
        probes = keys[low:high:step]
        found = list(ordered.filter(pk__in=[*probes, pk]).values_list("pk", flat=True))
        # It may be gone by now; then the version has moved too.
        before = found.index(pk) if pk in found else 0
        if before == 0:
            return low
        low, high = low + (before - 1) * step + 1, min(high, low + before * step)
    return low


# ---- keeping them ------------------------------------------------------------------------------------


class Keeper:
    """The latest snapshot of one directory in this process."""

    def __init__(self, directory: "Directory") -> None:
        self.directory = directory
        self.snapshot: Snapshot | None = None
        self._working = Lock()

    def at(self, wanted: int, order: Order, now: datetime) -> Snapshot | None:
        """A snapshot of this version of the data that knows the order; None while there is none."""
        order = self.directory.order_key(*order)
        if wanted and not self._has(wanted, order, now) and self._is_free():
            if self._has(wanted, order, now) or self._at_once(order, now):
                self._working.release()
            else:
                Thread(target=self._in_background, args=(order, now), daemon=True).start()
                if self._is_free():
                    self._working.release()
        return self.snapshot if self._has(wanted, order, now) else None

    def _is_free(self) -> bool:
        """Take the turn to make something. Inside a transaction nobody waits for anybody."""
        return self._working.acquire(timeout=0 if connection.in_atomic_block else PATIENCE)

    def prepare(self, order: Order, now: datetime) -> None:
        """Make what readers will ask for before they do."""
        order, wanted = self.directory.order_key(*order), version.current()
        if self._working.acquire(blocking=False):
            if self._has(wanted, order, now) or self._at_once(order, now):
                self._working.release()
            else:
                self._in_background(order, now)

    def _has(self, wanted: int, order: Order, now: datetime) -> bool:
        one = self.snapshot
        return one is not None and one.version == wanted and order in one.indexes and one.serves(now)

    def _at_once(self, order: Order, now: datetime) -> bool:
        """Do what is quick. False when much must be read first."""
        try:
            if self.snapshot is not None and self.snapshot.serves(now):
                self.snapshot = _caught_up(self.snapshot, now)
                if self.snapshot is not None and order in self.snapshot.indexes:
                    return True
            few = not self.directory.model.objects.order_by()[AT_ONCE : AT_ONCE + 1].exists()  # type: ignore[attr-defined]
            # What this transaction wrote itself nobody else can see.
            if few or connection.in_atomic_block:
                self._make(order, now)
                return True
            return False
        except BaseException:
            self._working.release()
            raise

    def _in_background(self, order: Order, now: datetime) -> None:
        try:
            self._make(order, now)
        except Exception:  # the next reader tries again; until then SQL answers
            logger.exception("The snapshot of %s could not be made", self.directory.name)
        finally:
            self._working.release()
            connection.close()

    def _make(self, order: Order, now: datetime) -> None:
        known = self.snapshot
        if known is not None and known.serves(now):
            index = next(iter(known.indexes.values())).reordered(_in_order(self.directory, order, now))
            if known.version == version.current():
                self.snapshot = replace(known, indexes={**known.indexes, order: index})
                return
        self.snapshot = _make(self.directory, order, now)


_keepers: dict[str, Keeper] = {}


def keeper(directory: "Directory") -> Keeper:
    return _keepers.setdefault(directory.name, Keeper(directory))
