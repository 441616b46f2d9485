"""What is read at once for many records is what Django reads for each, in the same order, in a fixed number of queries."""

import pytest
from django.db import connection
from django.db.models import Model, QuerySet
from django.test.utils import CaptureQueriesContext

from clusters.directory import reading
from clusters.directory.registry import DIRECTORIES
from clusters.models import statistics
from tests import factories

from .world import World

pytestmark = pytest.mark.django_db


def told(value, depth: int = 3):
    """A record with everything that was read of it, as plain values."""
    if isinstance(value, list | tuple | QuerySet):
        return [told(one, depth) for one in value]
    if not isinstance(value, Model) or not depth:
        return str(value)
    fields = {f.attname: getattr(value, f.attname) for f in value._meta.concrete_fields}
    parts = {
        **value._state.fields_cache,
        **value.__dict__.get("_prefetched_objects_cache", {}),
        **{name: one for name, one in value.__dict__.items() if name.startswith("public_")},
    }
    return fields, {name: told(one, depth - 1) for name, one in sorted(parts.items())}


@pytest.mark.parametrize("directory", DIRECTORIES, ids=lambda one: one.name)
def test_it_reads_what_django_reads(directory, monkeypatch):
    world = World()
    for _round in range(2):
        world.fill(directory.name)
    rows = directory.rows(directory.model.objects.published()).order_by("pk")
    expected = told(list(rows))
    assert expected
    assert told(reading.Reading().records(rows)) == expected
    monkeypatch.setattr(reading, "KEPT", 1)
    forgetful = reading.Reading()
    assert [told(forgetful.records(rows)) for _time in range(2)] == [expected, expected]


def test_what_records_share_is_read_once():
    world = World().fill("companies")
    companies = next(one for one in DIRECTORIES if one.name == "companies")
    rows = companies.rows(companies.model.objects.published())
    reader = reading.Reading()
    with CaptureQueriesContext(connection) as first:
        reader.records(rows)
    world.fill("companies")
    with CaptureQueriesContext(connection) as second:
        found = reader.records(rows.all())
    assert len(second) <= 5 < len(first) <= 12
    offices = [office for company in found for office in company.public_offices if office.source_id]
    assert len({id(office.source) for office in offices}) <= len(world.sources)


def test_offices_of_a_few_companies_are_found_by_company():
    """The statistics keep SQLite from reading every published office instead."""
    companies = [factories.company() for _ in range(60)]
    for company in companies:
        factories.office(company=company)
    statistics.refresh()
    offices = companies[0].offices.model.objects.published().filter(company__in=companies[:3])
    plan = offices.explain()
    if connection.vendor == "sqlite":
        assert "clusters_office USING INDEX clusters_office_company_id" in plan


def test_what_is_counted_leaves_the_search_index_alone():
    """SQLite would go through all of the index with every piece it writes, were it counted while it is small."""
    if connection.vendor != "sqlite":
        pytest.skip("the index of SQLite keeps tables of its own")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as earlier versions did
        statistics.refresh()
        cursor.execute(
            "EXPLAIN QUERY PLAN DELETE FROM clusters_searchbody_data WHERE id >= %s AND id <= %s", [1, 2]
        )
        assert "SEARCH" in cursor.fetchone()[3]
