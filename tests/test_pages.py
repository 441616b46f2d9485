"""What a visitor notices in profiles: evidence and gaps, old addresses, the other language, links that lead somewhere."""

import re
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.urls import set_script_prefix

from clusters.directory import citations
from clusters.models import Redirect
from tests import addresses, factories, world
from tests.reader import at, findings, links, read, row_of, section

pytestmark = pytest.mark.django_db

NOW = "2026-11-25 12:00 +0900"


# ---- evidence and gaps ----------------------------------------------------------------------------


def test_every_statement_shows_its_date_finding_and_source(client):
    district = factories.district(slug="here")
    source = factories.source(title="현황 보고서", publisher="진흥원", published="2025-03")
    common = {"district": district, "source": source, "as_of": "2024-10", "status": "unverified"}
    factories.station(name_ko="가역", **common)
    factories.anchor_site(name_ko="나센터", **common)
    factories.claim(statement_ko="다 주장", finding_ko="다 확인", **common)
    factories.trait(kind="weakness", text_ko="라 약점", **common)
    factories.designation(title_ko="마 지정", designated_on="2020-03", **common)
    factories.office(company=factories.company(name_ko="바기업"), **common)
    factories.institution(name_ko="사기관", **common)
    page = read(client, "/districts/here/")
    for words in ("가역", "나센터", "다 확인", "라 약점", "마 지정", "바기업", "사기관"):
        row = row_of(page, words, "tr", "li", "article", "dd")
        notes = [one for one in row.walk() if one.tag == "details"]
        assert notes, f"{words}: nothing opens its source"
        assert (
            "현황 보고서" in notes[-1].text and "진흥원" in notes[-1].text and "2025년 3월" in notes[-1].text
        )
        assert "2024년 10월" in row.text or "2024-10" in row.text, f"{words}: no date"
    for words in ("가역", "다 확인", "라 약점", "마 지정", "바기업"):
        assert findings(row_of(page, words, "tr", "li", "article", "dd"))[:1] == ["unverified"], words
    listed = page.by_id("refs").all("li")
    assert len(listed) == 1 and f"/sources/{source.slug}/" in links(listed[0])


def test_a_large_district_shows_the_first_of_each_and_leads_to_all(client):
    """Settled ones first, among them those whose business is AI; the caption says how many there are."""
    district = factories.district(slug="here")
    for number in range(26):
        company = factories.company(name_ko=f"가기업 {number:02}", ai_relevance="adjacent")
        factories.office(district=district, company=company, status="confirmed")
        factories.institution(district=district, name_ko=f"나기관 {number:02}")
    core = factories.company(name_ko="하기업", ai_relevance="core")
    factories.office(district=district, company=core, status="confirmed")
    doubtful = factories.company(name_ko="가가기업", ai_relevance="core")
    factories.office(district=district, company=doubtful, status="disputed")
    page = read(client, "/districts/here/")
    firms, institutions = page.by_id("firms"), page.by_id("inst")
    assert "28곳" in firms.all("caption")[0].text and "27곳" in firms.all("caption")[0].text
    names = [row.all("th")[0].text for row in firms.all("tr")[1:]]
    assert len(names) == 24 and names[:3] == ["하기업", "가기업 00", "가기업 01"]
    assert "28건 가운데 24건" in firms.text and "/companies/?district=here" in links(firms)
    assert "26건 가운데 24건" in institutions.text and "/institutions/?district=here" in links(institutions)


