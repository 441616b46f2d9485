"""What a question asks of an entry: conditions that every word meets, from the strictest to the most lenient.

A condition is a list of clauses, all of which must hold. A clause is a list of alternatives, each a part of an entry
and what it must hold.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from .hangul import closed, is_half_typed, is_initials, letters
from .normalizing import EDGE, words_of


class Part(Enum):
    ANY = "names or texts"
    NAMES = "names"
    INITIALS = "initials of names"
    TYPED = "names as they are typed"  # holds a word whose last syllable is not complete


Clause = list[tuple[Part, str]]
Condition = list[Clause]
LEAST_FOR_A_SLIP, MOST_FOR_A_SLIP = 4, 30  # letters, characters


@dataclass(frozen=True)
class Question:
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Question":
        return cls(tuple(words_of(text)))

    def __bool__(self) -> bool:
        return bool(self.words)

    @cached_property
    def whole(self) -> str:
        """The words as one, as an entry has them."""
        return "".join(self.words)

    @property
    def holds(self) -> Condition:
        """Every word occurs somewhere: what a match is."""
        return [[(Part.ANY, word)] for word in self.words]

    @property
    def in_names(self) -> Condition:
        return [[(Part.NAMES, word)] for word in self.words]

    @property
    def begins_a_name(self) -> Condition:
        return [[(Part.NAMES, EDGE + self.whole)]]

    @property
    def is_a_name(self) -> Condition:
        return [[(Part.NAMES, EDGE + self.whole + EDGE)]]

    @property
    def best_first(self) -> list[Condition]:
        """By which of what was found some is better than the rest."""
        return [self.is_a_name, self.begins_a_name, self.in_names] if self else []

    @property
    def guess(self) -> Condition | None:
        """What a match is where nothing holds every word: names by their initials, or half typed at the end."""
        return self._guess(Part.ANY)

    @property
    def guess_at_the_beginning(self) -> Condition | None:
        """Names that begin with the whole by their initials, or half typed."""
        if is_initials(self.whole):
            return [[(Part.INITIALS, EDGE + letters(self.whole))]]
        return [[(Part.TYPED, EDGE + closed(self.whole))]] if is_half_typed(self.whole) else None

    @property
    def guess_of_a_name(self) -> Condition | None:
        return self._guess(Part.NAMES)

    def _guess(self, part: Part) -> Condition | None:
        last = len(self.words) - 1
        guess: Condition = []
        for place, word in enumerate(self.words):
            if is_initials(word):
                guess.append([(Part.INITIALS, letters(word))])
            elif place == last and is_half_typed(word):
                guess.append([(Part.TYPED, closed(word)), (part, word)])
            else:
                guess.append([(part, word)])
        return guess if any(clause[0][0] is not part for clause in guess) else None

    @property
    def with_a_slip(self) -> list[Condition]:
        """Names that hold the whole but for one character that is wrong, missing or too much, or two changed about."""
        whole, most_left_out = self.whole, 2 if self.whole.isascii() else 1
        if len(letters(whole)) < LEAST_FOR_A_SLIP or len(whole) > MOST_FOR_A_SLIP:
            return []
        parts = {
            (whole[:at], whole[at + left_out :])
            for left_out in range(most_left_out + 1)
            for at in range(len(whole) - left_out + 1)
        }
        return [condition for before, after in sorted(parts) if (condition := _around(before, after))]


def _around(before: str, after: str) -> Condition:
    """A name with two parts in it; one of a single character stands at its edge, or says too little to be asked for."""
    condition: Condition = []
    if len(before) > 1 or (before and len(after) < 3):
        condition.append([(Part.NAMES, before if len(before) > 1 else EDGE + before)])
    if len(after) > 1 or (after and len(before) < 3):
        condition.append([(Part.NAMES, after if len(after) > 1 else after + EDGE)])
    return condition
