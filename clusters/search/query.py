"""Asking the index: which records hold a text, in which order, and which names come near it."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Model, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from rapidfuzz import fuzz

from .backend import backend
from .fields import KINDS, Kind, kind_of
from .hangul import letters
from .normalizing import EDGE, squeezed
from .question import Condition, Question

SUGGESTIONS = 8
OF_ONE_KIND_FIRST = 3  # suggestions of one kind before those of the next
CANDIDATES = 300  # names compared letter by letter
SIMILAR = 5


def find(records: QuerySet, text: str) -> QuerySet:
    """Those records that hold every word of the text in a name or another text, in either language.

    Where no public record of the kind does, those whose names do by initials or half typed.
    """
    question = Question.of(text)
    if not question:
        return records
    return records.filter(pk__in=_pks(KINDS[records.model], _holding(KINDS[records.model], question)))


def rank(model: type[Model], text: str) -> Case:
    """Orders what was found for a text that is not empty: a whole name, the beginning of one, words in names, in texts."""
    question, kind = Question.of(text), KINDS[model]
    places = [
        When(pk__in=_pks(kind, backend().select([condition], *kind.range)), then=Value(place))
        for place, condition in enumerate(question.best_first)
    ]
    return Case(*places, default=Value(len(places)), output_field=IntegerField())


def matching(model: type[Model], text: str) -> list[list[int]]:
    """What `find` finds, as primary keys in the four classes of `rank`, the best class first."""
    question, kind = Question.of(text), KINDS[model]
    if not question:
        public = kind.model._default_manager.published().order_by("pk")  # type: ignore[attr-defined]
        return [[], [], [], list(public.values_list("pk", flat=True))]
    classes = backend().in_classes([*question.best_first, question.holds], *kind.range)
    if question.guess and not any(classes):
        classes[-1:] = backend().in_classes([question.guess], *kind.range)
    return classes


def suggest(text: str, models: Iterable[type[Model]]) -> list[int]:
    """The keys of a few records whose names begin with a text, hold it, or would when it is typed to the end."""
    question, kinds = Question.of(text), [KINDS[model] for model in models]
    if not question:
        return []
    stages = [
        question.is_a_name,
        question.begins_a_name,
        question.guess_at_the_beginning,
        question.in_names,
    ]
    found: dict[int, None] = {}
    for condition in stages:
        if condition and len(found) < SUGGESTIONS:
            found |= dict.fromkeys(_some_of_each(_keys([condition], kinds, SUGGESTIONS)))
    if not found and question.guess_of_a_name:
        found |= dict.fromkeys(_some_of_each(_keys([question.guess_of_a_name], kinds, SUGGESTIONS)))
    return list(found)[:SUGGESTIONS]


def similar(text: str, models: Iterable[type[Model]]) -> list[int]:
    """The keys of records with a name that differs from a text by a slip or two of the fingers, the nearest first."""
    question = Question.of(text)
    conditions = question.with_a_slip
    if not conditions:
        return []
    typed = letters(question.whole)
    slips = 1 if len(typed) < 9 else 2
    keys = _keys(conditions, [KINDS[model] for model in models], CANDIDATES)
    near = {}
    for entry in backend().entries(keys).values():
        nearness = max(_nearness(typed, slips, letters(name)) for name in entry.names.split(EDGE))
        if nearness > (0, 0):
            near[entry.key] = nearness
    return sorted(near, key=lambda key: (*(-part for part in near[key]), key))[:SIMILAR]


def nearest(text: str, names: Iterable[str]) -> str:
    """Of several names the one that comes nearest to a text."""
    typed = letters(Question.of(text).whole)
    return max(names, key=lambda name: _nearness(typed, len(typed), letters(squeezed(name))))


def records(keys: Iterable[int]) -> dict[int, Any]:
    """The public records behind keys, in the order of the keys; their addresses and names only are read at once."""
    keys = list(keys)
    found: dict[int, Any] = {}
    for kind in filter(None, dict.fromkeys(map(kind_of, keys))):
        pks = [key - kind.base for key in keys if kind_of(key) is kind]
        public = kind.model._default_manager.published().only("slug", *kind.fields.names)  # type: ignore[attr-defined]
        found |= {kind.base + record.pk: record for record in public.filter(pk__in=pks)}
    return {key: found[key] for key in keys if key in found}


def _holding(kind: Kind, question: Question) -> tuple[str, list]:
    """The one definition of a match, as a statement that gives keys."""
    sql, params = backend().select([question.holds], *kind.range)
    if question.guess is None:
        return sql, params
    guess, more = backend().select([question.guess], *kind.range)
    return (
        f"{sql} UNION ALL SELECT id FROM ({guess}) AS guess WHERE NOT EXISTS ({sql})",
        [*params, *more, *params],
    )


def _pks(kind: Kind, statement: tuple[str, list]) -> RawSQL:
    sql, params = statement
    return RawSQL(f"SELECT id - {kind.base} FROM ({sql}) AS found", params)


def _keys(conditions: list[Condition], kinds: Iterable[Kind], limit: int) -> list[int]:
    """At most so many keys of each kind, in order."""
    with connection.cursor() as cursor:
        cursor.execute(*backend().first_of_each(conditions, [kind.range for kind in kinds], limit))
        return [key for (key,) in cursor.fetchall()]


def _some_of_each(keys: list[int]) -> list[int]:
    """The first few of each kind before the others."""
    places: dict[Kind | None, int] = {}
    early: list[int] = []
    late: list[int] = []
    for key in keys:
        kind = kind_of(key)
        places[kind] = places.get(kind, 0) + 1
        (early if places[kind] <= OF_ONE_KIND_FIRST else late).append(key)
    return early + late


def _nearness(typed: str, slips: int, name: str) -> tuple[float, float]:
    """How near a name, or a part of a longer one, comes to what was typed: (0, 0) for not near."""
    if not name or not typed:
        return (0, 0)
    least = 100 * (1 - slips / len(typed)) - 0.01
    whole = fuzz.ratio(typed, name)
    part = fuzz.partial_ratio(typed, name, score_cutoff=least) if len(name) > len(typed) else 0
    return (max(whole, part), whole) if max(whole, part) >= least else (0, 0)
