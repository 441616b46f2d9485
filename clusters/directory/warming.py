"""Gets ready for the readers: a process makes its snapshots of lists, and one for all writes the rows of long ones."""

import logging
from collections.abc import Callable, Iterator
from threading import Thread

from django.db import connection
from django.http import QueryDict
from django.utils import translation

from clusters.dates import seoul_now
from clusters.models import version

from . import formats
from .registry import DIRECTORIES, Directory
from .selection import Selection
from .snapshot import AT_ONCE, keeper

logger = logging.getLogger(__name__)
LANGUAGES = ("ko", "en")
BEGINNINGS = 1000  # of a list while others edit; what was written before is read again in a moment


def page_parts(selection: Selection) -> Iterator[str]:
    """The rows of all pages of a list."""
    pks = selection.answers.pks(0, selection.total)
    for start in range(0, len(pks), formats.CHUNK):
        yield "".join(row.html or "" for row in selection.drawn(pks[start : start + formats.CHUNK]))


ROWS: dict[str, Callable[[Selection], Iterator[bytes] | Iterator[str]]] = {
    "page": page_parts,
    "csv": formats.csv_parts,
    "xlsx": formats.sheet_parts,
    "ndjson": formats.json_lines,
}


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


def lists_are_long() -> bool:
    """Whether the rows of some lists take a while to write; False when the database cannot tell now."""
    try:
        return bool(long_lists())
    except Exception:
        logger.exception("The rows of long lists could not be written beforehand")
        return False
    finally:
        connection.close()


def long_lists() -> list[Directory]:
    """The directories whose rows take a while to write, the longest first."""
    sized = [(one.model._default_manager.count(), one) for one in DIRECTORIES]
    return [one for size, one in sorted(sized, key=lambda pair: -pair[0]) if size > AT_ONCE]


def write_rows(directory: Directory, kind: str, language: str) -> int:
    """All rows of a kind, kept for whoever asks for them; how long they are together.

    Rows of a state that somebody ended with an edit are not kept any more: what is left is written in the new one.
    """
    with translation.override(language):
        for _beginning in range(BEGINNINGS):
            size, state = 0, version.current()
            keeper(directory).prepare((directory.default_sort, language), seoul_now())
            for part in ROWS[kind](Selection(directory, QueryDict())):
                size += len(part)
                if version.current() != state:
                    break
            else:
                break
        return size
