"""One rule of a profile: which columns make a field, and how their cells become its value."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from . import converting as c
from .cells import read
from .converting import Hints, Unconvertible, is_blank
from .converting.problems import NO_HINTS, shown
from .drafts import Ref
from .lookup import key_of
from .names import split_branch


class BadProfile(Exception):
    """A profile that cannot be used, and why."""


def fold(column: str) -> str:
    """A column's name as it is compared: width, case and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", column).casefold().split())


def column_places(columns: Sequence[str]) -> dict[str, int]:
    """Where each name stands in a table, folded.

    A name joined of several header rows (공장 / 대표주소) is also known without the bar, and by its last row
    where no other column ends so.
    """
    places: dict[str, int] = {}
    lasts: dict[str, list[int]] = {}
    for at, name in enumerate(columns):
        places.setdefault(fold(name), at)
        lasts.setdefault(fold(name.rsplit(" / ", 1)[-1]), []).append(at)
    for at, name in enumerate(columns):
        if " / " in name:
            places.setdefault(fold(name.replace(" / ", "")), at)
    for last, found in lasts.items():
        if len(found) == 1:
            places.setdefault(last, found[0])
    return places


@dataclass
class Rule:
    """columns: for each value the rule needs, the names its column goes by, the first one present is used."""

    columns: tuple[tuple[str, ...], ...]
    converter: str = ""
    map: Mapping[str, Any] = field(default_factory=dict)
    otherwise: Any = None
    hints: Hints = NO_HINTS
    unit: str = ""
    prefix: str = ""
    shorten: bool = False
    target: str = ""
    optional: bool = False

    def __post_init__(self) -> None:
        if self.converter and self.converter not in CONVERTERS:
            raise BadProfile(_("There is no converter %(name)s.") % {"name": self.converter})

    def places(self, table_columns: Sequence[str]) -> list[int | None]:
        """Where the rule's columns stand in a table; None for one the table does not have."""
        folded = column_places(table_columns)
        return [next((folded[fold(n)] for n in names if fold(n) in folded), None) for names in self.columns]

    def value(self, model_field: models.Field | None, cells: list[Any]) -> Any:
        """The field's value; None for nothing said. Raises Unconvertible."""
        if self.converter:
            value = CONVERTERS[self.converter](self, model_field, cells)
        elif self.map:
            value = None if is_blank(cells[0]) else self._items(model_field, cells[0])
        elif model_field is None:
            value = cells[0]
        else:
            cell = cells[0]
            if self.shorten and isinstance(cell, str):
                cell = shortened(cell, model_field.max_length)
            value = read(model_field, cell, self.hints)
        return self._mapped(model_field, value) if self.map and value is not None else value

    def _items(self, model_field: models.Field | None, cell: Any) -> Any:
        if model_field is not None and model_field.many_to_many:
            return c.to_list(cell)
        return c.to_line(cell)

    def _mapped(self, model_field: models.Field | None, value: Any) -> Any:
        if isinstance(value, list):
            found: list[Any] = []
            for item in value:
                one = self._one(item)
                found += one if isinstance(one, list) else [one] if one else []
            value = list(dict.fromkeys(found))
        else:
            value = self._one(value)
        if model_field is not None and model_field.is_relation:
            related: Any = model_field.related_model
            if isinstance(value, list):
                return [Ref(related, slug) for slug in value]
            return Ref(related, value) if value else None
        return value

    def _one(self, item: Any) -> Any:
        text = fold(str(item))
        for known, value in self.map.items():
            if fold(known) == text:
                return value
        if self.otherwise is not None:
            return self.otherwise
        raise Unconvertible(
            _("“%(value)s” is not among the values this profile knows.") % {"value": shown(item)},
            _("Correct it, or add it to the profile."),
        )


def shortened(text: str, max_length: int | None) -> str:
    text = c.to_prose(text, 100_000) or ""
    return text if not max_length or len(text) <= max_length else text[: max_length - 1].rstrip() + "…"


def slug_from(prefix: str, parts: Sequence[str]) -> str:
    """A code that comes out the same every time: the words themselves where a code can hold them, else a digest."""
    plain = "-".join(parts)
    if re.fullmatch(r"[A-Za-z0-9 ._,&()'-]+", plain):
        words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
        if words and len(prefix + words) <= 80:
            return prefix + words
    keys = [key_of(parts[0]) or fold(parts[0]), *(re.sub(r"\W", "", fold(part)) for part in parts[1:])]
    return prefix + hashlib.sha256("|".join(keys).encode()).hexdigest()[:12]


def _slug(rule: Rule, _field, cells: list[Any]) -> str | None:
    parts = [str(cell).strip() for cell in cells if not is_blank(cell)]
    return slug_from(rule.prefix, parts) if parts else None


def _period(rule: Rule, _field, cells: list[Any]) -> Any:
    period = (
        c.to_period_between(cells[0], cells[1], rule.hints)
        if len(cells) == 2
        else c.to_period(cells[0], rule.hints)
    )
    if period is None:
        return None
    return {
        "period_kind": period.kind,
        "opens_at": period.opens_at,
        "opens_precision": period.opens_precision,
        "closes_at": period.closes_at,
        "closes_precision": period.closes_precision,
        "wording_ko": period.wording,
    }


def _html(rule: Rule, model_field, cells: list[Any]) -> str | None:
    if is_blank(cells[0]):
        return None
    text = strip_tags(re.sub(r"(?i)<br\s*/?>|</p>", "\n", str(cells[0])))
    limit = model_field.max_length if model_field is not None else 4000
    return c.to_prose(shortened(text, limit) if rule.shorten else text, limit)


def _company_name(rule: Rule, _field, cells: list[Any]) -> str | None:
    name = c.to_line(cells[0])
    return split_branch(name)[0].rstrip("* ") if name else None


def _office_kind(rule: Rule, _field, cells: list[Any]) -> str:
    branch = split_branch(c.to_line(cells[0]) or "")[1]
    if "연구" in branch or "R&D" in branch:
        return "lab"
    return "branch" if branch and not branch.startswith("본") else str(rule.otherwise or "hq")


def _first_word(rule: Rule, _field, cells: list[Any]) -> str | None:
    """The first word of an address, which names the province."""
    text = c.to_line(cells[0], 500)
    return text.split()[0] if text else None


CONVERTERS: dict[str, Any] = {
    "slug": _slug,
    "period": _period,
    "html": _html,
    "company_name": _company_name,
    "office_kind": _office_kind,
    "first_word": _first_word,
    "code": lambda rule, field, cells: c.to_code(cells[0]),
    "stock_code": lambda rule, field, cells: c.to_code(cells[0], 6),
    "business_number": lambda rule, field, cells: c.to_business_number(cells[0]),
    "phone": lambda rule, field, cells: c.to_phone(cells[0]),
    "won": lambda rule, field, cells: c.to_won(cells[0], rule.unit or "원"),
    "area": lambda rule, field, cells: c.to_area(cells[0], rule.unit or "㎡"),
    "share": lambda rule, field, cells: c.to_share(cells[0]),
    "count": lambda rule, field, cells: c.to_count(cells[0]),
    "number": lambda rule, field, cells: c.to_number(cells[0]),
    "yes_no": lambda rule, field, cells: c.to_yes_no(cells[0]),
    "list": lambda rule, field, cells: c.to_list(cells[0]),
}
