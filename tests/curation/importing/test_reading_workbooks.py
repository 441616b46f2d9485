"""XLSX and XLS: types, dates of both epochs, merged cells, header rows, sheets that hold no data."""

from datetime import date, datetime

import openpyxl
import pytest
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from clusters.curation.importing.reading import UnreadableFile, read


@pytest.fixture
def book(tmp_path):
    """Write a workbook, let a function fill it, read it."""

    def make(fill, **options):
        workbook = openpyxl.Workbook()
        fill(workbook)
        path = tmp_path / "book.xlsx"
        workbook.save(path)
        return read(path, **options)

    return make


def fill(*rows, merges=()):
    def into(workbook):
        for row in rows:
            workbook.active.append(row)
        for merge in merges:
            workbook.active.merge_cells(merge)

    return into


def test_cells_keep_their_types(book):
    moment = datetime(2024, 3, 5, 9, 30)
    (table,) = book(
        fill(
            ["이름", "수", "비율", "날", "때", "예"],
            ["한빛", 3, 2.5, date(2024, 3, 5), moment, True],
            [" 두리\n ", None, 1e3, date(1999, 12, 31), moment, False],
        )
    ).tables
    assert [row.values for row in table.rows()] == [
        ["한빛", 3, 2.5, date(2024, 3, 5), moment, True],
        [" 두리\n ", None, 1000, date(1999, 12, 31), moment, False],
    ]
    assert (table.kind, table.sheet, table.first_row) == ("xlsx", "Sheet", 1)


def test_the_epoch_of_old_macs_is_followed(book):
    def into(workbook):
        workbook.epoch = CALENDAR_MAC_1904
        fill(["이름", "날"], ["한빛", date(2024, 3, 5)])(workbook)

    (table,) = book(into).tables
    assert next(table.rows()).values[1] == date(2024, 3, 5)


def test_merged_header_cells_join_and_a_merged_title_is_left_out(book):
    (table,) = book(
        fill(
            ["2024년 현황", None, None, None],
            ["구분", "인구", None, "비고"],
            [None, "남", "여", None],
            ["강남", 1, 2, "x"],
            ["서초", 3, 4, "y"],
            merges=["A1:D1", "A2:A3", "B2:C2", "D2:D3"],
        )
    ).tables
    assert table.columns == ["구분", "인구 / 남", "인구 / 여", "비고"]
    assert [(note.kind, note.place) for note in table.notes] == [("title", "A1"), ("header", "A2:D3")]
    assert [row.values for row in table.rows()] == [["강남", 1, 2, "x"], ["서초", 3, 4, "y"]]


def test_cells_merged_downwards_repeat_in_every_row(book):
    (table,) = book(
        fill(
            ["단지", "회사", "업종"],
            ["구로", "한빛", "기계"],
            [None, "두리", "전자"],
            [None, "세모", "화학"],
            ["가산", "네모", "기계"],
            merges=["A2:A4"],
        )
    ).tables
    assert [row.values[0] for row in table.rows()] == ["구로", "구로", "구로", "가산"]
    assert ("merged", "A2:A4") in [(note.kind, note.place) for note in table.notes]


def test_formulas_are_their_saved_results_and_without_one_an_error(book):
    (table,) = book(fill(["이름", "합"], ["한빛", "=1+1"], ["두리", "x"])).tables
    first, second = table.rows()
    assert first.values == ["한빛", None]
    assert [(note.kind, note.place, note.error) for note in first.notes] == [("formula", "B2", True)]
    assert not second.notes


def test_several_sheets_are_several_tables_and_explanations_are_left_out(book):
    def into(workbook):
        fill(["이름", "수"], ["가", 1])(workbook)
        workbook.create_sheet("2024").append(["이름", "수"])
        workbook["2024"].append(["나", 2])
        workbook.create_sheet("메타데이터").append(["항목", "설명"])
        workbook.create_sheet("숨김").append(["a", "b"])
        workbook["숨김"].sheet_state = "hidden"
        workbook.create_sheet("빈")

    reading = book(into)
    assert [table.sheet for table in reading.tables] == ["Sheet", "2024"]
    assert [note.place for note in reading.notes] == [
        "book.xlsx [메타데이터]",
        "book.xlsx [숨김]",
        "book.xlsx [빈]",
    ]
    assert [table.columns for table in book(into, sheet="숨김").tables] == [["a", "b"]]
    with pytest.raises(UnreadableFile, match="no sheet “없음”"):
        book(into, sheet="없음")


def test_rows_keep_their_numbers_over_gaps(book):
    def into(workbook):
        workbook.active["B3"], workbook.active["C3"] = "이름", "수"
        workbook.active["B5"], workbook.active["C5"] = "가", 1
        workbook.active["B90"], workbook.active["C90"] = "나", 2

    (table,) = book(into).tables
    assert (table.first_row, table.columns) == (3, ["[A]", "이름", "수"])
    assert [(row.number, row.values[1:]) for row in table.rows()] == [(5, ["가", 1]), (90, ["나", 2])]


def test_old_workbooks_are_read_like_new_ones(tmp_path):
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("현황")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    sheet.write_merge(0, 0, 0, 3, "2024년 현황")
    for at, name in enumerate(["구분", "회사", "수", "날"]):
        sheet.write(1, at, name)
    sheet.write_merge(2, 3, 0, 0, "구로")
    for row, name in ((2, "한빛"), (3, "두리")):
        sheet.write(row, 1, name)
        sheet.write(row, 2, 5)
        sheet.write(row, 3, date(2024, 3, 5), day)
    sheet.write(4, 0, "합계")
    sheet.write(4, 2, 10)
    path = tmp_path / "old.xlsx"  # the wrong name on purpose
    workbook.save(str(path))
    (table,) = read(path).tables
    assert (table.kind, table.first_row) == ("xls", 2)
    assert [row.values for row in table.rows()] == [
        ["구로", "한빛", 5, date(2024, 3, 5)],
        ["구로", "두리", 5, date(2024, 3, 5)],
    ]
    assert [note.kind for note in table.notes] == ["title", "merged", "total"]
