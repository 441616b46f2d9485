"""What readers are told of changes, on the page, in the feed and as JSON; and what they are not told."""

import re
from datetime import datetime, timedelta
from itertools import count
from random import Random

import feedparser
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clusters import models as m
from clusters.curation import history
from clusters.curation.importing import applying, undoing, writing
from clusters.curation.merging import plans
from clusters.curation.merging.applying import merge
from clusters.curation.telling import kinds
from clusters.curation.telling import page as pages
from clusters.dates import SEOUL
from tests import factories
from tests.curation.importing.engine import plan, table
from tests.hostile import HOSTILE, ask, is_a_page, messages, query
from tests.test_completeness import RECORDS

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
START = datetime(2026, 6, 1, 9, 0, tzinfo=SEOUL)


@pytest.fixture
def editor():
    return factories.person("kim-the-curator", "editor")


@pytest.fixture
def clock():
    """A clock that tests set forward. It goes: what is made at the very moment of its history opened it later."""
    with time_machine.travel(START, tick=True) as traveller:
        yield traveller


def later(clock, **given) -> None:
    clock.shift(timedelta(**(given or {"hours": 1})))


def edit(record, by, **given):
    record = type(record).objects.get(pk=record.pk)
    relations = {name: given.pop(name) for name in list(given) if isinstance(given[name], list)}
    relations = {name: chosen for name, chosen in relations.items() if name not in ("aliases",)}
    for name, value in given.items():
        setattr(record, name, value)
    history.save(record, by=by, relations=relations)
    return record


def told(client, query: str = "", language: str = "") -> list[dict]:
    answer = client.get(f"{language}/changes.json{query}")
    assert answer.status_code == 200, answer.content
    data = answer.json()
    assert data["count"] == len(data["results"])
    return data["results"]


def happened(results: list[dict]) -> list[tuple[str, str, str]]:
    return [(one["kind"], one["name"], one["what"]) for entry in results for one in entry["records"]]


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


# ---- what is told -------------------------------------------------------------------------------------


def test_a_change_is_told_field_by_field_with_its_source_and_never_who_made_it(client, clock, editor):
    source = factories.source(title="그 기사")
    company = factories.company(slug="c", name_ko="가나다", name_en="Ganada", source=source)
    llm = factories.technology()
    later(clock)
    edit(company, editor, stage="seed", founded="2020-03", technologies=[llm], summary_en="Something new.")
    (entry,) = told(client, "?since=2026-06-01")[:1]
    assert entry["when"] == "2026-06-01T10:00:00+09:00" and entry["title"] == "가나다: 기업 변경"
    (one,) = entry["records"]
    assert (one["url"], one["source"]["title"]) == ("/companies/c/", "그 기사")
    changes = {change["name"]: (change["before"], change["after"]) for change in one["changes"]}
    assert changes == {
        "stage": ("미조사", "시드"),
        "founded": ("(비어 있음)", "2020년 3월"),
        "technologies": ("(비어 있음)", "언어모델"),
        "summary": (company.summary_en, "Something new."),
    }
    for address in ("/changes/", "/en/changes/", "/changes.atom", "/changes.json"):
        shown = text(client, address)
        assert "kim-the-curator" not in shown and "2020" in shown, address
    assert '<time datetime="2026-06-01">2026년 6월 1일</time>' in text(client, "/changes/")


def test_pairs_are_told_in_the_readers_language(client, clock, editor):
    company = factories.company(name_ko="옛이름", name_en="Oldname")
    later(clock)
    company = edit(company, editor, name_ko="새이름", name_en="Newname")
    (change,) = told(client, "?kind=company", "/en")[0]["records"][0]["changes"]
    assert (change["label"], change["before"], change["after"]) == ("Name", "Oldname", "Newname")
    (change,) = told(client)[0]["records"][0]["changes"]
    assert (change["before"], change["after"]) == ("옛이름", "새이름") and "(" not in change["label"]
    later(clock)
    edit(company, editor, name_ko="더새이름")
    (change,) = told(client, "", "/en")[0]["records"][0]["changes"]
    assert (change["label"], change["after"]) == ("Name (Korean)", "더새이름"), (
        "Only the other language changed."
    )


