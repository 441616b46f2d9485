"""Gets a process ready for its readers: makes its snapshots of the lists that most of them open first."""

import logging
from threading import Thread

from django.db import connection

from clusters.dates import seoul_now

from .registry import DIRECTORIES
from .snapshot import keeper

logger = logging.getLogger(__name__)
LANGUAGES = ("ko", "en")


def start() -> None:
    """In the background, while the first readers are answered."""
    Thread(target=warm, daemon=True).start()


def warm(*languages: str) -> None:
    """Whatever is in the way, readers are answered from the tables."""
    try:
        longest_first = sorted(DIRECTORIES, key=lambda one: one.model._default_manager.count(), reverse=True)
        for language in languages or LANGUAGES:
            for directory in longest_first:
                keeper(directory).prepare((directory.default_sort, language), seoul_now())
    except Exception:
        logger.exception("The lists could not be made beforehand")
    finally:
        connection.close()
