"""Each shipped profile, on a small file of its kind written here."""

import pytest

from clusters.curation.importing import gathering, profiles
from clusters.curation.importing.rules import BadProfile, slug_from
from clusters.models import Call, Company, Institution, Office, Program, Source
from tests import factories

from .engine import as_json, bring_in, plan, table

pytestmark = pytest.mark.django_db


def used(*paths, **options) -> list[str]:
    return gathering.gather(paths, **options)[1]


def twice(path, **options) -> None:
    """Bring a file in, and see that a second time has nothing to write."""
    rehearsed = plan(path, **options)
    assert rehearsed.errors == []
    assert bring_in(path, **options) is not None
    assert plan(path, **options).to_write == []


def test_kstartup(tmp_path):
    for slug in ("seoul", "gyeonggi"):
        factories.province(slug)
    for slug in ("space", "mentoring"):
        factories.support_kind(slug)
    notice = {
        "pbanc_sn": 900001,
        "biz_pbanc_nm": " &apos;새싹&apos; 입주기업 모집 ",
        "pbanc_ctnt": "<p>공간을 드립니다.</p>",
        "supt_biz_clsfc": "시설ㆍ공간ㆍ보육",
        "aply_trgt_ctnt": "예비창업자",
        "supt_regin": "서울",
        "detl_pg_url": "www.k-startup.example/notice?id=900001",
        "pbanc_rcpt_bgng_dt": "20260105",
        "pbanc_rcpt_end_dt": "20260120",
    }
    path = as_json(
        tmp_path / "notices.json",
        {"currentCount": 2, "data": [notice, {**notice, "pbanc_sn": 900002, "supt_regin": "전국"}]},
    )
    assert used(path) == ["kstartup"]
    twice(path)
    program, call = Program.objects.get(slug="kstartup-900001"), Call.objects.get(slug="kstartup-900001")
    assert (program.name_ko, program.summary_ko, program.publication) == (
        "'새싹' 입주기업 모집",
        "공간을 드립니다.",
        "draft",
    )
    assert (program.coverage, [p.slug for p in program.provinces.all()]) == ("provinces", ["seoul"])
    assert {kind.slug for kind in program.support_kinds.all()} == {"space", "mentoring"}
    assert Program.objects.get(slug="kstartup-900002").coverage == "nationwide"
    assert (call.program, call.period_kind, call.notice_url) == (
        program,
        "window",
        "http://www.k-startup.example/notice?id=900001",
    )
    assert call.source == program.source == Source.objects.get(slug="kstartup-open-api")


def test_a_draft_that_lacks_its_english_cannot_arrive_published(tmp_path):
    path = as_json(tmp_path / "notices.json", [{"pbanc_sn": 1, "biz_pbanc_nm": "모집"}])
    assert plan(path).errors == []
    assert {problem.column for problem in plan(path, publication="published").errors} >= {
        "name_en",
        "summary_en",
    }


def test_bizinfo(tmp_path):
    factories.support_kind("global")
    notice = {
        "pblancId": "PBLN_000000000100001",
        "pblancNm": "수출 지원사업 공고",
        "bsnsSumryCn": "<p>수출을 &lt;돕는&gt; 사업</p>",
        "trgetNm": "중소기업",
        "pldirSportRealmLclasCodeNm": "수출",
        "reqstBeginEndDe": "예산 소진시까지",
        "pblancUrl": "https://www.bizinfo.example/1",
    }
    path = as_json(
        tmp_path / "api.json",
        {"jsonArray": [notice, {**notice, "pblancId": "PBLN_2", "reqstBeginEndDe": "20260105 ~ 20260120"}]},
    )
    assert used(path) == ["bizinfo"]
    twice(path)
    first = Call.objects.get(slug="bizinfo-pbln-000000000100001")
    assert (first.period_kind, first.wording_ko) == ("until_exhausted", "예산 소진시까지")
    assert Call.objects.get(slug="bizinfo-pbln-2").period_kind == "window"
    assert [kind.slug for kind in first.program.support_kinds.all()] == ["global"]


