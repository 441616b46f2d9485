"""Marks in a text what a search found in it."""

import html
import re
from collections.abc import Iterable, Iterator

from django.utils.safestring import SafeString, mark_safe

from .hangul import initials, is_half_typed, is_initials, letters
from .normalizing import squeezed, words_of

_TAG = re.compile(r"(<[^>]*>)")
_SIMPLE = re.compile(r"[ -~가-힣]*")  # each character is squeezed to one, a space to none


def mark(markup: str, text: str) -> SafeString:
    """Safe markup with the words of a search in <mark>; tags and their attributes stay as they are."""
    words = words_of(text)
    if not words:
        return mark_safe(markup)
    pieces = _TAG.split(markup)
    pieces[::2] = [_marked(piece, words) for piece in pieces[::2]]
    return mark_safe("".join(pieces))


def _marked(piece: str, words: list[str]) -> str:
    if not piece.strip():
        return piece
    text = html.unescape(piece)
    done, parts = 0, []
    for start, end in _merged(_found(text, words)):
        parts += [html.escape(text[done:start]), f"<mark>{html.escape(text[start:end])}</mark>"]
        done = end
    return "".join([*parts, html.escape(text[done:])]) if parts else piece


def _found(text: str, words: list[str]) -> Iterator[tuple[int, int]]:
    """From where to where in a text words occur: as such, else as initials or half typed, as the search takes them."""
    whole = squeezed(text)
    if not whole:
        return
    for word in words:
        if word in whole:
            body, places = _squeezed(text, whole)
        elif is_initials(word) and letters(word) in initials(whole):
            body, places = _mapped(text, lambda one: initials(squeezed(one)))
            word = letters(word)
        elif word == words[-1] and len(word) > 1 and is_half_typed(word) and letters(word) in letters(whole):
            body, places = _mapped(text, lambda one: letters(squeezed(one)))
            word = letters(word)
        else:
            continue
        start = body.find(word)
        while start >= 0:
            yield places[start], places[start + len(word) - 1] + 1
            start = body.find(word, start + len(word))


def _squeezed(text: str, whole: str) -> tuple[str, list[int]]:
    """The same as `_mapped` by `squeezed`; `whole` is the text squeezed at once."""
    if _SIMPLE.fullmatch(text):
        return whole, [place for place, character in enumerate(text) if character != " "]
    return _mapped(text, squeezed)


def _mapped(text: str, form) -> tuple[str, list[int]]:
    """A text in another form, and for each of its characters the place in the text that it comes from."""
    formed = [(place, one) for place, character in enumerate(text) for one in form(character)]
    return "".join(one for _, one in formed), [place for place, _ in formed]


def _merged(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def name_that_holds(text: str, shown: str, names: Iterable[str]) -> str:
    """Of a record's names the one in which a search finds something, where that is not the one shown."""
    words = words_of(text)
    if any(_found(shown, words)):
        return ""
    return next((name for name in names if name != shown and any(_found(name, words))), "")
