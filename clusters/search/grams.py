"""Tokens of the index: every two neighboring characters, written so that no database changes them.

A text holds a word exactly where the pairs of the word follow one another. Characters are counted in UTF-16, where
each is one number of 16 bits or, rarely, two; so a pair is eight hexadecimal digits, or one number of 32 bits.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from .hangul import letters


def _digits(text: str) -> str:
    return text.encode("utf-16-be", "surrogatepass").hex()


def tokens(text: str) -> list[str]:
    """The pairs of a text in order, for a full-text index."""
    digits = _digits(text)
    return [digits[place : place + 8] for place in range(0, len(digits) - 4, 4)]


@lru_cache(maxsize=4096)
def _digits_of_letters(character: str) -> str:
    return _digits(letters(character))


def tokens_by_letter(text: str) -> list[str]:
    """The pairs of a text in order, each character taken apart, so that a token begins as what was typed of it."""
    parts = list(map(_digits_of_letters, text))
    return [first + second for first, second in pairwise(parts)]


def first_half(character: str) -> str:
    """How every token begins whose first character this is."""
    return _digits(character)


def is_single(word: str) -> bool:
    """Whether a word is too short to have a pair."""
    return len(_digits(word)) < 8


def is_pair_or_less(word: str) -> bool:
    """Whether one number says all of a word."""
    return len(_digits(word)) <= 8


def numbers(text: str) -> list[int]:
    """The pairs and the single characters of a text as signed numbers, each once, for an inverted index."""
    digits = _digits(text)
    units = [int(digits[place : place + 4], 16) for place in range(0, len(digits), 4)]
    found = {first << 16 | second for first, second in pairwise(units)}
    return _signed(found.union(units))


def numbers_of_word(word: str) -> list[int]:
    """The numbers a text must have to hold a word: its pairs, or itself when it is a single character."""
    digits = _digits(word)
    units = [int(digits[place : place + 4], 16) for place in range(0, len(digits), 4)]
    pairs = {first << 16 | second for first, second in pairwise(units)}
    return _signed(pairs or units)


def _signed(values: Iterable[int]) -> list[int]:
    return [value - (1 << 31) for value in values]
