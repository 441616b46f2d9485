"""The index on PostgreSQL: entries in a table, the tokens of each column as numbers in an inverted index.

The numbers say which entries have every pair of a text; where a text is longer than one pair, the column is read to
see whether they follow one another.
"""

from collections.abc import Sequence

from django.db import connection

from .entries import NOTE, Entry, chunks
from .grams import is_pair_or_less, numbers, numbers_of_word
from .hangul import beginning_with, letters
from .question import Clause, Condition, Part

LOCK = 71_070_001  # of ours among the advisory locks
BUCKETS = 64
COLUMNS = "id, names, texts, initials, letters, body_tokens, names_tokens, initials_tokens"
# Where tokens of each part are, and the columns they are tokens of.
PLACES = {
    Part.ANY: ("body_tokens", "names", "texts"),
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
            copy.write_row((*entry, entry.initials, entry.letters, *_tokens_of(entry)))


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


def _tokens_of(entry: Entry) -> tuple[list[int], list[int], list[int]]:
    return numbers(entry.body), numbers(entry.names), numbers(entry.initials)


# ---- asking -------------------------------------------------------------------------------------


def select(conditions: list[Condition], first: int, last: int) -> tuple[str, list]:
    """A statement that gives the keys, from one to another, of the entries that meet any of the conditions."""
    params: list = []
    either = " OR ".join(
        " AND ".join(f"({_either(clause, params)})" for clause in condition) for condition in conditions
    )
    sql = f"SELECT id FROM clusters_searchentry WHERE ({either}) AND id BETWEEN %s AND %s"
    return sql, [*params, first, last]


def gathered(sql: str, base: int) -> str:
    """A statement that gives all keys of another at once, as numbers from a base on."""
    return f"SELECT array_agg(id - {base}) FROM ({sql}) AS found"


def numbers_of(found: list[int] | None) -> list[int]:
    return sorted(found or [])


def _either(clause: Clause, params: list) -> str:
    return " OR ".join(_holds(part, text, params) for part, text in clause)


def _holds(part: Part, text: str, params: list) -> str:
    if part is Part.TYPED:
        return _typed(text, params)
    tokens, *columns = PLACES[part]
    params.append(numbers_of_word(text))
    if is_pair_or_less(text):
        return f"{tokens} @> %s::int[]"
    params += [text] * len(columns)
    found = " OR ".join(f"strpos({column}, %s) > 0" for column in columns)
    return f"({tokens} @> %s::int[] AND ({found}))"


def _typed(word: str, params: list) -> str:
    """Names that hold the word but for its last key or syllable are read letter by letter."""
    complete = word[:-1]
    if len(complete) > 1:
        params += [numbers_of_word(complete), letters(word)]
        return "(names_tokens @> %s::int[] AND strpos(letters, %s) > 0)"
    params += [[number for one in beginning_with(word) for number in numbers_of_word(one)], letters(word)]
    return "(names_tokens && %s::int[] AND strpos(letters, %s) > 0)"
