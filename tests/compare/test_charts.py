"""Owns the geometry of charts: what is joined, what is not, and that everything stays in the picture."""

import re
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clusters.compare import axes, charts, lettering
from clusters.compare.drawing import BASE, HEIGHT, WIDTH
from clusters.compare.series import Line, Measure, Point
from clusters.dates import PartialDate
from clusters.models import Indicator

INDICATOR = Indicator(
    pk=1, slug="companies", name_ko="기업", name_en="Companies", unit_ko="개사", kind="count"
)
MONEY = Indicator(
    pk=2, slug="revenue", name_ko="매출", name_en="Revenue", unit_ko="원", unit_en="KRW", kind="money"
)


def line(slug="one", extent="whole", scope="", survey="", order=0, **points) -> Line:
    """points: y2021=4, or y2021=(4, "plan") or (4, "", "disputed")."""
    made = []
    for name, given_ in points.items():
        number, *rest = given_ if isinstance(given_, tuple) else (given_,)
        made.append(Point(PartialDate(name[1:].replace("_", "-")), Decimal(str(number)), *rest))
    return Line(slug, scope or slug, extent, tuple(made), survey, survey, "", order)


def chart(*lines: Line, indicator=INDICATOR) -> charts.Chart:
    (drawn,) = charts.for_measures([Measure(indicator, lines)])
    return drawn


def segments(path: str) -> list[tuple[float, float, float, float]]:
    found = re.findall(r"M([\d.-]+) ([\d.-]+)L([\d.-]+) ([\d.-]+)", path)
    return [tuple(float(part) for part in numbers) for numbers in found]


