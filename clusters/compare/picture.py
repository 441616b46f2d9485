"""A comparison as one picture for slides and messages: its names, a few of its rows, and what must be known of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import fitting, wording
from .cells import Cell, Group, Matrix, Row
from .kinds import Kind
from .marks import COLORS, SHAPES

WIDTH, HEIGHT, EDGE = 1200, 630, 48
LABELS, GUTTER = 262, 22  # the column of labels, and between columns
MOST_ROWS = 6
SMALL = 18  # the smallest words, which are still read at half the size
STEP = 23  # from one line of them to the next
INK, INK2, WARN = "#17191c", "#474d54", "#8a4b00"
# What is shown of each kind, the most telling first; of districts also their figures.
CHOSEN = {
    "districts": ("companies_confirmed", "institutions", "programs_bound"),
    "companies": ("funding_total", "kind", "stage", "founded", "technologies", "funding_rounds"),
    "institutions": ("kind", "district", "programs", "role", "status"),
    "programs": ("deadline", "operator", "budget", "support_kinds", "coverage", "awards"),
}


@dataclass(frozen=True)
class Text:
    x: float
    y: float  # of the baseline
    words: str
    size: int = SMALL
    color: str = INK2
    is_bold: bool = False
    lang: str = ""  # where it is not that of the picture

    @property
    def right(self) -> float:
        return self.x + fitting.width(self.words, self.size, self.is_bold)


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    room: float
    length: float
    color: str


@dataclass(frozen=True)
class Shape:
    x: float
    y: float
    path: str
    color: str


@dataclass
class Picture:
    """All that is drawn, with its places; `title` and `description` say it in words."""

    title: str
    address: str
    description: str = ""
    texts: list[Text] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)  # where lines run across
    links: list[Text] = field(default_factory=list)  # the address

    @property
    def size(self) -> tuple[int, int]:
        return WIDTH, HEIGHT


@dataclass(frozen=True)
class About:
    """What stands around the rows."""

    title: str
    site: str
    day: str
    address: str


def draw(matrix: Matrix, kind: Kind, about: About) -> Picture:
    made = Picture(about.title, about.address)
    room = WIDTH - 2 * EDGE
    title = about.title
    if matrix.tables and fitting.width(title, 34, bold=True) > room:  # the names stand below it anyway
        title = matrix.tables[0].title
    title = fitting.fitted(title, room, 34, bold=True)
    made.texts.append(Text(EDGE, 66, title, 34, INK, is_bold=True))
    top = _heads(made, matrix.records, kind)
    shown = _shown(matrix, kind)
    address = fitting.wrapped(about.address, room, SMALL, most=3)
    bottom = HEIGHT - 34 - STEP * (len(address) + 1)  # what stands below the rows begins there
    kept: dict[int, _Row] = {}  # by their place in the comparison
    y = top
    for place, group, row in shown:
        drawn = _Row(row, group, matrix.records)
        if y + drawn.height <= bottom and len(kept) < MOST_ROWS:
            kept[place] = drawn
            y += drawn.height
    y = top
    for _place, drawn in sorted(kept.items()):
        drawn.place(made, y)
        y += drawn.height
    rows = [drawn.row for _place, drawn in sorted(kept.items())]
    if not rows:
        made.texts.append(Text(EDGE, top + 46, str(kind.words.no_difference), 22, INK))
    _foot(made, matrix, rows, about, address, bottom)
    made.description = " ".join(_in_words(matrix, kind, rows, about))
    return made


# ---- which rows -----------------------------------------------------------------------------------------


def _shown(matrix: Matrix, kind: Kind) -> list[tuple[int, Group, Row]]:
    """The rows that may be shown, those to be shown first at the front, each with its place in the comparison."""
    known = [
        (place, group, row)
        for place, (table, group, row) in enumerate(matrix.rows())
        if table.key == "facts" and not row.folded and sum(not cell.gap for cell in row.cells) > 1
    ]
    figures = [one for one in known if one[2].form == "figure"]
    # Most bars first.
    alike = sorted((one for one in figures if _bars(one[2])), key=lambda one: -_bars(one[2]))
    apart = [one for one in figures if not _bars(one[2])]
    by_key = {one[2].key: one for one in known}
    chosen = [by_key[key] for key in CHOSEN[kind.name] if key in by_key]
    # One of each in turn, so that neither what can be compared nor what cannot is all that a picture shows.
    return [one for one in chain.from_iterable(zip_longest(alike, apart, chosen)) if one is not None]


def _bars(row: Row) -> int:
    return sum(cell.bar is not None for cell in row.cells)


# ---- places -----------------------------------------------------------------------------------------------


def _columns(number: int) -> tuple[list[float], float]:
    """Where the columns begin, and how much room each has for words."""
    left = EDGE + LABELS
    whole = (WIDTH - EDGE - left + GUTTER) / number
    return [round(left + place * whole, 1) for place in range(number)], whole - GUTTER


def _color(record: Any) -> str:
    return COLORS[record.mark] if getattr(record, "mark", "") else INK


def _heads(made: Picture, records: Sequence[Any], kind: Kind) -> float:
    """The names with their marks; gives back where they end."""
    starts, room = _columns(len(records))
    most = 1
    for x, record in zip(starts, records, strict=True):
        name, indent = getattr(record, kind.heading), 0
        if mark := getattr(record, "mark", ""):
            indent = 30
            made.shapes.append(Shape(x, 97, SHAPES[mark], _color(record)))
        lines = fitting.wrapped(str(name), room - indent, 24, most=3, bold=True)
        most = max(most, len(lines))
        for number, line in enumerate(lines):
            y = 116 + number * 28
            made.texts.append(Text(x + indent, y, line, 24, INK, is_bold=True, lang=wording.language(name)))
    end = 132 + (most - 1) * 28
    made.rules.append(end)
    return end


class _Row:
    """One row with the lines of its words, before it has a place."""

    def __init__(self, row: Row, group: Group, records: Sequence[Any]) -> None:
        self.row, self.records = row, records
        self.starts, self.room = _columns(len(records))
        note = f"{group.title}. {row.sub}" if group.key == "listed" and row.sub else str(row.sub)
        room = LABELS - GUTTER
        self.label = fitting.wrapped(str(row.label), room, 20, most=3, bold=True)
        self.note = fitting.wrapped(note, room, SMALL, most=2)
        self.cells = [self._lines(cell) for cell in row.cells]
        across = WIDTH - EDGE - self.starts[0]
        self.why = fitting.wrapped(row.why, across, SMALL, most=4)
        self.has_bars = any(cell.bar is not None for cell in row.cells)

    def _lines(self, cell: Cell) -> tuple[list[str], list[str]]:
        value, below = wording.cell(self.row, cell)
        is_figure = _is_figure(cell)
        size = 24 if is_figure else 20
        return (
            fitting.wrapped(value, self.room, size, most=3 if is_figure else 2, bold=is_figure),
            fitting.wrapped(below, self.room, SMALL, most=3),
        )

    @property
    def _values(self) -> int:
        return max(len(value) for value, _below in self.cells)

    @property
    def _of_cells(self) -> float:
        below = max(len(below) for _value, below in self.cells)
        return self._values * 28 + (14 if self.has_bars else 0) + below * STEP

    @property
    def _above_why(self) -> float:
        return 10 + max(len(self.label) * 25 + len(self.note) * STEP, self._of_cells)

    @property
    def height(self) -> float:
        return self._above_why + (len(self.why) * STEP + 6 if self.why else 0) + 10

    def place(self, made: Picture, top: float) -> None:
        y = top + 32
        for line in self.label:
            made.texts.append(
                Text(EDGE, y, line, 20, INK, is_bold=True, lang=wording.language(self.row.label))
            )
            y += 25
        for line in self.note:
            made.texts.append(Text(EDGE, y, line))
            y += STEP
        for x, cell, record, (value, below) in zip(
            self.starts, self.row.cells, self.records, self.cells, strict=True
        ):
            self._place(made, x, top + 32, cell, record, value, below)
        y = top + self._above_why + 24
        for line in self.why:
            made.texts.append(Text(self.starts[0], y, line, color=WARN))
            y += STEP
        made.rules.append(top + self.height)

    def _place(
        self, made: Picture, x: float, top: float, cell: Cell, record: Any, value: list[str], below: list[str]
    ) -> None:
        is_figure, y = _is_figure(cell), top
        size, color = (24 if is_figure else 20), (INK2 if cell.gap else INK)
        for line in value:
            made.texts.append(Text(x, y, line, size, color, is_figure, wording.language(cell.text)))
            y += 28
        if self.has_bars:  # all at one height
            y = top + self._values * 28
            if cell.bar is not None:
                length = round(self.room * float(cell.bar) / 100, 1)
                made.bars.append(Bar(x, y - 18, round(self.room, 1), length, _color(record)))
            y += 14
        for line in below:
            made.texts.append(Text(x, y - 4, line))
            y += STEP


def _is_figure(cell: Cell) -> bool:
    return not cell.gap and (cell.placed is not None or cell.number is not None)


# ---- around them ------------------------------------------------------------------------------------------


def _foot(
    made: Picture, matrix: Matrix, rows: Sequence[Row], about: About, address: Sequence[str], top: float
) -> None:
    room, y = WIDTH - 2 * EDGE, top + 26
    all_rows = sum(table.key == "facts" for table, _group, _row in matrix.rows())
    state = _("%(site)s, as of %(day)s. %(shown)s of %(all)s rows.") % {
        "site": about.site,
        "day": about.day,
        "shown": len(rows),
        "all": all_rows,
    }
    left = room - fitting.width(state + " ", SMALL)
    made.texts.append(Text(EDGE, y, f"{state} {_sources(rows, left)}".rstrip()))
    for number, line in enumerate(address, start=1):
        made.links.append(Text(EDGE, y + number * STEP, line))


def _sources(rows: Sequence[Row], room: float) -> str:
    """Who says so: as many publishers as there is room for, and how many more."""
    names = list(
        dict.fromkeys(name for row in rows for cell in row.cells for name in wording.publishers(cell))
    )
    for number in range(len(names), -1, -1):
        rest = len(names) - number
        more = ngettext("%(count)d more", "%(count)d more", rest) % {"count": rest} if rest else ""
        told = _("Sources: %(names)s") % {"names": "; ".join([*names[:number], *filter(None, [more])])}
        if names and fitting.width(told, SMALL) <= room:
            return told
    return ""


def _in_words(matrix: Matrix, kind: Kind, rows: Sequence[Row], about: About) -> Iterator[str]:
    """The picture for those who do not see it."""
    for row in rows:
        told = []
        for record, cell in zip(matrix.records, row.cells, strict=True):
            value, below = wording.cell(row, cell)
            told.append(f"{kind.name_of(record)} {value}" + (f" ({below})" if below else ""))
        label = f"{row.label} ({row.sub})" if row.sub else str(row.label)
        yield f"{label}: {'; '.join(told)}."
        if row.why:
            yield row.why
    yield _("State of %(day)s.") % {"day": about.day}
