"""How portals head their columns: the words for each field, and how near a heading comes to them."""

import re
import unicodedata
from collections.abc import Collection
from difflib import SequenceMatcher
from functools import lru_cache

# What each kind of record is called in headings; "기업" and "명" make 기업명.
NOUNS: dict[str, str] = {
    "Company": "기업 회사 업체 상호 법인 사업자 사업체 기업체 스타트업 입주기업 참여기업 제조사 company corp firm",
    "Institution": "기관 학교 대학 대학교 센터 시설 단체 협회 연구소 연구원 지원기관 운영기관 보육센터 institution university",
    "Program": "사업 공고 과제 지원사업 프로그램 모집공고 program announcement",
    "Event": "행사 축제 세미나 대회 교육 강좌 박람회 전시회 event",
    "District": "지구 특구 단지 클러스터 권역 산업단지 혁신지구 district cluster",
    "Source": "자료 문서 보고서 출처 기사 source document",
    "Station": "역 지하철역 전철역 station",
    "AnchorSite": "앵커시설 거점시설 거점",
    "Designation": "지정",
    "Indicator": "지표 통계 indicator",
    "Series": "계열 series",
}
NAMES = ("명", "이름", "명칭", "제목", "명(국문)", "명(한글)", "국문명", "한글명", "name", "title", "")
ENGLISH_NAMES = (
    "영문명",
    "명(영문)",
    "영문",
    "영문이름",
    "명영문",
    "english name",
    "name (english)",
    "name_en",
)

# By field, or by kind and field where the same field is called otherwise elsewhere.
HEADINGS: dict[str, str] = {
    "name_ko": "명칭 이름 성명 제목 name title",
    "name_en": "영문명 영문명칭 영문이름 englishname engname",
    "legal_name_ko": "법인명 법인명칭 정식명칭",
    "former_names": "구상호 이전상호 옛이름 구명칭 변경전명칭",
    "aliases": "약칭 별칭 줄임말 약어",
    "website": "홈페이지 홈페이지주소 누리집 누리집주소 웹사이트 웹사이트주소 사이트 인터넷주소 homepage website url 링크",
    "founded": " ".join(
        f"{start}{end}"
        for start in ("설립", "창립", "창업", "개업")
        for end in ("일", "일자", "연도", "년도", "연월일", "년월일", "연월", "년월", "시기")
    ),
    "business_number": "사업자등록번호 사업자번호 등록번호(사업자) bizno",
    "stock_code": "종목코드 단축코드 종목번호",
    "market": "시장구분 상장시장 시장",
    "Company.kind": "기업규모 기업구분 기업형태 규모 기업유형 회사규모",
    "Institution.kind": "유형 구분 종류 기관유형 기관구분 시설유형 기관종류 시설구분",
    "stage": "투자단계 성장단계 투자유치단계",
    "hq_country": "국가 국적 본사국가 국가명",
    "Company.summary_ko": "주생산품 주요제품 주요생산품 생산품 주요사업 사업내용 주요품목 기업소개 회사소개 주력제품 소개 설명 개요",
    "summary_ko": "사업개요 개요 내용 주요내용 사업내용 소개 설명 요약 지원내용 공고내용",
    "Institution.role_ko": "주요업무 주요기능 기능 역할 설립목적 사업내용 업무",
    "technologies": "기술분야 핵심기술 보유기술 기술 기술명",
    "industries": "산업분야 업종 업종명 산업 산업명 업종분류 주업종",
    "Office.address_ko": "주소 소재지 도로명주소 소재지도로명주소 소재지주소 지번주소 본사주소 사업장주소 본점소재지 본사소재지 공장주소 사업장소재지 위치 address",
    "Office.address_en": "영문주소 주소(영문)",
    "Office.province": "시도 시도명 지역 광역시도 시도구분 소재지역",
    "Office.district": "지구 지구명 특구명 단지명 클러스터 권역",
    "Office.since": "입주일 입주일자 입주년월 입주시기",
    "district": "지구 지구명 특구명 권역",
    "province": "시도 시도명 지역 광역시도",
    "Call.period": "접수기간 신청기간 모집기간 공고기간 신청접수기간 접수기한 신청일정",
    "Call.opens": "접수시작일 신청시작일 모집시작일 접수시작일시 공고시작일 접수시작 신청시작 접수개시일 시작일 시작일자",
    "Call.closes": "접수종료일 접수마감일 신청마감일 신청종료일 모집마감일 모집종료일 마감일 마감일자 접수마감 종료일 종료일자",
    "Call.notice_url": "공고url 상세url 공고링크 공고주소 상세페이지 상세주소 url 링크",
    "Call.budget_krw": "예산 사업예산 지원예산 총예산 사업비 총사업비 예산액",
    "Call.award_count": "선정규모 모집규모 모집인원 선정건수 지원규모 지원대상수 선정업체수",
    "target_ko": "지원대상 신청대상 모집대상 참여대상 신청자격 지원자격 대상",
    "support_kinds": "지원분야 지원유형 지원구분 사업구분 지원형태",
    "Program.provinces": "지원지역 대상지역 지역 시도 시도명",
    "starts_on": "시작일 시작일자 행사시작일 개최일 개최일자 행사일 행사일자 교육시작일",
    "ends_on": "종료일 종료일자 행사종료일 교육종료일",
    "venue_ko": "장소 행사장소 개최장소 교육장소",
    "organizer_name_ko": "주최 주관 주최기관 주관기관 주최자 주관사",
    "latitude": "위도 lat latitude y좌표",
    "longitude": "경도 lng lon longitude x좌표",
    "Source.title": "제목 자료명 문서명 기사제목 보고서명",
    "Source.url": "url 링크 주소 원문링크 원문주소",
    "publisher": "발행기관 발행처 출판사 언론사 제공기관",
    "published": "발행일 발행일자 게재일 등록일 작성일",
    "designated_on": "지정일 지정일자 지정연월일 고시일",
    "FundingRound.date": "투자일 투자일자 투자유치일 투자시기",
    "FundingRound.amount": "투자금액 투자유치금액 투자액 유치금액",
    "FundingRound.investors": "투자사 투자자 투자기관",
    "FundingRound.round": "투자단계 라운드 투자라운드",
    "Observation.period": "기준연도 연도 년도 기준년도 기준시점 시점 기준년월",
    "Observation.value": "값 수치 통계값 데이터",
    "lines_ko": "노선 노선명 호선",
    "municipality_ko": "시군구 시군구명 자치구",
    "managing_body_ko": "관리기관 관리주체",
    "as_of": "기준일 기준일자 데이터기준일자 데이터기준일",
}
# Numbers of lines: they change with every edition and mean nothing.
SERIAL = frozenset(
    ["연번", "순번", "번호", "no", "no.", "일련번호", "순서", "seq", "num", "행번호", "구분번호"]
)
CODE = re.compile(
    r"(코드|키|키값|관리번호|고유번호|인증번호|공고번호|과제번호|등록번호|식별자|일련번호|\bid\b|_id|id|code|sn|key)$"
)