def test_of_a_long_text_the_part_that_differs_is_told(client, clock, editor):
    start, end = "처음부터 같은 말이 이어집니다. " * 12, " 끝까지 같은 말이 이어집니다." * 12
    district = factories.district(summary_ko=f"{start}옛말{end}")
    later(clock)
    edit(district, editor, summary_ko=f"{start}새말{end}")
    (change,) = told(client)[0]["records"][0]["changes"]
    assert "옛말" in change["before"] and "새말" in change["after"]
    assert change["before"].startswith("… ") and change["before"].endswith(" …")
    assert max(len(change["before"]), len(change["after"])) < 150


def test_a_fact_leads_to_its_place_on_the_page_of_its_subject(client, clock, editor):
    company = factories.company(slug="c", name_ko="가나다")
    district = factories.district(slug="d", short_name_ko="여기")
    call = factories.call(
        program=factories.program(slug="p"), closes_at=datetime(2026, 9, 1, 23, 59, tzinfo=SEOUL)
    )
    office, claim = factories.office(company=company), factories.claim(district=district)
    value = factories.observation(series=factories.series(district=district))
    later(clock)
    edit(office, editor, address_ko="새길 1")
    later(clock)
    edit(claim, editor, status="disputed")
    later(clock)
    edit(value, editor, value=1234567)
    later(clock)
    edit(call, editor, closes_at=datetime(2026, 9, 15, 18, 0, tzinfo=SEOUL))
    found = [entry["records"][0] for entry in told(client)[:4]]
    assert [one["url"] for one in found] == [
        "/programs/p/#calls",
        "/districts/d/#ind",
        "/districts/d/#claims",
        "/companies/c/#off",
    ]
    after = [one["changes"][0]["after"] for one in found]
    assert after == ["2026-09-15 18:00", "1,234,567", "이견", "새길 1"]
    assert found[3]["name"] == "가나다" and "본사" in found[3]["statement"]


def test_publishing_is_told_as_the_arrival_of_the_record(client, clock, editor):
    company = factories.company(publication="draft", name_ko="감춘 이름")
    later(clock)
    edit(company, editor, name_ko="보일 이름")
    later(clock)
    history.publish([m.Company.objects.get(pk=company.pk)], by=editor)
    results = told(client)
    assert happened(results) == [("company", "보일 이름", "added")]
    assert results[0]["records"][0]["changes"] == [] and "감춘" not in text(client, "/changes/")


# ---- what is not told ---------------------------------------------------------------------------------


def nothing_of(client, *words: str) -> None:
    for address in ("/changes/", "/en/changes/", "/changes.json", "/en/changes.atom"):
        shown = text(client, address)
        assert not [word for word in words if word in shown], address


@pytest.mark.parametrize("publication", ["draft", "in_review", "archived"])
def test_what_is_not_public_is_not_told(client, clock, editor, publication):
    company = factories.company(publication=publication, name_ko="숨은기업", name_en="Hiddenco")
    later(clock)
    edit(company, editor, website="https://hidden.example/")
    factories.office(company=company, address_ko="숨은길 1")
    later(clock)
    edit(factories.office(company=company, address_ko="숨은길 2"), editor, address_ko="숨은길 3")
    nothing_of(client, "숨은", "Hiddenco", "hidden.example")
    assert {kind for kind, _name, _what in happened(told(client))} <= {"source"}


def test_what_was_withdrawn_says_nothing_of_itself(client, clock, editor):
    company = factories.company(name_ko="내린기업", name_en="Goneco")
    stays = factories.company(slug="stays", name_ko="남은기업")
    office = factories.office(company=stays, address_ko="없어진길 7")
    later(clock)
    edit(company, editor, website="https://gone.example/")
    later(clock)
    history.archive([m.Company.objects.get(pk=company.pk)], by=editor, reason="secret reason")
    later(clock)
    history.delete(office, by=editor, reason="secret reason")
    nothing_of(client, "내린기업", "Goneco", "gone.example", "없어진길", "secret reason")
    assert happened(told(client))[:2] == [("office", "남은기업", "withdrawn"), ("company", "", "withdrawn")]
    assert told(client)[1]["title"] == "기업 내림"


