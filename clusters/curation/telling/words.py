"""Differences in words: labels and values as the pages show them, the names of related records read together."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clusters import units
from clusters.dates import PartialDate
from clusters.models import Source
from clusters.programs import moves

from .states import Difference

SHOWN_LENGTH = 300
LONG, AROUND = (
    120,
    40,
)  # of longer texts only the part that differs is shown, with so many characters around it
_LANGUAGE = re.compile(r"\s*\([^()]*\)$")  # at the end of a label: "name (Korean)"


class Change(NamedTuple):
    """Both values empty: what changed cannot be told in words."""

    name: str
    label: str
    before: str
    after: str


class Names:
    """What related records are called; one query for each kind."""

    def __init__(self, differences: Iterable[Difference]) -> None:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for one in differences:
            if one.field.is_relation:
                wanted[one.field.related_model].update(one.before, one.after)
        self._known = {model: model._default_manager.in_bulk(pks) for model, pks in wanted.items() if pks}

    def of(self, model: type[models.Model], pk: int) -> str:
        record: Any = self._known[model].get(pk)
        return "" if record is None else str(record.title if isinstance(record, Source) else record)


def in_words(differences: list[Difference], names: Names) -> list[Change]:
    """Of a pair of columns in both languages, the reader's own is told; the other one where only that changed."""
    own, other = ("en", "ko") if get_language() == "en" else ("ko", "en")
    changed = {one.field.name: one for one in differences}
    found = []
    for name, one in changed.items():
        stem, _sign, language = name.rpartition("_")
        is_pair = language in (own, other) and _is_pair(one.field, stem)
        if is_pair and language == other and f"{stem}_{own}" in changed:
            continue
        label = str(one.field.verbose_name)
        if is_pair and language == own:
            label = _LANGUAGE.sub("", label)
        if isinstance(one.field, models.JSONField):
            before = after = ""
        else:
            before, after = _pair(_value(one.field, one.before, names), _value(one.field, one.after, names))
        found.append(Change(stem if is_pair else name, capfirst(label), before, after))
    return found


def _is_pair(field: Any, stem: str) -> bool:
    columns = {one.name for one in field.model._meta.concrete_fields}
    return {f"{stem}_ko", f"{stem}_en"} <= columns


def _value(field: Any, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return ""
    if field.is_relation:
        return ", ".join(filter(None, (names.of(field.related_model, pk) for pk in value)))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moves.short(value)
    if isinstance(value, PartialDate):
        return value.display()
    if isinstance(value, date):
        return PartialDate(value.isoformat()).display()
    if isinstance(value, Decimal | int):
        return units.plain(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _pair(before: str, after: str) -> tuple[str, str]:
    if max(len(before), len(after)) > LONG and before and after:
        before, after = _where_they_differ(before, after)
    before, after = (Truncator(text).chars(SHOWN_LENGTH) for text in (before, after))
    return before or _("(empty)"), after or _("(empty)")


def _where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Two texts without what they begin and end with alike."""
    shortest = min(len(one), len(other))
    start = next((i for i in range(shortest) if one[i] != other[i]), shortest)
    end = next((i for i in range(shortest - start) if one[-1 - i] != other[-1 - i]), shortest - start)
    start, end = max(0, start - AROUND), max(0, end - AROUND)
    if start:  # from the beginning of a word
        start = one.rfind(" ", 0, start) + 1
    cut = []
    for text in (one, other):
        stop = len(text) - end
        following = text.find(" ", stop)
        stop = stop if end == 0 else len(text) if following < 0 else following
        cut.append(("… " if start else "") + text[start:stop].strip() + (" …" if stop < len(text) else ""))
    return cut[0], cut[1]
