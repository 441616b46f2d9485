"""Text search over the directory's records."""

from .query import MAX_LENGTH, MAX_WORDS, Fields, find, names_first, words_of

__all__ = ["MAX_LENGTH", "MAX_WORDS", "Fields", "find", "names_first", "words_of"]
