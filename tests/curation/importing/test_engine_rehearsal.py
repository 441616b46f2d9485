"""The rehearsal finds everything at once, says where it stands, and writes nothing."""

import re

import pytest
from django.utils import translation

from clusters.curation import fixtures
from clusters.curation.importing import reporting
from clusters.models import Company, ImportBatch, Office, Redirect
from tests import factories

from .engine import bring_in, company, everything, plan, table

pytestmark = pytest.mark.django_db

# Row of the table (0 is the first) → what is put into it, and the column the message must name.
PLANTED = [
    (10, {"kind": "huge"}, "kind"),
    (20, {"kind": ""}, "kind"),
    (30, {"ai_relevance": "mild"}, "ai_relevance"),
    (40, {"name_ko": ""}, "name_ko"),
    (50, {"name_en": ""}, "name_en"),
    (60, {"name_ko": "가" * 201}, "name_ko"),
    (70, {"name_ko": "숨은\u200b글자"}, "name_ko"),
    (80, {"slug": ""}, "slug"),
    (90, {"slug": "Not A Slug"}, "slug"),
    (100, {"slug": "made-99"}, "slug"),  # doubled
    (110, {"slug": "x" * 81}, "slug"),
    (120, {"founded": "2016-13"}, "founded"),
    (130, {"founded": "2016-02-30"}, "founded"),
    (140, {"founded": "long ago"}, "founded"),
    (150, {"founded": "0016"}, "founded"),
    (160, {"founded": "04/05/17"}, "founded"),  # two readings
    (170, {"website": "javascript:alert(1)"}, "website"),
    (180, {"website": "made example"}, "website"),
    (190, {"website": "ftp://made.example/x"}, "website"),
    (200, {"website": "https://user:pw@made.example"}, "website"),
    (210, {"business_number": "1234567890"}, "business_number"),
    (220, {"business_number": "12345"}, "business_number"),
    (230, {"hq_country": "Korea"}, "hq_country"),
    (240, {"hq_country": "kr"}, "hq_country"),
    (250, {"stage": "series_z"}, "stage"),
    (260, {"market": "moon"}, "market"),
    (270, {"stage": "series_z"}, "stage"),
    (280, {"market": "kospi", "stock_code": "00-593"}, "stock_code"),
    (290, {"market": "kospi", "stock_code": "111111"}, "stock_code"),  # taken in the directory
    (300, {"technologies": "llm;magic"}, "technologies"),
    (310, {"industries": "alchemy"}, "industries"),
    (320, {"source": "nowhere"}, "source"),
    (330, {"publication": "secret"}, "publication"),
    (340, {"as_of": "2025-Q5"}, "as_of"),
    (350, {"summary_ko": "글" * 1001}, "summary_ko"),
    (360, {"summary_en": "bell\x07"}, "summary_en"),
    (370, {"former_names": "옛 이름;" + "가" * 201}, "former_names"),
]


def test_a_thousand_rows_with_37_defects_give_exactly_37_messages(tmp_path):
    assert len(PLANTED) == 37
    factories.technology("llm")
    factories.company(market="kospi", stock_code="111111")
    rows = [company(n, technologies="llm") for n in range(1000)]
    for row, change, _column in PLANTED:
        rows[row].update(change)
    before = everything()
    rehearsed = plan(table(tmp_path / "companies.csv", rows))
    found = [(problem.place.row, problem.column) for problem in rehearsed.errors]
    assert found == [(row + 2, column) for row, _change, column in PLANTED]  # the header is row 1
    assert all(
        problem.place.file == "companies.csv" and problem.reason and problem.fix
        for problem in rehearsed.errors
    )
    assert rehearsed.counts()["create"] == 963
    assert everything() == before


def test_queries_do_not_grow_with_the_rows(tmp_path, django_assert_max_num_queries):
    factories.district(slug="pangyo")
    rows = [company(n) for n in range(400)]
    offices = [
        {"company": f"made-{n}", "district": "pangyo", "kind": "hq", "address_ko": f"{n}번지"}
        for n in range(400)
    ]
    table(tmp_path / "in" / "companies.csv", rows)
    table(tmp_path / "in" / "offices.csv", offices)
    with django_assert_max_num_queries(40):
        assert plan(tmp_path / "in").counts()["create"] == 800


def test_an_office_of_a_refused_company_waits_without_a_message_of_its_own(tmp_path):
    table(tmp_path / "in" / "companies.csv", [company(1, kind="huge"), company(2)])
    table(
        tmp_path / "in" / "offices.csv",
        [{"company": f"made-{n}", "kind": "hq", "address_ko": "1"} for n in (1, 2)],
    )
    rehearsed = plan(tmp_path / "in")
    assert [problem.column for problem in rehearsed.errors] == ["kind"]
    assert rehearsed.counts()["waiting"] == 1
    batch = bring_in(tmp_path / "in", good_rows_only=True)
    assert batch and (batch.created, batch.left_out) == (2, 2)
    assert Office.objects.get().company.slug == "made-2"


def test_a_change_is_shown_field_by_field(tmp_path):
    source = factories.source(slug="old-source")
    factories.source(slug="new-source")
    factories.company(slug="made-1", name_ko="옛 이름", founded="2015", source=source)
    rehearsed = plan(
        table(
            tmp_path / "companies.csv",
            [{"slug": "made-1", "name_ko": "새 이름", "founded": "2015", "source": "new-source"}],
        )
    )
    assert [tuple(change) for change in rehearsed.items[0].changes] == [
        ("name_ko", "옛 이름", "새 이름"),
        ("source", "old-source", "new-source"),
    ]
    assert Company.objects.get(slug="made-1").name_ko == "옛 이름"
    assert "옛 이름 → 새 이름" in "\n".join(reporting.text(rehearsed))


