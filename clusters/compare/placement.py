"""Where the marks and names of districts go on the sketch map, so that none covers another."""

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.models import District

from .geo import project

WIDTH, HEIGHT = 690, 456
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    """A district on the map: everything its drawing needs, in the units of the map."""

    district: District
    x: float
    y: float
    anchor: str  # "start" when the name stands right of the mark, "end" when left

    @property
    def size(self) -> int:
        return 24 if self.district.featured else 15

    @property
    def mark_x(self) -> float:
        return round(self.x - self.size / 2, 1)

    @property
    def mark_y(self) -> float:
        return round(self.y - self.size / 2, 1)

    @property
    def text_x(self) -> float:
        away = self.size / 2 + (12 if self.district.featured else 7)
        return round(self.x + away if self.anchor == "start" else self.x - away, 1)

    @property
    def text_y(self) -> float:
        return round(self.y + (4 if self.district.featured else 5), 1)

    @property
    def role_y(self) -> float:
        return round(self.y + 23, 1)

    @property
    def hit_width(self) -> int:
        return 190 if self.district.featured else 100

    @property
    def hit_x(self) -> float:
        return round(self.x - 18 if self.anchor == "start" else self.x + 18 - self.hit_width, 1)

    @property
    def hit_y(self) -> float:
        return round(self.y - 25, 1)

    @property
    def box(self) -> Box:
        return (self.hit_x, self.hit_y, self.hit_x + self.hit_width, self.hit_y + 50)


def _overlap(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0


def _outside(box: Box) -> float:
    return max(0, -box[0]) + max(0, box[2] - WIDTH)


def placed(districts: Sequence[District]) -> tuple[list[Spot], list[District]]:
    """The districts on the map, each name on its freer side; and those that lie beyond the map."""
    points = [(district, project(district.latitude, district.longitude)) for district in districts]
    inside = [(district, point) for district, point in points if point is not None]
    inside.sort(key=lambda pair: not pair[0].featured)
    marks: list[Box] = [(x - 12, y - 12, x + 12, y + 12) for _, (x, y) in inside]
    spots: list[Spot] = []
    for number, (district, (x, y)) in enumerate(inside):
        others = [box for other, box in enumerate(marks) if other != number]
        choices = [Spot(district, x, y, anchor) for anchor in ("start", "end")]
        spots.append(
            min(
                choices,
                key=lambda spot: (
                    _outside(spot.box) * 100
                    + sum(_overlap(spot.box, box) * 4 for box in others)
                    + sum(_overlap(spot.box, done.box) for done in spots)
                ),
            )
        )
    return spots, [district for district, point in points if point is None]
