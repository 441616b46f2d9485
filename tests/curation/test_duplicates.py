"""Possible duplicates: spellings of one name are found, other things of nearly the same name are not."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import translation

from clusters.curation import duplicates, fixtures
from clusters.curation.duplicates.likeness import STRONG, WORTH_A_LOOK, Entry, compare, page_key
from clusters.models import Company, DistinctPair, SuspectedPair
from tests import factories


def company(*names: str, **more) -> Entry:
    return Entry(names=names, may_name_branches=True, **more)


# ---- how alike two records are ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("업스테이지", "(주)업스테이지"),
        ("업스테이지", "㈜ 업스테이지"),
        ("업스테이지 주식회사", "업 스테이지"),
        ("Upstage", "UPSTAGE Co., Ltd."),
        ("Ｕｐｓｔａｇｅ", "upstage inc."),
        ("한빛에이아이", "한빛 AI"),
        ("(주)한빛정밀", "한빛정밀 동탄공장"),
    ],
)
def test_spellings_of_one_name_are_the_same_name(one, other):
    score, reasons = compare(company(one), company(other))
    assert [reason.kind for reason in reasons] == ["name"]
    assert WORTH_A_LOOK <= score < STRONG, "A name alone proves nothing."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("마키나락스", "마키나록스"),
        ("라이온로켓", "라이언로켓"),
        ("스캐터랩", "스케터랩"),
        ("크라우드웍스", "크라우드윅스"),
        ("뷰노메디칼", "뷰노메디컬"),
        ("Hyperconnect", "Hyperconect"),
    ],
)
def test_a_slip_of_the_hand_makes_a_similar_name(one, other):
    score, reasons = compare(company(one), company(other))
    assert [reason.kind for reason in reasons] == ["near_name"]
    assert WORTH_A_LOOK <= score < STRONG


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("토스", "도스"),
        ("가나소프트", "가다소프트"),
        ("서울창조경제혁신센터", "경기창조경제혁신센터"),
        ("대전테크노파크", "대구테크노파크"),
        ("한빛벤처투자조합 1호", "한빛벤처투자조합 2호"),
        ("네이버", "네이버클라우드"),
        ("", ""),
    ],
)
def test_other_things_of_nearly_the_same_name_are_left_alone(one, other):
    assert compare(company(one), company(other)).score < WORTH_A_LOOK


def test_both_languages_of_a_name_must_be_alike():
    assert (
        compare(company("한국과학기술원", "KAIST"), company("한국과학기술연구원", "KIST")).score
        < WORTH_A_LOOK
    )


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ({"business_number": "1248100998"}, {"business_number": "1248100998"}, "business_number"),
        ({"stock_code": "kosdaq 123456"}, {"stock_code": "kosdaq 123456"}, "stock_code"),
    ],
)
def test_a_number_tells_whatever_the_names_are(one, other, kind):
    score, reasons = compare(company("하나", **one), company("전혀다른이름", **other))
    assert [reason.kind for reason in reasons] == [kind]
    assert score >= STRONG


@pytest.mark.parametrize(
    "more",
    [
        {"address_on_web": "https://www.upstage.ai/"},
        {"phone": "02-123-4567"},
        {"addresses": ("서울특별시 강남구 테헤란로 1, 3층",)},
    ],
)
def test_the_same_name_with_anything_more_is_strong(more):
    other = {**more}
    if "address_on_web" in more:
        other["address_on_web"] = "http://upstage.ai"
    if "phone" in more:
        other["phone"] = "021234567"
    if "addresses" in more:
        other["addresses"] = ("서울 강남구 테헤란로 1",)
    assert compare(company("업스테이지", **more), company("㈜업스테이지", **other)).score >= STRONG


def test_other_numbers_speak_against_the_same_name():
    one = company("미래산업", business_number="1248100998")
    score, reasons = compare(one, company("미래산업", business_number="2208162517"))
    assert score < WORTH_A_LOOK
    with translation.override("en"):
        assert [str(reason) for reason in reasons] == [
            "same name: 미래산업",
            "but the business numbers differ: 1248100998 ↔ 2208162517",
        ]


def test_reasons_show_both_values():
    with translation.override("en"):
        told = [str(reason) for reason in compare(company("업스테이지"), company("㈜업스테이지")).reasons]
    assert told == ["same name: 업스테이지 ↔ ㈜업스테이지"]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.news.example/a/1/",
        "http://news.example/a/1",
        "https://news.example/a/1?utm_source=x&fbclid=y#top",
        "https://m.news.example/a/1/index.html",
    ],
)
def test_addresses_of_one_document_are_one(address):
    assert page_key(address) == "news.example/a/1"


@pytest.mark.parametrize("address", ["", "http://[", "nonsense", "https:///x"])
def test_what_is_no_address_is_none(address):
    assert page_key(address) == ""


def test_two_documents_with_one_title_are_two():
    one = Entry(
        names=("분기보고서",), publisher="DART", address_on_web="https://dart.example/1", is_document=True
    )
    two = Entry(
        names=("분기보고서",), publisher="DART", address_on_web="https://dart.example/2", is_document=True
    )
    assert compare(one, two).score < WORTH_A_LOOK


# ---- finding them ----------------------------------------------------------------------------------


@pytest.fixture
def by(db) -> User:
    return User.objects.create_superuser("jun")


def pairs(kind: str = "company") -> list[set[str]]:
    seen = duplicates.looked_at(duplicates.suggestions(kind, 100))
    return [{first.slug, second.slug} for first, second, _likeness in seen.values()]


def planted() -> list[set[str]]:
    """Each second record is the first one in other words; the district has many more."""
    for number in range(30):
        factories.company(
            name_ko=f"{'가나다라마바사아자차'[number % 10]}{number}호테스트", name_en=f"Other {number}"
        )
    rows = [
        (
            {"name_ko": "업스테이지", "name_en": "Upstage"},
            {"name_ko": "(주)업스테이지", "name_en": "업스테이지"},
        ),
        (
            {"name_ko": "마키나락스", "name_en": "마키나락스"},
            {"name_ko": "마키나록스", "name_en": "마키나록스"},
        ),
        ({"name_ko": "루닛", "name_en": "Lunit"}, {"name_ko": "Lunit", "name_en": "LUNIT Inc."}),
        ({"name_ko": "새이름", "former_names": ["옛날이름"]}, {"name_ko": "옛날이름"}),
        (
            {"business_number": "1248100998", "name_ko": "삼성"},
            {"name_ko": "별셋", "website": "https://same.example/"},
        ),
    ]
    found = []
    for number, (one, other) in enumerate(rows):
        factories.company(slug=f"one-{number}", **one)
        factories.company(slug=f"other-{number}", **other)
        found.append({f"one-{number}", f"other-{number}"})
    Company.objects.filter(slug="one-4").update(website="http://www.same.example")
    return found


@pytest.mark.django_db
def test_planted_spellings_are_found_and_nothing_else():
    expected = planted()
    search = duplicates.find("company")
    assert sorted(map(sorted, pairs())) == sorted(map(sorted, expected))
    assert (search.records, search.pairs, search.cut) == (40, 5, False)
    assert duplicates.count() == 5
    scores = [pair.score for pair in duplicates.suggestions("company")]
    assert scores == sorted(scores, reverse=True)
    assert len(duplicates.suggestions("company", 2)) == 2


@pytest.mark.django_db
def test_one_record_finds_the_same_ones_by_itself():
    for slugs in planted():
        one, other = (Company.objects.get(slug=slug) for slug in sorted(slugs))
        assert [found.slug for found, _likeness in duplicates.like(one)] == [other.slug]
        assert [found.slug for found, _likeness in duplicates.like(other)] == [one.slug]


@pytest.mark.django_db
def test_looking_takes_no_more_queries_for_more_records(django_assert_max_num_queries):
    planted()
    with django_assert_max_num_queries(12):
        duplicates.find("company")
    with django_assert_max_num_queries(6):
        duplicates.like(Company.objects.get(slug="one-0"))
    with django_assert_max_num_queries(4):
        duplicates.looked_at(SuspectedPair.objects.all())


def test_what_somebody_told_apart_is_not_suggested_until_taken_back(by):
    one, other = factories.company(name_ko="미래산업"), factories.company(name_ko="(주)미래산업")
    duplicates.find("company")
    pair = duplicates.tell_apart(other, one, by=by, reason="다른 법인")
    assert (pair.first, pair.second, pair.by, pair.reason) == (one.pk, other.pk, by, "다른 법인")
    assert "미래산업" in pair.names
    assert duplicates.tell_apart(one, other, by=by) == pair
    assert duplicates.count() == 0
    assert duplicates.find("company").pairs == 0
    assert duplicates.like(one) == []
    duplicates.take_back(pair, by=by)
    assert not DistinctPair.objects.exists()
    assert duplicates.count() == 1
    assert duplicates.find("company").pairs == 1


@pytest.mark.django_db
def test_pairs_of_deleted_records_do_not_count():
    one = factories.company(name_ko="미래산업")
    factories.company(name_ko="(주)미래산업")
    duplicates.find("company")
    one.delete()
    assert duplicates.count() == 0
    assert duplicates.suggestions("company") == []


@pytest.mark.django_db
def test_many_that_share_a_page_are_linked_without_pairing_all():
    for number in range(30):
        name = chr(0xAC00 + number * 300) + chr(0xB000 + number * 211)
        factories.company(name_ko=name, name_en=name, website="https://one.example")
    search = duplicates.find("company")
    assert 29 <= search.compared < 60


@pytest.mark.django_db
def test_a_search_that_leaves_something_out_says_so(monkeypatch, capsys):
    monkeypatch.setattr("clusters.curation.duplicates.finding.MOST_KEPT", 2)
    planted()
    call_command("find_duplicates", "--kind", "company", "--language", "en")
    assert "company: 40 records, 2 possible duplicates" in (out := capsys.readouterr().out)
    assert "left out" in out


@pytest.mark.django_db
def test_the_opening_data_holds_no_strong_suspicion():
    fixtures.load(verbosity=0)
    call_command("find_duplicates", "--language", "en", verbosity=0)
    assert [str(pair) for pair in SuspectedPair.objects.filter(score__gte=STRONG)] == []