def test_what_was_before_a_record_was_published_again_stays_away(client, clock, editor):
    company = factories.company(name_ko="처음이름")
    for given in ({"publication": "archived"}, {"name_ko": "몰래이름"}, {"publication": "published"}):
        later(clock)
        edit(company, editor, **given)
    later(clock)
    edit(company, editor, name_ko="지금이름")
    assert happened(told(client)) == [("company", "지금이름", "changed"), ("company", "지금이름", "added")]
    nothing_of(client, "처음이름")
    assert "몰래이름" in text(client, "/changes/"), "Under this name it was published again."


def test_rows_that_changed_while_their_subject_was_hidden_are_not_told(client, clock, editor):
    company = factories.company(publication="draft", name_ko="가나다")
    office = factories.office(company=company, address_ko="비밀길 1")
    later(clock)
    office = edit(office, editor, address_ko="비밀길 2")
    later(clock)
    history.publish([m.Company.objects.get(pk=company.pk)], by=editor)
    later(clock, seconds=30)
    office = edit(office, editor, address_ko="공개길 3")
    nothing_of(client, "비밀길")
    later(clock)
    edit(office, editor, address_ko="공개길 4")
    assert happened(told(client, "?kind=office")) == [("office", "가나다", "changed")]
    assert "공개길 3" in text(client, "/changes/")


def test_a_row_that_leaves_something_hidden_is_not_told(client, clock, editor):
    hidden = factories.district(publication="draft", short_name_ko="숨은지구", short_name_en="Hidden")
    office = factories.office(district=hidden, address_ko="비밀길 1")
    later(clock)
    edit(office, editor, district=factories.district(), address_ko="공개길 2")
    nothing_of(client, "숨은지구", "비밀길")


def test_relations_to_hidden_records_are_not_named(client, clock, editor):
    hidden = factories.institution(publication="draft", name_ko="숨은기관", name_en="Hidden body")
    shown = factories.institution(name_ko="보이는기관")
    source = factories.source(publication="in_review", title="숨은출처")
    program = factories.program(name_ko="사업")
    company = factories.company(name_ko="가나다")
    later(clock)
    edit(program, editor, operator=hidden, partners=[hidden])
    later(clock)
    edit(company, editor, source=source)
    assert "changed" not in str(told(client)), "Nothing to see yet."
    later(clock)
    edit(program, editor, operator=shown, partners=[hidden, shown])
    changes = told(client)[0]["records"][0]["changes"]
    assert {(c["name"], c["before"], c["after"]) for c in changes} == {
        ("operator", "(비어 있음)", "보이는기관"),
        ("partners", "(비어 있음)", "보이는기관"),
    }
    nothing_of(client, "숨은기관", "Hidden body", "숨은출처")
    later(clock)
    history.publish([m.Institution.objects.get(pk=hidden.pk)], by=editor)
    before = [entry for entry in told(client) if entry["title"].startswith("사업")]
    assert "숨은기관" not in str(before), "That it stood there was no public matter then."


@pytest.mark.parametrize("seed", range(4))
def test_no_words_are_told_that_were_never_public_or_are_not_public_now(client, clock, editor, seed):
    """A random walk: every edit writes a word of its own, and it is noted which words readers could see."""
    chance, number = Random(seed), count()
    company = factories.company(publication="draft")
    body = factories.institution(publication="draft", status="unverified", source=None)
    office = factories.office(company=company, status="unverified", source=None, publication="draft")
    program = factories.program(operator=body)
    text_of = {m.Company: "name_ko", m.Institution: "name_ko", m.Office: "address_ko", m.Program: "name_ko"}
    seen: set[str] = set()
    for _step in range(25):
        later(clock)
        record = chance.choice([company, body, office, program])
        given = {text_of[type(record)]: f"말{next(number)}말"}
        if chance.random() < 0.5:
            given["publication"] = chance.choice(["draft", "published", "published", "archived"])
        edit(record, editor, **given)
        for model, name in text_of.items():
            seen |= set(model.objects.published().values_list(name, flat=True))
    shown = set(re.findall("말[0-9]+말", text(client, "/changes/") + text(client, "/changes.json")))
    assert shown <= seen
    hidden = [
        one for one in (company, body, office, program) if not type(one).objects.published().filter(pk=one.pk)
    ]
    for record in hidden:
        written = record.history.values_list(text_of[type(record)], flat=True)
        assert not shown & set(written), record
    assert shown or len(hidden) == 4


