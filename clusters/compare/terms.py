"""Terms of a vocabulary side by side: which of them all that are compared have, and which only one."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import pgettext

from .cells import Item, Row, listed


def terms_row(key: str, label: str, records: Sequence[Any], name: str, only: str) -> Row:
    """A row of the terms that each record has under a name; `only` says that no other has it."""
    having = [list(getattr(record, name).all()) for record in records]
    holders = Counter(term.pk for terms in having for term in terms)

    def item(term: Any) -> Item:
        is_common = holders[term.pk] == len(having)
        badge = pgettext("had by all", "common") if is_common else only if holders[term.pk] == 1 else ""
        return Item(str(term), beside=term, badge=badge, is_common=is_common)

    def order(item: Item) -> tuple[bool, int]:
        return (not item.is_common, -holders[item.beside.pk])  # what is shared stands first

    cells = [
        listed(sorted(map(item, terms), key=order), record)
        for record, terms in zip(records, having, strict=True)
    ]
    return Row(key, label, cells, "terms")
