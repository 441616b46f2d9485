"""The index on PostgreSQL: entries in a table, the tokens of each column as numbers in an inverted index.

The numbers say which entries have every pair of a text; where a text is longer than one pair, the column is read to
see whether they follow one another. Of pairs that many entries have the index says too little: the column alone is
read.
"""

import time
from collections.abc import Sequence
from functools import lru_cache

from django.db import connection

from .entries import NOTE, Entry, chunks
from .grams import is_pair_or_less, numbers, numbers_of_word
from .hangul import beginning_with, letters
from .normalizing import EDGE
from .question import Condition, Part

LOCK = 71_070_001  # of ours among the advisory locks
BUCKETS = 64
# What a larger part of all entries holds is found by reading them sooner than by asking the index which they are.
FREQUENT = 0.2
MANY = 100_000  # entries, for which it is weighed up how long to read until a few are met
ASKED_AGAIN = 600  # seconds after which the database is asked once more what is frequent
COLUMNS = "id, names, texts, initials, letters, body_tokens, names_tokens, initials_tokens"
# Where tokens of each part are, and the columns they are tokens of.
PLACES = {
    Part.ANY: ("body_tokens", "texts", "names"),
    Part.NAMES: ("names_tokens", "names"),
    Part.INITIALS: ("initials_tokens", "initials"),
}


# ---- keeping ------------------------------------------------------------------------------------


def lock(keys: Sequence[int] | None) -> None:
    """Until the transaction ends nobody else refreshes these entries; without keys, any entry."""
    with connection.cursor() as cursor:
        if keys is None:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
        # In one order for all, so that nobody waits in a circle: a row after the other, as the array has them.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, bucket) FROM unnest(%s::int[]) AS held (bucket)",
            [LOCK, sorted({key % BUCKETS for key in keys})],
        )


def entries(part: list[int]) -> dict[int, Entry]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, names, texts FROM clusters_searchentry WHERE id = ANY(%s)", [part])
        return {row[0]: Entry(*row) for row in cursor.fetchall()}


def keys() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM clusters_searchentry WHERE id <> %s", [NOTE])
        return [key for (key,) in cursor.fetchall()]


def add(new: list[Entry]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY clusters_searchentry ({COLUMNS}) FROM STDIN") as copy,
    ):
        for entry in new:
            copy.write_row((*entry, entry.initials, entry.letters, *map(_array, _tokens_of(entry))))