def test_fields_no_page_shows_are_not_told(client, clock, editor):
    company = factories.company()
    office = factories.office(company=company)
    later(clock)
    edit(company, editor, business_number="1208147521")
    later(clock)
    edit(office, editor, phone="02-123-4567")
    later(clock)
    edit(factories.district(featured=False), editor, featured=True, order=3)
    assert "changed" not in {what for _kind, _name, what in happened(told(client))}
    nothing_of(client, "1208147521", "02-123-4567")


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_kind_has_a_place_and_every_field_a_word(client, clock, editor, model):
    assert model in kinds.PLACES
    record = getattr(factories, kinds.code(model))()
    later(clock)
    names = {field.name for field in kinds.told_fields(model)}
    assert not names & {"publication", "version", "created_at", "updated_at", "id"}
    field = next(f for f in kinds.told_fields(model) if f.name.endswith("_en") or f.name == "publisher")
    edit(record, editor, **{field.name: "Something else"})
    (one,) = [
        r
        for entry in told(client, f"?kind={kinds.code(model)}", "/en")
        for r in entry["records"]
        if r["what"] == "changed"
    ]
    assert one["changes"][0]["after"] == "Something else" and one["name"]
    assert one["url"] or model is m.Indicator


def test_the_opening_data_is_told_of_from_its_first_change_on(client, editor):
    with time_machine.travel(START, tick=False):
        m.Record.skip_history_when_saving = True
        try:
            company = factories.company(name_ko="처음부터")
        finally:
            del m.Record.skip_history_when_saving
    assert told(client) == [] and "처음부터" not in text(client, "/changes/")
    with time_machine.travel(START + timedelta(days=1), tick=False):
        edit(company, editor, website="https://new.example/")
    assert happened(told(client)) == [("company", "처음부터", "changed")]


# ---- acts ---------------------------------------------------------------------------------------------


def imported(batch, number: int, publication="published") -> list[m.Company]:
    companies = [
        m.Company(
            slug=f"imported-{batch.pk}-{n}",
            name_ko=f"들인기업{n}",
            name_en=f"Imported {n}",
            kind="startup",
            ai_relevance="core",
            publication=publication,
        )
        for n in range(number)
    ]
    writing.create(m.Company, companies, {}, by=None, reason=f"batch {batch.pk}: secret-file.xlsx")
    return companies


def test_an_import_is_one_entry_with_its_first_few_records(client, clock, editor):
    known = [factories.company(name_ko=f"있던기업{n}") for n in range(3)]
    later(clock)
    batch = factories.import_batch(file_name="secret-file.xlsx")
    imported(batch, 12)
    clock.shift(timedelta(seconds=40))
    stored = {one.pk: m.Company.objects.get(pk=one.pk) for one in known}
    for one in known:
        one.website = f"https://c{one.pk}.example/"
    writing.change(
        m.Company, known, stored, {}, {"website"}, by=None, reason=f"batch {batch.pk}: secret-file.xlsx"
    )
    entry = told(client)[0]
    assert (entry["act"], entry["title"]) == ("import", "가져오기: 기업 12건 추가, 기업 3건 변경")
    assert len(entry["records"]) == pages.FIRST_FEW and entry["unnamed"] == 15 - pages.FIRST_FEW
    assert "Import: 12 companies added, 3 companies changed" in text(client, "/en/changes/")
    nothing_of(client, "secret-file")


def test_an_import_and_its_undoing(client, clock, editor):
    kept = factories.company(slug="kept", name_ko="있던기업")
    later(clock)
    batch = factories.import_batch(by=editor)
    made = imported(batch, 4)
    for one in made:
        factories.imported_change(batch=batch, record_pk=one.pk, key=one.slug, version=1)
    assert told(client)[0]["title"] == "가져오기: 기업 4건 추가"
    later(clock)
    undoing.undo(batch, by=editor)
    results = told(client)
    assert (results[0]["act"], results[0]["title"]) == ("import_undone", "가져오기 취소: 기업 4건 내림")
    assert results[0]["records"] == [] and results[0]["unnamed"] == 4
    assert [entry["act"] for entry in results[1:]] == ["edit"], "What was taken back is not named any more."
    nothing_of(client, "들인기업")
    assert kept.name_ko in text(client, "/changes/")