def test_an_institution_with_many_programs_shows_them_by_pages(client):
    one = factories.institution(slug="busy")
    for number in range(53):
        factories.program(operator=one, name_ko=f"가사업 {number:02}", slug=f"run-{number:02}")
    for number in range(25):
        factories.program(name_ko=f"나사업 {number:02}", slug=f"part-{number:02}").partners.add(one)
        factories.event(organizer=one, name_ko=f"다행사 {number:02}")

    def names(page, part: str) -> list[str]:
        return [
            row.all("a")[0].text for row in page.by_id(part).all("li") if row.attributes.get("class") == "row"
        ]

    page = read(client, "/institutions/busy/")
    assert names(page, "prog") == [f"가사업 {number:02}" for number in range(24)]
    assert len(names(page, "partner")) == len(names(page, "events")) == 24
    assert "1–24 / 53" in page.by_id("prog").text and "1–24 / 25" in page.by_id("partner").text
    following = next(link for link in links(page.by_id("prog")) if "page=3" in link)
    assert following == "/institutions/busy/?list=operated&page=3#prog"
    last = read(client, following)
    assert names(last, "prog") == [f"가사업 {number:02}" for number in range(48, 53)]
    assert len(names(last, "partner")) == 24
    assert names(read(client, "/institutions/busy/?list=events&page=999"), "events") == ["다행사 24"]
    assert names(read(client, "/institutions/busy/?utm=x&list=operated"), "prog") == names(page, "prog")
    wrong = read(client, "/institutions/busy/?list=all&page=x")
    assert names(wrong, "prog") == names(page, "prog")
    assert any(one.attributes.get("class") == "msg warn" for one in wrong.all("div"))


def test_a_district_with_many_programs_shows_the_first_and_leads_to_all(client):
    district = factories.district(slug="here")
    for number in range(26):
        factories.program(districts=[district], coverage="districts", name_ko=f"사업 {number:02}")
    programs = section(client, "/districts/here/", "prog")
    assert "26건 가운데 24건" in programs.text and "/programs/?district=here" in links(programs)


def test_a_profile_that_was_drawn_shows_what_was_written_since(client):
    district, company = factories.district(slug="here"), factories.company(slug="firm")
    office = factories.office(district=district, company=company, status="confirmed")

    def shown() -> tuple[bool, bool]:
        firms = section(client, "/districts/here/", "firms")
        return "/companies/firm/" in links(firms), "1곳" in firms.text

    assert shown() == shown() == (True, True)
    company.publication = "archived"
    company.save()
    assert shown() == (False, False)
    company.publication = "published"
    company.save()
    assert shown() == (True, True)
    office.delete()
    assert shown() == (False, False)


def test_what_a_company_is_said_to_be_shows_its_evidence(client):
    company = factories.company(slug="firm", source=factories.source(title="회사 소개"), as_of="2026-02")
    source = factories.source(title="공시", published="2024-05-01")
    factories.office(company=company, address_ko="판교로 1", since="2021", source=source)
    factories.office(
        company=company, address_ko="옛 주소", until="2020-12", status="outdated", kind="lab", source=source
    )
    factories.funding_round(
        company=company, date="2023-06", amount=10**10, investors=["어느 투자사"], source=source
    )
    page = read(client, "/companies/firm/")
    now, before = row_of(page, "판교로 1"), row_of(page, "옛 주소")
    assert findings(now) == ["confirmed"] and "2021년" in now.text and "공시" in now.text
    assert findings(before) == ["outdated"] and "2020년 12월" in before.text
    money = row_of(page, "어느 투자사")
    assert "100억" in money.text and "2023-06" in money.text and "공시" in money.text
    assert "2026년 2월" in page.text and "회사 소개" in page.text
    assert "KRW 10 billion" in read(client, "/en/companies/firm/").text


def test_both_sides_of_a_dispute_are_shown(client):
    district = factories.district(slug="here")
    series = factories.series(district=district, indicator=factories.indicator(name_ko="기업 수"))
    for value, title in ((642, "한쪽 조사"), (711, "다른 쪽 조사")):
        source = factories.source(title=title)
        factories.observation(series=series, period="2024", value=value, status="disputed", source=source)
    claim = factories.claim(
        district=district,
        status="disputed",
        statement_ko="기사에서 말한 것",
        finding_ko="우리가 본 것",
        made_in=factories.source(title="처음의 기사"),
        source=factories.source(title="첫째 근거"),
    )
    claim.further_sources.add(factories.source(title="둘째 근거"))
    page = read(client, "/districts/here/")
    figures = page.by_id("ind")
    for words in ("642", "711", "한쪽 조사", "다른 쪽 조사"):
        assert words in figures.text
    assert "disputed" in findings(figures)
    said = row_of(page, "기사에서 말한 것", "article")
    assert findings(said) == ["disputed"]
    for words in ("처음의 기사", "우리가 본 것", "첫째 근거", "둘째 근거"):
        assert words in said.text


