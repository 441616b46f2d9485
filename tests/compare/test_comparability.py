"""Owns the contract for bars: when figures may be compared, and what is said when they may not."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clusters.compare.comparability import (
    Difference,
    Value,
    bars,
    comparable,
    differences,
    explain,
    more_than_a_year_apart,
)
from clusters.dates import PartialDate

PERIODS = ["2021", "2022", "2025", "2021-Q2", "2024-02-29", "2025-07", "2023-12-31"]


def value(number=100, **given_) -> Value:
    defaults = {
        "number": Decimal(number),
        "unit": "명",
        "survey": "실태조사",
        "basis": "site",
        "extent": "whole",
        "period": "2025",
        "scope": "전체",
    }
    known = {**defaults, **given_}
    return Value(**{**known, "period": PartialDate(known["period"])})


@st.composite
def values(draw) -> Value:
    return value(
        draw(st.decimals(min_value=-5, max_value=10**12, places=2)),
        unit=draw(st.sampled_from(["명", "개사"])),
        survey=draw(st.sampled_from(["", "실태조사", "JLL"])),
        basis=draw(st.sampled_from(["", "site", "firm"])),
        extent=draw(st.sampled_from(["whole", "part", "wider"])),
        period=draw(st.sampled_from(PERIODS)),
        flag=draw(st.sampled_from(["", "estimate", "provisional", "plan", "break"])),
    )


like = st.lists(st.decimals(min_value=0, max_value=10**12, places=2), min_size=2, max_size=4).map(
    lambda numbers: [value(number) for number in numbers]
)
any_values = st.lists(values(), max_size=4)


@given(like)
def test_comparable_values_have_bars_within_0_and_100_and_the_largest_is_full(row):
    drawn = bars(row)
    assert all(bar is not None and 0 <= bar <= 100 for bar in drawn)
    largest = max(v.number for v in row)
    expected = Decimal(100) if largest else Decimal(0)
    assert all(bar == expected for bar, v in zip(drawn, row, strict=True) if v.number == largest)


@given(like)
def test_longer_bars_stand_for_larger_values(row):
    pairs = sorted(zip((v.number for v in row), bars(row), strict=True))
    assert [bar for _, bar in pairs] == sorted(bar for _, bar in pairs)


@given(
    like,
    st.sampled_from(
        [
            {"unit": "개사"},
            {"survey": "다른 조사"},
            {"survey": ""},
            {"basis": "firm"},
            {"basis": ""},
            {"extent": "part"},
            {"period": "2023"},
            {"flag": "plan"},
            {"flag": "estimate"},
            {"number": -1},
        ]
    ),
    st.integers(0, 4),
)
def test_one_value_of_another_kind_removes_every_bar(row, change, place):
    row.insert(min(place, len(row)), value(**change))
    assert bars(row) == [None] * len(row)
    assert explain(row)


@given(any_values, st.randoms())
def test_the_order_of_districts_changes_nothing(row, random):
    shuffled = random.sample(row, len(row))
    assert set(differences(row)) == set(differences(shuffled))
    by_value = dict(zip(row, bars(row), strict=True))
    assert all(by_value[v] == bar for v, bar in zip(shuffled, bars(shuffled), strict=True))


@given(any_values)
def test_either_bars_or_a_reason(row):
    if len(row) < 2:
        assert not comparable(row) and explain(row) == ""
    else:
        assert comparable(row) == (explain(row) == "")
    assert comparable(row) == any(bar is not None for bar in bars(row))


@given(like)
def test_a_gap_has_no_bar_and_takes_none_away(row):
    assert bars([None, *row]) == [None, *bars(row)]


def test_a_measured_0_is_a_bar_of_no_length():
    assert bars([value(0), value("8.6")]) == [Decimal("0.0"), Decimal("100.0")]
    assert bars([value(0), value(0)]) == [Decimal("0.0"), Decimal("0.0")]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("2025", "2024", False),
        ("2025", "2023", True),
        ("2024", "2022", True),
        ("2025-Q3", "2024-Q3", False),
        ("2025-07", "2024-06", True),
        ("2025-06", "2024-06", False),
        ("2024-12-31", "2023-12-31", False),
        ("2025-01-01", "2023-12-31", True),
        ("2025-02-28", "2024-02-29", False),
        ("2025-03-01", "2024-02-29", True),
        ("2021-Q2", "2021", False),
    ],
)
def test_more_than_a_year_apart(one, other, apart):
    assert more_than_a_year_apart(PartialDate(one), PartialDate(other)) is apart
    assert more_than_a_year_apart(PartialDate(other), PartialDate(one)) is apart


def test_three_values_are_compared_pair_by_pair():
    row = [value(period="2023"), value(period="2024"), value(period="2025")]
    assert differences(row) == [Difference.PERIOD]


def test_the_reason_names_scopes_and_periods():
    row = [
        value(scope="Pangyo 1 and 2", extent="whole", period="2025"),
        value(scope="Gangnam-gu as a whole", extent="wider", period="2022"),
    ]
    with translation.override("en"):
        assert explain(row) == (
            "Different scope: Pangyo 1 and 2; Gangnam-gu as a whole."
            " More than a year apart: 2025 and 2022. No bars are drawn."
        )


def test_an_unstated_basis_is_told_only_when_nothing_else_is():
    with translation.override("en"):
        assert "basis" in explain([value(basis=""), value(basis="site")])
        assert "basis" not in explain([value(basis="", period="2021"), value(basis="site")])
        assert "basis" in explain([value(basis="firm", period="2021"), value(basis="site")])


def test_provisional_values_are_measured_ones():
    assert comparable([value(flag="provisional"), value()])
    assert comparable([value(flag="plan"), value(flag="plan")])
