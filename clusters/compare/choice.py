"""Which records an address puts side by side, what was wrong with it, and the addresses that change the choice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import pgettext

from clusters.models import Redirect
from clusters.text import join_words

from .kinds import Kind

LEAST, MOST = 2, 4
MOST_READ = 50  # repeats of the parameter that are looked at


@dataclass
class Choice:
    """The records that an address names, in its order, and what was wrong with it."""

    kind: Kind
    records: list[Any] = field(default_factory=list)
    offered: list[Any] = field(default_factory=list)  # all there are, where they are few
    is_unknown: bool = False  # the address names one that is not published here
    is_twice: bool = False
    is_too_many: bool = False
    only_differences: bool = False
    pair: str = ""
    as_of: str = ""  # the day whose state is compared; empty for today's

    @property
    def is_enough(self) -> bool:
        return len(self.records) >= LEAST

    @property
    def is_full(self) -> bool:
        return len(self.records) >= MOST

    @property
    def names(self) -> str:
        names = [self.kind.name_of(record) for record in self.records]
        return join_words(names, pgettext("before the last of several districts", " and "))

    @property
    def complaints(self) -> list[Any]:
        """What was wrong with the address, in words, beside what is shown of it."""
        words = self.kind.words
        said = (
            (words.unknown, self.is_unknown),
            (words.twice, self.is_twice),
            (words.too_many, self.is_too_many),
            (words.alone, len(self.records) == 1),
        )
        return [sentence for sentence, is_so in said if is_so]

    def query(self, records: Sequence[Any] | None = None, only_differences: bool | None = None) -> str:
        """The address's parameters, for these records or others."""
        shown = self.records if records is None else records
        differences = self.only_differences if only_differences is None else only_differences
        return urlencode(
            [(self.kind.parameter, record.slug) for record in shown]
            + ([("diff", "1")] if differences else [])
            + ([("as_of", self.as_of)] if self.as_of else [])
        )

    def address(self, *args, **kwargs) -> str:
        query = self.query(*args, **kwargs)
        return f"{self.kind.url}?{query}" if query else self.kind.url

    @property
    def differences_address(self) -> str:
        return self.address(only_differences=True)

    @property
    def everything_address(self) -> str:
        return self.address(only_differences=False)

    @property
    def remaining(self) -> list[Any]:
        return [record for record in self.offered if record not in self.records]

    @property
    def heads(self) -> Iterator[dict[str, Any]]:
        """The heads of the columns, with the addresses that move or remove them."""
        for place, record in enumerate(self.records):
            rest = [other for other in self.records if other is not record]

            def moved(to: int, record: Any = record, rest: list[Any] = rest) -> str:
                return self.address([*rest[:to], record, *rest[to:]])

            yield {
                "record": record,
                "name": getattr(record, self.kind.heading),
                "left": moved(place - 1) if place else "",
                "right": moved(place + 1) if place + 1 < len(self.records) else "",
                "remove": self.address(rest),
            }

    @property
    def pairs(self) -> list[dict[str, Any]]:
        """The pairs a phone shows: one of them at a time."""
        numbered = enumerate(self.records, start=1)
        return [
            {"value": f"{one}-{other}", "names": [self.kind.name_of(first), self.kind.name_of(second)]}
            for (one, first), (other, second) in combinations(numbered, 2)
        ]


def choose(kind: Kind, slugs: Sequence[str], *, diff: str = "", pair: str = "", as_of: str = "") -> Choice:
    """The choice that an address makes. Records that were renamed or merged are found by their old slugs."""
    named = [slug for slug in slugs[:MOST_READ] if slug]
    offered = list(kind.public()) if kind.is_listed else []
    found = {record.slug: record for record in offered or _named(kind, named)}
    moved = _moved(kind, [slug for slug in named if slug not in found])
    if moved and not kind.is_listed:
        found |= {record.slug: record for record in _named(kind, list(moved.values()))}
    known = [found[slug] for slug in (moved.get(slug, slug) for slug in named) if slug in found]
    different = list(dict.fromkeys(known))
    choice = Choice(
        kind,
        different[:MOST],
        offered,
        is_unknown=len(known) < len(named),
        is_twice=len(different) < len(known),
        is_too_many=len(different) > MOST,
        only_differences=diff in ("1", "on"),
        as_of=as_of,
    )
    if choice.is_enough:
        pairs = [one["value"] for one in choice.pairs]
        choice.pair = pair if pair in pairs else pairs[0]
    return choice


def _named(kind: Kind, slugs: Sequence[str]) -> list[Any]:
    return list(kind.public().filter(slug__in=slugs)) if slugs else []


def _moved(kind: Kind, slugs: Sequence[str]) -> dict[str, str]:
    """Where records went whose slugs were given up."""
    redirects = Redirect.objects.filter(kind=kind.noun, old_slug__in=slugs) if slugs else []
    return {redirect.old_slug: redirect.new_slug for redirect in redirects}
