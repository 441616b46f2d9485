"""Text tables: encodings, delimiters, headers wherever they stand, totals, footnotes, crooked rows."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.curation.importing.reading import LIMITS, UnreadableFile, read


@pytest.fixture
def table(tmp_path):
    def make(content: str | bytes, name: str = "file.csv", encoding: str = "utf-8", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        (found,) = read(path, **options).tables
        return found

    return make


def values(table):
    return [row.values for row in table.rows()]


def kinds(table):
    list(table.rows())
    return [note.kind for note in table.notes]


PLAIN = "이름,전화,주소\n한빛,02-123-4567,서울\n두리,,부산\n"
ROWS = [["한빛", "02-123-4567", "서울"], ["두리", None, "부산"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_the_encoding_is_told_from_the_bytes(table, encoding):
    found = table(PLAIN, encoding=encoding)
    assert found.columns == ["이름", "전화", "주소"]
    assert (values(found), found.first_row, found.kind) == (ROWS, 1, "csv")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a"])
def test_the_delimiter_is_told_from_the_content(table, delimiter, name):
    assert values(table(PLAIN.replace(",", delimiter), name)) == ROWS


def test_lists_inside_cells_do_not_hide_the_delimiter(table):
    assert (
        table("slug,technologies,note\na,nlp;vision;speech,x\nb,nlp;robots,y\n").columns[1] == "technologies"
    )


def test_a_line_of_excel_names_the_delimiter(table):
    assert values(table("sep=;\na;b\n1,5;2\n")) == [["1,5", "2"]]


def test_cells_may_hold_line_breaks_and_rows_keep_the_numbers_spreadsheets_show(table):
    found = table('이름,비고\n"한\n빛",가\n\n두리,"나, ""다"""\n')
    assert [(row.number, row.values) for row in found.rows()] == [
        (2, ["한\n빛", "가"]),
        (4, ["두리", '나, "다"']),
    ]


def test_titles_above_the_header_are_named(table):
    found = table(
        "2024년 벤처기업 현황,,\n기준일: 2024-12-31,,\n\n업체명,지역,주생산품\n한빛,서울,소프트웨어\n두리,부산,기계\n"
    )
    assert (found.columns, found.first_row) == (["업체명", "지역", "주생산품"], 4)
    assert [(note.kind, note.place) for note in found.notes] == [("title", "A1"), ("title", "A2")]
    assert values(found)[0] == ["한빛", "서울", "소프트웨어"]


def test_header_rows_with_gaps_are_joined(table):
    found = table("구분,인구,,,세대\n,계,남,여,\n강남구,30,14,16,12\n서초구,20,9,11,8\n")
    assert found.columns == ["구분", "인구 / 계", "인구 / 남", "인구 / 여", "세대"]
    assert ("header", "A1:E2") in [(note.kind, note.place) for note in found.notes]


def test_header_rows_with_repeated_labels_are_joined(table):
    found = table("시,매출,매출,인원\n시,2023,2024,인원\n서울,3,4,5\n부산,1,2,3\n")
    assert found.columns == ["시", "매출 / 2023", "매출 / 2024", "인원"]


def test_a_row_of_words_is_not_taken_for_a_second_header(table):
    found = table("이름,이름,전화\n가나,다라,마바\n사아,자차,카타\n")
    assert found.columns == ["이름", "이름 (2)", "전화"]
    assert len(values(found)) == 2
    assert [(note.kind, note.place) for note in found.notes] == [("column", "B1")]


def test_years_may_name_columns(table):
    assert table("자치구,2022,2023,2024\n강남구,1,2,3\n서초구,2,3,4\n").columns[1:] == [
        "2022",
        "2023",
        "2024",
    ]


def test_empty_names_are_named_by_their_letter_and_empty_columns_at_the_end_dropped(table):
    found = table("이름,,전화,,\n가,나,1,,\n다,라,2,,\n")
    assert found.columns == ["이름", "[B]", "전화"]
    assert values(found) == [["가", "나", "1"], ["다", "라", "2"]]


def test_totals_repeated_headers_and_footnotes_are_left_out_and_named(table):
    found = table(
        '시도,기업 수,매출\n합 계,30,"1,000"\n서울,20,700\n시도,기업 수,매출\n부산,10,300\n소계,30,1000\n※ 잠정치임,,\n'
    )
    assert [row.values[0] for row in found.rows()] == ["서울", "부산"]
    assert kinds(found) == ["total", "repeated", "total", "footnote"]
    assert [note.place for note in found.notes] == ["A2:C2", "A4:C4", "A6:C6", "A7"]