def marks(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M([\d.-]+) ([\d.-]+)m", path)]


def test_surveyed_years_are_joined_solid_and_skipped_ones_dotted():
    drawn = chart(line(y2021=1, y2022=2, y2025=3)).drawn[0]
    assert (len(segments(drawn.solid)), len(segments(drawn.dotted)), len(marks(drawn.marks))) == (1, 1, 3)


def test_series_are_never_joined():
    made = chart(line("a", y2020=1, y2021=2), line("b", y2022=3, y2023=4))
    for drawn in made.drawn:
        places = set(marks(drawn.marks))
        for x1, y1, x2, y2 in segments(drawn.solid + drawn.dotted):
            assert (x1, y1) in places and (x2, y2) in places


def test_plans_are_drawn_apart_and_joined_to_nothing():
    drawn = chart(line(y2021=1, y2022=2, y2030=(9, "plan"))).drawn[0]
    assert len(segments(drawn.solid + drawn.dotted)) == 1
    assert len(marks(drawn.plans)) == 1 and len(marks(drawn.marks)) == 2


def test_a_break_parts_the_line():
    made = chart(line(y2021=1, y2022=2, y2023=(9, "break"), y2024=10))
    assert len(segments(made.drawn[0].solid)) == 2
    with translation.override("en"):
        assert any("2023" in note for note in charts._notes(Measure(INDICATOR, ()), [made.drawn[0].line]))


def test_a_disputed_period_is_joined_through_one_value_only():
    drawn = chart(line(y2021=1, y2022=(2, "", "disputed")))
    assert len(drawn.disputed) == 1
    both = Line("a", "a", "whole", tuple(Point(PartialDate("2022"), Decimal(n)) for n in (5, 7)))
    joined = Line("a", "a", "whole", (Point(PartialDate("2021"), Decimal(1)), *both.points))
    made = chart(joined).drawn[0]
    assert len(segments(made.solid)) == 1 and len(marks(made.marks)) == 3


def test_a_series_that_stops_early_names_its_year():
    made = chart(line("a", y2015=5, y2019=6), line("b", y2021=9, y2025=8))
    assert {label.value: label.year for label in made.labels} == {"6": "2019", "8": ""}


def test_the_fourth_series_stands_in_the_table_only():
    made = chart(*(line(f"s{n}", y2021=n, y2022=n + 1) for n in range(4)))
    assert len(made.drawn) == 3 and len({row.line.slug for row in made.rows}) == 4
    assert len(made.notes) == 1


def test_the_whole_district_has_the_first_mark():
    made = chart(line("part", "part", order=1, y2021=1, y2022=2), line("whole", order=2, y2021=3, y2022=4))
    assert [drawn.line.slug for drawn in made.drawn] == ["whole", "part"]


def test_a_wider_count_that_begins_later_is_marked():
    old = line("제1판교", "part", y2011=83, y2019=1259, y2025=1196)
    assert chart(old, line("제1·2판교", y2021=1697, y2025=1780)).rule
    assert not chart(old, line("제2판교", "part", y2021=397, y2025=584)).rule
    assert not chart(line("whole", y2021=1, y2022=2), line("one building", "part", y2023=1, y2024=2)).rule


def test_one_value_is_a_figure_and_no_chart():
    known = [Measure(INDICATOR, (line(y2021=5), line("b", y2019=4)))]
    assert charts.for_measures(known) == []
    assert [float(figure.point.value) for figure in charts.single_figures(known)] == [5, 4]


def test_charted_indicators_are_no_figures():
    assert charts.single_figures([Measure(INDICATOR, (line(y2021=5, y2022=6),))]) == []


def test_negative_values_stay_in_words():
    assert not charts.is_charted(Measure(INDICATOR, (line(y2021=-5, y2022=6),)))


@pytest.mark.parametrize(
    ("language", "unit", "value"), [("ko", "조 원", "167.7"), ("en", "trillion KRW", "167.7")]
)
def test_large_amounts_come_in_large_units(language, unit, value):
    with translation.override(language):
        made = chart(line(y2021=120_800_000_000_000, y2022=167_700_000_000_000), indicator=MONEY)
    assert made.unit == unit and made.labels[0].value == value


def test_the_summary_tells_first_and_last_values():
    with translation.override("en"):
        made = chart(line("All", y2021=1697, y2025=1780))
        assert made.summary == "Companies. All: 1,697 in 2021, 1,780 in 2025"


def test_short_charts_have_an_axis_of_their_own():
    long, short = line(y2000=1, y2020=2), line(y2024=1, y2025=2)
    first, second = charts.for_measures([Measure(INDICATOR, (long,)), Measure(MONEY, (short,))])
    assert first.ticks[0][1] == "2000" and [tick[1] for tick in second.ticks] == ["2024", "2025"]


def test_long_names_of_series_go_into_a_key():
    made = chart(line(scope="양재·개포 ICT 특정개발진흥지구 중 개포", y2021=1, y2022=2))
    assert made.keyed and all(not label.name for label in made.labels)


@given(st.floats(0.001, 1e15))
def test_a_step_is_round_and_its_double_reaches_the_largest_value(largest):
    step = axes.nice_step(largest)
    assert largest <= step * 2 * 1.000001 and step < largest * 1.3
    assert f"{step:e}"[:3] in ("1.0", "2.0", "2.5", "5.0")


@given(st.integers(1900, 2090), st.floats(0, 100), st.integers(2, 8))
def test_named_years_lie_within_the_axis_and_are_few(first, length, most):
    ticks = axes.year_ticks(first, first + length, most)
    assert ticks == sorted(set(ticks)) and first <= ticks[0] and ticks[-1] <= first + length
    assert len(ticks) <= most + 1


years = st.dictionaries(
    st.integers(1995, 2027),
    st.tuples(st.integers(0, 10**9), st.sampled_from(["", "", "", "estimate", "plan", "break"])),
    min_size=1,
    max_size=8,
)
series = st.builds(
    lambda ys, extent, number, scope: line(
        f"s{number}", extent, scope, **{f"y{year}": ys[year] for year in sorted(ys)}
    ),
    years,
    st.sampled_from(["whole", "part", "wider"]),
    st.integers(0, 10**6),
    st.sampled_from(["제1·2판교", "All", "Industrial complex, under contract"]),
)


@given(st.lists(series, min_size=1, max_size=5))
def test_everything_stays_inside_and_time_runs_to_the_right(lines):
    known = [Measure(INDICATOR, tuple(lines))]
    for made in charts.for_measures(known):
        assert 150 <= made.right <= WIDTH
        for drawn in made.drawn:
            for x, y in marks(drawn.marks + drawn.plans):
                assert 0 <= x <= made.right and 0 <= y <= BASE
            for x1, _y1, x2, _y2 in segments(drawn.solid + drawn.dotted):
                assert x1 < x2
            for (_, _, x2, y2), (x3, y3, _, _) in pairwise(segments(drawn.solid)):
                assert x3 >= x2 or (x3, y3) == (x2, y2)
        assert all(0 <= x <= WIDTH for x, _, _ in made.ticks)
        assert all(0 < label.y <= HEIGHT for label in made.labels)


@given(st.lists(st.integers(0, 170), min_size=1, max_size=3), st.booleans())
def test_labels_of_one_column_cover_each_other_never(heights, named):
    labels = [lettering.Label(1, 300, y, "start", "1,780", "", "이름" if named else "") for y in heights]
    lettering.push_apart(labels, top=11, bottom=166)
    assert all(lettering.overlap(one.box, other.box) < 0.5 for one, other in combinations(labels, 2))
    assert all(label.box[1] >= 0 and label.box[3] <= 180 for label in labels)
