"""Dates as exact as their sources: what is accepted, how they sort, how they read."""

import copy
import pickle
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clusters.dates import PartialDate, days_apart


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31), "year"),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29), "month"),
        ("2016-Q3", date(2016, 7, 1), date(2016, 9, 30), "quarter"),
        ("2016-10-03", date(2016, 10, 3), date(2016, 10, 3), "day"),
    ],
)
def test_a_partial_date_spans_what_it_may_mean(text, first, last, precision):
    found = PartialDate(text)
    assert (found.first_day, found.last_day, found.precision) == (first, last, precision)


@pytest.mark.parametrize(
    "text",
    [
        "16",
        "2016-13",
        "2016-00",
        "2015-02-29",
        "2016-1",
        "2016-Q5",
        "2016-Q1-02",
        "2016/10",
        "1492",
        "9999",
        "２０１６",
        "",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        PartialDate(text)


@pytest.mark.parametrize(
    ("text", "korean", "english"),
    [
        ("2016", "2016년", "2016"),
        ("2016-10", "2016년 10월", "October 2016"),
        ("2016-10-03", "2016년 10월 3일", "3 October 2016"),
        ("2025-Q3", "2025년 3분기", "Q3 2025"),
    ],
)
def test_dates_read_well_in_both_languages(text, korean, english):
    with translation.override("ko"):
        assert PartialDate(text).display() == korean
    with translation.override("en"):
        assert PartialDate(text).display() == english


@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)), st.dates(date(1800, 1, 1), date(2100, 12, 31)))
def test_full_dates_sort_as_days_do(one, other):
    assert (PartialDate(one.isoformat()) < PartialDate(other.isoformat())) == (one < other)


def test_a_month_sorts_after_its_year_and_before_its_days():
    assert sorted(["2016-10-03", "2016-10", "2017", "2016"]) == ["2016", "2016-10", "2016-10-03", "2017"]


def test_periods_that_overlap_are_not_apart():
    assert days_apart(PartialDate("2025"), PartialDate("2025-07")) == 0
    assert days_apart(PartialDate("2025-01-01"), PartialDate("2025-01-31")) == 30
    assert days_apart(PartialDate("2025-01-31"), PartialDate("2025-01-01")) == 30


def test_copies_stay_partial_dates():
    original = PartialDate("2016-10")
    for copied in (copy.deepcopy(original), pickle.loads(pickle.dumps(original))):
        assert copied == original
        assert copied.month == 10