@pytest.mark.parametrize("counted", ["40개사", "총 12건", "3명", "1,200개 기업"])
def test_a_total_that_counts_the_rows_in_words_is_no_company(table, counted):
    found = table(f"순번;회사명;주소;면적\n1;가나;서울;10\n합계;{counted};;10\n")
    assert len(values(found)) == 1
    assert kinds(found) == ["total"]


def test_a_company_called_total_stays(table):
    assert len(values(table("회사명,업종,지역\nTotal,에너지,서울\n합계,회계,부산\n"))) == 2


def test_reading_twice_gives_the_same_and_notes_once(table):
    found = table("시도,수\n합계,3\n서울,3\n")
    assert values(found) == values(found) == [["서울", "3"]]
    assert len(found.notes) == 1


def test_rows_of_the_wrong_width_are_errors(table):
    rows = list(table("a,b,c\nx,y,z\nx,y\nx,y,z,w\nx,y,z,\n").rows())
    assert [[(note.kind, note.place, note.error) for note in row.notes] for row in rows] == [
        [],
        [("width", "B3", True)],
        [("width", "D4", True)],
        [],
    ]


def test_text_that_looks_like_a_formula_stays_text_and_is_flagged(table):
    found = table('이름,코드\n=1+1,"=HYPERLINK(""http://x"")"\n')
    (row,) = found.rows()
    assert row.values == ["=1+1", '=HYPERLINK("http://x")']
    assert [(note.kind, note.place, note.error) for note in row.notes] == [
        ("formula", "A2", False),
        ("formula", "B2", False),
    ]


def test_leading_zeros_and_padding_stay(table):
    assert values(table("코드,이름\n00593, 가 \n")) == [["00593", " 가 "]]


def test_the_row_to_start_at_overrides_the_guess(table):
    text = "가,나\n다,라\n마,바\n"
    found = table(text, start_row=2)
    assert (found.columns, found.first_row, values(found)) == (["다", "라"], 2, [["마", "바"]])
    assert table("a,b\nc,d\n1,2\n", start_row=1, header_rows=2).columns == ["a / c", "b / d"]
    with pytest.raises(UnreadableFile, match="Row 9"):
        table(text, start_row=9)


def test_a_row_to_start_at_far_down_is_found(table):
    filler = "".join(f"머리말 {number},\n" for number in range(200))
    assert table(filler + "이름,전화\n가,1\n", start_row=201).columns == ["이름", "전화"]


def test_a_file_of_one_column_is_read(table):
    assert values(table("회사명\n한빛\n두리\n")) == [["한빛"], ["두리"]]


def test_many_rows_are_streamed(table):
    found = table("번호,이름\n" + "".join(f"{number},회사{number}\n" for number in range(20_000)))
    assert sum(1 for _row in found.rows()) == 20_000


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20
).filter(lambda text: not text or not text.isspace())


@given(rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=15))
def test_what_a_spreadsheet_writes_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerows([["첫째", "둘째", "셋째"], *rows])
    (table,) = read(path, start_row=1, header_rows=1).tables
    found = [row.values for row in table.rows()]
    left_out = sum(note.kind in {"total", "repeated", "footnote"} for note in table.notes)
    wanted = [[cell or None for cell in row] for row in rows if any(row)]
    assert len(found) + left_out == len(wanted)
    if not left_out:
        assert found == wanted


@given(content=st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(content)
    try:
        with read(path) as reading:
            for table in reading.tables:
                assert len(set(table.columns)) == len(table.columns)
                for row in table.rows():
                    assert len(row.values) == len(table.columns)
    except UnreadableFile as refusal:
        assert refusal.message
        assert refusal.fix


@given(content=st.text(max_size=2000))
def test_any_text_is_read_or_refused(tmp_path_factory, content):
    test_any_bytes_are_read_or_refused.hypothesis.inner_test(
        tmp_path_factory, content.encode("utf-8", "surrogatepass")
    )


def test_limits_are_the_callers(table):
    with pytest.raises(UnreadableFile, match="rows"):
        values(table("a,b\n" + "1,2\n" * 20, limits=LIMITS.__class__(rows=10)))
