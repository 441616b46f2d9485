"""Public pages say plainly how old a statement is once it is older than its kind should be, and only then."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_day():
    with time_machine.travel("2026-11-26T10:00:00+09:00"):
        yield


def ages(path: str) -> list[str]:
    response = Client().get(path)
    assert response.status_code == 200
    found = re.findall(r'<span class="age">([^<]+)</span>', response.content.decode())
    return [words.strip("()") for words in found]


@pytest.mark.parametrize(
    ("period", "said"),
    [("2019", ["7 years ago"]), ("2023-Q3", ["3 years ago"]), ("2024", []), ("2025", [])],
)
def test_a_figure_of_a_district(period, said):
    series = factories.series()
    factories.observation(series=series, period=period)
    assert ages(f"/en/districts/{series.district.slug}/") == said


def test_a_chart_speaks_of_its_newest_value_only():
    series = factories.series()
    for year in ("2015", "2018", "2021"):
        factories.observation(series=series, period=year)
    address = f"/en/districts/{series.district.slug}/"
    assert ages(address) == ["The newest value is of 2021, 5 years ago."]
    factories.observation(series=series, period="2025")
    assert ages(address) == []


def test_a_plan_is_no_value_of_a_chart():
    series = factories.series()
    for year in ("2015", "2018"):
        factories.observation(series=series, period=year)
    factories.observation(series=series, period="2030", flag="plan")
    assert ages(f"/en/districts/{series.district.slug}/") == ["The newest value is of 2018, 8 years ago."]


def test_a_comparison_says_it_too():
    indicator = factories.indicator()
    one, two = (factories.series(indicator=indicator) for _again in range(2))
    factories.observation(series=one, period="2019")
    factories.observation(series=two, period="2025")
    assert ages(f"/en/compare/?d={one.district.slug}&d={two.district.slug}") == ["7 years ago"]


def test_a_company_and_its_offices():
    company = factories.company(as_of="2022-03", source=factories.source())
    factories.office(company=company, as_of="2020-01")
    factories.office(company=company, as_of="2010", status="outdated")
    factories.office(company=company, as_of="2010", until="2012")
    assert ages(f"/en/companies/{company.slug}/") == ["4 years ago", "6 years ago"]


def test_an_institution():
    old, fresh = (factories.institution(as_of=year) for year in ("2021", "2025"))
    assert ages(f"/en/institutions/{old.slug}/") == ["5 years ago"]
    assert ages(f"/en/institutions/{fresh.slug}/") == []


def test_a_call_that_nobody_confirmed_of_late():
    call = factories.call(confirmed_on=date(2026, 6, 20))
    address = f"/en/programs/{call.program.slug}/"
    assert ages(address) == ["5 months ago"]
    type(call).objects.update(confirmed_on=date(2026, 10, 20))
    assert ages(address) == []
    type(call).objects.update(
        confirmed_on=date(2020, 1, 1), period_kind="window", closes_at=datetime(2020, 2, 1, tzinfo=UTC)
    )
    assert ages(address) == [], "A call that is over needs no confirmation."


def test_a_source():
    source = factories.source(accessed_on=date(2023, 5, 1))
    assert ages(f"/en/sources/{source.slug}/") == ["3 years ago"]
