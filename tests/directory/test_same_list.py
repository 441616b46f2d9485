"""Page, CSV and JSON list the same rows in the same order, and every count is what plain Python counts."""

import csv
import io
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.directory.registry import BY_NAME, DIRECTORIES
from clusters.directory.selection import Selection

from . import naive
from .world import NOW, World

pytestmark = pytest.mark.django_db
NAMES = [directory.name for directory in DIRECTORIES]
WORDS = ["판교", "비전", "가", "alpha", "100%", "_", "a b", "언어모델", "없는말", "서울", "beta 2025"]


def options_of(name: str) -> dict[str, list[str]]:
    directory = BY_NAME[name]
    filters = directory.filters(QueryDict(), now=NOW)
    return {facet.name: list(facet.options) for facet in filters.facets}


def choices(name: str):
    """Random values of at most two facets, so that something is left to list, and perhaps a search."""
    options = {facet: values for facet, values in options_of(name).items() if values}
    some = st.lists(st.sampled_from(list(options)), max_size=2, unique=True).flatmap(
        lambda facets: st.fixed_dictionaries(
            {
                facet: st.lists(st.sampled_from(options[facet]), min_size=1, max_size=2, unique=True)
                for facet in facets
            }
        )
    )
    text = st.sampled_from(["", "", "", *WORDS])
    return st.tuples(some, text).map(lambda pair: {**pair[0], "q": pair[1]} if pair[1] else pair[0])


def queries(name: str):
    """Random choices with an order, a length of page and a language."""
    sorts = [code for sort in BY_NAME[name].table.sorts() for code in (sort, f"-{sort}")]
    return st.fixed_dictionaries(
        {
            "chosen": choices(name),
            "sort": st.sampled_from(["", "", *sorts]),
            "per_page": st.sampled_from(["", "5", "100"]),
            "language": st.sampled_from(["ko", "en"]),
        }
    )


def rows_of_pages(client, address: str) -> tuple[list[str], int]:
    """The slugs of a list, page after page as a reader would turn them, and the total."""
    slugs, total = [], None
    while address:
        html = client.get(address).content.decode()
        assert total in (None, int(re.search(r'id="results" data-total="(\d+)"', html)[1]))
        total = int(re.search(r'id="results" data-total="(\d+)"', html)[1])
        slugs += re.findall(r'<tr data-slug="([^"]+)"', html)
        following = re.search(r'<a href="([^"]+)" rel="next"', html)
        address = following[1].replace("&amp;", "&") if following else ""
    return slugs, total


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
    text = client.get(address).getvalue().decode()
    assert text.startswith("\ufeff")
    return [row["slug"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


@pytest.mark.parametrize("name", NAMES)
def test_page_csv_and_json_list_the_same(client, name):
    World().fill(name)

    @settings(max_examples=10, deadline=None)
    @given(queries(name))
    def same(asked):
        parameters = {**asked["chosen"], "sort": asked["sort"], "per_page": asked["per_page"]}
        query = urlencode({key: value for key, value in parameters.items() if value}, doseq=True)
        with translation.override(asked["language"]):
            page, as_json, as_csv = (f"{reverse(name + suffix)}?{query}" for suffix in ("", ".json", ".csv"))
        slugs, total = rows_of_pages(client, page)
        assert (slugs, total) == rows_of_json(client, as_json)
        assert slugs == rows_of_csv(client, as_csv)
        assert len(slugs) == len(set(slugs)) == total

    with time_machine.travel(NOW, tick=False):
        same()


@pytest.mark.parametrize("name", NAMES)
def test_rows_and_counts_are_those_of_plain_python(name):
    World().fill(name)
    naive.public_districts.cache_clear()
    directory, fits = BY_NAME[name], naive.FITS[name]
    public = [
        one for one in directory.model.objects.prefetch_related(*naive.RELATED[name]) if naive.is_public(one)
    ]

    @settings(max_examples=25, deadline=None)
    @given(choices(name))
    def right(chosen):
        selection = Selection(directory, QueryDict(urlencode(chosen, doseq=True)), NOW)
        assert selection.chosen == chosen
        fitting = {one.slug for one in public if fits(one, chosen)}
        assert {one.slug for one in selection.queryset} == fitting
        assert selection.total == len(fitting)
        for facet in selection.facets:
            for one in facet.options:
                alone = {**chosen, facet.name: [one.option.value]}
                assert one.count == sum(fits(record, alone) for record in public), alone

    right()


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_the_counts_of_the_selection(client, name):
    World().fill(name)
    with time_machine.travel(NOW, tick=False):
        answer = client.get(f"{reverse(name)}?q=a")
    shown = dict(re.findall(r'data-facet="([^"]+)" data-count="(\d+)"', answer.content.decode()))
    facets = answer.context["selection"].facets
    assert shown == {
        f"{facet.name}:{one.option.value}": str(one.count) for facet in facets for one in facet.options
    }
