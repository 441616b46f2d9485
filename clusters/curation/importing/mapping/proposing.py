"""Proposes a mapping for a file nobody described, from its headings and from what its values could be."""

import re
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..looking import SeenColumn, SeenTable
from ..profiles import Profile
from .headings import ENGLISH_NAMES, HEADINGS, NAMES, NOUNS, folded, is_code, is_serial, nearness
from .mapping import Column, Mapping
from .offers import Offer, offers, required_choices, targets
from .words import names_of

ENOUGH = 0.55  # below this a guess would be wrong as often as right
# What makes a file one of this kind, when nothing else speaks for another.
COMMON = ("Company", "Program", "Institution", "Event")

# By field, or by the type of the field: kinds of values that confirm it, and those without which it is not believed.
CONFIRMED_BY: dict[str, tuple[str, ...]] = {
    "WebAddressField": ("web",),
    "PartialDateField": ("date", "year"),
    "DateField": ("date",),
    "DateTimeField": ("date",),
    "DecimalField": ("number", "money"),
    "FloatField": ("number",),
    "PositiveIntegerField": ("number",),
    "PositiveSmallIntegerField": ("number",),
    "BooleanField": ("yes_no",),
    "business_number": ("business_number",),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
    "Office.address_ko": ("place",),
    "Office.province": ("province",),
    "Program.provinces": ("province",),
    "Call.period": ("period", "date"),
    "Call.opens": ("date",),
    "Call.closes": ("date", "period"),
    "Call.budget_krw": ("money", "number"),
    "FundingRound.amount": ("money", "number"),
    "name_en": ("latin",),
}
# Values that speak for a field by themselves, whatever the heading: the kind, its least share, what it is worth.
TELLING: dict[str, tuple[str, float, float]] = {
    "business_number": ("business_number", 0.8, 0.9),
    "Office.address_ko": ("place", 0.7, 0.65),
    "Office.province": ("province", 0.9, 0.6),
    "website": ("web", 0.7, 0.6),
    "Call.period": ("period", 0.7, 0.65),
    "Company.name_ko": ("organization", 0.3, 0.6),
}
NO_NAME = ("date", "year", "web", "phone", "email", "business_number", "number", "money", "place", "province")


def propose(
    table: SeenTable, profiles: Dictionary[str, Profile] | None = None, *, target: str = "", name: str = ""
) -> Mapping:
    """The likeliest mapping of a table; with a target, the likeliest for that kind of record."""
    known = profiles or {}
    best, most = Mapping(target=target or COMMON[0]), -1000.0
    for kind in [target] if target else [model.__name__ for model in targets()]:
        columns, worth = _columns(table, kind, known)
        if worth > most:
            best, most = Mapping(target=kind, columns=columns), worth
    best.name, best.title = name, Path(table.file).stem[:200]
    for key in _keys(table, best):
        best.columns[key].key = True
    best.defaults = _defaults(best, known)
    return best


def _columns(
    table: SeenTable, target: str, profiles: Dictionary[str, Profile]
) -> tuple[dict[str, Column], float]:
    """Each field goes to the column that suits it best, the surest first; also what the whole is worth."""
    found = offers(target)
    scores = sorted(
        (
            (score, -at, offer.name, column)
            for at, column in enumerate(table.columns)
            if not is_serial(column.name)
            for offer in found
            if (score := _score(column, offer, target, profiles)) >= ENOUGH
        ),
        key=lambda one: one[:3],
        reverse=True,
    )
    columns = {column.name: Column() for column in table.columns}
    by_name = {offer.name: offer for offer in found}
    taken: set[str] = set()
    worth = 0.0
    for score, _at, field, column in scores:
        if field in taken or columns[column.name].field or _clashes(field, taken):
            continue
        taken.add(field)
        columns[column.name] = Column(field, _converter(by_name[field], column))
        worth += score * (1.0 if "." in field else 1.5)
    worth += _speaks_of(table, target) + (0.25 if target in COMMON else 0.0)
    return columns, worth - 2.0 * len(_lacking(found, taken))


def _lacking(found: list[Offer], taken: set[str]) -> list[str]:
    """What every record of the kind needs and no column fills: its name, and the records it belongs to."""
    needed = {"name_ko", "title"} | {
        offer.name
        for offer in found
        if "." not in offer.name
        and offer.field is not None
        and not offer.field.blank
        and (offer.field.is_relation or offer.name in {"date", "period", "value"})
    }
    return [offer.name for offer in found if offer.name in needed - taken]


def _clashes(field: str, taken: set[str]) -> bool:
    """A period stands in one column or in two, not in both ways."""
    stem, name = field.rpartition(".")[0], field.rpartition(".")[2]
    whole = f"{stem}.period" if stem else "period"
    ends = {f"{stem}.opens" if stem else "opens", f"{stem}.closes" if stem else "closes"}
    return bool(ends & taken) if name == "period" else name in {"opens", "closes"} and whole in taken


def _speaks_of(table: SeenTable, target: str) -> float:
    text = folded(f"{table.file} {table.sheet}")
    return (
        0.6 if any(len(noun) > 1 and folded(noun) in text for noun in NOUNS.get(target, "").split()) else 0.0
    )


