"""Tables on HTML pages: the ones portals name .xls, spans, entities, layout tables, pages without any."""

import pytest

from clusters.curation.importing.reading import UnreadableFile, read


@pytest.fixture
def page(tmp_path):
    def make(markup: str, encoding: str = "utf-8", **options):
        path = tmp_path / "상장법인목록.xls"
        path.write_bytes(markup.encode(encoding))
        return read(path, **options)

    return make


LISTED = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=euc-kr"><style>td{}</style></head>'
    "<body><table border=1><tr><th>회사명</th><th>종목코드</th><th>홈페이지</th></tr>"
    "<tr><td>한빛&amp;두리</td><td style=\"mso-number-format:'@'\">005930</td><td></td></tr>"
    "<tr><td>쀍소프트</td><td>000020</td><td>http://a.kr<br>http://b.kr</td></tr></table></body></html>"
)


def test_a_table_named_xls_is_read_with_its_zeros(page):
    (table,) = page(LISTED, "cp949").tables
    assert (table.kind, table.columns) == ("html", ["회사명", "종목코드", "홈페이지"])
    assert [row.values for row in table.rows()] == [
        ["한빛&두리", "005930", None],
        ["쀍소프트", "000020", "http://a.kr\nhttp://b.kr"],
    ]


def test_a_declaration_that_is_wrong_gives_way_to_the_rule(page):
    (table,) = page(LISTED, "utf-8").tables
    assert next(table.rows()).values[0] == "한빛&두리"


def test_spans_are_expanded(page):
    (table,) = page(
        "<table><tr><th rowspan=2>구분</th><th colspan='2'>인구</th></tr><tr><th>남</th><th>여</th></tr>"
        "<tr><td rowspan=2>강남</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>"
    ).tables
    assert table.columns == ["구분", "인구 / 남", "인구 / 여"]
    assert [row.values for row in table.rows()] == [["강남", "1", "2"], ["강남", "3", "4"]]


def test_layout_tables_scripts_and_comments_do_not_count(page):
    (table,) = page(
        "<!-- <table><tr><td>x</td><td>y</td></tr></table> --><script>'<table>'</script>"
        "<table><tr><td>메뉴</td><td><table><tr><th>이름<th>수<tr><td>가<td>1</table></td></tr></table>"
    ).tables
    assert table.columns == ["이름", "수"]
    assert [row.values for row in table.rows()] == [["가", "1"]]


def test_several_tables_are_numbered(page):
    markup = "<table><tr><th>이름<th>수<tr><td>가<td>1</table>" * 2
    assert [table.sheet for table in page(markup).tables] == ["1", "2"]
    assert [table.sheet for table in page(markup, sheet="2").tables] == ["2"]


def test_a_page_without_a_table_is_named(page):
    with pytest.raises(UnreadableFile, match="HTML page, not a table: “로그인”"):
        page("<!DOCTYPE html><html><title>로그인</title><body><form>…</form></body></html>")
