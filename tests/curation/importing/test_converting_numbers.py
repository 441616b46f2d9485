"""Figures, amounts, shares and areas in the spellings of Korean tables."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.curation.importing.converting import (
    Ambiguous,
    Unconvertible,
    to_area,
    to_count,
    to_number,
    to_quantity,
    to_share,
    to_won,
)


@pytest.mark.parametrize(
    ("value", "number", "unit"),
    [
        ("1,234", 1234, ""),
        ("１，２３４", 1234, ""),
        ("1억 2,500만원", 125_000_000, "원"),
        ("약 3천개", 3000, "개"),
        ("100백만원", 100_000_000, "원"),
        ("500천원", 500_000, "원"),
        ("2천5백만원", 25_000_000, "원"),
        ("1조 2,000억원", 1_200_000_000_000, "원"),
        ("1.5억", 150_000_000, ""),
        ("△1,234", -1234, ""),
        ("▲ 5", -5, ""),
        ("(1,234)", -1234, ""),
        ("−7", -7, ""),
        ("52.6%", Decimal("52.6"), "%"),
        ("43만㎡", 430_000, "m2"),
        ("₩1,000", 1000, "₩"),
        (12.1, Decimal("12.1"), ""),
        (0, 0, ""),
    ],
)
def test_figures(value, number, unit):
    found = to_quantity(value)
    assert (found.value, found.unit) == (number, unit)


@pytest.mark.parametrize(
    "value",
    [
        "1,23",
        "1.234.567",
        "3~5억",
        "10억원 이상",
        "조",
        "백만원",
        "12억 3조",
        "1e5",
        "1 2",
        "가",
        True,
        float("inf"),
        "9" * 30,
        "1" * 100,
    ],
)
def test_what_is_no_figure_is_refused(value):
    with pytest.raises(Unconvertible):
        to_quantity(value)


def test_short_speech_of_amounts_is_asked_about():
    with pytest.raises(Ambiguous) as caught:
        to_won("1억 2천")
    assert caught.value.candidates == ("120,000,000", "100,002,000")
    assert to_won("1억 2천만") == 120_000_000


def test_units_of_columns_and_cells():
    assert to_won("12", "백만원") == to_won("12백만원") == to_won(12_000_000) == 12_000_000
    assert to_won("3,000", "천원") == 3_000_000
    assert to_area("100평") == to_area(100, "평") == Decimal("330.58")
    assert to_area("43만㎡") == to_area(430, "천㎡") == 430_000
    assert to_area("1.2km²") == 1_200_000
    assert to_share("52.6%") == to_share(52.6) == Decimal("52.6")
    assert to_number("120개사") == 120
    assert to_count("1,234명") == 1234
    assert to_quantity("3천여 개").approximate
    for wrong in (
        lambda: to_won("5%"),
        lambda: to_share("5원"),
        lambda: to_number("5평"),
        lambda: to_won("$5"),
    ):
        with pytest.raises(Unconvertible, match="unit"):
            wrong()
    for wrong in ("-1", "2.5"):
        with pytest.raises(Unconvertible):
            to_count(wrong)


@given(st.decimals(-(10**15), 10**15, allow_nan=False, places=2))
def test_every_figure_is_read_back(number):
    assert to_number(f"{number:,f}") == number
    assert to_number(f"{number:f}") == number


@given(st.integers(1, 10**16 - 1))
def test_korean_spelling_is_read_back(number):
    trillions, rest = divmod(number, 10**12)
    hundreds, rest = divmod(rest, 10**8)
    tens, ones = divmod(rest, 10**4)
    parts = [(trillions, "조"), (hundreds, "억"), (tens, "만"), (ones, "")]
    assert to_won(" ".join(f"{count:,}{word}" for count, word in parts if count) + "원") == number
