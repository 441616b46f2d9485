"""What a snapshot says is what the tables say, through every kind of change, in several workers, as time passes."""

import random
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import translation

from clusters import models as m
from clusters.curation import history
from clusters.dates import SEOUL
from clusters.directory import hits, snapshot, warming
from clusters.directory.answers import FromSnapshot, FromTables, InAnotherOrder
from clusters.directory.registry import BY_NAME, DIRECTORIES
from clusters.directory.selection import Selection
from clusters.directory.snapshot import Keeper
from clusters.models import version
from clusters.views.context import References
from tests import factories

from .world import NOW, World

pytestmark = pytest.mark.django_db
NAMES = [directory.name for directory in DIRECTORIES]
WORDS = ["", "", "판교", "가", "alpha", "없는말"]


class Worker:
    """A process with snapshots of its own."""

    def __init__(self) -> None:
        self.keepers: dict[str, Keeper] = {}

    def keeper(self, directory) -> Keeper:
        return self.keepers.setdefault(directory.name, Keeper(directory))


@pytest.fixture(params=["short", "long"], autouse=True)
def lists(request, monkeypatch):
    """The rows of long lists are kept for all workers."""
    monkeypatch.setattr("clusters.directory.selection.AT_ONCE", 0 if request.param == "long" else 2000)


def asked(dice: random.Random, name: str) -> QueryDict:
    """Random choices, perhaps a search and an order."""
    directory, query = BY_NAME[name], QueryDict(mutable=True)
    facets = directory.filters(QueryDict(), now=NOW).facets
    for facet in dice.sample(facets, min(len(facets), dice.randint(0, 2))):
        if facet.options:
            query.setlist(facet.name, dice.sample(list(facet.options), min(2, len(facet.options))))
    query["q"] = dice.choice(WORDS)
    query["sort"] = dice.choice(["", dice.choice(["", "-"]) + dice.choice(list(directory.table.sorts()))])
    return query


def says_the_same(worker: Worker, monkeypatch, name: str, query: QueryDict, now: datetime = NOW) -> None:
    monkeypatch.setattr("clusters.directory.selection.keeper", worker.keeper)
    quick = Selection(BY_NAME[name], query, now)
    slow = Selection(BY_NAME[name], query, now, data_version=0)
    assert isinstance(quick.answers, FromSnapshot) and isinstance(slow.answers, FromTables)
    assert quick.total == slow.total, query
    assert quick.everything == slow.everything
    assert quick.facets == slow.facets, query
    assert quick.answers.pks(0, quick.total) == slow.answers.pks(0, slow.total), query
    assert quick.answers.pks(2, 5) == slow.answers.pks(2, 5), query
    references = References(), References()
    drawn = [
        [row.placed(refs) for row in one.drawn_rows]
        for one, refs in zip((quick, slow), references, strict=True)
    ]
    assert drawn[0] == drawn[1], query
    assert list(references[0]) == list(references[1])


def change(dice: random.Random, by) -> None:
    """One change of any kind, as curators and imports make them."""
    model = dice.choice([m.Company, m.Company, m.Office, m.Institution, m.Program, m.Call, m.Event, m.Source])
    records = list(model.objects.all())
    if not records:
        return
    record = dice.choice(records)
    kind = dice.randint(0, 6)
    if kind == 0:
        history.archive([record], by=by)
    elif kind == 1:
        history.publish([record], by=by)
    elif kind == 2 and hasattr(record, "name_ko"):
        record.name_ko, record.name_en = dice.choice("가나다하") + "판교", dice.choice(["Zeta", "alpha"])
        history.save(record, by=by)
    elif kind == 3 and model is m.Office:
        record.company = dice.choice(list(m.Company.objects.all()))
        record.kind, record.address_ko = "lab", f"새 주소 {dice.random()}"
        history.save(record, by=by)
    elif kind == 3 and model is m.Company:
        history.save(record, by=by, relations={"technologies": list(m.Technology.objects.all()[:2])})
    elif kind == 4 and model in (m.Office, m.Call):
        history.delete(record, by=by)
    elif kind == 5:
        m.Company.objects.filter(stage="seed").update(stage="listed", version=F("version") + 1)
    elif kind == 6:
        place = dice.choice(list(m.District.objects.all()))
        place.short_name_ko += "동"
        history.save(place, by=by)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_follows_every_change_in_two_workers(name, language, monkeypatch):
    World().fill(name)
    dice, by = random.Random(f"{name} {language}"), factories.person("editor", "administrator")
    often, seldom = Worker(), Worker()
    with translation.override(language):
        for turn in range(5):
            change(dice, by)
            says_the_same(often, monkeypatch, name, asked(dice, name))
            if turn % 3 == 0:
                says_the_same(seldom, monkeypatch, name, asked(dice, name))