def test_drafts_of_an_import_are_not_counted(client, clock):
    batch = factories.import_batch()
    imported(batch, 5, publication="draft")
    assert told(client) == []
    clock.shift(timedelta(hours=1))
    imported(factories.import_batch(), 1)
    assert told(client)[0]["title"] == "가져오기: 기업 1건 추가"


def test_many_records_changed_at_once_are_one_entry_and_few_are_several(client, clock, editor):
    companies = [factories.company(publication="in_review") for _ in range(7)]
    later(clock)
    history.publish(companies[:5], by=editor)
    later(clock)
    history.publish(companies[5:], by=editor)
    results = told(client)
    assert [len(entry["records"]) for entry in results] == [1, 1, 5]
    assert results[2]["title"] == "기업 5건 추가" and results[2]["act"] == "edit"


def test_a_merge_is_told_without_the_name_that_went(client, clock, editor):
    kept, twin = factories.company(slug="kept", name_ko="남는기업"), factories.company(name_ko="쌍둥이기업")
    factories.office(company=twin)
    later(clock)
    copies = [m.Company.objects.get(pk=one.pk) for one in (kept, twin)]
    merge(*copies, by=editor, stamp=plans.make(*copies).stamp, reason="secret reason")
    entry = told(client)[0]
    assert entry["act"] == "merge" and entry["title"].startswith("중복 자료 병합: ")
    assert {(one["kind"], one["what"], one["number"]) for one in entry["counts"]} >= {
        ("company", "withdrawn", 1)
    }
    assert {one["name"] for one in entry["records"]} <= {"남는기업"}
    assert "secret reason" not in text(client, "/changes/")


def test_a_long_import_has_an_end_and_what_was_before_it_is_reached_at_once(
    client, clock, editor, monkeypatch
):
    monkeypatch.setattr("clusters.curation.telling.reading.WINDOW", 10)
    factories.company(name_en="Before")
    later(clock)
    batch = factories.import_batch()
    with history.one_moment(f"batch {batch.pk}"):
        for _part in range(3):
            clock.shift(timedelta(seconds=60))
            imported_part = [
                m.Company(
                    slug=f"p{_part}-{n}",
                    name_ko="들임",
                    name_en="In",
                    kind="sme",
                    ai_relevance="core",
                    publication="published",
                )
                for n in range(8)
            ]
            writing.create(m.Company, imported_part, {}, by=None, reason=f"batch {batch.pk}: x")
    first = client.get("/en/changes.json").json()
    assert [entry["title"] for entry in first["results"]] == ["Import: at least 10 companies added"]
    second = client.get(first["next"]).json()
    assert happened(second["results"]) == [("company", "Before", "added")]
    assert second["next"] is None


def all_told(client) -> list[dict]:
    """Every entry, page after page."""
    found, address = [], "/en/changes.json"
    while address:
        answer = client.get(address).json()
        found += answer["results"]
        address = answer["next"]
    return found


def changing(folder):
    """A plan that changes a dozen institutions and two dozen companies."""
    institutions = [factories.institution(slug=f"institution-{n}") for n in range(12)]
    companies = [factories.company(slug=f"company-{n}") for n in range(24)]
    return [
        table(
            folder / name,
            [{"slug": one.slug, "website": f"https://{one.slug}.example"} for one in records],
        )
        for name, records in (("institutions.csv", institutions), ("companies.csv", companies))
    ]


@pytest.mark.parametrize("window", [10, 18, 1000])
def test_what_others_edit_while_an_import_is_written_is_told_once(
    client, clock, editor, monkeypatch, tmp_path, window
):
    monkeypatch.setattr("clusters.curation.telling.reading.WINDOW", window)
    waiting = [factories.event(name_en=f"Event {number}") for number in range(4)]
    tables = changing(tmp_path)
    later(clock)

    def meanwhile(_done: int, _of: int) -> None:
        clock.shift(timedelta(minutes=1))
        if waiting:
            edit(waiting.pop(), editor, name_en="Edited meanwhile")
        clock.shift(timedelta(minutes=1))

    applying.apply(plan(*tables), file_name="two.csv", progress=meanwhile)
    assert len(waiting) == 2
    results = all_told(client)
    assert [entry["act"] for entry in results].count("import") == 1
    meant = ("event", "Edited meanwhile", "changed")
    assert happened(results).count(meant) == 2
    clock.shift(timedelta(minutes=5))
    undoing.undo(m.ImportBatch.objects.get())
    results = all_told(client)
    assert [entry["act"] for entry in results].count("import_undone") == 1
    assert happened(results).count(meant) == 2


