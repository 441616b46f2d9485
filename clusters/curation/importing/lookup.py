"""Finds stored records for many drafts at once: a fixed number of queries, however many rows there are."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import models

from clusters.models import Office, Redirect, RedirectKind

from .converting import Unconvertible
from .drafts import Draft, Ref
from .names import normalized_key

CHUNK = 500


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    found = list(values)
    for start in range(0, len(found), size):
        yield found[start : start + size]


def by_slug(wanted: Iterable[Ref]) -> dict[Ref, models.Model]:
    """The stored records that references name; only what identifies them is needed, so they come whole."""
    slugs: dict[type[models.Model], set[str]] = defaultdict(set)
    for ref in wanted:
        slugs[ref.model].add(ref.slug)
    found: dict[Ref, models.Model] = {}
    for model, names in slugs.items():
        for part in chunks(sorted(names)):
            for record in model._default_manager.filter(slug__in=part):
                found[Ref(model, record.slug)] = record  # type: ignore[attr-defined]
        lost = {slug for slug in names if Ref(model, slug) not in found}
        successors = {old: new for old, new in given_up(model).items() if old in lost} if lost else {}
        for part in chunks(sorted(set(successors.values()))):
            there = {record.slug: record for record in model._default_manager.filter(slug__in=part)}  # type: ignore[attr-defined]
            found |= {Ref(model, old): there[new] for old, new in successors.items() if new in there}
    return found


def given_up(model: type[models.Model]) -> dict[str, str]:
    """Code names of renamed and merged records that no record has now, each with the name that took its place."""
    kind = str(model._meta.model_name)
    if kind not in RedirectKind.values:
        return {}
    taken = model._default_manager.values("slug")
    rows = Redirect.objects.filter(kind=kind, new_slug__in=taken).exclude(old_slug__in=taken)
    return dict(rows.values_list("old_slug", "new_slug"))


class New(NamedTuple):
    """Stands in a key for a record that is not stored yet."""

    number: int


def simple(value: Any) -> Any:
    """A value by which keys are compared: related records by primary key, or as themselves before they have one."""
    if isinstance(value, models.Model):
        return value.pk if value.pk is not None else New(id(value))
    return value


def stored_by(
    model: type[models.Model], names: tuple[str, ...], keys: set[tuple]
) -> dict[tuple, list[models.Model]]:
    """Stored records by the values of these fields; keys holds primary keys where fields are relations."""
    fields = [model._meta.get_field(name) for name in names]
    keys = {key for key in keys if not any(isinstance(part, New) for part in key)}
    # The field with the most different values narrows the search best.
    best = max(
        range(len(names)), key=lambda i: len({key[i] for key in keys if key[i] is not None}), default=0
    )
    found: dict[tuple, list[models.Model]] = defaultdict(list)
    wanted = {key[best] for key in keys if key[best] is not None}
    if not wanted:
        return found
    for part in chunks(sorted(wanted, key=str)):
        for record in model._default_manager.filter(**{f"{names[best]}__in": part}):
            key = tuple(getattr(record, field.attname) for field in fields)  # type: ignore[union-attr]
            if key in keys:
                found[key].append(record)
    return found


def keys_of(
    model: type[models.Model], names: tuple[str, ...], keys: set[tuple]
) -> Iterator[tuple[tuple, Any]]:
    """The stored keys among these, each with the primary key of a record that has it."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    best = max(
        range(len(names)), key=lambda i: len({key[i] for key in keys if key[i] is not None}), default=0
    )
    attnames = [field.attname for field in fields]
    for part in chunks({key[best] for key in keys} - {None}):
        stored = model._default_manager.filter(**{f"{names[best]}__in": part})
        for pk, *key in stored.order_by().values_list("pk", *attnames):
            if tuple(key) in keys:
                yield tuple(key), pk


def many_to_many(
    records: Iterable[models.Model], model: type[models.Model]
) -> dict[str, dict[Any, list[Any]]]:
    """The primary keys that each record's many-to-many fields hold: field name → pk → sorted keys."""
    pks = [record.pk for record in records]
    held: dict[str, dict[Any, list[Any]]] = {}
    for field in model._meta.many_to_many:
        ours, theirs = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        of_field: dict[Any, list[Any]] = defaultdict(list)
        for part in chunks(pks):
            rows = field.remote_field.through._default_manager.filter(**{f"{ours}__in": part})  # type: ignore[union-attr]
            for our, their in rows.values_list(ours, theirs):
                of_field[our].append(their)
        held[field.name] = {pk: sorted(found) for pk, found in of_field.items()}
    return held


class Names:
    """Stored records by normalized name, asked for only when some row has nothing better to be known by."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.pks: dict[str, set[int]] = defaultdict(set)
        stored = {field.name for field in model._meta.concrete_fields}
        used = [
            n
            for n in ("name_ko", "name_en", "legal_name_ko", "legal_name_en", "former_names", "aliases")
            if n in stored
        ]
        for pk, *names in model._default_manager.values_list("pk", *used).iterator():
            for name in names:
                for one in name if isinstance(name, list) else [name]:
                    if key := key_of(one):
                        self.pks[key].add(pk)

    def like(self, name: str) -> set[int]:
        key = key_of(name)
        return self.pks.get(key, set()) if key else set()


def key_of(name: str | None) -> str:
    try:
        return normalized_key(name) if name else ""
    except Unconvertible:
        return ""


def address_key(address: str) -> str:
    """What spellings of one address have in common, down to the number of the building."""
    text = unicodedata.normalize("NFKC", address).split("(")[0].split(",")[0]
    for long, short in (
        ("특별자치도", ""),
        ("특별자치시", ""),
        ("특별시", ""),
        ("광역시", ""),
        ("경기도", "경기"),
    ):
        text = text.replace(long, short)
    return "".join(character for character in text.casefold() if character.isalnum() or character == "-")


def confirmed_by_office(drafts: Iterable[Draft], alike: dict[Draft, set[int]]) -> dict[Draft, int]:
    """Of companies with the same name, the one that has an office at the draft's address or with its telephone."""
    places: dict[int, set[str]] = defaultdict(set)
    for part in chunks(sorted({pk for pks in alike.values() for pk in pks})):
        offices = Office.objects.filter(company_id__in=part)
        for pk, address, phone in offices.values_list("company_id", "address_ko", "phone"):
            places[pk] |= {address_key(address), phone} - {""}
    confirmed = {}
    for draft in drafts:
        wanted = {address_key(draft.address), draft.phone} - {""}
        matches = [pk for pk in alike.get(draft, ()) if not wanted.isdisjoint(places[pk])]
        if len(matches) == 1:
            confirmed[draft] = matches[0]
    return confirmed