def test_a_few_changed_companies_are_brought_up_to_date_one_by_one(monkeypatch):
    World().fill("companies")
    worker = Worker()
    says_the_same(worker, monkeypatch, "companies", QueryDict())
    monkeypatch.setattr(snapshot, "_make", lambda *anything: pytest.fail("It was made anew."))
    company = m.Company.objects.published().order_by("name_ko")[3]
    company.name_ko = "힣"
    company.save()
    factories.office(company=company, district=m.District.objects.get(slug="magok"), kind="lab")
    factories.company(name_ko="가")
    m.Company.objects.published().order_by("name_ko")[5].delete()
    factories.station(district=m.District.objects.get(slug="magok"))  # no row of a company shows it
    for query in ("", "district=magok", "sort=-name", "status=confirmed&kind=startup"):
        says_the_same(worker, monkeypatch, "companies", QueryDict(query))


def test_an_office_that_moves_changes_both_companies(monkeypatch):
    first, second = factories.company(), factories.company()
    office = factories.office(company=first, district=factories.district(slug="pangyo"))
    worker = Worker()
    says_the_same(worker, monkeypatch, "companies", QueryDict("district=pangyo"))
    office.company = second
    office.save()
    says_the_same(worker, monkeypatch, "companies", QueryDict("district=pangyo"))


def test_what_was_taken_back_was_never_there(monkeypatch):
    factories.company()
    worker = Worker()
    for _ in range(2):  # the second time with the same numbers, for other records
        with transaction.atomic():
            factories.company(name_ko=random.choice("가나다"))
            says_the_same(worker, monkeypatch, "companies", QueryDict())
            transaction.set_rollback(True)
        says_the_same(worker, monkeypatch, "companies", QueryDict())


@pytest.mark.parametrize("name", ["programs", "events"])
def test_time_passes(name, monkeypatch):
    World().fill(name)
    closes = NOW + timedelta(hours=3)
    factories.call(
        program=factories.program(), period_kind="window", closes_at=closes, closes_precision="time"
    )
    worker = Worker()
    midnight = datetime(2026, 11, 24, tzinfo=SEOUL)
    for now in (
        NOW,
        closes - timedelta(seconds=1),
        closes + timedelta(seconds=1),
        midnight - timedelta(seconds=1),
        midnight,
        midnight + timedelta(days=30),
        NOW,
    ):
        says_the_same(worker, monkeypatch, name, QueryDict(), now)


def test_a_deadline_that_is_written_for_today_is_not_missed(monkeypatch):
    opens, closes = NOW - timedelta(days=9), NOW + timedelta(days=9)
    call = factories.call(period_kind="window", opens_at=opens, opens_precision="day")
    worker = Worker()
    for moment in (closes, NOW + timedelta(hours=2)):
        call.closes_at, call.closes_precision = moment, "time"
        history.save(call, by=factories.person(f"editor {moment:%d}", "editor"))
        says_the_same(worker, monkeypatch, "programs", QueryDict("status=open"))
    says_the_same(worker, monkeypatch, "programs", QueryDict("status=open"), NOW + timedelta(hours=3))


def test_touches_are_forgotten_and_then_the_snapshot_is_made_anew(monkeypatch):
    World().fill("companies")
    worker = Worker()
    says_the_same(worker, monkeypatch, "companies", QueryDict())
    company = m.Company.objects.published().first()
    m.Company.objects.published().last().delete()
    for _ in range(2):
        version._forget()
    company.save()
    says_the_same(worker, monkeypatch, "companies", QueryDict())


@pytest.mark.parametrize(
    "write",
    [
        lambda one: one.save(),
        lambda one: one.delete(),
        lambda one: one.technologies.add(factories.technology()),
        lambda one: one.technologies.clear(),
        lambda one: type(one).objects.update(stage="seed"),
        lambda one: m.Technology.objects.bulk_create([m.Technology(slug="bulk", name_ko="가", name_en="A")]),
        lambda one: type(one).objects.all().delete(),
        lambda one: factories.redirect(),
        lambda one: factories.technology("another"),
    ],
)
def test_every_write_moves_the_version(write):
    company = factories.company(technologies=[factories.technology()])
    before = version.current()
    write(company)
    assert version.current() != before


