"""Identifiers, telephones, addresses, places and texts; what holds for every converter."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.curation.importing.converting import (
    Unconvertible,
    fold_width,
    to_area,
    to_business_number,
    to_code,
    to_corporate_number,
    to_count,
    to_date,
    to_latitude,
    to_line,
    to_list,
    to_longitude,
    to_number,
    to_period,
    to_phone,
    to_prose,
    to_quantity,
    to_share,
    to_web_address,
    to_won,
    to_yes_no,
)

ALL = [
    to_area,
    to_business_number,
    to_code,
    to_corporate_number,
    to_count,
    to_date,
    to_latitude,
    to_line,
    to_list,
    to_longitude,
    to_number,
    to_period,
    to_phone,
    to_prose,
    to_quantity,
    to_share,
    to_web_address,
    to_won,
    to_yes_no,
]


def test_business_numbers():
    assert to_business_number("124-81-00998") == to_business_number(1248100998) == "1248100998"
    for wrong in ("123-45-67890", "124-81-0099", "124-81-*****", "가"):
        with pytest.raises(Unconvertible):
            to_business_number(wrong)


def test_corporate_numbers():
    assert to_corporate_number("110111-1234567") == "1101111234567"
    with pytest.raises(Unconvertible):
        to_corporate_number("110111")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("02-123-4567", "02-123-4567"),
        ("0212345678", "02-1234-5678"),
        ("02)2210-5576", "02-2210-5576"),
        ("(031) 8048-1790", "031-8048-1790"),
        ("+82-2-1234-5678", "02-1234-5678"),
        ("+82 (0)31 804 1790", "031-804-1790"),
        ("82-10-1234-5678", "010-1234-5678"),
        ("010.1234.5678", "010-1234-5678"),
        ("070–1234–5678", "070-1234-5678"),
        ("1544-7788", "1544-7788"),
        ("０２－２２１０－５５７６", "02-2210-5576"),
        ("Tel. 042-123-4567", "042-123-4567"),
        ("0507-1234-5678", "0507-1234-5678"),
        (212345678, "02-1234-5678"),
        ("312345678", "031-234-5678"),
        (1012345678, "010-1234-5678"),
        ("2-830-1001", "02-830-1001"),
        ("31)123-4567", "031-123-4567"),
    ],
)
def test_telephone_numbers(value, wanted):
    assert to_phone(value) == wanted


@pytest.mark.parametrize(
    "value",
    [
        "123",
        28301001,  # 02-830-1001, or a local number without its area code
        "2830-1001",
        "415-555-1234",
        "02-123-4567, 4568",
        "02-123-4567~8",
        "119",
        "099-123-4567",
        "없음",
        "02-0123-4567",
        "+1-650-253-0000",
    ],
)
def test_what_is_no_korean_number_is_refused(value):
    with pytest.raises(Unconvertible):
        to_phone(value)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("http://www.uos.ac.kr", "http://www.uos.ac.kr"),
        ("www.uos.ac.kr", "http://www.uos.ac.kr"),
        (" HTTPS://WWW.A.KR/Path?q=가 ", "https://www.a.kr/Path?q=가"),
        ("http;//www.a.kr", "http://www.a.kr"),
        ("htp://www.a.kr", "http://www.a.kr"),
        ("http:/a.co.kr", "http://a.co.kr"),
        ("https//a.co.kr", "https://a.co.kr"),
        ("http:\\\\a.co.kr", "http://a.co.kr"),
        ("http://http://a.com", "http://a.com"),
        ("http://https://a.com", "https://a.com"),
        ("http://한글.kr/경로", "http://한글.kr/경로"),
        ("http://a.kr/?a=1&amp;b=2", "http://a.kr/?a=1&b=2"),
        ("a.com:8080/x", "http://a.com:8080/x"),
    ],
)
def test_web_addresses_are_repaired_where_it_is_safe(value, wanted):
    assert to_web_address(value) == wanted


@pytest.mark.parametrize(
    "value",
    [
        "없음",
        "준비중",
        "a@b.com",
        "www,naver,com",
        "http://",
        "http://a..com",
        "http://a.com b.com",
        "http://a.com, http://b.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.com",
        "http://user:pass@a.com",
        "http://127.0.0.1/",
        "http://localhost",
        "http://a.com:99999",
        "http://[::1",
        "http://a.com/<script>",
        "h" * 600,
    ],
)
def test_broken_addresses_are_refused(value):
    with pytest.raises(Unconvertible) as caught:
        to_web_address(value)
    assert caught.value.fix


def test_coordinates_lie_in_korea():
    assert (to_latitude("37.4029"), to_longitude(127.1056)) == (Decimal("37.4029"), Decimal("127.1056"))
    with pytest.raises(Unconvertible, match="swapped"):
        to_latitude("127.1056")
    for wrong in ("0", "48.85", "37°24′", "-37.4"):
        with pytest.raises(Unconvertible):
            to_latitude(wrong)


def test_texts_are_cleaned_of_what_no_page_shows():
    assert to_line(" A&amp;B  &apos;가&apos;\n나\u200b ") == "A&B '가' 나"
    assert to_line("&amp;lt;") == "&lt;"  # once
    assert to_line("\u1112\u1161\u11ab\u1107\u1175\u11be") == "한빛"
    assert to_line("㈜한빛ㆍ두리") == "㈜한빛ㆍ두리"
    assert to_line(12.0) == "12"
    assert to_prose("가\r\n\r\n\r\n\r\n나  다 ") == "가\n\n나 다"
    assert fold_width("ＡＢ１２　㈜ㆍ") == "AB12 ㈜ㆍ"
    for wrong in ("a\x01b", "a\ufffdb", "\ud800", "가" * 201):
        with pytest.raises(Unconvertible):
            to_line(wrong)


def test_codes_keep_their_zeros():
    assert to_code("00593") == "00593"
    assert to_code(593) == "593"
    assert to_code(5930, width=6) == to_code("5930", width=6) == to_code(5930.0, width=6) == "005930"
    assert to_code('="005930"') == "005930"
    assert to_code("'005930") == "005930"
    for wrong in ("1.10111E+12", 1.5, "1234567"):
        with pytest.raises(Unconvertible):
            to_code(wrong, width=6)


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("가,나 ， 다;라/마ㆍ바·사|아\n자", list("가나다라마바사아자")),
        ("AI(음성, 언어), 로봇", ["AI(음성, 언어)", "로봇"]),
        ("가(나, 다", ["가(나", "다"]),
        ("가, 가,,나", ["가", "나"]),
        ("http://a.kr/x;http://b.kr/y", ["http://a.kr/x", "http://b.kr/y"]),
        ("-", []),
        (None, []),
    ],
)
def test_lists(value, items):
    assert to_list(value) == items


def test_lists_are_bounded():
    with pytest.raises(Unconvertible, match="items"):
        to_list(",".join(map(str, range(200))))
    assert to_list("a/b,c", separators=",") == ["a/b", "c"]


def test_yes_and_no():
    assert [to_yes_no(value) for value in ("Y", "○", "예", "있음", 1, 1.0, True, "Ｙ")] == [True] * 8
    assert [to_yes_no(value) for value in ("n", "×", "아니오", "해당 없음", 0, False)] == [False] * 6
    with pytest.raises(Unconvertible):
        to_yes_no("아마도")


anything = st.one_of(
    st.text(max_size=80),
    st.text("0123456789.,-/~ 년월일억만천원%()시:", max_size=40),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
)


@pytest.mark.parametrize("convert", ALL, ids=lambda convert: convert.__name__)
@pytest.mark.parametrize("blank", [None, "", "  ", "-", "N/A", "null"])
def test_blank_is_nothing(convert, blank):
    assert not convert(blank)


@pytest.mark.parametrize("convert", ALL, ids=lambda convert: convert.__name__)
@given(value=anything)
def test_a_converter_converts_or_says_why_not(convert, value):
    try:
        convert(value)
    except Unconvertible as problem:
        assert problem.message
        assert problem.fix
        assert str(problem).isprintable()
        assert len(str(problem)) < 500
