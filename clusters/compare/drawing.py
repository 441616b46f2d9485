"""The geometry of one chart: lines along one series each, marks, labels, axes, all in units of its view box."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from math import floor

from django.utils.translation import gettext as _

from clusters.models import Extent, Flag, Indicator, IndicatorKind, Status
from clusters.units import plain

from . import lettering
from .axes import Span, nice_step, position, scale, share, year_ticks
from .series import Line, Measure, Point

WIDTH, HEIGHT = 360, 196
LEFT, TOP, BASE = 8.0, 18.0, 170.0
LEAST_SHARE = 5.0  # percent: shares near 0 are drawn near 0, not blown up to the full height
AT_END = 0.93  # a line that ends this far along the axis has its label in the column at the right
_BREADTH = {Extent.PART: 0, Extent.WHOLE: 1, Extent.WIDER: 2}
Place = Callable[[Point], tuple[float, float]]


@dataclass
class Drawn:
    """One series as paths: solid between surveyed years, dotted over skipped ones, marks at the values."""

    line: Line
    style: int
    solid: str = ""
    dotted: str = ""
    marks: str = ""
    plans: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the chart's table."""

    line: Line
    point: Point


@dataclass(frozen=True)
class Rule:
    """A vertical line where the count begins to be made in another way."""

    x: float
    text: str
    text_x: float
    anchor: str

    @property
    def box(self) -> lettering.Box:
        return lettering.Label(0, self.text_x, 16, self.anchor, self.text).box


@dataclass
class Chart:
    """A figure ready to be drawn, with the same values as a table."""

    indicator: Indicator
    unit: str
    rows: list[Row]
    right: float
    grid_y: float
    grid: lettering.Label
    drawn: list[Drawn] = field(default_factory=list)
    labels: list[lettering.Label] = field(default_factory=list)
    ticks: list[tuple[float, str, str]] = field(default_factory=list)
    rule: Rule | None = None
    rings: str = ""
    disputed: list[tuple[float, float]] = field(default_factory=list)
    divisor: int = 1
    keyed: bool = False  # the names of the series stand in a key below the chart
    summary: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def sources(self) -> list:
        """Every public source of the values, in the order of the table."""
        facts = [row.point.fact for row in self.rows if row.point.fact is not None]
        return list({source.pk: source for fact in facts for source in fact.public_sources}.values())


