"""What was made of the data is kept while it holds: for one version of them, and until the clock changes a deadline.

Threads share it. Who finds nothing makes it himself and waits for nobody; who is given something changes nothing in it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from clusters.models import version

from . import deadlines

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_NOTHING = object()

MOST = 2000  # values; those not asked for longest go first


@dataclass(frozen=True)
class _Kept:
    """The values of one version of the data, as long as the clock leaves them as they are."""

    version: int
    since: datetime
    until: datetime
    values: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)

    def serves(self, data_version: int, now: datetime) -> bool:
        return self.version == data_version and self.since <= now < self.until

    def get(self, key: Hashable) -> Any:
        with suppress(KeyError):  # another thread may have dropped it just now
            self.values.move_to_end(key)
            return self.values[key]
        return _NOTHING

    def keep(self, made: Mapping[Any, Any]) -> None:
        self.values.update(made)
        while len(self.values) > MOST:
            self.values.popitem(last=False)


_kept: _Kept | None = None


def _at(data_version: int, now: datetime) -> _Kept:
    global _kept
    held = _kept
    if held is None or not held.serves(data_version, now):
        held = _Kept(data_version, now, deadlines.next_change(now))
        if held.version == version.current():
            _kept = held
    return held


def kept(key: Hashable, data_version: int, now: datetime, make: Callable[[], Value]) -> Value:
    """What `make` gives, made once for its key. It may depend on nothing else but the data and the clock.

    0 is no version: then, as for a page of the past, everything is made anew. Nor is anything kept that was made
    while somebody wrote.
    """
    return kept_each([key], data_version, now, lambda _missing: {key: make()})[key]


def kept_each(
    keys: Iterable[Key], data_version: int, now: datetime, make: Callable[[list[Key]], Mapping[Key, Value]]
) -> dict[Key, Value]:
    """The same for many keys: those that are missing are made together."""
    keys = list(keys)
    if not data_version:
        return dict(make(keys))
    held = _at(data_version, now)
    found = {key: value for key in keys if (value := held.get(key)) is not _NOTHING}
    if missing := [key for key in keys if key not in found]:
        made = make(missing)
        found |= made
        if version.current() == data_version:
            held.keep(made)
    return found


def until(data_version: int, now: datetime) -> datetime:
    """The moment until which what is kept now holds."""
    return _at(data_version, now).until if data_version else now
