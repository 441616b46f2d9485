"""A list costs the same few queries however many rows there are, once somebody has asked since the data changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.directory.registry import DIRECTORIES
from clusters.directory.snapshot import Keeper

from .world import World

pytestmark = pytest.mark.django_db
NAMES = [directory.name for directory in DIRECTORIES]
# The most that a file of all rows may need: the version of the data, and what its rows hold. A page of them, as HTML or
# JSON, is one of rows that were drawn before.
MOST_OF_A_FILE = {
    "districts": 3,
    "companies": 7,
    "institutions": 4,
    "programs": 10,
    "events": 4,
    "sources": 3,
}


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        assert answer.status_code == 200 and answer.getvalue()
    return len(captured)


@pytest.mark.parametrize("name", NAMES)
def test_queries_do_not_grow_with_rows(client, name):
    world = World().fill(name)
    addresses = [f"{reverse(name + suffix)}?per_page=100" for suffix in ("", ".csv", ".json")]
    few = [queries(client, address) for address in addresses]
    world.fill(name)
    assert [queries(client, address) for address in addresses] == few
    assert few[0] == few[2] == 1 and few[1] <= MOST_OF_A_FILE[name], few


def test_filters_cost_no_query_and_a_search_one(client):
    World().fill("companies")
    query = "district=pangyo&technology=llm&kind=large&stage=seed&status=confirmed"
    assert queries(client, f"{reverse('companies')}?{query}") == 1
    assert (
        queries(client, f"{reverse('companies')}?{query}&q=nothing-of-the-kind") <= 5
    )  # in four ways, then what comes near


def test_without_a_snapshot_a_list_still_costs_a_fixed_number_of_queries(client, monkeypatch):
    monkeypatch.setattr(Keeper, "at", lambda *anything: None)
    world = World().fill("companies")
    few = queries(client, f"{reverse('companies')}?per_page=100")
    world.fill("companies")
    assert queries(client, f"{reverse('companies')}?per_page=100") == few <= 23


def test_search_across_directories_costs_a_fixed_number_of_queries(client):
    world = World().fill("companies")
    address = f"{reverse('search')}?q=a"
    few = queries(client, address)
    world.fill("companies")
    assert queries(client, address) == few <= 15


@pytest.mark.parametrize("suffix", [".csv", ".ndjson", ".xlsx"])
def test_a_file_that_somebody_took_already_costs_one_query(client, suffix):
    World().fill("companies")
    address = reverse("companies.csv").replace(".csv", suffix)
    whole = client.get(address).getvalue()
    client.get(f"{address}?sort=-founded").getvalue()
    assert queries(client, address) == queries(client, f"{address}?sort=-founded") == 1
    assert client.get(address).getvalue() == whole
