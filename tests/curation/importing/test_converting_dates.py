"""Dates and application periods; what could mean two things is asked about."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.curation.importing.converting import (
    Ambiguous,
    Hints,
    Unconvertible,
    to_date,
    to_period,
    to_period_between,
)
from clusters.dates import SEOUL, from_excel_serial
from clusters.models import PeriodKind, Precision


def seoul(*parts):
    return datetime(*parts, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("2003-01-28", "2003-01-28"),
        ("20250918", "2025-09-18"),
        (20250918, "2025-09-18"),
        ("2024.3.5", "2024-03-05"),
        ("2024. 3. 5.", "2024-03-05"),
        ("2024. 3. 5.(화)", "2024-03-05"),
        ("２０２４．３．５", "2024-03-05"),
        ("2024년 3월 5일", "2024-03-05"),
        ("2024년3월", "2024-03"),
        ("24.3월", "2024-03"),
        ("'24.3", "2024-03"),
        ("98.3.5", "1998-03-05"),
        ("2024/3", "2024-03"),
        ("2024년", "2024"),
        (2024, "2024"),
        ("2017.1/4", "2017-Q1"),
        ("2024년 3분기", "2024-Q3"),
        ("04/21/17", "2017-04-21"),
        ("09/11/2020 ", None),
        ("31/12/2020", "2020-12-31"),
        ("03/03/2020", "2020-03-03"),
        ("240305", "2024-03-05"),
        ("202413", None),
        (45292, "2024-01-01"),
        ("45292", "2024-01-01"),
        (45292.75, "2024-01-01"),
        (date(2024, 3, 5), "2024-03-05"),
        (datetime(2024, 3, 5, 9), "2024-03-05"),
        ("2024-03-05 09:00:00", "2024-03-05"),
        ("2025-09-20T20:42:51.723Z", "2025-09-21"),
        ("March 5, 2024", "2024-03-05"),
        ("5 Mar 2024", "2024-03-05"),
        ("Mar 2024", "2024-03"),
        ("2024-02-29", "2024-02-29"),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("0000-00-00", None),
        ("20240230", None),
        ("3.5", None),
        ("1234567", None),
        ("12", None),
        ("내일", None),
        (True, None),
        (float("nan"), None),
        (10**30, None),
    ],
)
def test_dates(value, wanted):
    if wanted is None:
        with pytest.raises(Unconvertible) as caught:
            to_date(value)
        assert caught.value.fix
    else:
        assert to_date(value) == wanted


def test_dates_with_several_readings_are_asked_about():
    with pytest.raises(Ambiguous) as caught:
        to_date("04/05/17")
    assert set(caught.value.candidates) == {"2017-04-05", "2017-05-04", "2004-05-17"}
    with pytest.raises(Ambiguous) as caught:
        to_date("201203")
    assert set(caught.value.candidates) == {"2012-03", "2020-12-03"}
    assert to_date("04/05/17", Hints(order="month_first")) == "2017-04-05"
    assert to_date("04/05/17", Hints(order="day_first")) == "2017-05-04"
    assert to_date("04/05/17", Hints(order="year_first")) == "2004-05-17"
    assert to_date("05.03.2024", Hints(order="day_first")) == "2024-03-05"
    assert to_date("201203", Hints(pattern="%y%m%d")) == "2020-12-03"
    assert to_date("48.3월", Hints(pivot=40)) == "1948-03"


def test_serial_numbers_know_the_leap_day_that_never_was():
    assert from_excel_serial(1) == date(1900, 1, 1)
    assert from_excel_serial(59) == date(1900, 2, 28)
    assert from_excel_serial(60) is None
    assert from_excel_serial(61) == date(1900, 3, 1)
    assert from_excel_serial(45292.5) == datetime(2024, 1, 1, 12)
    assert from_excel_serial(43830, epoch_1904=True) == date(2024, 1, 1)
    assert from_excel_serial(0.5) is None
    assert from_excel_serial(1e12) is None
    assert to_date(43830, Hints(epoch_1904=True)) == "2024-01-01"


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_every_day_is_read_in_every_spelling(day):
    for text in (
        day.isoformat(),
        day.strftime("%Y%m%d"),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}. {day.month}. {day.day}.",
        f"{day.year}년 {day.month}월 {day.day}일",
        f"{day.year % 100:02d}.{day.month}.{day.day}",
    ):
        assert to_date(text) == day.isoformat()
    assert to_date((day - date(1899, 12, 30)).days) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "opens", "opens_precision", "closes", "closes_precision"),
    [
        ("2024.3.5 ~ 3.20", seoul(2024, 3, 5), "day", seoul(2024, 3, 20, 23, 59, 59), "day"),
        ("2024.3.5(화) ~ 20(수)", seoul(2024, 3, 5), "day", seoul(2024, 3, 20, 23, 59, 59), "day"),
        ("20240305-20240320", seoul(2024, 3, 5), "day", seoul(2024, 3, 20, 23, 59, 59), "day"),
        (
            "2024-03-05 09:00 ~ 2024-03-20 18:00까지",
            seoul(2024, 3, 5, 9),
            "time",
            seoul(2024, 3, 20, 18),
            "time",
        ),
        (
            "2024. 3. 5.(화) 오전 10시 ～ 3. 20.(수) 오후 6시 30분까지",
            seoul(2024, 3, 5, 10),
            "time",
            seoul(2024, 3, 20, 18, 30),
            "time",
        ),
        ("2024.3.5 ~ 3.20 24:00", seoul(2024, 3, 5), "day", seoul(2024, 3, 20, 23, 59), "time"),
        (
            "2024년 3월 5일부터 2024년 3월 20일까지",
            seoul(2024, 3, 5),
            "day",
            seoul(2024, 3, 20, 23, 59, 59),
            "day",
        ),
        ("2024년 3월 ~ 5월", seoul(2024, 3, 1), "month", seoul(2024, 5, 31, 23, 59, 59), "month"),
        ("2024.3.20까지", None, "day", seoul(2024, 3, 20, 23, 59, 59), "day"),
        ("공고일 ~ 2024.3.20", None, "day", seoul(2024, 3, 20, 23, 59, 59), "day"),
        ("2024.3.5 ~", seoul(2024, 3, 5), "day", None, "day"),
        (
            "2024.3.5 ~ 3.20 예산 소진시 조기 마감",
            seoul(2024, 3, 5),
            "day",
            seoul(2024, 3, 20, 23, 59, 59),
            "day",
        ),
    ],
)
def test_windows(text, opens, opens_precision, closes, closes_precision):
    period = to_period(text)
    assert (period.kind, period.opens_at, period.closes_at) == ("window", opens, closes)
    assert (period.opens_precision, period.closes_precision) == (opens_precision, closes_precision)
    assert period.wording == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("예산 소진시까지", "until_exhausted"),
        ("예산소진 시", "until_exhausted"),
        ("자금 소진시까지", "until_exhausted"),
        ("선착순 마감", "until_exhausted"),
        ("상시", "always"),
        ("연중 상시모집", "always"),
        ("수시", "always"),
        ("추후 공지", "announced_later"),
        ("별도 공고", "announced_later"),
        ("세부사업별 별도 공고 예정", "announced_later"),
        ("미정", "announced_later"),
        ("매월 1일 ~ 10일", "periodic"),
    ],
)
def test_words_instead_of_dates(text, kind):
    period = to_period(text)
    assert (period.kind, period.opens_at, period.closes_at, period.wording) == (kind, None, None, text)


def test_words_beside_a_date():
    period = to_period("2024.3.5 ~ 예산 소진시까지")
    assert (period.kind, period.opens_at, period.closes_at) == ("until_exhausted", seoul(2024, 3, 5), None)
    period = to_period("2024년 3월 예정")
    assert (period.kind, period.opens_at, period.opens_precision) == ("upcoming", seoul(2024, 3, 1), "month")


def test_two_cells_make_a_period():
    period = to_period_between("20250918", "20250926")
    assert (period.opens_at, period.closes_at) == (seoul(2025, 9, 18), seoul(2025, 9, 26, 23, 59, 59))
    assert to_period_between(date(2025, 9, 18), datetime(2025, 9, 26, 18)).closes_at == seoul(2025, 9, 26, 18)
    assert to_period_between("2025-09-18", None).closes_at is None
    assert to_period_between(None, "2025-09-18").opens_at is None
    assert to_period_between("20250918", "예산 소진시까지").kind == "until_exhausted"
    assert to_period_between(None, "-") is None


@pytest.mark.parametrize("text", ["2024.3.5", "2024.12.20 ~ 1.10"])
def test_unclear_periods_are_asked_about(text):
    with pytest.raises(Ambiguous) as caught:
        to_period(text)
    assert caught.value.candidates


@pytest.mark.parametrize(
    "text",
    [
        "3.5 ~ 3.20",
        "3.20까지",
        "2024-03-20 ~ 2024-03-05",
        "2024.2.30 ~ 3.20",
        "1차 2024.3.1~3.10, 2차 2024.5.1~5.10",
        "2024.3.5, 2024.4.5 ~ 2024.5.5",
        "2024.3.5 25:00 ~ 3.6",
        "아무 말",
        "가" * 400,
    ],
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(Unconvertible) as caught:
        to_period(text)
    assert not isinstance(caught.value, Ambiguous)


def test_kinds_and_precisions_are_the_models():
    texts = [
        "2024.3.5 ~ 3.6",
        "상시",
        "예산 소진",
        "추후 공지",
        "매월",
        "2024.3월 예정",
        "2024.3.5 9:00 ~ 2024.4월",
    ]
    for text in texts:
        period = to_period(text)
        assert period.kind in PeriodKind
        assert {period.opens_precision, period.closes_precision} <= set(Precision.values)


@given(st.dates(date(2000, 1, 1), date(2049, 12, 31)), st.dates(date(2000, 1, 1), date(2049, 12, 31)))
def test_any_two_days_make_a_window_or_a_refusal(one, other):
    text = f"{one.year}.{one.month}.{one.day} ~ {other.year}.{other.month}.{other.day}"
    if one <= other:
        period = to_period(text)
        assert (period.opens_at.date(), period.closes_at.date()) == (one, other)
    else:
        with pytest.raises(Unconvertible):
            to_period(text)