def test_gaps_are_put_in_words(client):
    factories.district(slug="bare")
    factories.company(slug="bare", summary_ko="", summary_en="")
    factories.institution(slug="bare", status="unverified", source=None)
    factories.program(slug="bare", coverage="districts", districts=[factories.district(publication="draft")])
    factories.source(slug="bare", url="", published="")
    for kind, least in {"district": 5, "company": 6, "institution": 1, "program": 6, "source": 2}.items():
        for address in addresses.both(kind, "bare"):
            main = read(client, address).by_id("main")
            gaps = [one for one in main.walk() if one.attributes.get("class") == "gap"]
            assert len(gaps) >= least, address
            assert all(len(one.text) >= 2 for one in gaps)
            texts = [child.strip() for one in main.walk() for child in one.children if isinstance(child, str)]
            assert not {"0", "-", "None", "—", "0%"} & set(texts), address


def test_a_measured_zero_is_no_gap(client):
    series = factories.series(
        district=factories.district(slug="here"), indicator=factories.indicator(unit_ko="건")
    )
    factories.observation(series=series, value=0)
    assert "0건" in section(client, "/districts/here/", "ind").text.replace(" ", "")


@time_machine.travel(NOW, tick=False)
def test_a_program_tells_its_deadline_in_words(client):
    program = factories.program(slug="tips")
    factories.call(
        program=program,
        label_ko="2026년 2차",
        period_kind="window",
        opens_at=at("2026-11-01T09:00"),
        closes_at=at("2026-12-06T18:00"),
        closes_precision="time",
        award_count=12,
        budget_krw=5 * 10**8,
    )
    call = factories.call(
        program=program, label_ko="2025년 1차", period_kind="window", closes_at=at("2025-03-01T23:59")
    )
    factories.criterion(call=call, value_ko="7년 이하", quote="창업 7년 이내 기업")
    now = section(client, "/programs/tips/", "now")
    for words in ("D-11", "2026년 12월 6일", "18:00", "5억", "12"):
        assert words in now.text
    assert "6 December 2026" in section(client, "/en/programs/tips/", "now").text
    labels = [
        row.all("th")[0].text for row in section(client, "/programs/tips/", "calls").all("tbody")[0].all("tr")
    ]
    assert labels == ["2026년 2차", "2025년 1차"]
    condition = row_of(section(client, "/programs/tips/", "who"), "7년 이하")
    assert condition.all("q")[0].text == "창업 7년 이내 기업"


def test_a_source_lists_what_rests_on_it(client):
    source = factories.source(slug="report")
    district = factories.district(slug="here", source=source)
    factories.claim(district=district, statement_ko="여기 쓰인 주장", source=source, status="disputed")
    factories.office(company=factories.company(slug="firm", name_ko="여기 쓰인 기업"), source=source)
    further = factories.trait(district=district, text_ko="둘째로 기댄 강점")
    further.further_sources.add(source)
    factories.claim(statement_ko="다른 주장")
    rests = section(client, "/sources/report/", "rests")
    for words in ("여기 쓰인 주장", "여기 쓰인 기업", "둘째로 기댄 강점"):
        assert words in rests.text
    assert "다른 주장" not in rests.text
    assert findings(row_of(rests, "여기 쓰인 주장")) == ["disputed"]
    assert set(links(rests)) == {"/districts/here/", "/companies/firm/"}
    for address in links(rests):
        assert client.get(address).status_code == 200


def test_a_source_of_very_many_statements_is_read_page_by_page(client):
    source = factories.source(slug="register")
    company = factories.company(slug="firm")
    number = citations.PER_PAGE + 7
    for place in range(number):
        factories.office(company=company, address_ko=f"번지 {place:03}", source=source)
    factories.claim(statement_ko="따로 쓰인 주장", source=source)

    rests = section(client, "/sources/register/", "rests")
    assert f"{number + 1}" in rests.text and "따로 쓰인 주장" in rests.text
    assert rests.text.count("번지") == citations.SHOWN
    assert f"{number}건 가운데 {citations.SHOWN}건" in rests.text
    see_all = next(one for one in links(rests) if "kind=office" in one)

    first = section(client, see_all, "rests")
    assert "따로 쓰인 주장" not in first.text
    following = next(one for one in links(first) if "page=2" in one)
    second = section(client, following, "rests")
    places = re.findall(r"번지 \d{3}", first.text + second.text)
    assert len(places) == len(set(places)) == number
    assert section(client, "/sources/register/?kind=office&page=99", "rests").text == second.text


