"""What a visitor notices on the home page: districts in outline, what is open now, what changed."""

import pytest
import time_machine

from tests import addresses, factories
from tests.reader import at, findings, links, read, section

pytestmark = pytest.mark.django_db


def test_home_shows_the_featured_districts_with_their_figures(client):
    pangyo = factories.district(slug="pangyo", short_name_ko="판교", role_ko="실증과 시장", featured=True)
    factories.district(slug="other", short_name_ko="다른 곳", featured=False)
    series = factories.series(
        district=pangyo, indicator=factories.indicator(name_ko="기업 수"), scope_ko="단지 전체"
    )
    factories.observation(series=series, period="2024", value=1780, source=factories.source(title="실태조사"))
    shown = section(client, "/", "districts")
    assert [one.text for one in shown.all("h3")] == ["판교"]
    for words in ("실증과 시장", "기업 수", "1,780", "2024년", "단지 전체", "실태조사"):
        assert words in shown.text
    everything = read(client, "/")
    assert {"/districts/pangyo/", "/districts/other/"} <= set(links(everything))


def test_home_counts_only_companies_with_a_confirmed_office(client):
    district = factories.district(slug="here")
    company = factories.company()
    factories.office(company=company, district=district)
    factories.office(company=company, district=district, kind="lab")
    factories.office(district=district, status="disputed")
    factories.office(district=district, publication="draft")
    factories.office(district=district, company=factories.company(publication="archived"))
    entry = next(
        one
        for one in read(client, "/").all("a")
        if one.attributes["href"] == "/districts/here/" and one.inside("nav")
    )
    assert entry.text.endswith("1")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-11-25 12:00 +0900", ["곧 닫힘", "나중에 닫힘", "상시"]),
        ("2026-11-30 23:59 +0900", ["곧 닫힘", "나중에 닫힘", "상시"]),
        ("2026-12-01 00:00 +0900", ["나중에 닫힘", "상시"]),
        ("2026-12-20 18:01 +0900", ["상시", "아직"]),
    ],
)
def test_home_shows_what_is_open_on_the_clock_of_seoul(client, moment, shown):
    for name, given in {
        "나중에 닫힘": {
            "opens_at": at("2026-11-01T00:00"),
            "closes_at": at("2026-12-20T18:00"),
            "closes_precision": "time",
        },
        "곧 닫힘": {"opens_at": at("2026-11-01T00:00"), "closes_at": at("2026-11-30T23:59")},
        "아직": {"opens_at": at("2026-12-10T00:00"), "closes_at": at("2026-12-31T23:59")},
        "지난 것": {"opens_at": at("2026-01-01T00:00"), "closes_at": at("2026-02-01T23:59")},
    }.items():
        factories.call(program=factories.program(name_ko=name), period_kind="window", **given)
    factories.call(program=factories.program(name_ko="상시"), period_kind="always")
    factories.program(name_ko="공고 없음")
    with time_machine.travel(moment, tick=False):
        opened = section(client, "/", "open")
    names = [one.all("b")[0].text for one in opened.all("li")]
    assert sorted(names) == sorted(shown) if "아직" in shown else names == shown


def test_the_first_six_to_close_are_told_and_all_are_counted(client):
    for name, day in (("다", 1), ("가", 2), ("나", 2), ("라", 2), ("마", 3), ("바", 4), ("사", 4), ("아", 5)):
        program = factories.program(name_ko=name)
        for month in (12, 13):  # a later call of the same program counts once
            closes = at(f"2026-12-{day:02}T18:00") if month == 12 else at("2027-01-31T18:00")
            factories.call(
                program=program,
                period_kind="window",
                opens_at=at("2026-11-01T00:00"),
                closes_at=closes,
                closes_precision="time",
            )
    for moment, names, number in (
        ("2026-11-25 12:00 +0900", "다가나라마바", "8"),
        ("2026-11-25 12:01 +0900", "다가나라마바", "8"),
        ("2026-12-01 18:01 +0900", "가나라마바사", "8"),
        ("2026-11-25 11:59 +0900", "다가나라마바", "8"),
        ("2027-01-31 18:01 +0900", "", ""),
    ):
        with time_machine.travel(moment, tick=False):
            shown = section(client, "/", "open")
            assert "".join(one.text for one in shown.all("b")) == names, moment
            assert number in shown.text


@time_machine.travel("2026-11-25 12:00 +0900", tick=False)
def test_home_says_how_long_is_left(client):
    factories.call(period_kind="window", opens_at=at("2026-11-01T00:00"), closes_at=at("2026-11-30T23:59"))
    assert "D-5" in section(client, "/", "open").text
    assert "D-5" in section(client, "/en/", "open").text


def test_home_says_so_when_nothing_is_open(client):
    opened = section(client, "/en/", "open")
    assert not opened.all("li") and "No call in the directory is open" in opened.text


def test_home_shows_the_latest_changes_first(client):
    for day in (1, 3, 2):
        with time_machine.travel(f"2026-11-0{day} 12:00 +0900", tick=False):
            factories.claim(finding_ko=f"{day}일에 확인함", status="disputed")
    changes = section(client, "/", "changes")
    assert [one.attributes["datetime"] for one in changes.all("time")] == [
        "2026-11-03",
        "2026-11-02",
        "2026-11-01",
    ]
    assert [
        f"{day}일에 확인함" in row.text for day, row in zip((3, 2, 1), changes.all("li"), strict=True)
    ] == [True] * 3
    assert findings(changes) == ["disputed"] * 3


def test_an_empty_directory_says_so(client):
    for address in (*addresses.simple_pages(), *addresses.lists()):
        root = read(client, address)
        assert root.by_id("main").text
    assert "The directory is still empty." in read(client, "/en/").text
