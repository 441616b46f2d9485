"""A list costs the same number of queries however many rows there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.directory.registry import DIRECTORIES

from .world import World

pytestmark = pytest.mark.django_db
NAMES = [directory.name for directory in DIRECTORIES]
# The most that a page, a CSV and a JSON file may need, the count for the site's masthead included.
MOST = {
    "districts": (6, 1, 2),
    "companies": (18, 5, 6),
    "institutions": (9, 2, 3),
    "programs": (19, 8, 9),
    "events": (12, 2, 3),
    "sources": (6, 1, 2),
}


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", NAMES)
def test_queries_do_not_grow_with_rows(client, name):
    world = World().fill(name)
    addresses = [f"{reverse(name + suffix)}?per_page=100" for suffix in ("", ".csv", ".json")]
    few = [queries(client, address) for address in addresses]
    world.fill(name)
    assert [queries(client, address) for address in addresses] == few
    assert all(number <= most for number, most in zip(few, MOST[name], strict=True)), few


def test_an_empty_list_asks_once_more_for_each_condition(client):
    World().fill("companies")
    query = "q=nothing-of-the-kind&district=pangyo&technology=llm&kind=large&stage=seed&status=confirmed"
    assert client.get(f"{reverse('companies')}?{query}").context["selection"].total == 0
    assert queries(client, f"{reverse('companies')}?{query}") <= 14 + 7 + 6


def test_filters_alone_cost_no_more_than_the_vocabularies_they_are_checked_against(client):
    World().fill("companies")
    plain = queries(client, reverse("companies.json"))
    assert (
        queries(client, f"{reverse('companies.json')}?district=pangyo&technology=llm&kind=large") <= plain + 2
    )


def test_search_across_directories_costs_a_fixed_number_of_queries(client):
    world = World().fill("companies")
    address = f"{reverse('search')}?q=a"
    few = queries(client, address)
    world.fill("companies")
    assert queries(client, address) == few <= 14
