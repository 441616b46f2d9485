"""Asks the database for the records that may be the same as one: by identifiers and by pieces of its names."""

import re
from typing import Any

from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Concat

from clusters.curation.importing.names import without_legal_form

from .likeness import Entry, own_site, page_key
from .reading import NAMES, OTHER_NAMES, WEB, columns, entries

LIMIT = 200  # are compared in full
_PIECES = 12
_WORD = re.compile(r"[가-힣]{2,}|[A-Za-z0-9&+]{3,}")


def nearby(record: Any) -> list[Any]:
    """At most some hundreds of records; those that share the most come first."""
    kind = record._meta.model_name
    read = entries(kind, {record.pk: record})[record.pk]
    stored = set(columns(kind))
    shared = [*_identifiers(record, read, stored), *_names(read, stored)]
    if not shared:
        return []
    points: Any = sum(
        (Case(When(one, then=Value(worth)), default=Value(0)) for one, worth in shared), Value(0)
    )
    others = type(record)._default_manager.exclude(pk=record.pk)
    texts = [Cast(F(name), TextField()) for name in (*NAMES, *OTHER_NAMES) if name in stored]
    joined = Concat(*[part for text in texts for part in (text, Value("\n"))], output_field=TextField())
    found = others.annotate(all_names=joined).annotate(shared=points).filter(shared__gt=0)
    return list(found.order_by("-shared", "pk")[:LIMIT])


def _identifiers(record: Any, read: Entry, stored: set[str]) -> list[tuple[Q, int]]:
    found = []
    for name in ("business_number", "stock_code", "phone"):
        if name in stored and (value := getattr(record, name)):
            found.append((Q(**{name: value}), 100))
    web = next((name for name in WEB if name in stored), "")
    if web and (page := page_key(read.address_on_web)):
        shortest = page.split("?")[0] if read.is_document else own_site(read.address_on_web) or page
        found.append((Q(**{f"{web}__icontains": shortest}), 50))
    return found


def _names(read: Entry, stored: set[str]) -> list[tuple[Q, int]]:
    """Pieces that a spelling or a slip of the hand leaves whole."""
    pieces: dict[str, None] = {}
    for name in (*read.names, *read.other_names):
        if read.is_document:
            pieces[name[:60]] = None
            continue
        for word in _WORD.findall(without_legal_form(name)):
            if word[0] >= "가":
                pieces.update(dict.fromkeys(word[n : n + 2] for n in range(len(word) - 1)))
            else:
                pieces.update(dict.fromkeys((word[:4], word[-4:])))
    return [(Q(all_names__icontains=piece), 1) for piece in list(pieces)[:_PIECES]]