def test_older_changes_go_on_without_gap_or_repetition(client, clock, editor, monkeypatch):
    monkeypatch.setattr(pages, "ENTRIES", 4)
    companies = []
    for number in range(10):
        later(clock)
        companies.append(factories.company(name_ko=f"기업{number}"))
    found, address = [], "/changes.json?kind=company"
    while address:
        answer = client.get(address).json()
        found += [one["records"][0]["name"] for one in answer["results"]]
        address = answer["next"]
    assert found == [f"기업{number}" for number in reversed(range(10))]
    page = text(client, "/changes/")
    older = re.search(r'href="([^"]+before=[^"]+)" rel="next"', page)[1].replace("&amp;", "&")
    assert "기업5" in text(client, older) and "기업9" not in text(client, older)


# ---- conditions ---------------------------------------------------------------------------------------


def test_conditions_choose_kinds_districts_days_and_one_record(client, clock, editor):
    company = factories.company(slug="c", name_ko="가나다")
    district = factories.district(slug="d", short_name_ko="여기")
    later(clock, days=1)
    factories.office(company=company, district=district, source=m.Source.objects.first(), status="unverified")
    later(clock, days=1)
    program = factories.program(slug="p", districts=[district])
    call = factories.call(program=program, status="unverified", source=None)
    factories.criterion(call=call, status="unverified", source=None)
    factories.company(name_ko="다른기업")

    def kinds_of(query: str) -> list[str]:
        return sorted(kind for kind, _name, _what in happened(told(client, query)))

    assert kinds_of("?record=company:c") == ["company", "office"]
    assert kinds_of("?record=program:p") == ["call", "criterion", "program"]
    assert kinds_of("?record=program:p&kind=call") == ["call"]
    assert kinds_of("?district=d") == ["district", "office", "program"]
    assert kinds_of("?kind=office&kind=district") == ["district", "office"]
    assert kinds_of("?since=2026-06-03") == ["call", "company", "criterion", "program"]
    page = text(client, "/changes/?record=company:c&kind=office&since=2026-06-01")
    assert "변경이력: 가나다" in page and 'href="/changes/?kind=office&amp;since=2026-06-01"' in page
    factories.redirect(kind="company", old_slug="old", new_slug="c")
    assert kinds_of("?record=company:old") == ["company", "office"]


def test_every_profile_leads_to_its_changes(client):
    for kind, record in (
        ("district", factories.district(slug="x")),
        ("company", factories.company(slug="x")),
        ("institution", factories.institution(slug="x")),
        ("program", factories.program(slug="x")),
    ):
        page = text(client, record.get_absolute_url())
        assert f'href="/changes/?record={kind}:x"' in page
        assert text(client, f"/changes/?record={kind}:x")
    factories.office()
    home = text(client, "/en/")
    assert 'href="/en/changes.atom"' in home and home.count('href="/en/changes/"') == 2
    assert "/en/changes/" in text(client, "/sitemap.xml")


@pytest.mark.parametrize("name", ["kind", "record", "district", "since", "before"])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_bad_value_is_said_and_nothing_fails(client, name, value):
    sent = query([name], HOSTILE[value])[:8000]
    for address in ("/changes/", "/en/changes/"):
        answer = ask(client, address, sent)
        assert answer.status_code == 200 and is_a_page(answer)
        assert messages(answer.content.decode()) or value in ("empty", "blank")
    for suffix in ("json", "atom"):
        assert ask(client, f"/changes.{suffix}", sent).status_code == (
            200 if value in ("empty", "blank") else 400
        )


