"""What a district's lists hold by kind: the numbers that the lists themselves show, with a snapshot and without."""

import pytest
from django.http import QueryDict

from clusters.directory import mixes
from clusters.directory.registry import BY_NAME
from clusters.directory.selection import Selection
from clusters.directory.snapshot import Keeper
from clusters.models import District, version

from .world import NOW, World

pytestmark = pytest.mark.django_db


def test_each_number_is_that_of_the_list_it_leads_to(monkeypatch):
    world = World()
    for name in ("companies", "institutions", "programs"):
        world.fill(name)
    districts = list(District.objects.published())
    found = mixes.of_districts(districts, version.current(), "ko", NOW)
    compared = 0
    for slug in [district.slug for district in districts]:
        for name, (directory, parameter) in mixes.MIXES.items():
            mix = found[slug][name]
            listed = Selection(BY_NAME[directory], QueryDict(f"district={slug}"), NOW)
            assert mix.total == listed.total
            facet = next(facet for facet in listed.facets if facet.name == parameter)
            shown = {one.option.value: one.count for one in facet.options if one.count}
            assert mix.kinds == shown
            compared += len(shown)
    assert compared > 20
    monkeypatch.setattr(Keeper, "at", lambda *anything: None)
    assert mixes.of_districts(districts, 0, "ko", NOW) == found


def test_kinds_are_called_what_the_lists_call_them():
    World()
    label = mixes.labels(version.current(), "ko", NOW)
    assert label("technology", "llm") == "언어모델" and label("support", "grant") == "보조금"
