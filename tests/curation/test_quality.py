"""Each queue holds the record it is for and not its neighbor, and counts in one query."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters import models as m
from clusters.curation import quality
from clusters.models import freshness
from tests import factories as f

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
READ = date(2026, 11, 1)


def read_source(**given):
    return f.source(**{"accessed_on": READ, **given})


def complete_company(**given):
    given = {
        "founded": "2016",
        "website": "https://a.example",
        "as_of": "2026",
        "source": read_source(),
        **given,
    }
    company = f.company(technologies=[f.technology()], **given)
    f.office(company=company, as_of="2026", source=company.source)
    return company


def complete_program(**given):
    defaults = {
        "operator": f.institution(),
        "website": "https://p.example",
        "target_ko": "예비창업자",
        "target_en": "Founders to be",
        "as_of": "2026",
    }
    program = f.program(support_kinds=[f.support_kind()], **{**defaults, **given})
    f.call(program=program)
    return program


def in_line(*values, **given):
    """The last of several values of one series."""
    line = f.series()
    points = [f.observation(series=line, period=str(2020 + n), value=value) for n, value in enumerate(values)]
    m.Observation.objects.filter(pk=points[-1].pk).update(**given)
    return points[-1]


def old(record, days=31):
    type(record).objects.filter(pk=record.pk).update(updated_at=NOW - timedelta(days=days))
    return record


def window(**given):
    opens = datetime(2026, 10, 1, tzinfo=UTC)
    return f.call(
        **{"period_kind": "window", "opens_at": opens, "notice_url": "https://n.example/1", **given}
    )


PAST = datetime(2026, 11, 10, 14, 59, 59, tzinfo=UTC)
AHEAD = datetime(2026, 12, 20, 14, 59, 59, tzinfo=UTC)


def linked(**given):
    check = f.link_check(**given)
    return f.institution(website=check.url)


# Queue, a record that belongs, one that does not.
CASES = {
    "in-review": (lambda: f.company(publication="in_review"), lambda: f.company(publication="draft")),
    "old-drafts": (
        lambda: old(f.company(publication="draft")),
        lambda: old(f.company(publication="draft"), 29),
    ),
    "old-drafts, published": (lambda: old(f.call(publication="draft")), lambda: old(f.call())),
    "incomplete": (lambda: complete_company(website=""), complete_company),
    "incomplete, relation": (lambda: f.company(technologies=[f.technology()]), complete_company),
    "incomplete, no draft": (
        lambda: complete_company(founded="", publication="in_review"),
        lambda: complete_company(founded="", publication="draft"),
    ),
    "incomplete, program": (lambda: complete_program(target_ko=""), complete_program),
    "incomplete, provinces": (lambda: complete_program(coverage="provinces"), complete_program),
    "incomplete, call": (
        lambda: window(closes_at=AHEAD, notice_url=""),
        lambda: window(closes_at=PAST, notice_url=""),
    ),
    "untranslated": (lambda: f.company(summary_en=""), lambda: f.company(summary_ko="", summary_en="")),
    "untranslated, as given": (
        lambda: f.office(note_ko="비고"),
        lambda: f.office(address_ko="서울 강남구 1", address_en=""),
    ),
    "uncited": (lambda: f.company(), lambda: f.company(source=f.source())),
    "uncited, fact": (lambda: f.office(status="unverified"), lambda: f.office()),
    "unchecked": (lambda: f.office(), lambda: f.office(source=read_source())),
    "unchecked, hidden": (
        lambda: f.office(source=read_source(publication="draft")),
        lambda: f.office(status="unverified", source=f.source()),
    ),
    "stale": (lambda: f.office(as_of="2023-10"), lambda: f.office(as_of="2023-11")),
    "stale, year": (lambda: f.office(as_of="2022"), lambda: f.office(as_of="2023")),
    "stale, quarter": (lambda: f.company(as_of="2024-Q3"), lambda: f.company(as_of="2024-Q4")),
    "stale, past": (lambda: f.office(as_of="2019"), lambda: f.office(as_of="2019", until="2020")),
    "stale, known": (lambda: f.office(as_of="2019"), lambda: f.office(as_of="2019", status="outdated")),
    "stale, draft": (lambda: f.company(as_of="2019"), lambda: f.company(as_of="2019", publication="draft")),
    "stale, undated": (lambda: f.company(as_of="2019"), lambda: f.company(as_of="")),
    "closed-calls": (lambda: window(closes_at=PAST), lambda: window(closes_at=AHEAD)),
    "closed-calls, looked": (
        lambda: window(closes_at=PAST, confirmed_on=date(2026, 11, 9)),
        lambda: window(closes_at=PAST, confirmed_on=date(2026, 11, 10)),
    ),
    "unconfirmed-calls": (
        lambda: window(closes_at=AHEAD, confirmed_on=date(2026, 8, 20)),
        lambda: window(closes_at=AHEAD, confirmed_on=date(2026, 8, 27)),
    ),
    "unconfirmed-calls, never": (lambda: f.call(), lambda: window(closes_at=PAST)),
    "old-sources": (lambda: f.source(), read_source),
    "old-sources, long ago": (lambda: read_source(accessed_on=date(2024, 11, 25)), read_source),
    "suspicious": (lambda: in_line(100, 110, 1200), lambda: in_line(100, 110, 120)),
    "suspicious, small": (lambda: in_line(100, 12), lambda: in_line(100, 13)),
    "suspicious, alone": (lambda: in_line(0.5, 400), lambda: in_line(400)),
    "suspicious, explained": (lambda: in_line(1, 9), lambda: in_line(1, 9, note_ko="조사 범위가 넓어졌다.")),
    "suspicious, break": (lambda: in_line(1, 9), lambda: in_line(1, 9, flag="break")),
    "suspicious, date": (lambda: f.company(founded="2027"), lambda: f.company(founded="2026")),
    "suspicious, quarter": (lambda: f.office(as_of="2027-Q1"), lambda: f.office(as_of="2026-Q4")),
    "suspicious, day": (
        lambda: f.source(accessed_on=date(2026, 11, 27)),
        lambda: f.source(accessed_on=date(2026, 11, 26)),
    ),
    "broken-links": (
        lambda: linked(state="fails", failures=2, status=404),
        lambda: linked(state="fails", failures=1, status=404),
    ),
    "moved-links": (lambda: linked(state="moved", final_url="https://new.example/"), lambda: linked()),
    "sync-alarms": (
        lambda: f.sync_run(portal="bizinfo", state="alarm", started_at=NOW),
        lambda: f.sync_run(started_at=NOW),
    ),
    "sync-alarms, silent": (
        lambda: f.sync_run(portal="bizinfo", started_at=NOW - timedelta(hours=49)),
        lambda: f.sync_run(started_at=NOW - timedelta(hours=47)),
    ),
    "left-out-rows": (
        lambda: f.import_batch(left_out=3, applied_at=NOW),
        lambda: f.import_batch(left_out=3, applied_at=NOW, undone_at=NOW),
    ),
}


def waits(name: str, record) -> bool:
    queue = quality.named(name)
    assert queue is not None
    return queue.records(type(record), NOW).filter(pk=record.pk).exists()


@pytest.mark.parametrize("case", CASES)
def test_one_belongs_and_one_does_not(case):
    name = case.partition(",")[0]
    belongs, other = (make() for make in CASES[case])
    assert waits(name, belongs)
    assert not waits(name, other)


def test_every_queue_has_a_case():
    assert {case.partition(",")[0] for case in CASES} == {queue.name for queue in quality.QUEUES}


def test_a_pull_that_went_well_since_is_no_alarm():
    f.sync_run(state="failed", started_at=NOW - timedelta(hours=1))
    assert quality.named("sync-alarms").counts(now=NOW) == {m.SyncRun: 1}
    f.sync_run(started_at=NOW)
    assert quality.named("sync-alarms").counts(now=NOW) == {}


def test_older_points_of_a_line_are_not_stale():
    line = f.series()
    first, last = (f.observation(series=line, period=year) for year in ("2015", "2020"))
    assert not waits("stale", first) and waits("stale", last)
    f.observation(series=line, period="2025")
    assert not waits("stale", last)


@pytest.mark.parametrize("queue", quality.QUEUES, ids=lambda queue: queue.name)
def test_counting_takes_one_query_and_agrees_with_the_lists(queue):
    f.company(publication="in_review", summary_en="", as_of="2019")
    f.office(as_of="2019", note_ko="비고")
    f.observation(period="2020")
    old(f.call(publication="draft"))
    linked(state="fails", failures=3)
    with CaptureQueriesContext(connection) as queries:
        counts = queue.counts(now=NOW)
    assert len(queries) == 1
    listed = {model: queue.records(model, NOW).count() for model in queue.kinds}
    assert counts == {model: count for model, count in listed.items() if count}
    for model, count in counts.items():
        assert queue.within(model._default_manager.all(), NOW).count() == count


def test_only_the_kinds_asked_for_are_counted():
    f.company(publication="in_review")
    f.event(publication="in_review")
    queue = quality.named("in-review")
    assert queue.counts() == {m.Company: 1, m.Event: 1}
    assert queue.counts({m.Event, m.LinkCheck}) == {m.Event: 1}
    assert queue.counts(set()) == {}


def test_names_are_fit_for_an_address_and_unique():
    names = [queue.name for queue in quality.QUEUES]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalnum() and name == name.lower() for name in names)


@pytest.mark.parametrize(
    ("as_of", "months"),
    [("2023-11-26", None), ("2023-11-25", 36), ("2019", 84), ("2023", None), ("2022-Q4", 46), ("", None)],
)
def test_the_age_of_a_fact_follows_the_same_table_as_the_queue(as_of, months):
    office = f.office(as_of=as_of)
    assert freshness.months_old(office, NOW.date()) == months
    assert waits("stale", office) is (months is not None)


def test_the_table_speaks_of_fields_that_exist():
    for name, (field, months) in freshness.MAX_AGES.items():
        assert getattr(m, name)._meta.get_field(field)
        assert months > 0


def test_the_last_day_of_a_month_has_a_counterpart():
    assert freshness.cutoff(3, date(2026, 5, 31)) == date(2026, 2, 28)
    assert freshness.cutoff(24, date(2028, 2, 29)) == date(2026, 2, 28)
    assert freshness.cutoff(12, date(2026, 1, 15)) == date(2025, 1, 15)
