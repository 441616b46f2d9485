"""The files: what their columns hold, in a form that spreadsheets and programs read safely."""

import csv
import io
import json
from datetime import date, datetime

import pytest
from django.urls import reverse

from clusters.dates import SEOUL
from clusters.directory import formats
from clusters.directory.registry import DIRECTORIES
from clusters.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def rows(client, name: str, query: str = "") -> list[dict]:
    answer = client.get(f"{reverse(name + '.csv')}?{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    content = answer.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("start", ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx"])
def test_no_cell_runs_as_a_formula(client, start):
    factories.company(name_ko=f"가{start}", name_en=start, aliases=[start.strip() or "x"], summary_en=start)
    (row,) = rows(client, "companies")
    assert row["name_ko"] == f"가{start}"
    assert row["name_en"] == row["summary_en"] == f"'{start}"
    assert not any(value[:1] in "=+-@\t\r" for value in row.values() if value)


def test_numbers_stay_numbers(client):
    factories.district(latitude=37.5, longitude=127.0)
    (row,) = rows(client, "districts")
    assert (row["latitude"], row["longitude"], row["companies"]) == ("37.5", "127.0", "0")
    assert formats.cell(-12) == "-12"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (["a;b", None, "https://x.example/?a;b"], "a,b;;https://x.example/?a%3Bb"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 23, 59, tzinfo=SEOUL), "2026-01-02T23:59:00+09:00"),
    ],
)
def test_cells_are_plain(value, cell):
    assert formats.cell(value) == cell


@pytest.mark.parametrize("name", [directory.name for directory in DIRECTORIES])
def test_codes_are_stable_english_and_begin_with_the_slug(client, name):
    fields = next(directory.fields for directory in DIRECTORIES if directory.name == name)
    in_csv = [field.code for field in fields if field.in_csv]
    in_json = [field.code for field in fields if field.in_json]
    assert in_csv[0] == in_json[0] == "slug"
    assert len(in_csv) == len(set(in_csv)) and len(in_json) == len(set(in_json))
    for language in ("", "/en"):
        header = client.get(f"{language}/{name}.csv").getvalue().decode("utf-8-sig").splitlines()[0]
        assert header == ",".join(in_csv)


def test_companies_carry_offices_with_their_evidence(client):
    source = factories.source(title="보도", url="https://news.example/a", published="2025-03")
    company = factories.company(
        slug="lunit", founded="2013-08", aliases=["루닛"], source=source, as_of="2026"
    )
    district = factories.district(slug="gangnam")
    factories.office(company=company, district=district, kind="hq", source=source, as_of="2025-03-01")
    factories.office(company=company, kind="lab", status="disputed", source=None, district=None)
    (row,) = rows(client, "companies")
    assert row["slug"] == "lunit"
    assert row["office_districts"] == "gangnam;"
    assert row["office_kinds"] == "hq;lab"
    assert row["office_statuses"] == "confirmed;disputed"
    assert row["office_source_urls"] == "https://news.example/a;"
    assert (row["source_url"], row["source_date"], row["as_of"]) == (
        "https://news.example/a",
        "2025-03",
        "2026",
    )

    (entry,) = client.get(reverse("companies.json")).json()["results"]
    assert (entry["founded"], entry["aliases"], entry["page"]) == ("2013-08", ["루닛"], "/companies/lunit/")
    office = entry["offices"][0]
    assert (office["district"], office["status"], office["as_of"]) == ("gangnam", "confirmed", "2025-03-01")
    assert office["sources"] == [
        {
            "slug": source.slug,
            "url": source.url,
            "title": "보도",
            "publisher": "한국신문",
            "published": "2025-03",
        }
    ]


def test_programs_carry_their_status_and_the_call_that_decides_it(client):
    program = factories.program(slug="tips")
    factories.call(
        program=program, slug="old", period_kind="window", closes_at=datetime(2020, 1, 1, tzinfo=SEOUL)
    )
    factories.call(program=program, slug="standing", period_kind="always", confirmed_on=date(2026, 1, 22))
    (row,) = rows(client, "programs")
    assert (row["status"], row["call"], row["confirmed_on"], row["closes_at"]) == (
        "always",
        "standing",
        "2026-01-22",
        "",
    )
    (entry,) = client.get(reverse("programs.json")).json()["results"]
    assert {call["slug"]: call["application_status"] for call in entry["calls"]} == {
        "old": "closed",
        "standing": "always",
    }


def test_calls_without_a_date_come_last_on_every_database(client):
    program = factories.program()
    factories.call(program=program, slug="standing", period_kind="always")
    factories.call(
        program=program, slug="dated", period_kind="window", closes_at=datetime(2026, 5, 1, tzinfo=SEOUL)
    )
    (told,) = client.get(reverse("programs.json")).json()["results"]
    assert [call["slug"] for call in told["calls"]] == ["dated", "standing"]


def test_offices_outside_the_districts_come_last_on_every_database(client):
    company = factories.company()
    for district in (None, factories.district(slug="pangyo")):
        factories.office(company=company, kind="lab", district=district)
    (told,) = client.get(reverse("companies.json")).json()["results"]
    assert [office["district"] for office in told["offices"]] == ["pangyo", None]


def test_events_without_a_day_come_last_on_every_database():
    factories.event(slug="some-day", starts_on=None, ends_on=None)
    factories.event(slug="dated", starts_on=date(2026, 5, 1), ends_on=None)
    assert [event.slug for event in Event.objects.all()] == ["dated", "some-day"]


def test_json_pages_lead_to_one_another(client):
    for number in range(5):
        factories.company(slug=f"c{number}", name_en=f"Company {number}")
    first = client.get("/en/companies.json?per_page=2&sort=-name&q=company").json()
    assert first["count"] == 5
    assert [row["slug"] for row in first["results"]] == ["c4", "c3"]
    assert first["next"] == "/en/companies.json?q=company&sort=-name&per_page=2&page=2"
    assert client.get(first["next"]).json()["next"].endswith("page=3")
    assert client.get("/en/companies.json?per_page=2&page=3").json()["next"] is None
    assert client.get("/en/companies.json?page=1").json()["next"] is None


def test_a_file_holds_every_row_whatever_the_page(client):
    for _ in range(23):
        factories.source()
    assert len(rows(client, "sources", "per_page=5&page=2")) == 23


def test_hangul_is_readable_in_json(client):
    factories.company(name_ko="업스테이지")
    content = client.get(reverse("companies.json")).content.decode()
    assert "업스테이지" in content
    assert json.loads(content)["results"][0]["name_ko"] == "업스테이지"
