"""Bounded parameters: whatever an address holds, pages answer 200 and say so, files 400, and nothing 5xx."""

import json
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from clusters.directory.registry import BY_NAME, DIRECTORIES
from clusters.directory.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db
NAMES = [directory.name for directory in DIRECTORIES]

BAD_VALUES = [
    "nope", "NOPE", "-1", "0", "²", "٣", "1e3", "0x10", "1.5", "9" * 30, "1" + "0" * 18, "10" * 3000, "true", "null", "' OR 1=1 --",
    "<script>alert(1)</script>", "../../etc/passwd", "%", "_", "\\", "a" * 3000, "\t", "\r\n", "​x", "😀" * 40, "[]",
    "{}", "-", "--name", "pangyo,gangnam", "판교", "\x01\x02", "﷽" * 20,
]  # fmt: skip
FIELDS = {
    "districts": ["region"],
    "companies": ["district", "relevance", "technology", "industry", "kind", "stage", "status"],
    "institutions": ["kind", "district", "status"],
    "programs": ["status", "support", "district", "region", "technology"],
    "events": ["when", "district", "year", "month", "status"],
    "sources": ["year"],
}


@pytest.fixture
def rows():
    district = factories.district(slug="pangyo")
    for _ in range(3):
        factories.office(company=factories.company(technologies=[factories.technology()]), district=district)
    factories.call(program=factories.program(districts=[district]))
    factories.event(district=district)
    factories.institution(district=district)


def answers(client, name: str, query: str):
    return [client.get(f"{reverse(name + suffix)}?{query}") for suffix in ("", ".json", ".csv")]


def select(name: str, **params) -> Selection:
    query = QueryDict(mutable=True)
    for key, value in params.items():
        query.setlist(key, value if isinstance(value, list) else [value])
    return Selection(BY_NAME[name], query)


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_value_filters_nothing(rows, name):
    everything = select(name).total
    for value in BAD_VALUES:
        fields = [field for field in FIELDS[name] if value.strip()]
        selection = select(name, **dict.fromkeys(fields, value))
        assert list(selection.errors) == fields, value
        assert selection.total == len(selection.page_rows) == everything


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_value_is_named_beside_its_field(client, rows, name):
    for value in ("nope", "9" * 30, "\x01<b>"):
        page, as_json, as_csv = answers(client, name, urlencode(dict.fromkeys(FIELDS[name], value)))
        html = page.content.decode()
        assert page.status_code == 200
        assert all(f'id="{field}-note">' in html for field in FIELDS[name])
        assert as_json.status_code == as_csv.status_code == 400
        assert list(as_json.json()["errors"]) == FIELDS[name]


@pytest.mark.parametrize("name", NAMES)
def test_bad_orders_and_pages_never_break_a_list(rows, name):
    everything = select(name).total
    for value in BAD_VALUES:
        selection = select(name, sort=value, page=value, per_page=value)
        assert selection.page == 1
        assert selection.per_page in (selection.directory.per_page, 10)
        assert selection.total == len(selection.page_rows) == everything


@pytest.mark.parametrize("name", NAMES)
def test_any_search_text_is_answered(client, rows, name):
    for value in [*BAD_VALUES, "a b c d e f g h", "가" * 100]:
        selection = select(name, q=value)
        assert bool(selection.errors) == (len(value) > 100), value
        assert selection.total == len(selection.page_rows)
    for value in ("a b c d e f g h i", "x" * 101):
        page, as_json, as_csv = answers(client, name, urlencode({"q": value}))
        assert page.status_code == 200
        assert page.context["selection"].total == select(name).total
        assert as_json.status_code == as_csv.status_code == 400


def test_the_other_fields_still_filter_beside_a_bad_one(client, rows):
    other = factories.company(kind="large")
    selection = client.get(reverse("companies"), {"kind": "large", "district": "nope"}).context["selection"]
    assert [row.slug for row in selection.page_rows] == [other.slug]


@pytest.mark.parametrize("query", ["q=%00", "district=%00", "q=%ED%A0%80", "q=%FF", "page=%00"])
def test_nul_and_bad_utf8_are_refused(client, query):
    for answer in answers(client, "companies", query):
        assert answer.status_code == 400