def test_what_the_file_lacks_is_reported_and_stays(tmp_path):
    factories.company(slug="stays")
    rehearsed = plan(table(tmp_path / "companies.csv", [company(1)]))
    assert [problem.kind for problem in rehearsed.problems] == ["missing"]
    bring_in(tmp_path / "companies.csv")
    assert Company.objects.filter(slug="stays").exists()


def test_all_that_the_file_lacks_is_named_in_as_many_queries_as_one(tmp_path, django_assert_max_num_queries):
    path = table(tmp_path / "offices.csv", [{"company": "", "kind": "hq"}])
    for number in (1, 12):
        for _office in range(number):
            factories.office(district=factories.district())
        with django_assert_max_num_queries(12):
            plan(path)


@pytest.mark.parametrize("model", fixtures.fixture_models(), ids=lambda model: model.__name__)
def test_what_names_a_record_is_read_with_it(model, django_assert_num_queries):
    make = getattr(factories, re.sub("(?<=[a-z])(?=[A-Z])", "_", model.__name__).lower())
    make()
    if model is Office:
        make(district=factories.district())
    records = list(model.objects.select_related(*model.named_by) if model.named_by else model.objects.all())
    assert records
    with django_assert_num_queries(0):
        assert all(map(str, records))


def test_a_value_ten_times_off_its_neighbors_is_held_until_a_reason_is_given(tmp_path):
    series, source = factories.series(slug="firms"), factories.source(slug="survey")
    for year, value in ((2021, 1200), (2022, 1300), (2024, 1500)):
        factories.observation(series=series, source=source, period=str(year), value=value)
    rows = [
        {"series": "firms", "period": "2023", "source": "survey", "value": "13,900", "status": "confirmed"},
        {"series": "firms", "period": "2025", "source": "survey", "value": "1,600", "status": "confirmed"},
    ]
    path = table(tmp_path / "observations.csv", rows)
    rehearsed = plan(path)
    assert [(p.place.row, p.column) for p in rehearsed.problems if p.kind == "suspicious"] == [(2, "value")]
    assert (rehearsed.counts()["held"], rehearsed.counts()["create"]) == (1, 1)
    assert plan(path, reason="계산 방식이 바뀜").counts()["create"] == 2


def test_a_date_in_the_future_is_held(tmp_path):
    path = table(tmp_path / "companies.csv", [company(1, founded="2061-10")])
    assert plan(path).counts()["held"] == 1
    assert bring_in(path) is None
    assert ImportBatch.objects.count() == 0


def test_the_report_as_csv_runs_nothing(tmp_path):
    rehearsed = plan(
        table(tmp_path / "companies.csv", [company(1, kind="=cmd()"), company(2, name_ko="=1+1")])
    )
    reporting.write_csv(rehearsed, tmp_path / "report.csv")
    text = (tmp_path / "report.csv").read_text("utf-8-sig")
    assert "'=cmd()" in text and ",=" not in text


def test_an_unknown_file_and_an_unreadable_one_are_errors(tmp_path):
    strange = table(tmp_path / "strange.csv", [{"과일": "사과", "값": "1"}])
    page = tmp_path / "companies.xlsx"
    page.write_bytes(b"PK\x03\x04 broken")
    assert [problem.place.file for problem in plan(strange, page).errors] == ["strange.csv", "companies.xlsx"]


def test_a_column_that_is_no_field_is_an_error_once(tmp_path):
    rehearsed = plan(table(tmp_path / "companies.csv", [company(n, colour="red") for n in range(3)]))
    assert [(problem.place.row, problem.column) for problem in rehearsed.errors] == [(1, "colour")]


@pytest.mark.parametrize("sizes", [{"publication": "published"}, {}], ids=["as published", "as it is"])
def test_rows_about_a_merged_or_renamed_record_find_the_present_one(tmp_path, sizes):
    """By their own code name, and where an office names its company; nothing old comes back."""
    there = factories.company(slug="stays", name_ko="남은 회사", kind="startup")
    Redirect.objects.create(kind="company", old_slug="made-1", new_slug="stays")
    row = {**company(1), "name_ko": "새 이름"}
    folder = table(tmp_path / "in" / "companies.csv", [row, company(2)]).parent
    table(folder / "offices.csv", [{"company": "made-1", "kind": "hq", "address_ko": "서울 강남구"}])
    found = plan(folder, **sizes)
    with translation.override("en"):
        notes = [p for p in plan(folder).problems if p.kind == "note"]
    assert [(p.place.row, p.column, p.value) for p in notes] == [(2, "slug", "made-1")]
    assert "“stays”" in notes[0].reason
    assert found.counts()["create"] == 2 and found.counts()["change"] == 1
    bring_in(folder)
    there.refresh_from_db()
    assert (there.slug, there.name_ko) == ("stays", "새 이름")
    assert Office.objects.get().company == there
    assert sorted(Company.objects.values_list("slug", flat=True)) == ["made-2", "stays"]
    assert plan(folder).counts()["create"] == 0


def test_a_code_name_in_use_again_means_its_own_record(tmp_path):
    factories.company(slug="stays")
    again = factories.company(slug="made-1")
    Redirect.objects.create(kind="company", old_slug="made-1", new_slug="stays")
    found = plan(table(tmp_path / "companies.csv", [{**company(1), "name_ko": "다시 쓴 이름"}]))
    assert not [p for p in found.problems if p.kind == "note"]
    assert [item.record.pk for item in found.items if item.action == "change"] == [again.pk]
