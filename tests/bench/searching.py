"""What a search costs the processor, by the number of records found: python -m tests.bench.searching [WORD ...].

Asks the database that the settings name, as it stands. Prints milliseconds, the least of several rounds, for the keys
of all hits in order (what a list is made of), for suggestions, and for similar names: milliseconds that this process
works, or that PostgreSQL, another process, takes to answer.
"""

import os
import sys
import time
from collections.abc import Callable

ROUNDS, REPEATS = 5, 10
WORDS = (
    "판교",
    "서울",
    "테크",
    "가나",
    "테헤란로",
    "제품을",
    "노도테크",
    "네이버",
    "가",
    "ㅍㄱ",
    "마고",
    "테크노벨리",
)


def main(words: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection

    from clusters import search
    from clusters.directory.found import WITH_NAMES
    from clusters.models import Company

    clock = time.perf_counter if connection.vendor == "postgresql" else time.process_time
    print(f"{connection.display_name}, {Company.objects.published().count():,} companies")
    print(f"{'word':<14}{'found':>9}{'all ms':>9}{'suggest ms':>12}{'similar ms':>12}")
    for word in words:
        found = sum(map(len, search.matching(Company, word)))
        print(
            f"{word:<14}{found:>9,}"
            f"{least(lambda word=word: search.matching(Company, word), clock):>9.2f}"
            f"{least(lambda word=word: search.records(search.suggest(word, WITH_NAMES)), clock):>12.2f}"
            f"{least(lambda word=word: search.similar(word, WITH_NAMES), clock):>12.2f}",
            flush=True,
        )


def least(ask: Callable[[], object], clock: Callable[[], float]) -> float:
    """The time of one question in milliseconds, in the round that was disturbed least."""
    ask()
    rounds = []
    for _ in range(ROUNDS):
        start = clock()
        for _ in range(REPEATS):
            ask()
        rounds.append((clock() - start) / REPEATS * 1000)
    return min(rounds)


if __name__ == "__main__":
    main(sys.argv[1:] or list(WORDS))
