"""The quick look at a column lets nothing pass that full_clean would refuse, and makes the same of it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clusters.curation.importing import canonical, columns
from clusters.curation.importing.columns import ABSENT, DOUBTFUL, Column
from clusters.models import Company, Office

from .engine import bring_in, company, plan, table

FIELDS = [
    *(canonical.fields(Company)[n] for n in range(len(canonical.fields(Company)))),
    *(f for f in canonical.fields(Office) if f.name in ("kind", "address_ko", "phone", "since", "status")),
]
FIELDS = [field for field in FIELDS if not field.is_relation]
ODD = [
    "a",
    "b",
    "A-1",
    "1e5",
    "0012",
    "005930",
    "2016-10",
    "2016-Q3",
    "2016-13",
    "2061",
    "https://a.example",
    "http://a",
    "https://a.example/b?c=d",
    "javascript:alert(1)",
    "124-81-00998",
    "1248100998",
    "1248100999",
    "(주)한빛",
    "sme",
    "huge",
    "draft",
    "KR",
    "kr",
    "'=1+1",
    "=1+1",
    "na",
    "null",
    "-",
    "–",
    "ㆍ",
    "a&amp;b",
    "http://a@b.example",
    "02-123-4567",
    "''",
    "a\x07",
    "a�",
    "a\u200b",
    "\u3000",
    "a\nb",
    "a;b",
    "2.0",
    "1,234",
    "true",
]
cells = st.one_of(
    st.none(),
    st.sampled_from(ODD),
    st.text(max_size=260),
    st.from_regex(r"[a-z0-9-]{1,90}", fullmatch=True),
    st.from_regex(r"https?://[a-zA-Z0-9.:@-]{1,30}(/[ -~]{0,20})?", fullmatch=True),
    st.from_regex(r"[0-9]{9,11}", fullmatch=True),
    st.from_regex(r"[12][0-9]{3}(-[0-9]{2}){0,2}", fullmatch=True),
)


def with_care(field, cell):
    """What the careful way and full_clean make of a cell."""
    try:
        value = canonical.converted(field, cell)
    except columns.Unconvertible:
        return DOUBTFUL
    if value is None and not field.null:
        return ABSENT
    record = field.model(**{field.name: value})
    try:
        record.clean_fields(exclude={f.name for f in field.model._meta.fields} - {field.name})
    except ValidationError:
        return DOUBTFUL
    return getattr(record, field.attname)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.model.__name__}.{field.name}")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@example(given_cells=ODD)
@given(given_cells=st.lists(cells, min_size=1, max_size=20))
def test_both_ways_agree_on_every_cell(field, given_cells):
    # Cells that are blank, or hold what no file can, never come so far.
    texts = [c if c is None or c.strip() else None for c in given_cells]
    column = Column(canonical._origin(0, field), field, may_be_blank=False)
    for _again in range(2):  # what is remembered is the same
        found = column.values([texts], len(texts))
        expected = [with_care(field, cell) for cell in texts]
        assert found == expected
        assert [type(value) for value in found] == [type(value) for value in expected]


@pytest.mark.django_db
def test_a_row_with_a_twin_is_looked_at_and_so_is_what_stands_on_it(tmp_path):
    rows = [company(n) for n in range(5)]
    table(tmp_path / "in" / "companies.csv", [*rows, company(2, name_ko="또 하나")])
    offices = [{"company": f"made-{n}", "kind": "hq", "address_ko": "서울"} for n in range(5)]
    table(tmp_path / "in" / "offices.csv", offices)
    rehearsed = plan(tmp_path / "in")
    assert [(p.place.file, p.place.row) for p in rehearsed.errors] == [("companies.csv", 7)]
    assert "Row 4" in rehearsed.errors[0].reason
    batch = bring_in(tmp_path / "in", good_rows_only=True)
    assert batch and (batch.created, Company.objects.count(), Office.objects.count()) == (10, 5, 5)
    assert Office.objects.get(company__slug="made-2").history.count() == 1


@pytest.mark.django_db
def test_what_will_be_written_can_be_looked_at(tmp_path):
    table(tmp_path / "in" / "companies.csv", [company(n) for n in range(30)])
    offices = [{"company": f"made-{n}", "kind": "hq", "address_ko": f"{n}번지"} for n in range(30)]
    table(tmp_path / "in" / "offices.csv", offices)
    written = plan(tmp_path / "in").to_write
    assert len(written) == 60
    assert [str(item.record.name_ko) for item in written[:2]] == ["회사 0", "회사 1"]
    assert written[59].record.company.name_ko == "회사 29"
    assert (written[59].action, written[59].draft.place.row) == ("create", 31)


@pytest.mark.django_db
def test_a_large_import_asks_little_more_than_a_small_one(tmp_path, django_assert_max_num_queries):
    path = table(tmp_path / "companies.csv", [company(n) for n in range(3000)])
    with CaptureQueriesContext(connection) as captured:
        bring_in(path)
    # Afterwards each table is counted once, however many rows came.
    assert len([one for one in captured if not one["sql"].startswith("ANALYZE")]) <= 60
    assert Company.objects.count() == Company.history.count() == 3000
    with django_assert_max_num_queries(60):
        assert plan(path).counts()["unchanged"] == 3000
