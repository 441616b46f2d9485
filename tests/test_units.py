"""Quantities in words."""

from decimal import Decimal

import pytest
from django.utils import translation

from clusters import units


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1780, "1,780"),
        (Decimal("52.6000"), "52.6"),
        (Decimal("0.0000"), "0"),
        (Decimal("-3.50"), "-3.5"),
        (100, "100"),
    ],
)
def test_plain_numbers_have_separators_and_no_empty_decimals(value, text):
    assert units.plain(value) == text


@pytest.mark.parametrize(
    ("value", "korean", "english"),
    [
        (4_443_300_000_000, "4조 4,433억", "4.44 trillion"),
        (37_800_000_000, "378억", "37.8 billion"),
        (294_000, "29만 4천", "294,000"),
        (22_963_950_400, "229억 6,395만", "22.96 billion"),
        (5_000_000, "500만", "5 million"),
        (9_500, "9,500", "9,500"),
        (10**12, "1조", "1 trillion"),
    ],
)
def test_large_amounts_are_read_in_words(value, korean, english):
    with translation.override("ko"):
        assert units.large(value) == korean
    with translation.override("en"):
        assert units.large(value) == english


def test_pyeong_is_for_display():
    assert units.pyeong(1386) == 419
