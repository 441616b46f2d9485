"""Text search over the directory's records. Everything outside asks through these names."""

from .fields import Fields, declare
from .marking import mark, name_that_holds
from .normalizing import MAX_LENGTH, MAX_WORDS, asked, words_of
from .query import find, matching, nearest, rank, records, similar, suggest

__all__ = [
    "MAX_LENGTH",
    "MAX_WORDS",
    "Fields",
    "asked",
    "declare",
    "find",
    "mark",
    "matching",
    "name_that_holds",
    "nearest",
    "rank",
    "records",
    "similar",
    "suggest",
    "words_of",
]
