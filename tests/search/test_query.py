"""find(): every word must occur, in either language, and nothing in a question has a hidden meaning."""

import pytest

from clusters import search
from clusters.models import Company, District, Institution, Program
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frequent")]


def found(text: str, model=Company) -> set[str]:
    return {record.slug for record in search.find(model.objects.published(), text)}


@pytest.fixture
def companies():
    vision = factories.technology("vision", name_ko="컴퓨터 비전", name_en="Computer vision")
    factories.company(
        slug="pangyo-lab", name_ko="판교랩", name_en="Pangyo Lab", summary_ko="자율주행을 연구합니다."
    )
    factories.company(
        slug="lunit", name_ko="루닛", name_en="Lunit", aliases=["클디", "Cldi"], technologies=[vision]
    )
    factories.company(slug="percent", name_ko="백퍼센트", name_en="100% Pure_Data", summary_en="Back\\slash.")
    factories.company(
        slug="naver",
        name_ko="㈜네이버",
        name_en="NAVER Corp.",
        former_names=["엔에이치엔 주식회사"],
        market="kospi",
        stock_code="035420",
    )
    factories.company(slug="draft", name_ko="판교초안", publication="draft")


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("판교", {"pangyo-lab"}),
        ("판", {"pangyo-lab"}),
        ("교랩", {"pangyo-lab"}),
        ("pangyo", {"pangyo-lab"}),
        ("PANGYO lab", {"pangyo-lab"}),
        ("pangyolab", {"pangyo-lab"}),
        ("ｐａｎｇｙｏ", {"pangyo-lab"}),
        ("판교 자율주행", {"pangyo-lab"}),
        ("판교 비전", set()),
        ("클디", {"lunit"}),
        ("cldi", {"lunit"}),
        ("비전", {"lunit"}),
        ("컴퓨터비전", {"lunit"}),
        ("computer 루닛", {"lunit"}),
        ("100%", {"percent"}),
        ("%", {"percent"}),
        ("_", {"percent"}),
        ("pure_data", {"percent"}),
        ("pure-data", set()),
        ("\\", {"percent"}),
        ("'", set()),
        ('"', set()),
        ("네이버", {"naver"}),
        ("naver", {"naver"}),
        ("035420", {"naver"}),
        ("(주)네이버", {"naver"}),
        ("네이버 주식회사", {"naver"}),
        ("Naver Corporation", {"naver"}),
        ("엔에이치엔", {"naver"}),
        ("네이버 035420 naver", {"naver"}),
        ("", {"pangyo-lab", "lunit", "percent", "naver"}),
        ("   ", {"pangyo-lab", "lunit", "percent", "naver"}),
    ],
)
def test_words_are_found_as_they_stand(companies, text, slugs):
    assert found(text) == slugs


@pytest.mark.parametrize(
    "text", ["서울 AI 허브", "서울AI허브", "서울 ai허브", "ＡＩ 허브", "서울AI 허", "울a"]
)
@pytest.mark.parametrize("name", ["서울 AI 허브", "서울AI허브"])
def test_spacing_makes_no_difference(text, name):
    factories.institution(slug="hub", name_ko=name)
    assert found(text, Institution) == {"hub"}


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("ㅍㄱ", {"pangyo"}),
        ("ㅍㄱㅌㅋㄴㅂㄹ", {"pangyo"}),
        ("ㅁㄱ", {"magok"}),
        ("마고", {"magok"}),
        ("막", {"magok"}),
        ("마ㄱ", {"magok"}),
        ("마고ㄱ", {"magok"}),
        ("ㅁㅏㄱ", {"magok"}),
        ("판ㄱ", {"pangyo"}),
        ("테크노배", {"pangyo"}),
        ("테크노백", set()),
        ("서울 마고", {"magok"}),
        ("마고 서울", set()),
        ("경기 ㅍㄱ", {"pangyo"}),
        ("ㄲ", set()),
        ("ㅏ", set()),
    ],
)
def test_names_are_found_by_initials_and_half_typed(text, slugs):
    gyeonggi = factories.province("gyeonggi", name_ko="경기", name_en="Gyeonggi-do")
    factories.district(
        slug="pangyo", name_ko="판교 테크노밸리", short_name_ko="판교", province=gyeonggi, summary_ko="연구."
    )
    factories.district(slug="magok", name_ko="마곡", short_name_ko="마곡")
    assert found(text, District) == slugs


def test_a_text_that_stands_somewhere_is_not_guessed_at():
    factories.company(slug="exact", name_ko="이마고웍스")
    factories.company(slug="longer", name_ko="마곡상사")
    assert found("마고") == {"exact"}
    assert found("마곡") == {"longer"}


def test_the_best_come_first(companies):
    factories.company(slug="whole", name_ko="판교")
    factories.company(slug="inside", name_ko="가판교")
    factories.company(slug="mention", name_ko="가나", summary_ko="판교에 있습니다.")
    factories.company(slug="office", name_ko="다라")
    district = factories.district(short_name_ko="판교")
    factories.office(company=Company.objects.get(slug="office"), district=district)
    hits = search.find(Company.objects.published(), "판교").order_by(search.rank(Company, "판교"), "name_ko")
    assert [company.slug for company in hits] == ["whole", "pangyo-lab", "inside", "mention", "office"]
    slugs = dict(Company.objects.values_list("pk", "slug"))
    classes = [{slugs[pk] for pk in pks} for pks in search.matching(Company, "판교")]
    assert classes == [{"whole"}, {"pangyo-lab"}, {"inside"}, {"mention", "office"}]


def test_a_row_with_two_hits_comes_once():
    kinds = [factories.support_kind(slug, name_ko="창업 공간", name_en="Space") for slug in ("a", "b")]
    factories.program(support_kinds=kinds)
    assert search.find(Program.objects.published(), "공간").count() == 1


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("테크노벨리", ["pangyo"]),
        ("판교테크노벨리", ["pangyo"]),
        ("판꾜", ["pangyo"]),
        ("Rebelions", ["rebellions"]),
        ("rebellion", ["rebellions"]),
        ("리벨리온스", ["rebellions"]),
        ("리밸리온", ["rebellions"]),
        ("전혀다른말", []),
        ("가", []),
        ("", []),
        ("🙂🙂🙂🙂🙂", []),
    ],
)
def test_slips_of_the_fingers_are_forgiven_apart(typed, slugs):
    factories.district(slug="pangyo", name_ko="판교 테크노밸리", short_name_ko="판교")
    factories.company(slug="rebellions", name_ko="리벨리온", name_en="Rebellions")
    factories.company(slug="hidden", name_ko="테크노벨트", publication="draft")
    keys = search.similar(typed, [District, Company])
    assert [record.slug for record in search.records(keys).values()] == slugs
