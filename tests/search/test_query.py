"""find(): every word must occur, in either language, and nothing in a query has a hidden meaning."""

import pytest

from clusters import search
from clusters.models import Company, Program
from tests import factories

pytestmark = pytest.mark.django_db
FIELDS = search.Fields(
    names=("name_ko", "name_en", "aliases"),
    texts=("summary_ko", "summary_en"),
    related={"technologies": ("name_ko", "name_en")},
)


def found(text: str) -> set[str]:
    return {company.slug for company in search.find(Company.objects.published(), text, FIELDS)}


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
    factories.company(slug="draft", name_ko="판교초안", publication="draft")


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("판교", {"pangyo-lab"}),
        ("판", {"pangyo-lab"}),
        ("교랩", {"pangyo-lab"}),
        ("pangyo", {"pangyo-lab"}),
        ("PANGYO lab", {"pangyo-lab"}),
        ("ｐａｎｇｙｏ", {"pangyo-lab"}),
        ("판교 자율주행", {"pangyo-lab"}),
        ("판교 비전", set()),
        ("클디", {"lunit"}),
        ("cldi", {"lunit"}),
        ("비전", {"lunit"}),
        ("computer 루닛", {"lunit"}),
        ("100%", {"percent"}),
        ("%", {"percent"}),
        ("_", {"percent"}),
        ("pure_data", {"percent"}),
        ("pure-data", set()),
        ("\\", {"percent"}),
        ("'", set()),
        ('"', set()),
        ("", {"pangyo-lab", "lunit", "percent"}),
        ("   ", {"pangyo-lab", "lunit", "percent"}),
    ],
)
def test_words_are_found_as_they_stand(companies, text, slugs):
    assert found(text) == slugs


def test_names_go_first(companies):
    factories.company(slug="mention", name_ko="가나", summary_ko="판교에 있습니다.")
    hits = search.find(Company.objects.published(), "판교", FIELDS).order_by(
        search.names_first("판교", FIELDS), "name_ko"
    )
    assert [company.slug for company in hits] == ["pangyo-lab", "mention"]


def test_a_row_with_two_hits_comes_once():
    kinds = [factories.support_kind(slug, name_ko="창업 공간", name_en="Space") for slug in ("a", "b")]
    factories.program(support_kinds=kinds)
    fields = search.Fields(names=("name_ko",), related={"support_kinds": ("name_ko",)})
    assert search.find(Program.objects.published(), "공간", fields).count() == 1


def test_hidden_related_records_find_nothing():
    program = factories.program(operator=factories.institution(name_ko="숨은기관", publication="draft"))
    fields = search.Fields(names=("name_ko",), related={"operator": ("name_ko",)})
    assert not search.find(Program.objects.published(), "숨은기관", fields).exists()
    program.operator.publication = "published"
    program.operator.save()
    assert search.find(Program.objects.published(), "숨은기관", fields).exists()