def folded(heading: str) -> str:
    """A heading without spaces, width, case and the signs between its words."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\s_·ㆍ./:*※-]+", "", text)


@lru_cache(maxsize=2000)
def parts(heading: str) -> tuple[str, ...]:
    """The ways a heading may be read: whole, without what is in brackets, and its last line only."""
    last = heading.rsplit(" / ", 1)[-1]
    bare = re.sub(r"[(\[（].*?[)\]）]", "", last)
    return tuple(dict.fromkeys(filter(None, (folded(heading), folded(last), folded(bare)))))


def nearness(heading: str, names: Collection[str]) -> float:
    """1 for the very word, less for one that ends in it or holds it, 0 for nothing in common."""
    best = 0.0
    for read in parts(heading):
        for name in names:
            best = max(best, _near(read, name))
            if best == 1.0:
                return best
    return best


def _near(heading: str, name: str) -> float:
    if heading == name:
        return 1.0
    if len(name) < 2:
        return 0.0
    if heading.endswith(name):
        return 0.8 if len(name) * 3 >= len(heading) else 0.65
    if heading.startswith(name):
        return 0.6
    if (
        len(name) >= 4
        and abs(len(name) - len(heading)) <= 2
        and len({*name} & {*heading}) >= len({*name}) - 1
    ):
        return 0.7 if SequenceMatcher(None, heading, name).ratio() >= 0.82 else 0.0
    return 0.0


def is_serial(heading: str) -> bool:
    return any(read in SERIAL for read in parts(heading))


def is_code(heading: str) -> bool:
    return any(CODE.search(read) for read in parts(heading)) and not is_serial(heading)
