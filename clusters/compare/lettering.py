"""Where the words of a chart go: labels at the ends of lines that cover neither each other nor the lines."""

from collections.abc import Sequence
from dataclasses import dataclass

LINE = 13.5  # from one line of text to the next
LONGEST = 86  # a longer name of a series goes below the chart, into its key
Box = tuple[float, float, float, float]


@dataclass
class Label:
    """A value, its year where the series stops early, and the name of the series below it."""

    style: int
    x: float
    y: float  # of the value's baseline
    anchor: str
    value: str
    year: str = ""
    name: str = ""

    @property
    def name_y(self) -> float:
        return round(self.y + LINE, 1)

    @property
    def width(self) -> float:
        value = width(self.value, bold=True) + (width(" " + self.year) if self.year else 0)
        return max(value, width(self.name, bold=True))

    @property
    def height(self) -> float:
        return LINE * 2 if self.name else LINE

    @property
    def box(self) -> Box:
        left = self.x - self.width if self.anchor == "end" else self.x
        return (left, self.y - 10, left + self.width, self.y - 10 + self.height)


def width(text: str, bold: bool = False) -> float:
    """About how wide a text is at 11.5 units: Hangul is square, Latin and digits are half as wide."""
    units = sum(
        10.8 if ord(character) > 0x2E80 else 3.6 if character in " .,:;'|il·()" else 6.7 for character in text
    )
    return units * (1.05 if bold else 1)


def overlap(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0


def push_apart(labels: Sequence[Label], top: float, bottom: float) -> None:
    """Move labels of one column up and down until none covers another, keeping their order."""
    ordered = sorted(labels, key=lambda label: label.y)
    for above, label in zip([None, *ordered], ordered, strict=False):
        least = top if above is None else above.y + above.height
        label.y = round(max(label.y, least), 1)
    limit = bottom
    for label in reversed(ordered):
        limit -= label.height
        label.y = round(min(label.y, limit + LINE), 1)
        limit = label.y - LINE


def near_each_other(labels: Sequence[Label]) -> list[list[Label]]:
    """Labels in groups whose points lie nearly above one another."""
    groups: list[list[Label]] = []
    for label in sorted(labels, key=lambda label: label.x):
        if groups and label.x - groups[-1][0].x < 14:
            groups[-1].append(label)
        else:
            groups.append([label])
    return groups


def beside(label: Label, inks: Sequence[tuple[float, float]], taken: Sequence[Box], area: Box) -> Label:
    """The label near its point where it covers the least: right of it, else below, above or left."""
    x, y = label.x, label.y
    spots = [
        (x + 9, y + 4, "start"),
        (x - 6, y + 18, "end"),
        (x - 6, y - label.height + 2, "end"),
        (x + 6, y + 18, "start"),
        (x + 6, y - label.height + 2, "start"),
        (x - 9, y + 4, "end"),
    ]
    choices = [
        Label(label.style, round(a, 1), round(b, 1), anchor, label.value, label.year, label.name)
        for a, b, anchor in spots
    ]
    return freest(choices, inks, taken, area)


def freest(
    choices: Sequence[Label],
    inks: Sequence[tuple[float, float]],
    taken: Sequence[Box],
    area: Box = (-999, -999, 999, 999),
) -> Label:
    """The first of the places that covers the least of what is drawn and written."""

    def cost(choice: Label) -> float:
        left, top, right, bottom = choice.box
        outside = (
            max(0, area[0] - left)
            + max(0, right - area[2])
            + max(0, area[1] - top)
            + max(0, bottom - area[3])
        )
        covered = sum(left - 2 < a < right + 2 and top - 2 < b < bottom + 2 for a, b in inks)
        return outside * 100 + covered * 20 + sum(overlap(choice.box, box) for box in taken)

    return min(choices, key=cost)


def arrange(
    labels: Sequence[Label],
    ends: Sequence[tuple[float, float]],
    at_end: Sequence[bool],
    column_x: float,
    inks: Sequence[tuple[float, float]],
    taken: Sequence[Box],
    area: Box,
) -> list[Label]:
    """Labels in a column where their line reaches the end of the axis, the others beside their last point."""
    column: list[Label] = []
    others: list[Label] = []
    boxes = list(taken)
    for label, (x, y), reaches in zip(labels, ends, at_end, strict=True):
        label.x, label.y = (column_x, y + (-1 if label.name else 4)) if reaches else (x, y)
        (column if reaches else others).append(label)
    push_apart(column, top=11, bottom=area[3] - 2)
    boxes += [label.box for label in column]
    placed = list(column)
    for group in near_each_other(others):
        left = round(group[0].x + 9, 1)
        if len(group) > 1 and left + max(label.width for label in group) <= area[2]:
            for label in group:
                label.x, label.y = left, label.y + 3
            push_apart(group, top=11, bottom=area[3] - 2)
        else:
            for number, label in enumerate(group):
                group[number] = beside(label, inks, boxes, area)
                boxes.append(group[number].box)
        placed += group
        boxes += [label.box for label in group]
    return placed