@pytest.mark.parametrize(
    "sent", ["since=0001-01-01", "before=9999-12-31", "since=2026-13-01", "before=2026-01-01T99:00:00.000000"]
)
def test_moments_out_of_reach_are_refused(client, sent):
    assert ask(client, "/changes/", sent).status_code == 200
    assert ask(client, "/changes.json", sent).status_code == 400


@pytest.mark.parametrize("kind", ["district", "company", "institution", "program"])
def test_a_hidden_record_is_asked_for_like_an_unknown_one(client, kind):
    getattr(factories, kind)(slug="unseen-one", publication="draft")
    answers = [
        text(client, f"/changes/?record={kind}:{slug}").replace(slug, "")
        for slug in ("unseen-one", "nobody-at-all")
    ]
    assert answers[0] == answers[1]
    hidden = factories.district(slug="unseen-too", publication="draft")
    answers = [
        text(client, f"/changes/?district={slug}").replace(slug, "") for slug in (hidden.slug, "no-such-slug")
    ]
    assert answers[0] == answers[1]


# ---- the feed and the cost ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_feed_is_valid_and_holds_what_the_page_shows(client, clock, editor, language):
    company = factories.company(slug="c", name_ko="가 & <나>", name_en="A & <b>")
    later(clock)
    edit(company, editor, website="https://new.example/?a=1&b=2")
    later(clock)
    history.delete(factories.company(), by=editor)
    answer = client.get(f"{language}/changes.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert not feed.bozo and feed.version == "atom10" and feed.feed.language == (language[1:] or "ko")
    results = told(client, "", language)
    assert [entry.title for entry in feed.entries] == [one["title"] for one in results]
    changed = feed.entries[1]
    assert (
        changed.link == f"{SITE}{language}/companies/c/" and "https://new.example/?a=1&b=2" in changed.summary
    )
    assert changed.id.startswith(f"tag:127.0.0.1,2026:{language[1:] or 'ko'}/changes/company/")
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    later(clock)
    edit(company, editor, website="https://newer.example/")
    again = feedparser.parse(client.get(f"{language}/changes.atom").content)
    assert [entry.id for entry in again.entries[1:]] == [entry.id for entry in feed.entries]
    assert f'href="{language}/changes.atom?kind=company"' in text(client, f"{language}/changes/?kind=company")


def test_the_same_number_of_queries_for_few_changes_and_many(client, editor):
    def change_all(round_: int) -> None:
        for office in m.Office.objects.all():
            edit(
                office, editor, address_ko=f"새길 {round_}", further_sources=list(m.Source.objects.all()[:3])
            )
        for company in m.Company.objects.all():
            edit(
                company,
                editor,
                website=f"https://c.example/{round_}",
                technologies=[factories.technology(f"t{round_}")],
            )
        for program in m.Program.objects.all():
            edit(program, editor, operator=factories.institution(), partners=[factories.institution()])
        for value in m.Observation.objects.all():
            edit(value, editor, value=round_ + 7)

    def make(number: int) -> None:
        for _ in range(number):
            factories.office(district=factories.district(), source=factories.source())
            factories.program()
            factories.criterion()
            factories.observation()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/changes/").status_code == 200
        return len(queries)

    start, counted = timezone.now(), []
    for round_, number in ((1, 1), (2, 6)):
        with time_machine.travel(start + timedelta(days=round_)):
            make(number)
        with time_machine.travel(start + timedelta(days=round_, hours=1)):
            change_all(round_)
        client.get("/changes/")
        counted.append(asked())
    assert counted[0] == counted[1] <= 60


def test_the_history_is_read_by_the_index_of_its_moments(client):
    if connection.vendor != "sqlite":
        pytest.skip("The planner of PostgreSQL reads small tables as a whole.")
    with CaptureQueriesContext(connection) as queries:
        client.get("/changes/?kind=company")
    (window,) = [
        one["sql"] for one in queries if "ORDER BY" in one["sql"] and "historicalcompany" in one["sql"]
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {window}")
        plan = " ".join(str(row[3]) for row in cursor.fetchall())
    assert "history_date" in plan and "SCAN clusters_historicalcompany " not in plan, plan


def test_the_description_for_programs_names_every_condition(client):
    described = client.get("/api/openapi.json").json()["paths"]["/changes.json"]["get"]["parameters"]
    assert {one["name"] for one in described} == {"kind", "district", "record", "since", "before"}
