"""Looks through all records of a kind for pairs that look like one, in bounded time and memory."""

import heapq
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from django.db import transaction

from clusters.curation.importing.lookup import chunks
from clusters.models import DistinctPair, SuspectedPair

from .likeness import WORTH_A_LOOK, Entry, bare, compare, jamo
from .reading import columns, entries, entry, model_of

# Bounds of one search. What a bound leaves out is told.
MOST_KEPT = 10_000  # pairs of one kind, the likeliest
MOST_COMPARED = 200_000
_COMMON = 20  # more records than these share a piece of a name: it tells nothing

_INDEX_BITS, _HASH_BITS = 24, 39
_EXACT = 1 << (_INDEX_BITS + _HASH_BITS)


@dataclass
class Search:
    """What a search of one kind found; `cut` says that a bound left something out."""

    kind: str
    records: int = 0
    compared: int = 0
    pairs: int = 0
    cut: bool = False


def find(kind: str) -> Search:
    """Look through all records of a kind and keep the pairs that look like one, in bounded time and memory."""
    search = Search(kind)
    pks, marks = _marked(kind)
    search.records = len(pks)
    wanted = _candidates(marks, search)
    apart = set(DistinctPair.objects.filter(kind=kind).values_list("first", "second"))
    pairs = ((pks[a], pks[b]) for a, b in sorted(wanted))
    alike = _alike(kind, (pair for pair in pairs if pair not in apart), search)
    best = heapq.nlargest(MOST_KEPT + 1, alike, key=lambda row: (row.score, -row.first, -row.second))
    search.cut |= len(best) > MOST_KEPT
    best = best[:MOST_KEPT]
    with transaction.atomic():
        SuspectedPair.objects.filter(kind=kind).delete()
        SuspectedPair.objects.bulk_create(best, batch_size=500)
    search.pairs = len(best)
    return search


# Which records to compare: those that share a mark


def _marked(kind: str) -> tuple[list[int], array]:
    """The records' numbers, and their marks, each one number: exact or not, what it says, whose it is."""
    names = columns(kind)
    pks: list[int] = []
    marks = array("Q")
    for pk, *values in model_of(kind)._default_manager.order_by("pk").values_list("pk", *names).iterator():
        index = len(pks)
        pks.append(pk)
        read = entry(kind, dict(zip(names, values, strict=True)))
        for exact, text in _marks(read):
            number = (hash(text) & ((1 << _HASH_BITS) - 1)) << _INDEX_BITS | index
            marks.append(number | _EXACT if exact else number)
    return pks, marks


def _marks(entry: Entry) -> Iterator[tuple[bool, str]]:
    """What a record shares with those that may be the same: identifiers, addresses, names, pieces of names."""
    for kind in ("business_number", "stock_code", "page", "phone"):
        if value := getattr(entry, kind):
            yield True, f"{kind} {value}"
    if entry.site:
        yield False, f"site {entry.site}"
    for key in {*entry.keys, *entry.other_keys}:
        yield True, f"name {key}"
    if entry.is_document:
        return
    for key in {bare(key) for key in entry.keys}:
        if len(key) > 3:
            # Two names that differ in one character are the same without it; of short ones too many are.
            yield from ((False, f"- {key[:n]}{key[n + 1 :]}") for n in range(min(len(key), 24)))
        if len(key) > 2:
            yield False, f"- {jamo(key)}"
        length = 4 if key[:1] >= "가" else 7
        if len(key) > length:
            yield from ((False, f"+ {key[:length]}"), (False, f"+ {key[-length:]}"))


def _candidates(marks: array, search: Search) -> set[tuple[int, int]]:
    """The pairs of records that share a mark; those that share what identifies a record come first."""
    numbers = sorted(marks, reverse=True)
    index_of = (1 << _INDEX_BITS) - 1
    found: set[tuple[int, int]] = set()
    start = 0
    while start < len(numbers) and len(found) < MOST_COMPARED:
        said, end = numbers[start] >> _INDEX_BITS, start + 1
        while end < len(numbers) and numbers[end] >> _INDEX_BITS == said:
            end += 1
        if end - start > 1:
            sharing = sorted({number & index_of for number in numbers[start:end]})
            if len(sharing) <= _COMMON:
                found.update(combinations(sharing, 2))
            elif numbers[start] & _EXACT:
                found.update(pairwise(sharing))
        start = end
    search.cut |= start < len(numbers)
    return found


def _alike(kind: str, pairs: Iterable[tuple[int, int]], search: Search) -> Iterator[SuspectedPair]:
    """Compare the pairs in full, some hundreds at a time."""
    for part in chunks(pairs):
        numbers = {pk for pair in part for pk in pair}
        names = ["pk", *columns(kind)]
        rows: dict[int, Any] = {}
        for some in chunks(numbers):
            for values in model_of(kind)._default_manager.filter(pk__in=some).values(*names):
                rows[values["pk"]] = values
        read = entries(kind, rows)
        for first, second in part:
            search.compared += 1
            likeness = compare(read[first], read[second])
            if likeness.score >= WORTH_A_LOOK:
                yield SuspectedPair.found(kind, first, second, *likeness)