def test_nul_is_refused_by_the_form_as_well():
    selection = select("companies", q="a\x00b", district="\x00", sort="\x00")
    assert set(selection.errors) == {"q", "district", "sort"}
    assert selection.total == 0


def test_repeated_parameters_are_capped(client, rows):
    many = urlencode({"technology": [f"t{n}" for n in range(400)]}, doseq=True)
    page, as_json, as_csv = answers(client, "companies", many)
    assert "50" in page.context["selection"].errors["technology"][0]
    assert as_json.status_code == as_csv.status_code == 400
    for answer in answers(client, "companies", "&".join(["district=pangyo"] * 500)):
        assert answer.status_code == 200  # the same value again says nothing new
    for answer in answers(client, "companies", "&".join(f"page={n}" for n in range(1, 500))):
        assert answer.status_code in (200, 400)
    for answer in answers(client, "companies", "a=1&" * 6000):
        assert answer.status_code == 400


@pytest.mark.parametrize("name", ["q", "sort", "page", "per_page"])
def test_what_makes_no_sense_twice_is_refused_twice(client, rows, name):
    values = {"q": ["a", "b"], "sort": ["name", "-name"], "page": ["1", "2"], "per_page": ["20", "50"]}[name]
    page, as_json, _ = answers(client, "companies", urlencode({name: values}, doseq=True))
    assert page.status_code == 200
    assert list(page.context["selection"].errors) == list(as_json.json()["errors"]) == [name]


def test_empty_values_are_no_values(client, rows):
    page, as_json, as_csv = answers(client, "companies", "q=&district=&kind=+&sort=&page=&per_page=")
    assert page.status_code == as_json.status_code == as_csv.status_code == 200
    assert page.context["selection"].errors == {}
    assert page.context["selection"].address() == reverse("companies")


@pytest.mark.parametrize("page_number", ["2", "99", "1000000000000000000", "9" * 30])
def test_a_page_beyond_the_last_shows_the_last(client, rows, page_number):
    page, as_json, as_csv = answers(client, "companies", urlencode({"page": page_number}))
    selection = page.context["selection"]
    assert page.status_code == 200
    assert (selection.page, len(selection.page_rows)) == (1, 3)
    assert selection.page_error in page.content.decode()
    assert as_json.status_code == 400
    assert as_json.json()["errors"]["page"]
    assert as_csv.status_code == 200  # a file holds every row


@pytest.mark.parametrize(
    ("given", "used"), [("1", 1), ("100", 100), ("101", 20), ("0", 20), ("-5", 20), ("²", 20)]
)
def test_rows_to_a_page_are_bounded(client, rows, given, used):
    assert client.get(reverse("companies"), {"per_page": given}).context["selection"].per_page == used


def test_problems_have_the_shape_of_their_kind(client, rows):
    as_json = client.get("/en/companies.json?district=nope&page=0")
    assert as_json["Content-Type"] == "application/problem+json"
    problem = json.loads(as_json.content)
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Bad Request", 400)
    assert problem["errors"] == {
        "district": ["There is no such value: nope. This condition was not applied."],
        "page": ["A page number is 1 or more. The first page is shown."],
    }
    as_csv = client.get("/en/companies.csv?district=nope")
    assert as_csv["Content-Type"].startswith("text/plain")
    assert (
        as_csv.content.decode() == "district: There is no such value: nope. This condition was not applied.\n"
    )


def test_a_bad_value_is_shown_as_text_only(client, rows):
    html = client.get(
        reverse("companies"), {"q": "<script>alert(1)</script>", "kind": "<b>x"}
    ).content.decode()
    assert "<script>alert" not in html
    assert "<b>x" not in html


@pytest.mark.parametrize("name", NAMES)
def test_only_reading_is_allowed(client, name):
    for suffix in ("", ".csv", ".json"):
        assert client.post(reverse(name + suffix)).status_code == 405
        assert client.head(reverse(name + suffix)).status_code == 200


def test_lists_work_on_an_empty_directory(client):
    for name in NAMES:
        for language in ("ko", "en"):
            with translation.override(language):
                for answer in answers(client, name, ""):
                    assert answer.status_code == 200
