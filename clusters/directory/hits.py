"""What the last searches found, as bitsets: readers turn pages and choose filters with the text they typed."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress

KEPT = 50  # searches of one directory


class Hits:
    """Good for one version of the data."""

    def __init__(self) -> None:
        self._found: OrderedDict[Hashable, list[int]] = OrderedDict()

    def of(self, key: Hashable, find: Callable[[], list[int]]) -> list[int]:
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = find()
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
        with suppress(KeyError):  # another thread may have dropped it just now
            self._found.move_to_end(key)
        return found
