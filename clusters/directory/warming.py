"""Gets a worker ready as it starts: its snapshots of the lists that most readers open first."""

from threading import Thread

from clusters.dates import seoul_now

from .registry import DIRECTORIES
from .snapshot import keeper


def start() -> None:
    """In the background, while the first readers are answered from the tables."""
    Thread(target=warm, daemon=True).start()


def warm() -> None:
    longest_first = sorted(DIRECTORIES, key=lambda one: one.model._default_manager.count(), reverse=True)
    for language in ("ko", "en"):
        for directory in longest_first:
            keeper(directory).prepare((directory.default_sort, language), seoul_now())
