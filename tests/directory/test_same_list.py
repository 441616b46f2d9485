"""Page, CSV and JSON list the same rows in the same order, and every count is what plain Python counts."""

import csv
import io
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters.directory.registry import BY_NAME, DIRECTORIES

from . import naive
from .world import NOW, World

pytestmark = pytest.mark.django_db
WORDS = ["판교", "비전", "가", "alpha", "100%", "_", "a b", "언어모델", "없는말", "서울", "beta 2025"]


def options_of(name: str) -> dict[str, list[str]]:
    directory = BY_NAME[name]
    from django.http import QueryDict

    filters = directory.filters(QueryDict(), search_fields=directory.search, now=NOW)
    return {facet.name: list(facet.options) for facet in filters.facets}


def queries(name: str):
    """Random choices in random fields, an order, and a length of page."""
    fields = {
        facet: st.lists(st.sampled_from(values), max_size=2, unique=True)
        for facet, values in options_of(name).items()
        if values
    }
    sorts = [code for sort in BY_NAME[name].table.sorts() for code in (sort, f"-{sort}")]
    return st.fixed_dictionaries(
        {
            "choices": st.fixed_dictionaries({}, optional=fields),
            "q": st.one_of(st.just(""), st.sampled_from(WORDS)),
            "sort": st.sampled_from(["", "", *sorts]),
            "per_page": st.sampled_from(["", "5", "100"]),
            "language": st.sampled_from(["ko", "en"]),
        }
    )


def rows_of_pages(client, address: str) -> tuple[list[str], int, str]:
    """The slugs of a list, page after page as a reader would turn them; the total; the first page."""
    slugs, first, total = [], "", None
    while address:
        html = client.get(address).content.decode()
        first = first or html
        assert total in (None, int(re.search(r'id="results" data-total="(\d+)"', html)[1]))
        total = int(re.search(r'id="results" data-total="(\d+)"', html)[1])
        slugs += re.findall(r'<tr data-slug="([^"]+)"', html)
        following = re.search(r'<a href="([^"]+)" rel="next"', html)
        address = following[1].replace("&amp;", "&") if following else ""
    return slugs, total, first


def rows_of_json(client, address: str) -> tuple[list[str], int]:
    slugs, count = [], None
    while address:
        data = client.get(address).json()
        assert count in (None, data["count"])
        count = data["count"]
        slugs += [row["slug"] for row in data["results"]]
        address = data["next"]
    return slugs, count


def rows_of_csv(client, address: str) -> list[str]:
    text = client.get(address).content.decode()
    assert text.startswith("\ufeff")
    return [row["slug"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


@pytest.mark.parametrize("name", [directory.name for directory in DIRECTORIES])
def test_page_csv_and_json_list_the_same(client, name):
    World().fill(name)
    model, fits = BY_NAME[name].model, naive.FITS[name]
    public = [one for one in model.objects.prefetch_related(*naive.RELATED[name]) if naive.is_public(one)]

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(queries(name))
    def same(asked):
        chosen = {facet: values for facet, values in asked["choices"].items() if values}
        if asked["q"]:
            chosen["q"] = asked["q"]
        given_parameters = {**chosen, "sort": asked["sort"], "per_page": asked["per_page"]}
        query = urlencode({key: value for key, value in given_parameters.items() if value}, doseq=True)
        with translation.override(asked["language"]):
            addresses = [f"{reverse(name + suffix)}?{query}" for suffix in ("", ".json", ".csv")]
        slugs, total, html = rows_of_pages(client, addresses[0])
        assert (slugs, total) == rows_of_json(client, addresses[1])
        assert slugs == rows_of_csv(client, addresses[2])
        assert len(slugs) == len(set(slugs)) == total
        assert set(slugs) == {one.slug for one in public if fits(one, chosen)}

        counts = dict(re.findall(r'data-facet="([^"]+)" data-count="(\d+)"', html))
        for facet, values in options_of(name).items():
            for value in values:
                alone = {**chosen, facet: [value]}
                assert int(counts.pop(f"{facet}:{value}")) == sum(fits(one, alone) for one in public), alone
        assert not counts

    with time_machine.travel(NOW, tick=False):
        same()
