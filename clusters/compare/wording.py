"""What a cell of the comparison says, in plain words: its value, and what must be known of it."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clusters.dates import PartialDate
from clusters.models import Flag, IndicatorKind, Status
from clusters.units import large, plain

from .alignment import Placed
from .cells import Cell, Row, sources_of
from .exports import GAPS
from .series import Point


def language(words: Any) -> str:
    """The language of a text that the reader's has no words for; empty for all others."""
    return getattr(words, "lang", "") if getattr(words, "fallback", False) else ""


def cell(row: Row, one: Cell) -> tuple[str, str]:
    """The value, and its period, scope and finding."""
    if one.gap:
        return GAPS[one.gap](), str(one.note)
    if one.placed is not None:
        return _amount(one.placed, one.placed.point), _about(one.placed)
    if one.text:
        return str(one.text), str(one.sub) or _dated(one.fact)
    if one.number is not None:
        return _with_unit(plain(one.number), str(one.unit)), _dated(one.fact)
    return ", ".join(map(str, one.facts)), _dated(one.fact)


def _amount(placed: Placed, point: Point) -> str:
    """A value as its indicator wants it."""
    number = large(point.value) if placed.indicator.kind == IndicatorKind.MONEY else plain(point.value)
    return _with_unit(number, str(placed.indicator.unit))


def _with_unit(number: str, unit: str) -> str:
    """In English a word for a unit stands apart."""
    return f"{number}{' ' if get_language() == 'en' and unit[:1].isalpha() else ''}{unit}"


def _about(placed: Placed) -> str:
    point = placed.point
    parts = [point.period.display(), str(placed.line.scope)]
    if point.flag:
        parts.append(str(Flag(point.flag).label))
    if point.status != Status.CONFIRMED:
        parts.append(str(Status(point.status).label))
    parts += [f"{_('Another source:')} {_amount(placed, other)}" for other in placed.otherwise]
    return ", ".join(part for part in parts if part)


def _dated(fact: Any) -> str:
    as_of = getattr(fact, "as_of", None)
    return _("as of %(day)s") % {"day": PartialDate(as_of).display()} if as_of else ""


def publishers(one: Cell) -> list[str]:
    """Who published what the cell rests on."""
    points = [one.placed.point, *one.placed.otherwise] if one.placed is not None else []
    facts = [*(point.fact for point in points), one.fact, *one.facts]
    sources = [source for fact in facts if fact is not None for source in sources_of(fact)]
    return [str(source.publisher) for source in (*filter(None, [one.source]), *sources)]
