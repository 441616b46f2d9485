"""Owns distances, neighbors and places on the sketch map."""

import pytest

from clusters.compare import geo
from clusters.models import District

# Where the drawn map has its marks, and where the districts are.
MAP = {
    "yangjae": ((37.469, 127.033), (448.5, 277.5)),
    "seongsu": ((37.544, 127.056), (479.5, 149.5)),
    "gasan-guro": ((37.481, 126.883), (246.5, 256.5)),
    "sangam": ((37.579, 126.89), (256.5, 90.5)),
    "hongneung": ((37.596, 127.045), (465.5, 61.5)),
    "magok": ((37.56, 126.825), (168, 122)),
    "gangnam": ((37.504, 127.049), (470, 218)),
    "pangyo": ((37.402, 127.107), (549, 391)),
}
DISTRICTS = [
    District(pk=number, slug=slug, latitude=place[0], longitude=place[1])
    for number, (slug, (place, _)) in enumerate(MAP.items(), start=1)
]


@pytest.mark.parametrize("slug", MAP)
def test_the_map_places_districts_where_they_are_drawn(slug):
    place, (x, y) = MAP[slug]
    assert geo.project(*place) == (pytest.approx(x, abs=0.6), pytest.approx(y, abs=0.6))


@pytest.mark.parametrize("place", [(35.235, 126.855), (36.38, 127.37), (37.386, 126.639), (0, 0)])
def test_places_beyond_the_map_are_not_on_it(place):
    assert geo.project(*place) is None


def test_neighbors_are_the_others_nearest_first():
    gangnam = next(d for d in DISTRICTS if d.slug == "gangnam")
    found = geo.neighbors(gangnam, DISTRICTS)
    assert [n.district.slug for n in found][:2] == ["yangjae", "seongsu"]
    assert len(found) == len(DISTRICTS) - 1
    assert [n.km for n in found] == sorted(n.km for n in found)
    assert {n.district.slug: n.km for n in found}["pangyo"] == 12


def test_distance_is_the_same_both_ways():
    one, other = DISTRICTS[0], DISTRICTS[-1]
    assert geo.distance_km(one, other) == pytest.approx(geo.distance_km(other, one))
    assert geo.distance_km(one, one) == 0
