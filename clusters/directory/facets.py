"""A facet: one question of a filter form, with its options, the rows each selects, and how many those are."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import get_language

from clusters.models import Status

from .bitsets import Index
from .fields import CodesField

SHOWN_OPTIONS = 6  # the others open on demand,
WORTH_FOLDING = 3  # unless they are too few for that
CHUNK = 5000  # rows read at a time


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    record: Any = None  # the district or term behind it
    words: str = ""  # how it reads in a sentence, where that is not the label

    @property
    def mark(self) -> str:
        """A district's shape, empty for anything else."""
        return getattr(self.record, "mark", "")


@dataclass(frozen=True)
class Phrase:
    """How the chosen options of a facet read in a sentence; {chips} stands for them.

    Korean needs two forms, in the middle of the sentence and before the noun.
    """

    medial: Any
    final: Any


@dataclass(frozen=True)
class CountedOption:
    option: Option
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class CountedFacet:
    """A facet as the form shows it."""

    name: str
    label: str
    options: list[CountedOption]
    errors: list[str]
    shows_findings: bool = False  # options are findings, drawn with their circles

    @property
    def _fold(self) -> int:
        total = len(self.options)
        return SHOWN_OPTIONS if total >= SHOWN_OPTIONS + WORTH_FOLDING else total

    @property
    def shown(self) -> list[CountedOption]:
        return self.options[: self._fold]

    @property
    def more(self) -> list[CountedOption]:
        return self.options[self._fold :]

    @property
    def more_is_open(self) -> bool:
        return any(one.is_chosen for one in self.more)


class Facet(django_filters.Filter):
    """The base of all facets; options are read at most once per version of the data.

    `own_order`: options keep the order of their vocabulary instead of going by count.
    `proper_names`: options keep their capitals inside an English sentence.
    """

    name: str  # the parameter, set by the FilterSet
    counted_without: frozenset[str] = frozenset()  # further fields set aside for counting this one's options

    def __init__(
        self, label, phrase: Phrase, *, field_name: str | None = None, own_order=False, proper_names=False
    ) -> None:
        super().__init__(field_name, label=label)
        self.phrase, self.own_order, self.proper_names = phrase, own_order, proper_names

    @property
    def field(self) -> CodesField:
        if not hasattr(self, "_field"):
            self._field = CodesField(facet=self, label=self.label)
        return self._field

    @cached_property
    def options(self) -> dict[str, Option]:
        memory, key = self.parent.memory, (self.name, get_language())
        if key not in memory:
            memory[key] = {option.value: option for option in self.read_options()}
        return memory[key]

    def read_options(self) -> Iterable[Option]:
        raise NotImplementedError

    def condition(self, values: list[str], chosen: Mapping) -> Q:
        """The rows that any of the values selects, beside the choices in other fields."""
        raise NotImplementedError

    def counts(self, rows: QuerySet, chosen: Mapping) -> dict[str, int]:
        """How many of the rows each option alone would select, in one query."""
        raise NotImplementedError

    # The same three questions, asked of an index that was made from the tags.

    def tags(self, rows: QuerySet) -> Iterable[tuple[int, Hashable]]:
        """For each of the rows every tag that tells what this facet asks: its own name with an option's value."""
        raise NotImplementedError

    def bits(self, index: Index, values: list[str], chosen: Mapping) -> int:
        """What `condition` selects."""
        return index.any_of((self.name, value) for value in values)

    def bits_of_one(self, index: Index, value: str, chosen: Mapping) -> int:
        """What `counts` counts for an option."""
        return index.bits.get((self.name, value), 0)

    def counted(self, counts: Mapping[str, int], chosen: list[str], errors: list[str]) -> CountedFacet:
        """The options with their counts, in the order of the form."""
        options = [
            CountedOption(option, counts.get(option.value, 0), option.value in chosen)
            for option in self.options.values()
        ]
        if not self.own_order:
            options.sort(key=lambda one: (-one.count, one.option.label, one.option.value))
        return CountedFacet(
            self.name, str(self.label), options, errors, getattr(self, "choices", None) is Status
        )

    def narrow(self, rows: QuerySet, values: list[str], chosen: Mapping) -> QuerySet:
        return rows.filter(self.condition(values, chosen))


class ColumnFacet(Facet):
    """Options are the values of one column, possibly across a relation to many."""

    def condition(self, values: list[str], chosen: Mapping) -> Q:
        any_of = Q(**{f"{self.field_name}__in": values})
        if "__" not in self.field_name:
            return any_of
        # A subquery, so that a row with two of the values does not come twice.
        return Q(pk__in=self.model._default_manager.filter(any_of).order_by().values("pk"))

    def counts(self, rows: QuerySet, chosen: Mapping) -> dict[str, int]:
        grouped = rows.order_by().values_list(self.field_name).annotate(Count("pk", distinct=True))
        return {str(value): number for value, number in grouped if value is not None}

    def tags(self, rows: QuerySet) -> Iterable[tuple[int, Hashable]]:
        values: dict[str, tuple[str, str]] = {}
        for pk, value in rows.order_by().values_list("pk", self.field_name).iterator(CHUNK):
            if value is not None:
                yield pk, values.setdefault(value, (self.name, value))


class ChoiceFacet(ColumnFacet):
    """Options are the choices of a column."""

    def __init__(
        self, field_name: str, choices, label, phrase: Phrase, *, words: Mapping | None = None, **kwargs
    ):
        super().__init__(label, phrase, field_name=field_name, **kwargs)
        self.choices, self.words = choices, words or {}

    def read_options(self) -> Iterable[Option]:
        for value, label in self.choices.choices:
            yield Option(value, str(label), words=str(self.words.get(value, "")))


class RecordFacet(ColumnFacet):
    """Options are public records, known by their slugs, that the rows refer to."""

    def __init__(
        self, relation: str, records: Callable[[], QuerySet], label, phrase: Phrase, **kwargs
    ) -> None:
        super().__init__(label, phrase, field_name=f"{relation}__slug", **kwargs)
        self.records = records

    def read_options(self) -> Iterable[Option]:
        return (Option(record.slug, str(record), record) for record in self.records())


class RuleFacet(Facet):
    """Options are selected by a rule of their own each."""

    def rule(self, option: Option) -> Q:
        raise NotImplementedError

    def condition(self, values: list[str], chosen: Mapping) -> Q:
        any_of = Q()
        for value in values:
            any_of |= self.rule(self.options[value])
        return any_of

    def counts(self, rows: QuerySet, chosen: Mapping) -> dict[str, int]:
        # Option values are not identifiers; SQL names the counts by their place.
        places = {value: f"n{place}" for place, value in enumerate(self.options)}
        if not places:
            return {}
        counted = rows.order_by().aggregate(
            **{
                name: Count("pk", filter=self.rule(self.options[value]), distinct=True)
                for value, name in places.items()
            }
        )
        return {value: counted[name] for value, name in places.items()}

    def tags(self, rows: QuerySet) -> Iterable[tuple[int, Hashable]]:
        for value, option in self.options.items():
            for pk in rows.order_by().filter(self.rule(option)).values_list("pk", flat=True):
                yield pk, (self.name, value)


def records_of(model: type[Model]) -> Callable[[], QuerySet]:
    """Records of a vocabulary or a public model, for RecordFacet."""
    manager = model._default_manager
    return lambda: manager.published() if hasattr(manager, "published") else manager.all()
