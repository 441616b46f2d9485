"""What a search costs the processor, by the number of records found: python -m tests.bench.searching [WORD ...].

Asks the database that the settings name, as it stands. Prints milliseconds of this process, the least of several
rounds, for the keys of all hits in order (what a list is made of), for suggestions, and for similar names.
"""

import os
import sys
import time
from collections.abc import Callable

ROUNDS, REPEATS = 5, 10
WORDS = ("판교", "서울", "테크", "가나", "노도테크", "네이버", "가", "ㅍㄱ", "마고", "테크노벨리")


def main(words: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection

    from clusters import search
    from clusters.directory.found import WITH_NAMES
    from clusters.models import Company

    print(f"{connection.display_name}, {Company.objects.published().count():,} companies")
    print(f"{'word':<14}{'found':>9}{'all ms':>9}{'suggest ms':>12}{'similar ms':>12}")
    for word in words:
        found = sum(map(len, search.matching(Company, word)))
        print(
            f"{word:<14}{found:>9,}"
            f"{least(lambda word=word: search.matching(Company, word)):>9.2f}"
            f"{least(lambda word=word: search.records(search.suggest(word, WITH_NAMES))):>12.2f}"
            f"{least(lambda word=word: search.similar(word, WITH_NAMES)):>12.2f}",
            flush=True,
        )


def least(ask: Callable[[], object]) -> float:
    """The processor time of one question in milliseconds, in the round that was disturbed least."""
    ask()
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REPEATS):
            ask()
        rounds.append((time.process_time() - start) / REPEATS * 1000)
    return min(rounds)


if __name__ == "__main__":
    main(sys.argv[1:] or list(WORDS))
