"""Where Korea lies, and what may stand as a district's outline: a GeoJSON (RFC 7946) Polygon or MultiPolygon in it."""

import math

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LATITUDE = (33.0, 39.0)
LONGITUDE = (124.5, 132.0)
MOST_POSITIONS = 20_000


def check_outline(value) -> None:
    """Raises ValidationError, saying where, unless `value` is an outline: longitude first, rings closed."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValidationError(_("Enter a GeoJSON geometry of the type Polygon or MultiPolygon."))
    polygons = value.get("coordinates")
    if kind == "Polygon":
        polygons = [polygons]
    if not _filled(polygons) or not all(_filled(polygon) for polygon in polygons):
        raise ValidationError(_("The outline has no coordinates."))
    positions = 0
    for number, ring in enumerate((ring for polygon in polygons for ring in polygon), 1):
        positions += len(ring) if isinstance(ring, list) else 0
        if positions > MOST_POSITIONS:
            raise ValidationError(
                _("The outline has more than %(most)d points. Simplify it first."),
                params={"most": MOST_POSITIONS},
            )
        _check_ring(ring, number)


def _check_ring(ring, number: int) -> None:
    if not _filled(ring) or len(ring) < 4 or ring[0] != ring[-1]:
        raise ValidationError(
            _("Ring %(number)d is not closed: it needs four points or more, the last equal to the first."),
            params={"number": number},
        )
    for place, position in enumerate(ring, 1):
        if not _in_korea(position):
            raise ValidationError(
                _("Ring %(number)d, point %(place)d: not a longitude and latitude in Korea."),
                params={"number": number, "place": place},
            )


def _filled(value) -> bool:
    return isinstance(value, list) and bool(value)


def _in_korea(position) -> bool:
    if not isinstance(position, list) or len(position) not in (2, 3):
        return False
    if not all(type(number) in (int, float) and math.isfinite(number) for number in position):
        return False
    return LONGITUDE[0] <= position[0] <= LONGITUDE[1] and LATITUDE[0] <= position[1] <= LATITUDE[1]
