"""Indicator charts and plain figures of a district: which series are drawn, and what is said beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusters.models import District, Extent, Flag, Indicator, Status

from . import axes
from .drawing import Chart, amount, draw
from .series import Line, Measure, Point, measures

STYLES = 3  # filled square, open circle, dashed open square
_EXTENT = {Extent.WHOLE: 0, Extent.PART: 1, Extent.WIDER: 2}


@dataclass(frozen=True)
class Figure:
    """The latest value of a series of an indicator that has no chart."""

    indicator: Indicator
    line: Line
    point: Point


def for_district(district: District) -> list[Chart]:
    """A chart for each indicator that has been followed through time."""
    return for_measures(measures([district]).get(district.pk, []))


def figures_for(district: District) -> list[Figure]:
    """The latest value of each series of the other indicators."""
    return single_figures(measures([district]).get(district.pk, []))


def is_charted(measure: Measure) -> bool:
    """A chart needs a line: some series with values for two dates. Negative values stay in words."""
    values = [point.value for line in measure.lines for point in line.points]
    return any(line.is_long for line in measure.lines) and min(values) >= 0


def drawn_lines(measure: Measure) -> list[Line]:
    """The series drawn, at most three: those with a line first, the whole district before its parts."""
    return sorted(
        measure.lines,
        key=lambda line: (
            not line.is_long,
            _EXTENT[Extent(line.extent)],
            line.order,
            -len(line.points),
            line.slug,
        ),
    )[:STYLES]


def _span(charted: Sequence[Measure]) -> axes.Span:
    return axes.span(
        [axes.position(p.period) for measure in charted for line in drawn_lines(measure) for p in line.points]
    )


def for_measures(known: Sequence[Measure]) -> list[Chart]:
    """Charts on one axis of time, but for those that would fill less than a quarter of it."""
    charted = [measure for measure in known if is_charted(measure)]
    if not charted:
        return []
    shared = _span(charted)
    spans = [_span([measure]) for measure in charted]
    charts = []
    for measure, own in zip(charted, spans, strict=True):
        lines = drawn_lines(measure)
        chart = draw(measure, lines, own if (own[1] - own[0]) * 4 < shared[1] - shared[0] else shared)
        chart.summary, chart.notes = _summary(measure, lines, chart.divisor), _notes(measure, lines)
        charts.append(chart)
    return charts


def single_figures(known: Sequence[Measure]) -> list[Figure]:
    """What no chart draws: the latest value of each series, followed by what other sources give for its period."""
    return [
        Figure(measure.indicator, line, point)
        for measure in known
        if not is_charted(measure)
        for line in measure.lines
        for point in _latest(line)
    ]


def _latest(line: Line) -> list[Point]:
    latest = max(line.points, key=lambda p: (p.flag != Flag.PLAN, p.period.last_day, -p.trust))
    others = [p for p in line.points if p.period == latest.period and p.value != latest.value]
    return [latest, *others]


def _summary(measure: Measure, lines: Sequence[Line], divisor: int) -> str:
    """The chart in one line of text, for those who do not see it."""
    parts = []
    for line in lines:
        points = line.main or list(line.points)
        values = {
            "scope": line.scope,
            "first": amount(points[0], divisor),
            "start": points[0].period.display(),
            "last": amount(points[-1], divisor),
            "end": points[-1].period.display(),
        }
        words = (
            _("%(scope)s: %(first)s in %(start)s, %(last)s in %(end)s")
            if len(points) > 1
            else _("%(scope)s: %(last)s in %(end)s")
        )
        parts.append(words % values)
    return f"{measure.indicator.name}. {'; '.join(parts)}"


def _notes(measure: Measure, lines: Sequence[Line]) -> list[str]:
    """What the drawing means, as far as it shows it."""
    points = [point for line in lines for point in line.points]
    flags = {point.flag for point in points}
    notes = []
    for point in points:
        if point.flag == Flag.BREAK:
            notes.append(
                _("The count was changed in %(year)s; the line is broken there.")
                % {"year": point.period.year}
            )
    if flags & {Flag.ESTIMATE, Flag.PROVISIONAL}:
        notes.append(_("A ring marks an estimate or a provisional value."))
    if Flag.PLAN in flags:
        notes.append(_("A dotted mark is a plan and never joined to measured values."))
    if any(point.status == Status.DISPUTED for point in points):
        notes.append(_("A half-filled circle marks a disputed value."))
    if len(measure.lines) > len(lines):
        notes.append(_("Further series are in the table only."))
    return notes