def remove(gone: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clusters_searchentry WHERE id = ANY(%s)", [[entry.key for entry in gone]])


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clusters_searchentry")


def tidy() -> None:
    """After many changes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('clusters_searchtokens')")
        cursor.execute("ANALYZE clusters_searchentry")


def note(making: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clusters_searchentry WHERE id = %s", [NOTE])
        cursor.execute(
            f"INSERT INTO clusters_searchentry ({COLUMNS}) VALUES (%s, %s, '', '', '', '{{}}', '{{}}', '{{}}')",
            [NOTE, making],
        )


def noted() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT names FROM clusters_searchentry WHERE id = %s", [NOTE])
        row = cursor.fetchone()
        return row and row[0]


def broken() -> set[int]:
    """Entries whose tokens are not those of their texts."""
    found = set()
    for part in chunks(keys()):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {COLUMNS} FROM clusters_searchentry WHERE id = ANY(%s)", [part])
            for key, names, texts, *rest in cursor.fetchall():
                entry = Entry(key, names, texts)
                wanted = [entry.initials, entry.letters, *(sorted(one) for one in _tokens_of(entry))]
                if wanted != [*rest[:2], *(sorted(one) for one in rest[2:])]:
                    found.add(key)
    return found


def _array(numbers: list[int]) -> str:
    """As PostgreSQL reads it; psycopg needs twice as long for a list as all the rest does for an entry."""
    return f"{{{','.join(map(str, numbers))}}}"


def _tokens_of(entry: Entry) -> tuple[list[int], list[int], list[int]]:
    return numbers(entry.body), numbers(entry.names), numbers(entry.initials)


# ---- asking -------------------------------------------------------------------------------------


def select(conditions: list[Condition], first: int, last: int) -> tuple[str, list]:
    """A statement that gives the keys, from one to another, of the entries that meet any of the conditions."""
    params: list = []
    read = len(conditions) == 1 and _is_frequent(conditions[0], FREQUENT)
    sql = (
        f"SELECT id FROM clusters_searchentry WHERE {_any(conditions, params, read)} AND id BETWEEN %s AND %s"
    )
    return sql, [*params, first, last]


def in_classes(conditions: list[Condition], first: int, last: int) -> list[list[int]]:
    """By condition the entries it is the first to hold for, counted from a key; whatever meets one meets the next."""
    params: list = []
    *better, widest = conditions
    # Most meet nothing but the last, so that is told first.
    places = [
        f"WHEN NOT ({_meets(better[place], params, read=True)}) THEN {place + 1}"
        for place in reversed(range(len(better)))
    ]
    place = f"CASE {' '.join(places)} ELSE 0 END" if places else "0"
    meets = _meets(widest, params, read=_is_frequent(widest, FREQUENT))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {place} AS place, array_agg(id - {first}) FROM clusters_searchentry"
            f" WHERE {meets} AND id BETWEEN %s AND %s GROUP BY place",
            [*params, first, last],
        )
        found = dict(cursor.fetchall())
    return [sorted(found.get(place, [])) for place in range(len(conditions))]


def first_of_each(
    conditions: list[Condition], ranges: Sequence[tuple[int, int]], limit: int
) -> tuple[str, list]:
    """A statement that gives at most so many keys from each range, in order."""
    params: list = []
    # As many are looked up as are likely to be read.
    if any(_is_frequent(condition, (limit / MANY) ** 0.5) for condition in conditions):
        statements = []
        for first, last in ranges:
            sql = f"SELECT id FROM clusters_searchentry WHERE {_any(conditions, params, read=True)}"
            statements.append(f"({sql} AND id BETWEEN %s AND %s ORDER BY id LIMIT {limit})")
            params += [first, last]
        return " UNION ALL ".join(statements), params
    # The index is asked once for all ranges. Numbered like this, entries are never read one by one in their order.
    params += [[first for first, _ in ranges], [last for _, last in ranges]]
    sql = (
        "SELECT id, range, row_number() OVER (PARTITION BY range ORDER BY id) AS number FROM clusters_searchentry"
        " JOIN unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS held (first, last, range)"
        f" ON id BETWEEN first AND last WHERE {_any(conditions, params, read=False)}"
    )
    return f"SELECT id FROM ({sql}) AS found WHERE number <= {limit} ORDER BY range, id", params


def _any(conditions: list[Condition], params: list, read: bool) -> str:
    return f"({' OR '.join(f'({_meets(condition, params, read)})' for condition in conditions)})"


def _meets(condition: Condition, params: list, read: bool) -> str:
    """Entries are read, or those only that the index has for it."""
    return " AND ".join(
        f"({' OR '.join(_holds(part, text, params, read) for part, text in clause)})" for clause in condition
    )


def _holds(part: Part, text: str, params: list, read: bool) -> str:
    if part is Part.TYPED:
        return _typed(text, params)
    tokens, *columns = PLACES[part]
    follow = " OR ".join(f"strpos({column}, %s) > 0" for column in columns)
    if read:
        params += [text] * len(columns)
        return f"({follow})"
    params.append(numbers_of_word(text))
    if is_pair_or_less(text):
        return f"{tokens} @> %s::int[]"
    params += [text] * len(columns)
    return f"({tokens} @> %s::int[] AND ({follow}))"


def _typed(word: str, params: list) -> str:
    """Names that hold the word but for its last key or syllable are read letter by letter."""
    complete = word[:-1]
    if len(complete) > 1:
        params += [letters(word), numbers_of_word(complete)]
        return "(strpos(letters, %s) > 0 AND names_tokens @> %s::int[])"
    params += [letters(word), [number for one in beginning_with(word) for number in numbers_of_word(one)]]
    return "(strpos(letters, %s) > 0 AND names_tokens && %s::int[])"


def _is_frequent(condition: Condition, part_of_all: float) -> bool:
    """Whether more entries than that are likely to meet a condition. It makes a difference in time only."""
    likely = 1.0  # as if clauses had nothing to do with each other
    for clause in condition:
        likely *= min(_likely(part, text) for part, text in clause)
    return likely > part_of_all


def _likely(part: Part, text: str) -> float:
    """At most which part of all entries has a text in it; 0 where that is not known."""
    # How many have each pair says little on how many have both where one of them begins or ends a name.
    if part not in PLACES or (EDGE in text and not is_pair_or_less(text)):
        return 0
    common = _common(int(time.monotonic() // ASKED_AGAIN))
    return min(common.get((PLACES[part][0], number), 0) for number in numbers_of_word(text))


@lru_cache(maxsize=1)
def _common(period: int) -> dict[tuple[str, int], float]:
    """Columns with the numbers that many entries have, and in which part of all, as the database last counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, number, part FROM pg_stats,"
            " unnest(most_common_elems::text::int[], most_common_elem_freqs) AS common (number, part)"
            " WHERE schemaname = current_schema() AND tablename = 'clusters_searchentry' AND number IS NOT NULL"
        )
        return {(column, number): part for column, number, part in cursor.fetchall()}
