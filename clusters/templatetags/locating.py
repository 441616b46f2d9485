"""The parts of the location finder that change with every weight: the bars, the table of points, the scales of the form."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clusters.compare.locate.answer import Part, Place
from clusters.compare.locate.criteria import Criterion
from clusters.compare.locate.drawing import Bar, Piece
from clusters.units import plain

from .components import district_mark, gap

register = template.Library()


def _joined(parts: Iterable[str]) -> SafeString:
    return mark_safe("".join(parts))


def number(criterion: Criterion) -> str:
    """A criterion as figure, table and form name it."""
    return f'<b class="cn">{criterion.number}</b> {escape(criterion.label)}'


def _span(least: float, most: float) -> str:
    return f"{least}–{most}"


# ---- the figure ----------------------------------------------------------------------------------------


@register.simple_tag
def bar_rows(rows: Iterable[Bar]) -> SafeString:
    """The districts in order, each with its bar."""
    words = _("%(name)s: %(points)s points, between %(least)s and %(most)s")
    return _joined(_bar(bar, words) for bar in rows)


def _bar(bar: Bar, words: str) -> str:
    place, mark = bar.place, escape(bar.place.district.mark)
    said = words % {
        "name": place.district.short_name,
        "points": place.points,
        "least": place.least_points,
        "most": place.most_points,
    }
    between = line = ""
    if not place.is_exact:
        between = f' <span class="note num">{_span(place.least_points, place.most_points)}</span>'
        line = f'<line x1="{bar.line}%" x2="{bar.line}%" y1="0" y2="24"/>'
    return (
        f'<li data-slug="{escape(place.district.slug)}" data-d="{mark}"><span class="num">{place.rank}</span>'
        f'{district_mark(place.district)}<span class="pts"><b class="num">{place.points}</b>{between}</span>'
        f'<svg class="stk" width="100%" height="24" role="img" aria-label="{escape(said)}">'
        f"{''.join(map(_piece, bar.pieces))}{line}</svg></li>\n"
    )


def _piece(piece: Piece) -> str:
    style = "" if piece.is_certain else ' class="g"'
    drawn = f'<rect{style} x="{piece.x}%" y="3" width="{piece.width}%" height="18"/>'
    if piece.has_room:
        drawn += f'<text{style} x="{piece.middle}%" y="16">{piece.number}</text>'
    return drawn


# ---- the table -----------------------------------------------------------------------------------------


@register.simple_tag
def point_rows(rows: Iterable[tuple[Place, str]]) -> SafeString:
    """The districts in order, each with its points by criterion."""
    words, missing = _("%(points)s points: why %(name)s"), gap()
    return _joined(_points(place, address, words, missing) for place, address in rows)


def _points(place: Place, address: str, words: str, missing: str) -> str:
    said = words % {"points": place.points, "name": place.district.short_name}
    between = ""
    if not place.is_exact:
        between = f'<span class="sub">{_span(place.least_points, place.most_points)}</span>'
    cells = "".join(_cell(part, missing) for part in place.weighed)
    return (
        f'<tr><td class="n num">{place.rank}</td><th scope="row">{district_mark(place.district)}</th>'
        f'<td class="n num"><a href="{escape(address)}" aria-label="{escape(said)}">{place.points}</a>{between}</td>'
        f"{cells}</tr>\n"
    )


def _cell(part: Part, missing: str) -> str:
    value, least, most = missing, part.least_points, part.most_points
    if part.reading.least is not None and part.reading.most is not None:
        further = "" if part.is_exact else f"–{plain(part.reading.most)}"
        value = f'<span class="num">{plain(part.reading.least)}{further}</span>'
    points = part.points if least == most else _span(least, most)
    return f'<td>{value}<span class="sub num">{points}</span></td>'


# ---- the form ------------------------------------------------------------------------------------------


@register.simple_tag
def weight_scale(
    criterion: Criterion, weight: int, choices: Iterable[int], errors: Sequence[str]
) -> SafeString:
    """How much one criterion matters, as a row of numbers to choose from."""
    key, described, note = criterion.key, "", ""
    if errors:
        described = f' aria-describedby="{key}-note"'
        note = format_html('<span class="err" id="{}-note">{}</span>', key, " ".join(errors))
    options = "".join(
        f'<label><input type="radio" name="{key}" value="{one}"{" checked" if one == weight else ""}>'
        f"<span>{one}</span></label>"
        for one in choices
    )
    return mark_safe(
        f'<fieldset class="field scale"{described}><legend>{number(criterion)}</legend>{note}'
        f"<div>{options}</div></fieldset>\n"
    )