VENTURE = {
    "연번": "1",
    "업체명": "(주)한빛",
    "대표자명(익명)": "김**",
    "벤처확인유형": "혁신성장유형",
    "지역": "서울",
    "주소": "서울특별시 강남구 테헤란로 1, 2층",
    "업종분류(기보)": "정보처리S/W",
    "업종명(11차)": "응용 소프트웨어",
    "주생산품": "소프트웨어",
    "벤처유효시작일": "2025-01-01",
    "벤처유효종료일": "2028-01-01",
    "벤처확인기관": "기관",
    "신규_재확인": "신규",
}


def test_venture(tmp_path):
    factories.province("seoul")
    path = table(
        tmp_path / "벤처기업명단.csv", [VENTURE, {**VENTURE, "연번": "2", "업체명": "주식회사 다솔"}], "cp949"
    )
    assert used(path) == ["venture"]
    twice(path)
    office = Office.objects.get(company__name_ko="(주)한빛")
    assert (office.kind, office.province.slug, office.status) == ("hq", "seoul", "unverified")


def test_last_year_s_headers_are_known_too(tmp_path):
    old = {
        {"업종명(11차)": "업종명(10차)", "신규_재확인": "신규/재확인"}.get(k, k): v
        for k, v in VENTURE.items()
    }
    assert used(table(tmp_path / "list.csv", [old])) == ["venture"]


def test_a_name_alone_suggests_and_an_address_confirms(tmp_path):
    factories.province("seoul")
    known = factories.company(slug="hanbit", name_ko="한빛")
    path = table(tmp_path / "list.csv", [VENTURE])
    doubts = [problem for problem in plan(path).problems if problem.kind == "suspicious"]
    assert [(problem.place.row, problem.column) for problem in doubts] == [
        (2, "업체명")
    ] and "hanbit" in doubts[0].reason
    assert plan(path).counts()["held"] == 1
    factories.office(company=known, district=None, kind="hq", address_ko="서울 강남구 테헤란로 1")
    assert not [problem for problem in plan(path).problems if problem.kind == "suspicious"]
    bring_in(path)
    assert Company.objects.count() == 1
    assert Office.objects.filter(company=known).count() == 2


def test_krx(tmp_path):
    row = {
        "회사명": "다온",
        "종목코드": "005930",
        "업종": "반도체",
        "주요제품": "메모리",
        "상장일": "1975-06-11",
        "결산월": "12월",
        "대표자명": "김",
        "홈페이지": "www.daon.example",
        "지역": "경기도",
    }
    path = table(tmp_path / "상장법인목록.csv", [row])
    assert used(path) == ["krx"]
    twice(path)
    made = Company.objects.get(slug="krx-005930")
    assert (made.stock_code, made.market, made.website) == ("005930", "", "http://www.daon.example")
    twice(path, given={"market": "kospi"})
    made.refresh_from_db()
    assert (made.stock_code, made.market) == ("005930", "kospi")


def test_a_stock_code_finds_the_company_that_is_known_already(tmp_path):
    known = factories.company(name_ko="다온", market="kospi", stock_code="005930")
    xml = "<?xml version='1.0' encoding='UTF-8'?><result>{}</result>".format(
        "".join(
            f"<list><corp_code>{code}</corp_code><corp_name>{name}</corp_name><corp_eng_name>{english}</corp_eng_name>"
            f"<stock_code>{stock}</stock_code><modify_date>20250101</modify_date></list>"
            for code, name, english, stock in (
                ("00126380", "다온", "Daon", "005930"),
                ("00434003", "한빛", "Hanbit", " "),
            )
        )
    )
    path = tmp_path / "CORPCODE.xml"
    path.write_text(xml, encoding="utf-8")
    assert used(path) == ["dart"]
    twice(path)
    known.refresh_from_db()
    assert (known.name_en, Company.objects.count()) == ("Daon", 2)
    assert Company.objects.get(slug="dart-00434003").name_en == "Hanbit"