def test_a_record_that_goes_while_its_place_is_looked_for(monkeypatch):
    """Another process may withdraw it between any two statements."""
    World().fill("companies")
    worker = Worker()
    says_the_same(worker, monkeypatch, "companies", QueryDict())
    company = m.Company.objects.published().first()
    company.name_ko = "힣"
    company.save()

    def withdrawn_first(pk, *anything, place=snapshot._place):
        m.Company.objects.filter(pk=pk).update(publication="archived", version=F("version") + 1)
        return place(pk, *anything)

    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "_place", withdrawn_first)
        patch.setattr("clusters.directory.selection.keeper", worker.keeper)
        seen = [row.pk for row in Selection(BY_NAME["companies"], QueryDict("per_page=100"), NOW).page_rows]
        assert company.pk not in seen
    says_the_same(worker, monkeypatch, "companies", QueryDict())


@pytest.mark.parametrize("name", NAMES)
def test_orders_that_two_languages_share_are_the_same(name):
    World().fill(name)
    directory = BY_NAME[name]
    for code in directory.table.sorts():
        for order in (code, f"-{code}"):
            if directory.order_key(order, "ko") == directory.order_key(order, "en"):
                korean, english = (
                    directory.rows(directory.model.objects.published()).order_by(
                        *directory.order(order, language, NOW)
                    )
                    for language in ("ko", "en")
                )
                assert list(korean) == list(english), order


@pytest.mark.parametrize("name", NAMES)
def test_counts_come_from_the_usual_order_while_another_is_being_made(name, monkeypatch):
    World().fill(name)
    directory, worker, dice = BY_NAME[name], Worker(), random.Random(name)
    known, at = directory.order_key(directory.default_sort, "ko"), Keeper.at

    def only_the_usual(self, wanted, order, now):
        return at(self, wanted, order, now) if directory.order_key(*order) == known else None

    monkeypatch.setattr(Keeper, "at", only_the_usual)
    kinds = set()
    for _turn in range(12):
        query = asked(dice, name)
        monkeypatch.setattr("clusters.directory.selection.keeper", worker.keeper)
        kinds.add(type(Selection(directory, query, NOW).answers))
        says_the_same(worker, monkeypatch, name, query)
    assert kinds == {FromSnapshot, InAnotherOrder}


def test_a_worker_that_starts_has_its_lists_before_it_is_asked(monkeypatch):
    World().fill("companies")
    worker = Worker()
    monkeypatch.setattr("clusters.directory.warming.keeper", worker.keeper)
    monkeypatch.setattr("django.db.connection.close", lambda: None)  # the test's own
    warming.warm("ko")
    warming.warm()
    monkeypatch.setattr(snapshot, "_make", lambda *anything: pytest.fail("It was not there yet."))
    for language in ("ko", "en"):
        with translation.override(language):
            says_the_same(worker, monkeypatch, "companies", QueryDict())


def test_a_search_is_kept_for_other_filters_and_pages_and_no_longer_than_the_data(monkeypatch):
    World().fill("companies")
    worker = Worker()
    says_the_same(worker, monkeypatch, "companies", QueryDict("q=판교"))
    with monkeypatch.context() as patch:
        patch.setattr("clusters.search.matching", lambda *anything: pytest.fail("It was found before."))
        patch.setattr("clusters.directory.selection.keeper", worker.keeper)
        for query in ("q= 판교 &kind=startup", "q=판교&page=2&per_page=2"):
            assert Selection(BY_NAME["companies"], QueryDict(query), NOW).total >= 0
    factories.company(name_ko="판교")
    for query in ("q=판교", "q=판교&sort=-name"):
        says_the_same(worker, monkeypatch, "companies", QueryDict(query))


def test_only_the_last_searches_are_kept():
    kept = hits.Hits()
    for number in range(hits.KEPT + 1):
        assert kept.of(number, lambda: [number]) == [number]  # noqa: B023 - it is called at once
        assert kept.of(0, lambda: [-1]) == [0]
    assert kept.of(1, lambda: [-1]) == [-1]
    assert kept.of(hits.KEPT, lambda: [-1]) == [hits.KEPT]


def test_a_site_starts_without_its_database(monkeypatch, caplog):
    def no_database() -> int:
        raise OperationalError("could not connect")

    monkeypatch.setattr("django.db.connection.close", lambda: None)
    monkeypatch.setattr(version, "current", no_database)
    warming.warm()
    assert "could not be made beforehand" in caplog.text
