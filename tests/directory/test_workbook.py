"""Workbooks: the rows of the CSV file in the same order, and nothing that a spreadsheet would run."""

import csv
import io
import json

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clusters.directory.registry import DIRECTORIES
from tests import factories

from .world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", [directory.name for directory in DIRECTORIES])
def test_every_file_holds_the_same_rows(client, name):
    World().fill(name)
    text = client.get(reverse(f"{name}.csv")).getvalue().decode("utf-8-sig")
    answer = client.get(reverse(f"{name}.xlsx"))
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.getvalue()), read_only=True).worksheets[0]
    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    expected = list(csv.reader(io.StringIO(text)))
    assert [row + [""] * (len(expected[0]) - len(row)) for row in rows] == expected
    lines = client.get(reverse(f"{name}.ndjson")).getvalue().decode().splitlines()
    assert [json.loads(line)["slug"] for line in lines] == [row[0] for row in expected[1:]]


def test_files_are_written_in_the_language_of_their_address(client):
    factories.company(slug="a")
    for language in ("", "/en"):
        for suffix in ("csv", "ndjson"):
            assert (
                f"{language}/companies/a/" in client.get(f"{language}/companies.{suffix}").getvalue().decode()
            )


def test_no_cell_is_a_formula(client):
    factories.company(name_en="=1+1", summary_en="<b>&\"'")
    sheet = load_workbook(io.BytesIO(client.get("/companies.xlsx").getvalue())).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    values = {cell.value for cell in cells}
    assert {"'=1+1", "<b>&\"'"} <= values