def test_tenants(tmp_path):
    address = "서울특별시 금천구 가산디지털1로 1"
    rows = [
        {
            "순번": "1",
            "단지명": "서울디지털",
            "회사명": "(주)한빛 가산공장",
            "공장대표주소(도로명)": address,
            "업종번호": "26110",
            "업종명": "반도체",
            "전화번호": "02-123-4567",
        },
        {
            "순번": "2",
            "단지명": "서울디지털",
            "회사명": "다솔기술연구소",
            "공장대표주소(도로명)": address,
            "업종번호": "70121",
            "업종명": "연구",
            "전화번호": "02-123-4568",
        },
    ]
    path = table(tmp_path / "입주업체.csv", rows, "cp949")
    assert used(path) == ["tenants"]
    twice(path)
    assert Office.objects.get(company__name_ko="(주)한빛").kind == "branch"


@pytest.mark.parametrize(
    "header",
    [
        "순번,단지명,회사명,공장 / 대표주소,공장 / 면적,업종 / 번호",
        "순번,단지명,업체 / 회사명,업체 / 공장주소,업체 / 업종,비고",
    ],
)
def test_a_profile_knows_names_joined_of_several_header_rows(tmp_path, header):
    path = tmp_path / "현황.csv"
    path.write_text(f"{header}\n1,가온단지,㈜한빛,서울특별시 강남구 언주로 1,20,28\n", encoding="utf-8")
    assert used(path) == ["tenants"]
    assert [item.draft.values["address_ko"] for item in plan(path).items if item.draft.model is Office] == [
        "서울특별시 강남구 언주로 1"
    ]


def test_a_broken_end_of_a_period_names_the_columns_of_the_period(tmp_path):
    notice = {
        "pbanc_sn": 1,
        "biz_pbanc_nm": "모집",
        "pbanc_rcpt_bgng_dt": "20260105",
        "pbanc_rcpt_end_dt": "20260132",
    }
    (problem,) = plan(as_json(tmp_path / "notices.json", [notice])).errors
    assert problem.column == "pbanc_rcpt_bgng_dt, pbanc_rcpt_end_dt"
    assert problem.value == "20260105 ~ 20260132"


def test_universities(tmp_path):
    row = {
        "학교명": "한빛대학교",
        "학교영문명": "Hanbit University",
        "본분교구분명": "본교",
        "소재지도로명주소": "서울특별시 관악구 1",
        "홈페이지주소": "https://hanbit.example",
    }
    path = table(
        tmp_path / "대학정보.csv",
        [row, {**row, "본분교구분명": "분교", "소재지도로명주소": "강원특별자치도 2"}],
    )
    assert used(path) == ["universities"]
    twice(path)
    assert set(Institution.objects.values_list("name_en", "kind")) == {("Hanbit University", "university")}


def test_every_shipped_profile_is_tested_here():
    with open(__file__, encoding="utf-8") as file:
        text = file.read()
    assert [name for name in profiles.load() if f'== ["{name}"]' not in text] == []


def test_codes_come_out_the_same_every_time():
    assert slug_from("krx-", ["005930"]) == "krx-005930"
    assert slug_from("v-", ["(주)한빛", "서울"]) == slug_from("v-", ["㈜ 한빛", "서 울"])
    assert slug_from("v-", ["한빛", "서울"]) != slug_from("v-", ["한빛", "부산"])


def test_a_profile_with_an_unknown_field_is_refused(tmp_path):
    path = tmp_path / "imports.toml"
    path.write_text(
        '[x]\ntitle="x"\nheader=["a"]\n[[x.target]]\nmodel="Company"\nfields={colour="a"}\n', encoding="utf-8"
    )
    with pytest.raises(BadProfile, match="colour"):
        profiles.load(path)


def test_a_profile_that_lacks_its_columns_says_which(tmp_path):
    path = table(tmp_path / "x.csv", [{"업체명": "가", "주소": "나"}])
    assert [problem.column for problem in plan(path, profile="venture").errors] == [
        "벤처확인유형, 벤처유효시작일"
    ]