def _score(column: SeenColumn, offer: Offer, target: str, profiles: Dictionary[str, Profile]) -> float:
    near = nearness(column.name, _names(offer, target) | _aliases(offer, profiles))
    kinds = column.kinds
    plain = offer.name.rpartition(".")[2]
    if (telling := _of(TELLING, offer)) and not near:
        kind, least, worth = telling
        near = worth if kinds.get(kind, 0) >= least else 0.0
    if not near:
        return 0.0
    if not kinds:  # an empty column has nothing to say against its heading
        return near - 0.2
    if plain in {"name_ko", "title"} and (
        max(kinds.get(kind, 0) for kind in NO_NAME) > 0.6 or kinds.get("distinct", 0) < 0.2
    ):
        return near * 0.3
    confirming = _of(CONFIRMED_BY, offer)
    if confirming is None:
        return near if kinds.get("long", 0) < 0.5 or _holds_prose(offer) else near * 0.7
    share = sum(kinds.get(kind, 0) for kind in confirming)
    return near + 0.15 if share >= 0.6 else near * (0.9 if share >= 0.3 else 0.3)


def _of(table: Dictionary[str, Any], offer: Offer) -> Any:
    """An entry for a field: by kind and name, by name, or by the type of the field."""
    plain = offer.name.rpartition(".")[2]
    for key in (offer.key, plain, type(offer.field).__name__):
        if key in table:
            return table[key]
    return None


def _holds_prose(offer: Offer) -> bool:
    return offer.field is None or (offer.field.max_length or 1000) >= 300


@lru_cache(maxsize=2000)
def _names(offer: Offer, target: str) -> frozenset[str]:
    """Every heading under which a field is known without a profile."""
    plain = offer.name.rpartition(".")[2]
    names = set(HEADINGS.get(offer.key, HEADINGS.get(plain, "")).split())
    if offer.field is not None:
        names |= names_of(offer.field)
    nouns = NOUNS.get(offer.model.__name__, "").split()
    if plain in {"name_ko", "title"}:
        names |= {f"{noun}{ending}" for noun in nouns for ending in NAMES}
    if plain == "name_en":
        names |= {f"{noun}{ending}" for noun in nouns for ending in ENGLISH_NAMES}
    return frozenset(filter(None, map(folded, names)))


def _aliases(offer: Offer, profiles: Dictionary[str, Profile]) -> set[str]:
    """The headings that profiles give the same field of the same kind of record."""
    plain = offer.name.rpartition(".")[2]
    return {
        folded(name)
        for profile in profiles.values()
        for target in profile.targets
        if target.model is offer.model and plain in target.rules
        for rule in [target.rules[plain]]
        if len(rule.columns) == 1 and plain != "slug"
        for name in rule.columns[0]
    }


def _converter(offer: Offer, column: SeenColumn) -> str:
    if offer.field is None:
        return ""
    kind = offer.field.get_internal_type()
    if kind == "DecimalField" and offer.key in {"Call.budget_krw", "FundingRound.amount"}:
        unit = re.search(r"(백만|천|억)\s*원", column.name)
        return f"won:{unit[1]}원" if unit else "won:원"
    if offer.key == "Company.name_ko":
        return "company_name"
    if kind in {"CharField", "TextField"} and column.kinds.get("html", 0) >= 0.1:
        return "html"
    if kind in {"CharField", "TextField"} and column.kinds.get("long", 0) >= 0.2 and offer.field.max_length:
        return "shorten"
    return ""


def _keys(table: SeenTable, mapping: Mapping) -> list[str]:
    """The columns that tell rows apart: a code where there is one, else the name, with what it needs beside it."""
    distinct = {column.name: column.kinds.get("distinct", 0.0) for column in table.columns}
    for column in table.columns:
        fills = mapping.columns[column.name].field
        if is_code(column.name) and distinct[column.name] == 1.0 and fills in {"", "slug", "stock_code"}:
            return [column.name]
    filled = mapping.filled()
    if "business_number" in filled and distinct[filled["business_number"]] == 1.0:
        return [filled["business_number"]]
    naming = filled.get("name_ko") or filled.get("title")
    if naming is None:
        return []
    for beside in ("office.address_ko", "starts_on", "call.opens", "call.period", "url"):
        if beside in filled:
            return [naming, filled[beside]]
    return [naming]


def _defaults(mapping: Mapping, profiles: Dictionary[str, Profile]) -> dict[str, str]:
    """What the file does not say, as profiles for the same kind of record say it."""
    wanted = required_choices(mapping.target)
    given: dict[str, str] = {}
    for values in _defaults_of(mapping.target, profiles.values()):
        given = {**values, **given}
    return {field.name: given.get(field.name, "") for field in wanted}


def _defaults_of(target: str, profiles: Iterable[Profile]) -> Iterable[Dictionary[str, Any]]:
    for profile in profiles:
        for one in profile.targets:
            if one.model.__name__ == target:
                yield one.defaults
