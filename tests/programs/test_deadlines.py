"""The status of a call on the clock of Seoul: by hand at the edges, and Python against SQL everywhere."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.dates import SEOUL
from clusters.models import Call, PeriodKind, Precision, Program
from clusters.programs import deadlines
from clusters.programs.deadlines import CallStatus, describe, status_of
from tests import factories


def seoul(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SEOUL)


def call(period_kind: str = "window", **given):
    """A call as the rules see it, without a database."""
    return SimpleNamespace(
        **{
            "period_kind": period_kind,
            "opens_at": None,
            "opens_precision": "day",
            "closes_at": None,
            "closes_precision": "day",
            "confirmed_on": None,
            "slug": "call",
            **given,
        }
    )


NOW = seoul(2026, 11, 23, 10, 0)
END_OF_DAY = seoul(2026, 11, 23, 23, 59)


@pytest.mark.parametrize(
    ("period_kind", "status"),
    [
        ("always", "always"),
        ("until_exhausted", "until_exhausted"),
        ("announced_later", "announced_later"),
        ("upcoming", "upcoming"),
        ("window", "unknown"),
        ("periodic", "unknown"),
        ("project", "unknown"),
    ],
)
def test_status_without_dates(period_kind, status):
    assert status_of(call(period_kind), NOW) == status


@pytest.mark.parametrize("period_kind", ["always", "until_exhausted", "announced_later"])
def test_kinds_that_say_the_status_ignore_dates(period_kind):
    past = call(period_kind, opens_at=seoul(2020, 1, 1), closes_at=seoul(2020, 2, 1))
    assert status_of(past, NOW) == period_kind


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (seoul(2026, 11, 23, 15, 59, 59), "open"),
        (seoul(2026, 11, 23, 16, 0, 0), "open"),
        (seoul(2026, 11, 23, 16, 0, 0) + timedelta(microseconds=1), "closed"),
        (seoul(2026, 11, 23, 16, 0, 1), "closed"),
    ],
)
def test_a_call_that_closes_at_16_00_is_open_until_then(now, status):
    at_four = call(closes_at=seoul(2026, 11, 23, 16, 0), closes_precision="time")
    assert status_of(at_four, now) == status


@pytest.mark.parametrize("stored", [seoul(2026, 11, 23), END_OF_DAY, seoul(2026, 11, 23, 23, 59, 59)])
@pytest.mark.parametrize(
    ("now", "status"),
    [
        (seoul(2026, 11, 23, 0, 0), "open"),
        (seoul(2026, 11, 23, 23, 59, 59), "open"),
        (seoul(2026, 11, 23, 23, 59, 59) + timedelta(microseconds=999_999), "open"),
        (seoul(2026, 11, 24, 0, 0), "closed"),
        # Midnight in Seoul is 15:00 in UTC; midnight in UTC decides nothing.
        (datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC), "open"),
        (datetime(2026, 11, 23, 15, 0, 0, tzinfo=UTC), "closed"),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), "open"),
    ],
)
def test_a_closing_day_lasts_until_midnight_in_seoul(stored, now, status):
    assert status_of(call(closes_at=stored), now) == status


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (seoul(2026, 11, 22, 23, 59, 59), "upcoming"),
        (datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC), "upcoming"),
        (seoul(2026, 11, 23, 0, 0), "open"),
        (datetime(2026, 11, 22, 15, 0, tzinfo=UTC), "open"),
    ],
)
def test_an_opening_day_begins_at_midnight_in_seoul(now, status):
    window = call(opens_at=seoul(2026, 11, 23, 9, 0), closes_at=seoul(2026, 12, 6, 23, 59))
    assert status_of(window, now) == status


def test_an_opening_hour_counts_when_it_is_known():
    window = call(opens_at=seoul(2026, 11, 23, 9, 0), opens_precision="time", closes_at=END_OF_DAY)
    assert status_of(window, seoul(2026, 11, 23, 8, 59, 59)) == "upcoming"
    assert status_of(window, seoul(2026, 11, 23, 9, 0)) == "open"


def test_a_month_or_year_of_closing_is_not_taken_for_a_day():
    month = call(closes_at=seoul(2026, 11, 30, 23, 59), closes_precision="month")
    assert status_of(month, NOW) == "unknown"
    assert status_of(month, seoul(2026, 12, 1)) == "closed"
    year = call(closes_at=seoul(2026, 12, 31, 23, 59), closes_precision="year")
    assert status_of(year, NOW) == "unknown"
    assert status_of(year, seoul(2027, 1, 1)) == "closed"


def test_an_announced_call_opens_only_when_its_window_is_known():
    opened = seoul(2026, 11, 1)
    assert status_of(call("upcoming", opens_at=opened), NOW) == "unknown"
    assert status_of(call("upcoming", opens_at=opened, closes_at=END_OF_DAY), NOW) == "open"
    assert status_of(call("upcoming", opens_at=opened, closes_at=seoul(2026, 11, 2)), NOW) == "closed"
    assert status_of(call("upcoming", opens_at=seoul(2026, 12, 1)), NOW) == "upcoming"


def test_a_project_period_is_not_a_time_for_applications():
    assert (
        status_of(call("project", opens_at=seoul(2026, 1, 1), closes_at=seoul(2026, 12, 31)), NOW)
        == "unknown"
    )
    assert status_of(call("project", closes_at=seoul(2026, 10, 31)), NOW) == "closed"


@pytest.mark.parametrize(
    ("given", "words", "days_left"),
    [
        ({"closes_at": seoul(2026, 12, 6, 18, 0), "closes_precision": "time"}, "closes 6 December 2026 at 18:00", 13),
        ({"closes_at": seoul(2026, 12, 6, 23, 59)}, "closes 6 December 2026", 13),
        ({"closes_at": seoul(2026, 11, 23, 18, 0), "closes_precision": "time"}, "closes today at 18:00", 0),
        ({"closes_at": END_OF_DAY}, "closes today", 0),
        # One in the morning in Seoul is still the day before in UTC.
        ({"closes_at": datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "closes_precision": "time"},
         "closes 24 November 2026 at 01:00", 1),
        ({"closes_at": seoul(2026, 10, 21)}, "closed 21 October 2026", None),
        ({"closes_at": seoul(2024, 5, 31, 23, 59), "closes_precision": "month"}, "closed May 2024", None),
        ({"closes_at": seoul(2026, 12, 31), "closes_precision": "year"}, "closes 2026, day not given", None),
        ({"opens_at": seoul(2026, 1, 28)}, "from 28 January 2026, no closing date given", None),
        ({"opens_at": seoul(2026, 12, 1), "opens_precision": "month"}, "opens December 2026", None),
        ({"opens_at": seoul(2026, 11, 30)}, "opens 30 November 2026", 7),
        ({}, "no dates given", None),
    ],
)  # fmt: skip
def test_deadlines_in_words(given, words, days_left):
    with translation.override("en"):
        deadline = describe(call(**given), NOW)
    assert (deadline.words, deadline.days_left) == (words, days_left)


@pytest.mark.parametrize("period_kind", PeriodKind.values)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_kind_of_period_has_words_and_a_label(period_kind, language):
    with translation.override(language):
        deadline = describe(call(period_kind), NOW)
        assert deadline.words and deadline.label


def test_a_deadline_is_near_from_fourteen_days_on():
    assert describe(call(closes_at=seoul(2026, 12, 7)), NOW).is_soon
    assert not describe(call(closes_at=seoul(2026, 12, 8)), NOW).is_soon
    assert not describe(call(closes_at=seoul(2026, 11, 1)), NOW).is_soon


def test_the_day_of_the_last_confirmation_is_said():
    with translation.override("en"):
        deadline = describe(call("until_exhausted", confirmed_on=date(2026, 1, 22)), NOW)
        assert deadline.confirmed == "last confirmed 22 January 2026"
        assert describe(call("always", opens_at=seoul(2026, 3, 10)), NOW).detail == "from 2026-03-10"


@pytest.mark.parametrize("year", [1, 999, 1799, 2101, 9998])
def test_absurd_years_are_shown_not_refused(year):
    far = call(opens_at=seoul(year, 6, 1), closes_at=seoul(year, 6, 2), closes_precision="time")
    assert describe(far, NOW).words


# ---- SQL says the same -----------------------------------------------------------------------------

MOMENTS = st.one_of(
    st.none(),
    st.sampled_from([-1, 0, 1]).flatmap(
        lambda days: st.sampled_from(
            [
                NOW + timedelta(days=days, seconds=seconds, microseconds=microseconds)
                for seconds in (-1, 0, 1)
                for microseconds in (0, 1)
            ]
            + [
                seoul(2026, 11, 23 + days),
                seoul(2026, 11, 23 + days, 23, 59),
                seoul(2026, 11, 23 + days, 23, 59, 59),
            ]
        )
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
        lambda moment: moment.replace(tzinfo=SEOUL)
    ),
)
CALLS = st.fixed_dictionaries(
    {
        "period_kind": st.sampled_from(PeriodKind.values),
        "opens_at": MOMENTS,
        "opens_precision": st.sampled_from(Precision.values),
        "closes_at": MOMENTS,
        "closes_precision": st.sampled_from(Precision.values),
        "publication": st.sampled_from(["published", "published", "published", "draft"]),
    }
).filter(lambda one: not (one["opens_at"] and one["closes_at"]) or one["opens_at"] <= one["closes_at"])


@pytest.mark.django_db
def test_sql_and_python_agree_on_every_call_and_program():
    source = factories.source()
    programs = [factories.program() for _ in range(6)]

    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 5), CALLS), min_size=4, max_size=16))
    def agree(given_calls):
        Call.objects.all().delete()
        Call.objects.bulk_create(
            Call(
                slug=f"c{n}",
                program=programs[place],
                source=source,
                label_ko="차",
                label_en="Round",
                **fields,
            )
            for n, (place, fields) in enumerate(given_calls)
        )
        for one in Call.objects.annotate(rank=deadlines.status_rank(NOW)):
            assert one.rank == deadlines.RANK[status_of(one, NOW)]

        public = list(Call.objects.filter(publication="published"))
        expected = {}
        for program in programs:
            best = deadlines.current_call([one for one in public if one.program_id == program.pk], NOW)
            expected[program.slug] = deadlines.rank(best, NOW)
        ranked = Program.objects.annotate(rank=deadlines.program_status_rank(NOW))
        assert {one.slug: one.rank for one in ranked} == {slug: rank[0] for slug, rank in expected.items()}
        in_order = [
            expected[one.slug] for one in Program.objects.order_by(*deadlines.program_order(NOW), "slug")
        ]
        assert in_order == sorted(expected.values())

    agree()


def test_the_best_call_speaks_for_its_program():
    closed = call(slug="b", closes_at=seoul(2026, 1, 1))
    closed_later = call(slug="a", closes_at=seoul(2026, 2, 1))
    closes_soon = call(slug="c", closes_at=seoul(2026, 12, 1))
    closes_late = call(slug="d", closes_at=seoul(2026, 12, 31))
    always = call("always", slug="e")
    assert deadlines.current_call([closed, closed_later], NOW) is closed_later
    assert deadlines.current_call([closed, always, closes_late, closes_soon], NOW) is closes_soon
    assert deadlines.current_call([always, closed], NOW) is always
    assert deadlines.current_call([], NOW) is None
    assert deadlines.takes_applications(always, NOW) and not deadlines.takes_applications(closed, NOW)
    assert not deadlines.takes_applications(None, NOW)


def test_statuses_are_ranked_as_readers_look_for_them():
    assert [str(status) for status in CallStatus] == [
        "open", "until_exhausted", "always", "upcoming", "announced_later", "unknown", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("confirmed_on", "doubtful"),
    [(None, True), (date(2026, 10, 23), True), (date(2026, 10, 24), False), (date(2026, 11, 23), False)],
)
def test_a_budget_nobody_confirmed_lately_is_not_said_to_be_there(confirmed_on, doubtful):
    with translation.override("en"):
        deadline = describe(call("until_exhausted", confirmed_on=confirmed_on), NOW)
        assert deadline.is_doubtful == doubtful
        assert ("may be used up" in deadline.words) == ("may be used up" in deadline.detail) == doubtful
        assert ("open until" in deadline.words) != doubtful
        assert not describe(call("always", confirmed_on=confirmed_on), NOW).is_doubtful
