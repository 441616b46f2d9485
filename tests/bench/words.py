"""Words to look for, another one in each request: what a search found is kept while the data stay."""

from collections.abc import Iterator
from itertools import count, product

from .generate import ENDINGS, SYLLABLES

PAIRS = ["".join(pair) for pair in product(SYLLABLES, SYLLABLES)]
STEP = 83  # so that neighbors have no syllable in common; prime to the number of pairs, so that all are met


def filled_in(path: str) -> Iterator[str]:
    """An address with another {pair} of syllables and another {name}, which few companies have, each time."""
    for place in count():
        pair = PAIRS[place * STEP % len(PAIRS)]
        yield path.format(pair=pair, name=pair + ENDINGS[place % len(ENDINGS)][0])
