"""What the comparison says of institutions: place, role, and the programs they run, with those open now."""

import pytest
import time_machine

from tests import factories as make

from .served import document, page, values

pytestmark = pytest.mark.django_db

SECRET = "숨은표식"


@pytest.fixture
def pair():
    district = make.district(short_name_en="Pangyo", mark="square")
    return [make.institution(slug="one", district=district), make.institution(slug="two", kind="vc")]


def compared(client) -> dict:
    return document(client, "institutions", "one", "two")


def test_kind_district_and_role_stand_side_by_side(client, pair):
    data = compared(client)
    assert values(data, "kind") == ["Startup hub", "Venture capital"]
    assert values(data, "district") == [["Pangyo"], "not applicable"]
    html = page(client, "institutions", "one", "two")
    assert 'data-d="square"' in html.split('data-row="district"')[1].split("</td>")[0]
    assert "Confirmed" in html


@time_machine.travel("2026-06-10 12:00 +0900", tick=False)
def test_programs_are_counted_and_those_open_now_are_named_the_nearest_deadline_first(client, pair):
    for name, given in {
        "Closed": {"period_kind": "window", "closes_at": "2026-06-01T23:59:00+09:00"},
        "Later": {"period_kind": "window", "closes_at": "2026-07-01T23:59:00+09:00"},
        "Soon": {"period_kind": "window", "closes_at": "2026-06-12T23:59:00+09:00"},
    }.items():
        program = make.program(operator=pair[0], name_en=name)
        make.call(program=program, **given)
    data = compared(client)
    assert values(data, "programs") == [3, 0]
    assert values(data, "programs_open") == [
        ["Soon, closes 12 June 2026", "Later, closes 1 July 2026"],
        "none at the moment",
    ]
    html = page(client, "institutions", "one", "two")
    assert "D-2" in html and "#prog" in html


def test_nothing_unpublished_appears(client, pair):
    hidden = {"publication": "draft"}
    district = make.district(short_name_ko=SECRET, short_name_en=SECRET, **hidden)
    type(pair[1]).objects.filter(slug="two").update(district=district)
    make.call(program=make.program(operator=pair[0], name_ko=SECRET, name_en=SECRET, **hidden))
    make.call(program=make.program(operator=pair[0]), **hidden)
    source = make.source(title=SECRET, url="https://secret.example/", **hidden)
    pair[0].further_sources.add(source)
    data = compared(client)
    html = page(client, "institutions", "one", "two")
    assert SECRET not in html + str(data) and "secret.example" not in html + str(data)
    assert values(data, "district")[1] == "not applicable"
    assert values(data, "programs") == [1, 0]
    assert values(data, "programs_open") == ["none at the moment"] * 2