def test_a_source_says_what_of_its_address_it_cannot_use(client):
    source = factories.source(slug="report")
    factories.claim(statement_ko="여기 쓰인 주장", source=source)
    for bad in ("?kind=secret", "?kind=claim&kind=office", "?page=-1&kind=claim"):
        rests = section(client, f"/sources/report/{bad}", "rests")
        assert "여기 쓰인 주장" in rests.text and "쓸 수 없습니다" in rests.text


# ---- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", addresses.PROFILES)
def test_an_old_address_leads_to_the_new_one(client, kind):
    record = getattr(factories, kind)(slug="renamed")
    Redirect.objects.create(kind=kind, old_slug="as-it-was", new_slug="renamed")
    other = next(name for name in addresses.PROFILES if name != kind)
    for old, new in zip(addresses.both(kind, "as-it-was"), addresses.both(kind, record.slug), strict=True):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new)
        assert client.get(new).status_code == 200
    assert client.get(addresses.both(other, "as-it-was")[0]).status_code == 404, "Only for its own kind."


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/companies/?district=here&q=%EC%9D%B8%EA%B3%B5&sort=-name",
        "/districts/here/",
        "/compare/?d=here&d=there",
        "/search/?q=a+b",
    ],
)
def test_the_other_language_is_the_same_page_with_the_same_question(client, path):
    factories.district(slug="here")
    factories.district(slug="there")
    for address, other, language in ((path, f"/en{path}", "en"), (f"/en{path}", path, "ko")):
        switches = [
            one for one in read(client, address).all("a") if one.attributes.get("hreflang") == language
        ]
        assert [one.attributes["href"] for one in switches] == [other]
        assert switches[0].attributes["lang"] == language
        assert client.get(other).status_code == 200


def test_the_menu_marks_where_one_is(client):
    company = factories.company()
    for address, current in {
        "/companies/": "page",
        f"/companies/{company.slug}/": "true",
        "/about/": None,
    }.items():
        nav = read(client, address).all("header")[0].all("nav")[0]
        assert [
            one.attributes.get("aria-current")
            for one in nav.all("a")
            if "/companies/" in one.attributes["href"]
        ] == [current]
        assert sum("aria-current" in one.attributes for one in nav.all("a")) == (current is not None)


def test_links_inside_the_site_lead_somewhere(client):
    """From a small but complete directory, links of every kind answer; of those that only differ in a value, one."""
    directory = world.build()
    world.grow(directory, 1)
    seen: dict[tuple, tuple[str, str]] = {}
    for address in (*addresses.simple_pages(), *addresses.profiles(directory), *addresses.lists()):
        for link in links(read(client, address)):
            parts = urlsplit(link)
            if link.startswith("/") and not link.startswith("/static/"):
                seen.setdefault((parts.path, *dict(parse_qsl(parts.query))), (link.split("#")[0], address))
    broken = [f"{link} on {place}" for link, place in seen.values() if client.get(link).status_code != 200]
    assert len(seen) > 80 and not broken


@pytest.mark.parametrize("debug", [False, True])
def test_the_gallery_of_components_is_for_those_who_work_on_the_site(client, settings, debug):
    settings.DEBUG = debug
    factories.office(as_of=str(date.today().year))
    for address in addresses.both("components"):
        assert client.get(address).status_code == (200 if debug else 404)


def test_robots(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert {line for line in lines if line.startswith("Disallow")} == {
        "Disallow: /admin/",
        "Disallow: /en/admin/",
    }


def test_health(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_the_icon(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 301
    icon = client.get(response["Location"])
    assert icon.status_code == 200 and icon["Content-Type"] == "image/svg+xml"


def test_addresses_of_records_stand_below_any_prefix():
    district = factories.district(slug="x0")
    set_script_prefix("/2030/")
    try:
        assert district.get_absolute_url() == "/2030/districts/x0/"
    finally:
        set_script_prefix("/")
