"""Where districts lie: distances between their centers, neighbors, and places on the sketch map."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from clusters.models import District

EARTH_RADIUS_KM = 6371.0088

MAP_WIDTH, MAP_HEIGHT = 690, 456
_MARGIN = 12  # half of the largest mark, so that no mark is cut off
# Equirectangular at 37.5 degrees north, fitted to the eight marks of the drawn map; off by half a unit at most.
_X_PER_DEGREE, _X_AT_0 = 1348.791, -170892.15
_Y_PER_DEGREE, _Y_AT_0 = -1699.612, 63959.95


@dataclass(frozen=True)
class Neighbor:
    """Another district and how far its center lies: whole kilometers, for the centers are approximate."""

    district: District
    km: int


def distance_km(one: District, other: District) -> float:
    """Kilometers between two centers as the crow flies."""
    north = radians(other.latitude - one.latitude)
    east = radians(other.longitude - one.longitude)
    chord = (
        sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def neighbors(district: District, districts: Iterable[District]) -> list[Neighbor]:
    """The other districts, nearest first."""
    others = [
        (distance_km(district, other), other.slug, other) for other in districts if other.pk != district.pk
    ]
    return [
        Neighbor(other, max(1, round(km))) for km, _, other in sorted(others, key=lambda found: found[:2])
    ]


def project(latitude: float, longitude: float) -> tuple[float, float] | None:
    """A place on the sketch map of the capital area, in units of its view box; None when it lies outside."""
    x = _X_PER_DEGREE * longitude + _X_AT_0
    y = _Y_PER_DEGREE * latitude + _Y_AT_0
    inside = _MARGIN <= x <= MAP_WIDTH - _MARGIN and _MARGIN <= y <= MAP_HEIGHT - _MARGIN
    return (round(x, 1), round(y, 1)) if inside else None
