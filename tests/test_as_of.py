"""Pages as they stood on a day, and citations whose address keeps showing what was cited."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.curation import history
from clusters.dates import SEOUL
from clusters.models import past
from clusters.templatetags import once
from tests import factories, world
from tests.hostile import HOSTILE, ask, is_a_page

pytestmark = pytest.mark.django_db

FIRST, LATER, TODAY = "2026-03-01 10:00 +0900", "2026-05-01 10:00 +0900", "2026-07-01 10:00 +0900"
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def editor():
    return factories.person("editor", "editor", None)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


def at(moment: str):
    return time_machine.travel(moment, tick=False)


def edit(record, editor, **given) -> None:
    record = type(record).objects.get(pk=record.pk)
    relations = {name: given.pop(name) for name in list(given) if isinstance(given[name], list)}
    for name, value in given.items():
        setattr(record, name, value)
    history.save(record, by=editor, relations=relations)


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_company_is_shown_with_its_rows_of_that_day(client, editor):
    with at(FIRST):
        llm, vision = factories.technology(), factories.technology("vision", name_ko="비전", name_en="Vision")
        district = factories.district(short_name_ko="그때지구")
        company = factories.company(slug="c", name_ko="옛이름기업", technologies=[llm])
        office = factories.office(company=company, address_ko="옛주소길 1", district=district)
        gone = factories.office(company=company, address_ko="지워질길 2", kind="lab")
    with at(LATER):
        edit(company, editor, name_ko="새이름기업", technologies=[vision])
        edit(office, editor, address_ko="새주소길 9")
        history.delete(gone, by=editor)
        factories.office(company=company, address_ko="나중길 3", kind="branch")
        edit(district, editor, short_name_ko="지금지구")
    then, now = text(client, "/companies/c/?as_of=2026-04-01"), text(client, "/companies/c/")
    for words in ("옛이름기업", "옛주소길 1", "지워질길 2", "언어모델", "그때지구"):
        assert words in then and words not in now, words
    for words in ("새이름기업", "새주소길 9", "나중길 3", "비전", "지금지구"):
        assert words in now and words not in then, words
    assert "2026년 4월 1일" in then and 'href="/companies/c/"' in then
    assert text(client, "/companies/c/") == now, "Nothing of the past is kept for the present."
    with_change = text(client, "/companies/c/?as_of=2026-05-01")
    assert "새이름기업" in with_change, "A day counts to its end."


def test_it_is_kept_by_nobody_and_belongs_to_todays_page(client):
    with at(FIRST):
        factories.company(slug="c")
    answer = client.get("/en/companies/c/?as_of=2026-04-01", headers={"If-None-Match": "*"})
    assert answer.status_code == 200 and "ETag" not in answer
    assert answer["Cache-Control"] == "no-store" and answer["X-Robots-Tag"] == "noindex"
    page = answer.content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert f'<link rel="canonical" href="{SITE}/en/companies/c/">' in page
    assert "noindex" not in text(client, "/en/companies/c/")


def test_deadlines_are_those_of_that_day(client, editor):
    with at(FIRST):
        program = factories.program(slug="p")
        call = factories.call(
            program=program,
            period_kind="window",
            opens_at=datetime(2026, 3, 1, tzinfo=SEOUL),
            closes_at=datetime(2026, 3, 20, 23, 59, tzinfo=SEOUL),
        )
    with at(LATER):
        edit(call, editor, closes_at=datetime(2026, 7, 20, 23, 59, tzinfo=SEOUL))
    assert "D-19" in text(client, "/programs/p/")
    then = text(client, "/programs/p/?as_of=2026-03-10")
    assert "D-10" in then and "2026년 3월 10일" in then
    assert "D-" not in text(client, "/programs/p/?as_of=2026-04-10").split('id="calls"')[0]


def test_districts_and_their_comparison_show_the_figures_of_that_day(client, editor):
    with at(FIRST):
        one, other = factories.district(slug="one"), factories.district(slug="other")
        indicator = factories.indicator()
        series = [factories.series(district=place, indicator=indicator) for place in (one, other)]
        values = [factories.observation(series=s, period="2025", value=1111) for s in series]
    with at(LATER):
        edit(values[0], editor, value=7777)
    for address, then, now in (
        ("/districts/one/", "1,111", "7,777"),
        ("/compare/?d=one&d=other", "1,111", "7,777"),
        ("/compare.json?d=one&d=other", "1111", "7777"),
        ("/compare.csv?d=one&d=other", "1111", "7777"),
    ):
        present = text(client, address)
        earlier = text(client, address + ("&" if "?" in address else "?") + "as_of=2026-04-01")
        assert now in present and now not in earlier and then in earlier, address
        assert text(client, address) == present
    page = text(client, "/compare/?d=one&d=other&as_of=2026-04-01")
    assert "/compare.csv?d=one&amp;d=other&amp;as_of=2026-04-01" in page


def test_what_was_or_is_not_public_stays_away(client, editor):
    with at(FIRST):
        company = factories.company(slug="c", summary_ko="처음부터 공개")
        draft = factories.office(company=company, address_ko="초안길 1", publication="draft")
        taken = factories.office(company=company, address_ko="거둔길 2", kind="lab")
        hidden = factories.company(slug="hidden")
    with at(LATER):
        edit(draft, editor, publication="published")
        edit(taken, editor, publication="draft")
        edit(hidden, editor, publication="archived")
    assert "초안길 1" in text(client, "/companies/c/")
    then = text(client, "/companies/c/?as_of=2026-04-01")
    assert "처음부터 공개" in then and "초안길" not in then and "거둔길" not in then
    assert client.get("/companies/hidden/?as_of=2026-04-01").status_code == 404


@pytest.mark.parametrize("kind", ["companies/main-company", "districts/main-district", "compare"])
@pytest.mark.parametrize("value", [*HOSTILE, "future"])
def test_days_that_are_none_get_a_plain_message(client, kind, value):
    world.build()
    factories.district(slug="other")
    bad = "2027-01-01" if value == "future" else HOSTILE[value].replace("{name}", "as_of")
    answer = ask(client, f"/{kind}/", f"d=main-district&d=other&as_of={bad}"[:8000])
    assert answer.status_code == 200 and is_a_page(answer)
    assert b'class="msg warn"' in answer.content and b"data-total" not in answer.content
    assert ask(client, "/compare.json", f"d=main-district&d=other&as_of={bad}"[:8000]).status_code == 400


def test_before_its_record_there_was_nothing(client):
    factories.company(slug="c", name_ko="나중기업")
    page = text(client, "/companies/c/?as_of=2026-01-01")
    assert "2026년 1월 1일" in page and "2026년 7월 1일" in page and "나중기업" not in page


def test_an_address_that_moved_leads_on(client, editor):
    with at(FIRST):
        company = factories.company(slug="old", name_ko="옛기업")
    with at(LATER):
        edit(company, editor, slug="new", name_ko="새기업")
    answer = client.get("/companies/old/?as_of=2026-04-01")
    assert (answer.status_code, answer["Location"]) == (301, "/companies/new/?as_of=2026-04-01")
    assert "옛기업" in text(client, answer["Location"])


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    "profile", ["/districts/main-district/", "/companies/main-company/", "/institutions/main-institution/"]
)
def test_a_citation_keeps_its_figures_whatever_is_edited(client, editor, language, profile):
    made = world.build()
    world.grow(made, 1)
    for model in past.kinds():  # as after loading the opening data: history begins with the first edit
        model.history.all().delete()

    def body(html: str) -> str:
        main = html.split('<main id="main"')[1].split('id="cite"')[0]
        return re.sub(r'<p class="msg warn">.*?</p>', "", main).split('<nav class="crumb"')[1]

    cited = text(client, language + profile)
    permalink = unescape(re.search(r'<a href="([^"]+as_of=[^"]+)"', cited)[1])
    assert permalink.startswith(f"{SITE}{language}{profile}?as_of=2026-07-01")
    assert cited.count(permalink) >= 4, "In Korean, in English, as BibTeX and as a link."
    with at("2026-07-01 10:00:00.002 +0900"):  # in the very same minute
        for record in (made.district, made.company, made.institution):
            edit(record, editor, name_ko="고친 이름", name_en="Edited")
        for office in made.district.offices.all():
            edit(office, editor, address_ko=f"고친 주소 {office.pk}")
        factories.office(company=made.company, district=made.district, address_ko="더한 주소", kind="lab")
    with at("2026-07-09 10:00 +0900"):
        assert body(text(client, language + profile)) != body(cited)
        assert body(text(client, permalink.removeprefix(SITE))) == body(cited)


def test_the_past_costs_as_many_queries_as_the_present(client):
    with at(FIRST):
        made = world.build()
        world.grow(made, 3)

    def queries(address: str) -> int:
        text(client, address)
        once.forget()  # the past is never kept, so the present is drawn anew as well
        with CaptureQueriesContext(connection) as captured:
            text(client, address)
        return len(captured)

    for page in ("/districts/main-district/", "/companies/main-company/", "/programs/main-program/"):
        # The record's address of that day, and what pages keep for the present: the edition and the last change.
        # What companies have in common is kept for the present as well: here a source, which a join used to bring.
        more = 9 if page.startswith("/companies/") else 8
        assert queries(f"{page}?as_of=2026-04-01") <= queries(page) + more, page


def test_nothing_can_be_written_in_the_past():
    company = factories.company()
    with pytest.raises(RuntimeError), past.at(datetime.now(SEOUL) - timedelta(days=1)):
        company.save()
