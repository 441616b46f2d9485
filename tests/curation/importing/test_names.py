"""Company names: keys that do not depend on legal forms, names that must not be mangled, branches."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.curation.importing.converting import Unconvertible
from clusters.curation.importing.names import normalized_key, split_branch


@pytest.mark.parametrize(
    "name",
    [
        "한빛소프트",
        "(주)한빛소프트",
        "㈜한빛소프트",
        "（주）한빛소프트",
        "( 주 ) 한빛 소프트",
        "주)한빛소프트",
        "한빛소프트(주)",
        "한빛소프트㈜",
        "한빛소프트(주",
        "주식회사 한빛소프트",
        "주식회사한빛소프트",
        "한빛소프트 주식회사",
        "한빛소프트주식회사",
        "(주식회사) 한빛소프트",
        "(유)한빛소프트",
        "유한회사 한빛소프트",
        "유한책임회사 한빛소프트",
        "합자회사 한빛소프트",
        "사단법인 한빛소프트",
        "(재)한빛소프트",
        "재단법인한빛소프트",
        "농업회사법인 주식회사 한빛소프트",
        "사회적협동조합 한빛소프트",
        "한빛소프트 *",
        "한빛소프트**",
        "[주] 한빛소프트",
        unicodedata.normalize("NFD", "㈜한빛소프트"),
    ],
)
def test_korean_legal_forms_do_not_matter(name):
    assert normalized_key(name) == "한빛소프트"


@pytest.mark.parametrize(
    "name",
    [
        "Hanbit Soft",
        "HANBIT SOFT CO., LTD.",
        "Hanbit Soft Co.,Ltd",
        "Hanbit Soft Co. Ltd.",
        "Hanbit Soft CO.,LTD",
        "HanbitSoft Co .,Ltd.",
        "Hanbit Soft, Inc.",
        "Hanbit Soft Inc",
        "Hanbit Soft Corp.",
        "Hanbit Soft Corporation",
        "Hanbit-Soft LLC",
        "Hanbit Soft L.L.C.",
        "Hanbit Soft Limited",
        "Hanbit Soft PLC",
        "Hanbit Soft GmbH",
        "Hanbit Soft Pte. Ltd.",
        "Ｈａｎｂｉｔ　Ｓｏｆｔ",
        "Hanbit SoftCo.,Ltd.",
        "Hanbit Soft Company",
        "(주)Hanbit Soft",
    ],
)
def test_english_legal_forms_do_not_matter(name):
    assert normalized_key(name) == "hanbitsoft"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("주성엔지니어링", "주성엔지니어링"),
        ("유한양행", "유한양행"),
        ("(주)유한", "유한"),
        ("주식회사 주", "주"),
        ("재능교육", "재능교육"),
        ("㈜카카오뱅크", "카카오뱅크"),
        ("한빛(주) 코리아", "한빛코리아"),
        ("Cisco Systems", "ciscosystems"),
        ("Incheon Tech", "incheontech"),
        ("Limited Brands Inc.", "limitedbrands"),
        ("Corpus Corp", "corpus"),
        ("Visa", "visa"),
        ("AT&T", "at&t"),
        ("3billion", "3billion"),
        ("사람인", "사람인"),
        ("회사원", "회사원"),
        ("한글ㆍ과컴퓨터", "한글과컴퓨터"),
    ],
)
def test_names_are_not_mangled(name, key):
    assert normalized_key(name) == key


@pytest.mark.parametrize(
    "name", ["주식회사", "(주)", "㈜ ", "사단법인 주식회사", "Co., Ltd.", "Inc.", "", " * ", "-"]
)
def test_a_legal_form_alone_is_no_name(name):
    with pytest.raises(Unconvertible):
        normalized_key(name)


@pytest.mark.parametrize(
    ("name", "company", "branch"),
    [
        ("(주)한빛 동탄공장", "(주)한빛", "동탄공장"),
        ("(주)한빛동탄공장", "(주)한빛", "동탄공장"),
        ("한빛(주)제2공장", "한빛(주)", "제2공장"),
        ("한빛 제2공장", "한빛", "제2공장"),
        ("㈜한빛 연구소", "㈜한빛", "연구소"),
        ("㈜한빛 기업부설연구소", "㈜한빛", "기업부설연구소"),
        ("한빛 서울사무소", "한빛", "서울사무소"),
        ("한빛지점", "한빛", "지점"),
        ("한빛소프트(동탄공장)", "한빛소프트", "동탄공장"),
        ("한빛전자(주) 마곡 연구소", "한빛전자(주)", "마곡 연구소"),
        ("한빛전자 R&D센터", "한빛전자", "R&D센터"),
        ("한빛 본사", "한빛", "본사"),
    ],
)
def test_words_for_a_branch_are_parted(name, company, branch):
    assert split_branch(name) == (company, branch)


@pytest.mark.parametrize(
    "name",
    [
        "공장",
        "지점",
        "주식회사 공장",
        "(주)지점",
        "한국기술연구소",
        "(주)한국기술연구소",
        "서울공장",
        "㈜카카오뱅크",
        "본사랑",
        "공장장",
    ],
)
def test_names_without_a_branch_stay_whole(name):
    assert split_branch(name) == (name, "")


@given(st.text(max_size=60))
def test_any_text_has_a_stable_key_or_none(name):
    try:
        key = normalized_key(name)
    except Unconvertible:
        return
    assert key
    assert normalized_key(f"(주) {name}") == key
    assert " " not in key


@given(st.text(max_size=60))
def test_parting_a_branch_loses_no_letter(name):
    company, branch = split_branch(name)
    kept = [c for c in unicodedata.normalize("NFC", name) if c.isalnum()]
    assert [c for c in company + branch if c.isalnum()] == kept
