"""The description of the files says what the files are: every address, parameter and field of it, and nothing else."""

import pytest
from django.urls import reverse

from clusters.dates import seoul_now
from clusters.directory.registry import DIRECTORIES
from clusters.views import locate
from clusters.views.match_forms import Answers, Known
from tests.directory.world import World

pytestmark = pytest.mark.django_db

TYPES = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


@pytest.fixture
def document(client):
    world = World()
    for directory in DIRECTORIES:
        world.fill(directory.name)
    return client.get("/en/api/openapi.json").json()


def test_every_list_is_described_in_every_form(document):
    for directory in DIRECTORIES:
        for suffix in (".json", ".ndjson", ".csv", ".xlsx", ".atom"):
            assert f"/en/{directory.name}{suffix}" in document["paths"]
    assert "/en/compare.json" in document["paths"]
    picture = document["paths"]["/en/compare/programs.svg"]["get"]
    assert list(picture["responses"]["200"]["content"]) == ["image/svg+xml"]


def test_every_described_address_answers_as_described(client, document):
    for address, methods in document["paths"].items():
        response = client.get(address)
        content = methods["get"]["responses"]["200"]["content"]
        if response.status_code == 200:
            assert response["Content-Type"].partition(";")[0] in content, address
        else:
            assert response.status_code == 400 and "compare" in address, address


def test_every_value_of_a_parameter_is_taken_and_no_other(client, document):
    for directory in DIRECTORIES:
        address = f"/en/{directory.name}.json"
        for parameter in document["paths"][address]["get"]["parameters"]:
            schema = parameter["schema"]
            for value in schema.get("enum") or schema.get("items", {}).get("enum", []):
                response = client.get(address, {parameter["name"]: value})
                assert response.status_code == 200, (address, parameter["name"], value)
            if "enum" in schema or "enum" in schema.get("items", {}):
                assert client.get(address, {parameter["name"]: "no-such-value"}).status_code == 400


def test_rows_are_as_described(client, document):
    for directory in DIRECTORIES:
        schema = document["components"]["schemas"][directory.model.__name__]
        rows = client.get(f"/en/{directory.name}.json?per_page=100").json()["results"]
        assert rows
        for row in rows:
            assert list(row) == schema["required"] == list(schema["properties"])
            for code, value in row.items():
                kinds = schema["properties"][code].get("type", [])
                kinds = [kinds] if isinstance(kinds, str) else kinds
                # A whole number is no truth value, though Python says so.
                assert not kinds or type(value) in {TYPES[kind] for kind in kinds}, (
                    directory.name,
                    code,
                    value,
                )


def test_finder_and_matcher_take_what_is_described(client, document):
    for name, wanted in (
        ("locate", set(locate._fields({}, {})) - {"d"}),  # which district is opened is for the page
        ("programs/match", {*Answers(Known.at(0, seoul_now())).fields, "company"}),
    ):
        address = f"/en/{name}.json"
        described = document["paths"][address]["get"]["parameters"]
        assert {one["name"] for one in described} == wanted
        for parameter in described:
            schema = parameter["schema"]
            for value in schema.get("enum") or schema.get("items", {}).get("enum", []):
                assert client.get(address, {parameter["name"]: value}).status_code == 200, (name, value)
            if "enum" in schema:
                assert client.get(address, {parameter["name"]: "no-such-value"}).status_code == 400


def test_unpublished_records_are_no_values(client, document):
    parameters = document["paths"]["/en/companies.json"]["get"]["parameters"]
    districts = next(one for one in parameters if one["name"] == "district")["schema"]["items"]["enum"]
    assert "pangyo" in districts and "hidden" not in districts


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_people_read_the_same(client, document, prefix):
    text = client.get(f"{prefix}/api/").content.decode()
    for directory in DIRECTORIES:
        assert f'href="{prefix}/{directory.name}.ndjson"' in text
    assert "<code>technology</code>" in text and "<code>per_page</code>" in text
    assert reverse("api.openapi") in client.get("/api/").content.decode()
