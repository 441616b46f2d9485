"""The outline of a district is a closed GeoJSON shape in Korea, or the form says where it is not."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from tests import factories

SQUARE = [[127.0, 37.0], [127.1, 37.0], [127.1, 37.1], [127.0, 37.0]]
OFF_KOREA = [[127.0, 37.0], [37.0, 127.0], [127.1, 37.1], [127.0, 37.0]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "outline",
    [
        None,
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE, SQUARE]]},
    ],
)
def test_outlines_that_may_stand(outline):
    district = factories.district()
    district.outline = outline
    district.full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outline", "said"),
    [
        ("text", "of the type Polygon or MultiPolygon"),
        ({"type": "Point", "coordinates": [127.0, 37.0]}, "of the type Polygon or MultiPolygon"),
        ({"type": ["Polygon"]}, "of the type Polygon or MultiPolygon"),
        ({"type": "Polygon"}, "no coordinates"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "no coordinates"),
        ({"type": "Polygon", "coordinates": [SQUARE[:3]]}, "Ring 1 is not closed"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], 7]}, "no coordinates"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [[7]]]}, "Ring 2 is not closed"),
        ({"type": "Polygon", "coordinates": [OFF_KOREA]}, "Ring 1, point 2"),
        ({"type": "Polygon", "coordinates": [["a", "b", "c", "a"]]}, "Ring 1, point 1"),
        ({"type": "Polygon", "coordinates": [[[True, 37.0]] * 4]}, "Ring 1, point 1"),
        ({"type": "Polygon", "coordinates": [[SQUARE[0]] * 20_001]}, "more than 20000 points"),
    ],
)
def test_outlines_that_are_refused(outline, said):
    district = factories.district()
    district.outline = outline
    with translation.override("en"):
        with pytest.raises(ValidationError) as refused:
            district.full_clean()
        assert said in str(refused.value.message_dict["outline"])
