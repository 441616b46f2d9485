"""The index is kept as the tables are: every write refreshes, in its own transaction, the entries it touches."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import Model

from . import entries
from .backend import backend
from .entries import Entry
from .fields import KINDS, hangs_by_its_own_key, leading_to

VERSION = 3  # raised when texts come to be normalized or cut into tokens in another way
MANY = 200  # entries at once; whoever refreshes more keeps all others out until it is done

_gathered: ContextVar[set[int] | None] = ContextVar("gathered", default=None)


@contextmanager
def deferred() -> Iterator[None]:
    """Refresh at the end, and each entry once, what is touched inside. Stands inside the transaction."""
    if _gathered.get() is not None:
        yield
        return
    touched: set[int] = set()
    token = _gathered.set(touched)
    try:
        yield
    finally:
        _gathered.reset(token)
    refresh(touched)


@contextmanager
def following(model: type[Model], pks: Iterable[int]) -> Iterator[None]:
    """Refresh what hung on these records before they were changed or deleted inside, and what hangs on them after."""
    pks = list(pks)
    with transaction.atomic(), deferred():
        touch_dependents(model, pks)
        yield
        update(model, pks)


def update(model: type[Model], pks: Iterable[int]) -> None:
    """Refresh the entries of records that were written, and those that hang on them."""
    pks = list(pks)
    touch(entries.keys(model, pks))
    touch_dependents(model, pks)


def touch_dependents(model: type[Model], pks: Iterable[int]) -> None:
    """Refresh what hangs on these records as they stand in the tables now."""
    if not leading_to(model):
        return
    with transaction.atomic():
        if not hangs_by_its_own_key(model):
            # Somebody may be tying another record to these at this moment: whoever comes second sees the first.
            backend().lock(None)
        touch(entries.dependents(model, pks))


def touch(keys: Iterable[int]) -> None:
    """Refresh entries, at the end of the block if these are deferred."""
    gathered = _gathered.get()
    if gathered is None:
        refresh(keys)
    else:
        gathered.update(keys)


def refresh(keys: Iterable[int]) -> int:
    """Make entries what they should be by the tables; the number of those that were not."""
    keys = set(keys)
    if not keys:
        return 0
    store, changed = backend(), 0
    with transaction.atomic():
        store.lock(sorted(keys) if len(keys) <= MANY else None)
        for part in entries.chunks(keys):
            gone, new = _differences(part)
            store.remove(gone)
            store.add(new)
            changed += len({entry.key for entry in (*gone, *new)})
        if changed > MANY:
            store.tidy()
    return changed


def rebuild() -> int:
    """Make the index anew; the number of entries."""
    store, number = backend(), 0
    with transaction.atomic():
        store.lock(None)
        store.clear()
        for part in entries.chunks(_public_keys()):
            new = list(entries.read(part).values())
            store.add(new)
            number += len(new)
        store.note(_making())
        store.tidy()
    return number


def check() -> set[int]:
    """The keys of entries that are missing, left over or not as the tables have it."""
    store = backend()
    with transaction.atomic():
        store.lock(None)
        found = set()
        for part in entries.chunks(_public_keys() | set(store.keys())):
            gone, new = _differences(part)
            found |= {entry.key for entry in (*gone, *new)}
        return found | store.broken()


def settle() -> None:
    """After tables were made, emptied or changed: rebuild the index if it was made by other rules or not at all."""
    managers = [kind.model._default_manager for kind in KINDS.values()]
    if backend().noted() != _making() or not any(manager.exists() for manager in managers):
        rebuild()


def _differences(part: list[int]) -> tuple[list[Entry], list[Entry]]:
    """Entries to take away and entries to add."""
    wanted, stored = entries.read(part), backend().entries(part)
    return (
        [entry for key, entry in stored.items() if wanted.get(key) != entry],
        [entry for key, entry in wanted.items() if stored.get(key) != entry],
    )


def _public_keys() -> set[int]:
    return {
        kind.base + pk
        for kind in KINDS.values()
        for pk in kind.model._default_manager.published().order_by().values_list("pk", flat=True)  # type: ignore[attr-defined]
    }


def _making() -> str:
    """By which rules the index is made."""
    return repr((VERSION, [(kind.model._meta.label, kind.fields) for kind in KINDS.values()]))
