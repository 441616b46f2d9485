"""Terms of a vocabulary side by side: which of them all that are compared have, and which only one."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import pgettext

from .cells import Item, Row, listed


def terms_row(key: str, label: str, having: Sequence[Sequence[Any]], only: str) -> Row:
    """A row of the terms that each has; `only` says that no other has it. One without any terms is a gap."""
    holders = Counter(term.pk for terms in having for term in terms)

    def item(term: Any) -> Item:
        is_common = holders[term.pk] == len(having)
        badge = pgettext("had by all", "common") if is_common else only if holders[term.pk] == 1 else ""
        return Item(term, str(term), badge, is_common)

    def order(item: Item) -> tuple[bool, int]:
        return (not item.is_common, -holders[item.of.pk])  # what is shared stands first

    cells = [listed(sorted(map(item, terms), key=order)) for terms in having]
    return Row(key, label, cells, "terms")