def draw(measure: Measure, lines: Sequence[Line], span: Span) -> Chart:
    """The chart of one indicator over a span of time, with some of its series as lines."""
    divisor, word = scale(max(point.value for line in lines for point in line.points))
    largest = max(float(point.value / divisor) for line in lines for point in line.points)
    step = nice_step(max(largest, LEAST_SHARE) if measure.indicator.kind == IndicatorKind.SHARE else largest)
    keyed = any(lettering.width(str(line.scope), bold=True) > lettering.LONGEST for line in lines)
    labels = [_label(line, style, divisor, span, keyed) for style, line in enumerate(lines, start=1)]
    at_end = [share(position(_last(line).period), span) >= AT_END for line in lines]
    column = max((label.width for label, ends in zip(labels, at_end, strict=True) if ends), default=0)
    right = round(WIDTH - 12 - max(column, 24), 1)

    def x(place: float) -> float:
        return round(LEFT + share(place, span) * (right - 6 - LEFT), 1)

    def y(value: float) -> float:
        return round(BASE - value / (2 * step) * (BASE - TOP), 1)

    def at(point: Point) -> tuple[float, float]:
        return x(position(point.period)), y(float(point.value / divisor))

    chart = Chart(
        measure.indicator,
        f"{word} {measure.indicator.unit}".strip(),
        [Row(line, point) for line in measure.lines for point in line.points],
        right,
        y(step),
        lettering.Label(0, 2, y(step) - 4, "start", plain(Decimal(str(step)))),
        drawn=[_drawn(line, style, at) for style, line in enumerate(lines, start=1)],
        ticks=[
            (x(year), str(year), "start" if x(year) < LEFT + 6 else "middle")
            for year in year_ticks(*span, most=int(right // 42))
        ],
        keyed=keyed,
        divisor=divisor,
    )
    points = [point for line in lines for point in line.points]
    flagged = [at(point) for point in points if point.flag in (Flag.ESTIMATE, Flag.PROVISIONAL)]
    chart.rings = "".join(f"M{a} {b}m-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z" for a, b in flagged)
    chart.disputed = [
        (round(a - 4, 1), round(b - 14, 1)) for a, b in (at(p) for p in points if p.status == Status.DISPUTED)
    ]
    chart.rule = _rule(lines, x)
    inks = _inks(lines, at, chart.rule)
    taken = [chart.rule.box] if chart.rule else []
    ends = [at(_last(line)) for line in lines]
    chart.labels = lettering.arrange(
        labels, ends, at_end, round(right + 3, 1), inks, taken, (0, 2, WIDTH, BASE - 2)
    )
    chart.grid = lettering.freest(
        [
            lettering.Label(0, x, chart.grid_y + dy, anchor, chart.grid.value)
            for dy in (-4, 12)
            for x, anchor in ((2, "start"), (right, "end"))
        ],
        inks,
        [label.box for label in chart.labels],
    )
    return chart


def amount(point: Point, divisor: int) -> str:
    return plain(round(point.value / divisor, 1) if divisor > 1 else point.value)


def _last(line: Line) -> Point:
    return (line.main or line.points)[-1]


def _label(line: Line, style: int, divisor: int, span: Span, keyed: bool) -> lettering.Label:
    last = _last(line)
    early = str(last.period.year) if last.period.year < floor(span[1]) else ""
    return lettering.Label(
        style, 0, 0, "start", amount(last, divisor), early, "" if keyed else str(line.scope)
    )


def _mark(style: int, x: float, y: float) -> str:
    if style == 1:
        return f"M{x} {y}m-3 -3h6v6h-6z"
    if style == 2:
        return f"M{x} {y}m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z"
    return f"M{x} {y}m-2.8 -2.8h5.6v5.6h-5.6z"


def _drawn(line: Line, style: int, at: Place) -> Drawn:
    drawn = Drawn(line, style)
    for one, other in pairwise(line.main):
        if other.flag == Flag.BREAK:
            continue
        (a, b), (c, d) = at(one), at(other)
        piece = f"M{a} {b}L{c} {d}"
        if position(other.period) - position(one.period) <= 1.01:
            drawn.solid += piece
        else:
            drawn.dotted += piece
    for point in line.points:
        if point.flag == Flag.PLAN:
            drawn.plans += _mark(2, *at(point))
        else:
            drawn.marks += _mark(style, *at(point))
    return drawn


def _rule(lines: Sequence[Line], x: Callable[[float], float]) -> Rule | None:
    """Where the count is made in another way: a wider scope begins, or a series takes the place of an ended one."""
    dated = sorted(
        ((line.main, line) for line in lines if line.main),
        key=lambda d: position(d[0][0].period),
    )
    for number, (points, line) in enumerate(dated):
        start = position(points[0].period)
        replaced = [
            (older, other)
            for older, other in dated[:number]
            if position(older[0].period) < start
            and _BREADTH[Extent(other.extent)] <= _BREADTH[Extent(line.extent)]
            and (
                position(older[-1].period) < start
                or (line.extent, other.extent) == (Extent.WHOLE, Extent.PART)
            )
        ]
        if len(points) < 2 or not replaced:
            continue
        before = max(at for older, _ in replaced for p in older if (at := position(p.period)) < start)
        place = x(max(start - 0.5, (before + start) / 2))
        surveys = {line.survey_key, *(other.survey_key for _, other in replaced)} - {""}
        text = _("survey changes") if len(surveys) > 1 else _("scope changes")
        leftward = place - LEFT > lettering.width(text) + 6
        return Rule(place, text, round(place + (-4 if leftward else 4), 1), "end" if leftward else "start")
    return None


def _inks(lines: Sequence[Line], at: Place, rule: Rule | None) -> list[tuple[float, float]]:
    """Points along everything drawn, which labels should not cover."""
    inks = [at(point) for line in lines for point in line.points]
    for line in lines:
        for (a, b), (c, d) in pairwise([at(point) for point in line.main]):
            inks += [(a + (c - a) * i / 12, b + (d - b) * i / 12) for i in range(1, 12)]
    return inks + ([(rule.x, TOP + step * 4) for step in range(38)] if rule else [])
