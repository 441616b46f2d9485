"""Gets ready for the readers: a process makes its snapshots of lists, and one for all writes the rows of long ones."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from threading import Thread

from django.db import connection
from django.http import QueryDict
from django.utils import translation

from clusters.dates import seoul_now

from . import formats
from .registry import DIRECTORIES, Directory
from .selection import Selection
from .snapshot import AT_ONCE, keeper, keeps_lines

logger = logging.getLogger(__name__)
LANGUAGES = ("ko", "en")
BEGINNINGS = 100  # of a list while others edit


class NotKept(Exception):
    """The disk is full or fails, or nobody may write there."""


def page_rows(selection: Selection, pks: list[int]) -> bytes:
    return "".join(row.html or "" for row in selection.drawn(pks)).encode()


ROWS: dict[str, Callable[[Selection, list[int]], bytes]] = {
    "page": page_rows,
    "csv": formats.csv_rows,
    "xlsx": formats.sheet_rows,
    "ndjson": formats.json_rows,
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
    sized = [(one.model._default_manager.published().count(), one) for one in DIRECTORIES]  # type: ignore[attr-defined]
    return [one for size, one in sorted(sized, key=lambda pair: -pair[0]) if size > AT_ONCE]


def write_rows(directory: Directory, kinds: Iterable[str], language: str) -> dict[str, int] | None:
    """All rows of some kinds, kept for whoever asks for them; how many bytes they are by kind.

    Rows of a state that somebody ended with an edit are not kept any more. Then it goes on from there in the new state,
    and around: what was written before still holds, but for what the edit changed. None when edits never ended.
    Raises NotKept as soon as rows would be written for nothing.
    """
    place = 0
    with translation.override(language):
        for _beginning in range(BEGINNINGS):
            keeper(directory).prepare((directory.default_sort, language), seoul_now())
            selection, sizes = Selection(directory, QueryDict()), Counter[str]()
            chunks = list(formats.chunks(selection))
            for pks in chunks[place:] + chunks[:place]:
                sizes.update({kind: len(ROWS[kind](selection, pks)) for kind in kinds})
                if not keeps_lines(directory):
                    raise NotKept
                if not selection.holds:
                    break
                place = (place + 1) % len(chunks)
            else:
                return sizes
        return None
