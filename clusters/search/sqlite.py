"""The index on SQLite: entries in a table, their tokens in two FTS5 tables that keep no texts of their own.

One has everything an entry holds, the other its names in three ways; names are few, so that asking for them is quick.
A token is taken away by giving the text it came from once more, so entries are the only source of tokens.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import connection

from .entries import NOTE, Entry, chunks
from .grams import first_half, is_single, tokens, tokens_by_letter
from .hangul import letters, unfinished
from .question import Clause, Condition, Part

# Columns of each table of tokens, and what of an entry they hold.
TABLES: dict[str, dict[str, Callable[[Entry], list[str]]]] = {
    "clusters_searchbody": {"body": lambda entry: tokens(entry.body)},
    "clusters_searchnames": {
        "names": lambda entry: tokens(entry.names),
        "initials": lambda entry: tokens(entry.initials),
        "typed": lambda entry: tokens_by_letter(entry.names),
    },
}
PLACES = {
    Part.ANY: ("clusters_searchbody", "body"),
    Part.NAMES: ("clusters_searchnames", "names"),
    Part.INITIALS: ("clusters_searchnames", "initials"),
    Part.TYPED: ("clusters_searchnames", "typed"),
}


# ---- keeping ------------------------------------------------------------------------------------


def lock(keys: Sequence[int] | None) -> None:
    """SQLite has one writer at a time."""


def entries(part: list[int]) -> dict[int, Entry]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, names, texts FROM clusters_searchentry WHERE id IN ({_marks(part)})", part
        )
        return {row[0]: Entry(*row) for row in cursor.fetchall()}


def keys() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM clusters_searchentry WHERE id <> %s", [NOTE])
        return [key for (key,) in cursor.fetchall()]


def add(new: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO clusters_searchentry VALUES (%s, %s, %s)", new)
        for table, columns in TABLES.items():
            names, marks = ", ".join(columns), ", ".join("%s" for _ in columns)
            cursor.executemany(
                f"INSERT INTO {table} (rowid, {names}) VALUES (%s, {marks})",
                [_row(entry, columns) for entry in new],
            )


def remove(gone: list[Entry]) -> None:
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            names, marks = ", ".join(columns), ", ".join("%s" for _ in columns)
            cursor.executemany(
                f"INSERT INTO {table} ({table}, rowid, {names}) VALUES ('delete', %s, {marks})",
                [_row(entry, columns) for entry in gone],
            )
        cursor.executemany("DELETE FROM clusters_searchentry WHERE id = %s", [(entry.key,) for entry in gone])


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clusters_searchentry")
        for table in TABLES:
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")


def tidy() -> None:
    """After many changes."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def note(making: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT OR REPLACE INTO clusters_searchentry VALUES (%s, %s, '')", [NOTE, making])


def noted() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT names FROM clusters_searchentry WHERE id = %s", [NOTE])
        row = cursor.fetchone()
        return row and row[0]


def broken() -> set[int]:
    """Entries whose tokens are not those of their texts: all of them when the tokens in all are not."""
    all_keys, wanted = keys(), Counter[tuple[str, str]]()
    for part in chunks(all_keys):
        for entry in entries(part).values():
            for columns in TABLES.values():
                for name, tokens_of in columns.items():
                    wanted.update((name, token) for token in tokens_of(entry))
    stored: dict[tuple[str, str], int] = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            vocabulary = f"temp.{table}_vocabulary"
            cursor.execute(f"CREATE VIRTUAL TABLE {vocabulary} USING fts5vocab(main, {table}, col)")
            cursor.execute(f"SELECT col, term, cnt FROM {vocabulary}")
            stored |= {(column, token): number for column, token, number in cursor.fetchall()}
            cursor.execute(f"DROP TABLE {vocabulary}")
    return set(all_keys) if wanted != stored else set()


def _row(entry: Entry, columns: dict[str, Callable[[Entry], list[str]]]) -> tuple[int | str, ...]:
    return (entry.key, *(" ".join(tokens_of(entry)) for tokens_of in columns.values()))


def _marks(values: Iterable) -> str:
    return ", ".join("%s" for _ in values)


# ---- asking -------------------------------------------------------------------------------------


def select(conditions: list[Condition], first: int, last: int) -> tuple[str, list]:
    """A statement that gives the keys, from one to another, of the entries that meet any of the conditions."""
    if (
        len(
            tables := {
                PLACES[part][0] for condition in conditions for clause in condition for part, _ in clause
            }
        )
        == 1
    ):
        expressions = [
            " AND ".join(f"({_either(clause)})" for clause in condition) for condition in conditions
        ]
        return _match(tables.pop(), " OR ".join(f"({one})" for one in expressions), first, last)
    # An expression asks one table only; alternatives are brought together, then what every clause brings is kept.
    statements, params = [], []
    for condition in conditions:
        clauses = []
        for clause in condition:
            each = [_match(PLACES[part][0], _holds(part, text), first, last) for part, text in clause]
            clauses.append(f"SELECT id FROM ({' UNION '.join(sql for sql, _ in each)})")
            params += [param for _, values in each for param in values]
        statements.append(f"SELECT id FROM ({' INTERSECT '.join(clauses)})")
    return f"SELECT id FROM ({' UNION '.join(statements)})", params


def in_classes(conditions: list[Condition], first: int, last: int) -> list[list[int]]:
    """By condition the entries it is the first to hold for, counted from a key; whatever meets one meets the next."""
    statements = [select([condition], first, last) for condition in conditions]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT {place}, (SELECT group_concat(id - {first}) FROM ({sql}))"
                for place, (sql, _) in enumerate(statements)
            ),
            [param for _, params in statements for param in params],
        )
        found = [keys for _, keys in sorted(cursor.fetchall())]
    classes: list[list[int]] = []
    for keys in found:
        numbers = json.loads(f"[{keys or ''}]")  # twice as fast as int() for each of a million
        better = set().union(*classes)
        classes.append([number for number in numbers if number not in better] if better else numbers)
    return classes


def first_of_each(
    conditions: list[Condition], ranges: Sequence[tuple[int, int]], limit: int
) -> tuple[str, list]:
    """A statement that gives at most so many keys from each range, in order."""
    statements = [select(conditions, first, last) for first, last in ranges]
    sql = " UNION ALL ".join(
        f"SELECT * FROM ({statement} ORDER BY id LIMIT {limit}) AS range{place}"
        for place, (statement, _) in enumerate(statements)
    )
    return sql, [param for _, params in statements for param in params]


def _match(table: str, expression: str, first: int, last: int) -> tuple[str, list]:
    sql = f"SELECT rowid AS id FROM {table} WHERE {table} MATCH %s AND rowid BETWEEN %s AND %s"
    return sql, [expression, first, last]


def _either(clause: Clause) -> str:
    return " OR ".join(_holds(part, text) for part, text in clause)


def _holds(part: Part, text: str) -> str:
    """In hexadecimal digits, so that nothing of a question is read as an operator."""
    column = PLACES[part][1]
    if part is Part.TYPED:
        return " OR ".join(f"{column} : {phrase}" for phrase in _typed(text))
    if is_single(text):
        return f'{column} : "{first_half(text)}" *'
    return f'{column} : "{" ".join(tokens(text))}"'


def _typed(word: str) -> Iterator[str]:
    """The word with anything after its last key; and with that key as the beginning of a further syllable."""
    before, key = unfinished(word)
    for text in (word, before + key if before else ""):
        if len(text) == 1:
            yield f'"{first_half(letters(text))}" *'
        elif text:
            yield f'"{" ".join(tokens_by_letter(text))}" *'
