"""The month as a calendar: whole weeks, every known day of a call once, nothing on a day that nobody named."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.dates import SEOUL
from clusters.models import Call, PeriodKind, Precision, Program
from clusters.programs import month
from clusters.programs.month import Month
from tests import factories

MONTHS = st.builds(Month, st.integers(2000, 2100), st.integers(1, 12))
MOMENTS = st.datetimes(datetime(2026, 9, 25), datetime(2027, 1, 5)).map(
    lambda moment: moment.replace(tzinfo=SEOUL)
)
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=SEOUL)


@st.composite
def calls(draw) -> list[Call]:
    made = []
    for n in range(draw(st.integers(0, 8))):
        opens, closes = draw(st.none() | MOMENTS), draw(st.none() | MOMENTS)
        if opens and closes and closes < opens:
            opens, closes = closes, opens
        made.append(
            Call(
                slug=f"call-{n}",
                period_kind=draw(st.sampled_from(PeriodKind.values)),
                opens_at=opens,
                closes_at=closes,
                opens_precision=draw(st.sampled_from(Precision.values)),
                closes_precision=draw(st.sampled_from(Precision.values)),
            )
        )
    return made


def known_days(call: Call) -> set[tuple[str, str, date]]:
    """What a call's source says to the day, told another way."""
    if call.period_kind == "project":
        return set()
    return {
        (call.slug, what, moment.astimezone(SEOUL).date())
        for what, moment, precision in (
            ("opens", call.opens_at, call.opens_precision),
            ("closes", call.closes_at, call.closes_precision),
        )
        if moment is not None and precision in ("day", "time")
    }


@given(MONTHS, st.integers(0, 6))
def test_weeks_hold_every_day_of_the_month_once_and_begin_as_asked(one, first):
    weeks = one.weeks(first)
    assert all(len(week) == 7 for week in weeks)
    days = [day for week in weeks for day in week if day]
    last = (date(one.year, one.number, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    assert days == [date(one.year, one.number, number) for number in range(1, last.day + 1)]
    for week in weeks:
        for place, day in enumerate(week):
            assert day is None or day.isoweekday() % 7 == (first + place) % 7
    assert all(any(week) for week in weeks)


@given(MONTHS)
def test_months_follow_each_other_without_a_gap_within_bounds(one):
    assert Month.read(str(one)) == one == Month.of(one.begins)
    later = one.moved(1)
    if later is None:
        assert str(one) == "2100-12"
    else:
        assert later.begins == one.ends and later.moved(-1) == one and one < later
    assert Month(2000, 1).moved(-1) is None and one.moved(-12 * 200) is None


@pytest.mark.parametrize(
    "text",
    ["2026-13", "2026-00", "1999-12", "2101-01", "2026-1", "２０２６-11", "2026-11-01", "x", "²²²²-11"],
)
def test_anything_else_is_no_month(text):
    with pytest.raises(ValueError):
        Month.read(text)


@given(calls(), st.sampled_from([Month(2026, number) for number in (9, 10, 11, 12)]))
def test_every_known_day_in_the_month_comes_once_on_its_day(made, one):
    found = month.by_day(made, one)
    entries = [(edge.call.slug, edge.what, day) for day, edges in found.items() for edge in edges]
    assert len(entries) == len(set(entries))
    expected = {entry for call in made for entry in known_days(call)}
    assert set(entries) == {
        entry for entry in expected if (entry[2].year, entry[2].month) == (2026, one.number)
    }
    assert list(found) == sorted(found)
    for edges in found.values():
        closings = [edge.what == "closes" for edge in edges]
        assert closings == sorted(closings, reverse=True)  # what closes stands first


def test_the_last_minute_of_a_month_belongs_to_it():
    last = Call(
        slug="c",
        period_kind="window",
        closes_at=datetime(2026, 11, 30, 14, 59, 59, tzinfo=SEOUL) + timedelta(hours=9),
        closes_precision="day",
    )
    assert list(month.by_day([last], Month(2026, 11))) == [date(2026, 11, 30)]
    assert not month.by_day([last], Month(2026, 12))


@pytest.mark.django_db
def test_the_tables_are_asked_for_what_the_calendar_shows():
    random, program = Random(5), factories.program()
    source = factories.source()
    start = datetime(2026, 8, 20, tzinfo=SEOUL)
    for _ in range(80):
        opens = start + timedelta(hours=random.randrange(3000))
        closes = opens + timedelta(hours=random.randrange(1500))
        factories.call(
            program=program,
            source=source,
            publication=random.choice(["published"] * 4 + ["draft", "archived"]),
            period_kind=random.choice(PeriodKind.values),
            opens_at=random.choice([opens, opens, None]),
            closes_at=random.choice([closes, closes, None]),
            opens_precision=random.choice(Precision.values),
            closes_precision=random.choice(Precision.values),
        )
    programs, public = Program.objects.published(), list(Call.objects.published())
    days = {day for call in public for _, _, day in known_days(call)}
    for one in (Month(2026, 9), Month(2026, 10), Month(2026, 11), Month(2030, 1)):
        within = {day for day in days if Month.of(day) == one}
        assert set(month.by_day(month.dated(programs, one), one)) == within
        earlier = [Month.of(day) for day in days if Month.of(day) < one]
        later = [Month.of(day) for day in days if one < Month.of(day)]
        assert month.around(programs, one) == (max(earlier, default=None), min(later, default=None))
        # Every call that has no known end and meets the month stands below; nobody else but for a vague opening.
        below = set(month.undated(programs, one, NOW))
        for call in public:
            meets = (call.opens_at is None or call.opens_at < one.ends) and (
                call.closes_at is None or call.closes_at >= one.begins
            )
            has_end = any(what == "closes" for _, what, _ in known_days(call))
            stands = call.period_kind not in ("window", "upcoming")
            if meets and (stands or not has_end):
                assert call in below
            elif call in below:
                assert meets and call.opens_precision == "month" and one.begins <= call.opens_at < one.ends
