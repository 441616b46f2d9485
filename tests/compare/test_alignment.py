"""Owns the choice of figures for a row: one survey's values together, and each district's best."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from clusters.compare.alignment import Kind, Placed, align, best
from clusters.compare.comparability import comparable
from clusters.compare.series import Line, Measure, Point
from clusters.dates import PartialDate
from clusters.models import Indicator

INDICATOR = Indicator(
    pk=1, slug="vacancy", name_ko="공실률", unit_ko="%", kind="share", topic="space", order=1
)


def line(slug="a", survey="JLL", extent="whole", order=0, **points) -> Line:
    """points: y2021=4.5, or y2021=(4.5, "plan")."""
    made = []
    for name, given_ in points.items():
        number, flag = given_ if isinstance(given_, tuple) else (given_, "")
        made.append(Point(PartialDate(name[1:].replace("_", "-")), Decimal(str(number)), flag))
    return Line(slug, slug, extent, tuple(made), survey, survey, "", order)


def measure(*lines: Line) -> list[Measure]:
    return [Measure(INDICATOR, lines)]


def numbers(row):
    return [None if placed is None else float(placed.point.value) for placed in row.placed]


def chosen(*lines: Line) -> float | None:
    placed = best(Placed(INDICATOR, one, point) for one in lines for point in one.points)
    return None if placed is None else float(placed.point.value)


def test_values_of_one_survey_share_a_row_and_latest_ones_follow():
    rows = align(
        [
            measure(line(y2021_Q2=0)),
            measure(line(y2021_Q2=8.6), line("b", "알스퀘어", "wider", y2025_Q3=4.7)),
            measure(line("c", "알스퀘어 마곡", y2024_Q3=76.6)),
        ]
    )
    assert [(row.kind, numbers(row)) for row in rows] == [
        (Kind.SURVEY, [0, 8.6, None]),
        (Kind.LATEST, [0, 4.7, 76.6]),
    ]


def test_no_second_row_when_the_latest_values_are_those_of_the_survey():
    rows = align([measure(line(y2020=1, y2021=2)), measure(line(y2021=3))])
    assert [(row.kind, numbers(row)) for row in rows] == [(Kind.SURVEY, [2, 3])]


def test_the_survey_row_prefers_more_districts_to_newer_years():
    rows = align([measure(line(y2018=1, y2024=9)), measure(line(y2018=2, y2024=8)), measure(line(y2018=3))])
    assert numbers(rows[0]) == [1, 2, 3]


def test_a_value_of_one_district_only_is_a_single_row():
    rows = align([measure(line(y2021=1)), []])
    assert [(row.kind, numbers(row)) for row in rows] == [(Kind.SINGLE, [1, None])]


def test_series_without_a_survey_share_no_survey_row():
    rows = align([measure(line(survey="", y2021=1)), measure(line(survey="", y2021=2))])
    assert [row.kind for row in rows] == [Kind.LATEST]


def test_the_whole_district_goes_before_a_part_of_about_the_same_time():
    assert chosen(line("whole", y2022=27533), line("part", extent="part", y2023_12=21000)) == 27533
    assert chosen(line("whole", y2011=5), line("part", extent="part", y2023_12=21000)) == 21000
    assert chosen(line("wider", extent="wider", y2024=9), line("part", extent="part", y2024=3)) == 3


def test_a_plan_never_stands_for_a_district_that_has_a_value():
    assert chosen(line(y2018=4, y2026=(99, "plan"))) == 4
    assert chosen(line(y2026=(99, "plan"))) == 99


def test_values_that_sources_dispute_name_each_other():
    one, other = (
        Point(PartialDate("2025"), Decimal(10), "", "disputed"),
        Point(PartialDate("2025"), Decimal(12)),
    )
    placed = Placed(INDICATOR, Line("a", "a", "whole", (one, other)), one)
    assert [point.value for point in placed.otherwise] == [12]


points = st.dictionaries(st.integers(2000, 2026), st.integers(0, 999), min_size=1, max_size=5)
lines = st.builds(
    lambda years, survey, extent, name: line(
        f"s{name}", survey, extent, **{f"y{year}": number for year, number in years.items()}
    ),
    points,
    st.sampled_from(["", "A", "B"]),
    st.sampled_from(["whole", "part", "wider"]),
    st.integers(0, 10**6),
)


@given(
    st.lists(st.lists(lines, max_size=3).map(lambda ls: measure(*ls) if ls else []), min_size=2, max_size=4)
)
def test_every_survey_row_is_comparable_and_no_value_is_invented(profiles):
    rows = align(profiles)
    for row in rows:
        values = [placed.value for placed in row.known]
        assert row.kind is not Kind.SURVEY or comparable(values)
        assert (len(values) == 1) == (row.kind is Kind.SINGLE)
        for placed, measures in zip(row.placed, profiles, strict=True):
            assert placed is None or placed.line in measures[0].lines
    with_values = sum(bool(measures) for measures in profiles)
    assert bool(rows) == bool(with_values)
