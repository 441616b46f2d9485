"""What each district's lists hold by kind, as their filters count it: from the snapshots, or from the tables."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import get_language

from clusters import models as m
from clusters.dates import seoul_now

from .facets import Facet, Option
from .registry import BY_NAME
from .rules import offices
from .snapshot import keeper

# For each mix the directory that lists it and the parameter that chooses one of its kinds.
MIXES = {
    "technology": ("companies", "technology"),
    "size": ("companies", "kind"),
    "institution": ("institutions", "kind"),
    "support": ("programs", "support"),
}
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Mix:
    """How many rows a list has for a district, and how many of each kind; the kinds may overlap."""

    total: int
    kinds: Counts


NOTHING = Mix(0, {})


def of_districts(
    districts: Sequence[m.District], data_version: int, language: str, now: datetime
) -> dict[str, dict[str, Mix]]:
    """By district and name of the mix; the same whether a snapshot is there to count from or not."""
    found: dict[str, dict[str, Mix]] = {one.slug: dict.fromkeys(MIXES, NOTHING) for one in districts}
    counted: dict[str, dict[str, Mix]] = {}
    for name, (directory, parameter) in MIXES.items():
        counts = _from_snapshot(directory, parameter, list(found), data_version, language, now)
        if counts is None:
            if name not in counted:
                counted |= _from_tables[directory](districts)
            counts = counted[name]
        for slug in found:
            found[slug][name] = counts.get(slug, NOTHING)
    return found


def labels(data_version: int, language: str, now: datetime) -> Callable[[str, str], str]:
    """What a kind of a mix is called."""
    facets: dict[str, Facet] = {}
    for name, (directory, parameter) in MIXES.items():
        entry = BY_NAME[directory]
        snapshot = keeper(entry).at(data_version, (entry.default_sort, language), now)
        filters = entry.filters(QueryDict(), now=now, memory=snapshot.memory if snapshot else None)
        facets[name] = filters.filters[parameter]
    return lambda name, kind: facets[name].options[kind].label


def _from_snapshot(
    directory: str, parameter: str, slugs: list[str], data_version: int, language: str, now: datetime
) -> dict[str, Mix] | None:
    entry = BY_NAME[directory]
    order = (entry.default_sort, language)
    snapshot = keeper(entry).at(data_version, order, now)
    if snapshot is None:
        return None
    memory, bits = snapshot.memory, snapshot.index(order).bits
    for slug in slugs:
        if ("mix", parameter, slug) not in memory:  # the same until the data changes
            memory["mix", parameter, slug] = _mix(bits, parameter, slug)
    return {slug: memory["mix", parameter, slug] for slug in slugs}


def _mix(bits: Mapping[Hashable, int], parameter: str, slug: str) -> Mix:
    here = bits.get(("district", slug), 0)
    kinds = {
        tag[1]: (rows & here).bit_count()
        for tag, rows in bits.items()
        if here and isinstance(tag, tuple) and tag[0] == parameter
    }
    return Mix(here.bit_count(), {kind: number for kind, number in kinds.items() if number})


# ---- from the tables -----------------------------------------------------------------------------------


def _grouped(rows: Iterable[tuple]) -> dict[str, dict[str, int]]:
    by_district: dict[str, dict[str, int]] = defaultdict(dict)
    for district, kind, number in rows:
        if district is not None and kind is not None:
            by_district[district][kind] = number
    return by_district


def _of_companies(districts: Sequence[m.District]) -> dict[str, dict[str, Mix]]:
    here = offices().order_by()

    def count(path: str) -> dict[str, dict[str, int]]:
        return _grouped(here.values_list("district__slug", path).annotate(Count("company", distinct=True)))

    sizes, technologies = count("company__kind"), count("company__technologies__slug")
    totals = {slug: sum(kinds.values()) for slug, kinds in sizes.items()}  # each company has one size
    return {
        "size": {slug: Mix(total, sizes[slug]) for slug, total in totals.items()},
        "technology": {slug: Mix(total, technologies[slug]) for slug, total in totals.items()},
    }


def _of_institutions(districts: Sequence[m.District]) -> dict[str, dict[str, Mix]]:
    here = m.Institution.objects.published().order_by()
    kinds = _grouped(here.values_list("district__slug", "kind").annotate(Count("pk")))
    return {"institution": {slug: Mix(sum(those.values()), those) for slug, those in kinds.items()}}


def _of_programs(districts: Sequence[m.District]) -> dict[str, dict[str, Mix]]:
    """By the tags of the filter's options, which know whom a program is for."""
    known = {one.slug: Option(one.slug, one.slug, one) for one in districts}
    memory = {("district", get_language()): known}  # read already
    filters = BY_NAME["programs"].filters(QueryDict(), now=seoul_now(), memory=memory)
    rows = m.Program.objects.published()
    reached: dict[str, set[int]] = defaultdict(set)
    offering: dict[str, set[int]] = defaultdict(set)
    for found, parameter in ((reached, "district"), (offering, "support")):
        for pk, (_, value) in filters.filters[parameter].tags(rows):
            found[value].add(pk)
    mixed = {}
    for slug, programs in reached.items():
        kinds = {kind: len(those & programs) for kind, those in offering.items()}
        mixed[slug] = Mix(len(programs), {kind: number for kind, number in kinds.items() if number})
    return {"support": mixed}


_from_tables = {"companies": _of_companies, "institutions": _of_institutions, "programs": _of_programs}
