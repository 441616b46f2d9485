"""Rows come in one order on every database: what has no date or place stands last, wherever it is listed."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db.models import QuerySet
from django.db.models.expressions import Col
from django.db.models.sql.constants import LOUTER

from clusters.curation.importing import canonical
from clusters.dates import SEOUL
from clusters.directory import citations
from clusters.models import Call, Observation, Office, Program, Series
from clusters.programs import calendars, month, weighing
from tests import factories

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
MODELS = [model for model in apps.get_app_config("clusters").get_models() if model._meta.ordering]


def left_to_the_database(rows: QuerySet) -> list[str]:
    """What the rows are ordered by that may be empty, with nothing said of where it stands then."""
    compiler = rows.query.get_compiler("default")
    compiler.setup_query()
    left, apart = [], set()  # tables whose missing rows stand apart by an earlier key
    for order, _ in compiler.get_order_by():
        column = order.expression
        if not isinstance(column, Col):
            continue
        is_joined = getattr(compiler.query.alias_map[column.alias], "join_type", None) == LOUTER
        if not (column.target.null or (is_joined and column.alias not in apart)):
            continue
        if order.nulls_last or order.nulls_first:
            apart.add(column.alias)
        else:
            left.append(str(column))
    return left


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_model_leaves_empty_values_to_the_database(model):
    assert left_to_the_database(model._default_manager.all()) == []


def window(slug: str, **given) -> Call:
    return factories.call(slug=slug, period_kind="window", **given)


@pytest.mark.django_db
def test_calls_in_the_matcher():
    end = datetime(2026, 12, 20, tzinfo=SEOUL)
    factories.call(slug="a-budget", period_kind="until_exhausted")
    factories.call(slug="b-budget", period_kind="until_exhausted", closes_at=end)
    window("c-opened", closes_at=end, opens_at=datetime(2026, 11, 1, tzinfo=SEOUL))
    window("d-unknown", closes_at=end)
    slugs = dict(Call.objects.values_list("pk", "slug"))
    order = [slugs[row.pk] for row in weighing.Calls.read(NOW).rows]
    assert order.index("b-budget") < order.index("a-budget")
    assert order.index("c-opened") < order.index("d-unknown")


@pytest.mark.django_db
def test_calls_in_a_month():
    end = datetime(2026, 12, 20, tzinfo=SEOUL)
    exact = {"closes_at": end, "closes_precision": "day"}
    window("a-unknown", **exact)
    window("b-opened", opens_at=datetime(2026, 11, 1, tzinfo=SEOUL), opens_precision="day", **exact)
    window("c-open-end", opens_at=datetime(2026, 12, 1, tzinfo=SEOUL), opens_precision="day")
    found = month.dated(Program.objects.all(), month.Month(2026, 12))
    assert [call.slug for call in found] == ["b-opened", "a-unknown", "c-open-end"]


@pytest.mark.django_db
def test_calls_in_a_calendar():
    window("a-open-end", opens_at=datetime(2026, 12, 1, tzinfo=SEOUL), opens_precision="day")
    window("b-dated", closes_at=datetime(2026, 12, 20, tzinfo=SEOUL), closes_precision="day")
    assert [call.slug for call in calendars._calls(Program.objects.all())] == ["b-dated", "a-open-end"]


@pytest.mark.django_db
def test_series_of_an_area_outside_the_districts():
    indicator, source = factories.indicator(), factories.source()
    for one in ({"reference_area": "seoul"}, {"district": factories.district()}):
        series = factories.series(indicator=indicator, **one)
        factories.observation(series=series, source=source)
    assert [one.reference_area for one in Series.objects.all()] == ["", "seoul"]
    assert [one.series.reference_area for one in Observation.objects.all()] == ["", "seoul"]
    (cited,) = citations.resting_on(source)
    assert [record.series.reference_area for *_, record in cited.statements] == ["", "seoul"]


@pytest.mark.django_db
def test_names_with_capitals_outside_english(client):
    for slug, name in (("b", "Éclair"), ("a", "àpropos"), ("c", "eclair"), ("d", "ÀPROPOS")):
        factories.company(slug=slug, name_ko=name, name_en=name)
    told = client.get("/companies.json?sort=name").json()["results"]
    assert [one["slug"] for one in told] == ["c", "d", "b", "a"]


@pytest.mark.django_db
def test_exported_rows():
    company = factories.company()
    for district in (None, factories.district(slug="pangyo")):
        factories.office(company=company, kind="lab", district=district)
    place = [field.name for field in canonical.fields(Office)].index("district")
    assert [row[place] for row in canonical.rows(Office)] == ["pangyo", ""]
