"""The chosen filters read back as a sentence, each with a link that removes it.

Phrases hold tokens such as [을/를], which take the form that the word before them needs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext

from clusters.text import with_particles

from .facets import Facet, Phrase


@dataclass(frozen=True)
class Part:
    """A piece of the sentence: plain text, a removable choice (with an address), or the number of results."""

    text: str
    address: str = ""
    mark: str = ""
    is_count: bool = False


def word_of(facet: Facet, value: str) -> str:
    """An option as it reads inside a sentence: Language models is "language models", Seoul stays Seoul."""
    option = facet.options[value]
    if option.words:
        return option.words
    is_capitalized_word = option.label[:1].isupper() and option.label[1:2].islower()
    if get_language() == "en" and is_capitalized_word and not facet.proper_names:
        return option.label[0].lower() + option.label[1:]
    return option.label


def phrase(form: str, chips: list[Part]) -> list[Part]:
    """Chips set into a phrase: "with an office in {chips}"."""
    before, after = str(form).split("{chips}")
    parts = [Part(before)] if before else []
    for place, chip in enumerate(chips):
        if place:
            is_last = place == len(chips) - 1
            joint = pgettext("between choices", " or ") if is_last else pgettext("between choices", ", ")
            parts.append(Part(with_particles(joint, chips[place - 1].text)))
        parts.append(chip)
    if after:
        parts.append(Part(with_particles(after, chips[-1].text)))
    return parts


def phrases(each: list[tuple[Phrase, list[Part]]]) -> list[Part]:
    """All phrases one after the other; the last one in the form that stands before a noun."""
    parts: list[Part] = []
    for place, (wording, chips) in enumerate(each):
        is_last = place == len(each) - 1
        if place:
            parts.append(Part(" "))
        parts += phrase(wording.final if is_last else wording.medial, chips)
    return parts


def sentence(frame: str, count: str, inner: Iterable[Part]) -> list[Part]:
    """A frame such as "{count} companies {phrases}", filled."""
    parts: list[Part] = []
    for piece in re.split(r"(\{count\}|\{phrases\})", frame):
        if piece == "{count}":
            parts.append(Part(count, is_count=True))
        elif piece == "{phrases}":
            parts += inner
        elif piece:
            parts.append(Part(piece))
    return parts


def plain(parts: Iterable[Part]) -> str:
    return "".join(part.text for part in parts)
