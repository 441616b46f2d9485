"""Suspicious rows pass one by one, each with its reason; telephones confirm what a name suggests."""

import pytest
from django.core.management import CommandError

from clusters.models import Company, Office
from tests import factories

from .engine import bring_in, company, plan, table
from .test_engine_commands import run

pytestmark = pytest.mark.django_db


def test_only_the_rows_with_a_reason_pass_and_each_keeps_its_own(tmp_path):
    path = table(tmp_path / "companies.csv", [company(n, founded="2061") for n in range(3)])
    reasons = {"companies.csv:2": "설립 예정", "companies.csv:4": "  "}
    rehearsed = plan(path, reasons=reasons)
    assert (rehearsed.counts()["create"], rehearsed.counts()["held"]) == (1, 2)
    batch = bring_in(path, reasons=reasons)
    made = Company.objects.get()
    assert made.history.get().history_change_reason == f"batch {batch.pk}: 설립 예정"


def test_one_reason_may_stand_for_all_others(tmp_path):
    path = table(tmp_path / "companies.csv", [company(n, founded="2061") for n in range(2)])
    batch = bring_in(path, reason="정기 갱신", reasons={"companies.csv:2": "설립 예정"})
    reasons = Company.history.order_by("slug").values_list("history_change_reason", flat=True)
    assert list(reasons) == [f"batch {batch.pk}: 설립 예정", f"batch {batch.pk}: 정기 갱신"]


def test_the_command_takes_reasons_for_rows(tmp_path):
    path = table(tmp_path / "companies.csv", [company(n, founded="2061") for n in range(3)])
    for wrong in ("2", "2=", "other.csv:2=x", "two=x"):
        with pytest.raises(CommandError, match="names no row"):
            run("import_data", path, accepted=[wrong])
    run("import_data", path, accepted=["2=설립 예정", "companies.csv:3=둘째 이유"])
    assert [record.slug for record in Company.objects.order_by("slug")] == ["made-0", "made-1"]


TENANT = {
    "순번": "1",
    "단지명": "서울디지털",
    "회사명": "(주)한빛",
    "공장대표주소(도로명)": "서울특별시 금천구 가산디지털1로 1",
    "업종번호": "26",
    "업종명": "전자",
    "전화번호": "02)2025-1234",
}


def test_a_telephone_confirms_what_a_name_suggests(tmp_path):
    known = factories.company(slug="hanbit", name_ko="한빛")
    path = table(tmp_path / "입주기업.csv", [TENANT])
    assert plan(path).counts()["held"] == 1
    factories.office(company=known, district=None, kind="hq", address_ko="다른 주소", phone="02-2025-1234")
    assert not [p for p in plan(path).problems if p.kind == "suspicious"]
    bring_in(path)
    assert Company.objects.count() == 1
    assert sorted(Office.objects.values_list("phone", flat=True)) == ["02-2025-1234"] * 2


def test_a_telephone_that_cannot_be_read_is_left_out_with_a_note(tmp_path):
    rehearsed = plan(table(tmp_path / "입주기업.csv", [{**TENANT, "전화번호": "없는 번호"}]))
    assert rehearsed.errors == []
    assert {(p.kind, p.column, p.value) for p in rehearsed.problems} == {("note", "전화번호", "없는 번호")}
    assert rehearsed.counts()["create"] == 2


def venture(n: int) -> dict[str, str]:
    return {
        "연번": str(n + 1),
        "업체명": f"(주)한빛{n}",
        "대표자명(익명)": "김**",
        "벤처확인유형": "혁신성장유형",
        "지역": "서울",
        "주소": f"서울특별시 강남구 테헤란로 {n}",
        "업종분류(기보)": "소프트웨어",
        "업종명(11차)": "응용 소프트웨어 개발 및 공급업",
        "주생산품": "소프트웨어",
        "벤처유효시작일": "2024-01-01",
        "벤처유효종료일": "2026-12-31",
        "벤처확인기관": "벤처기업확인기관",
        "신규_재확인": "신규",
    }


# What is put into every 25th row of a portal's list, in turn, and the column the message must name.
PORTAL_DEFECTS = [
    ({"업체명": ""}, "업체명"),
    ({"업체명": "가" * 201}, "업체명"),
    ({"주소": "서울 " + "가" * 210}, "주소"),
    ({"업체명": "한\x07빛"}, "업체명"),
    ({"주소": "서울\x08"}, "주소"),
    ({"업체명": "빛\ufffd"}, "업체명"),
]


def test_a_portal_s_thousand_rows_with_37_defects_give_exactly_37_messages(tmp_path):
    factories.province("seoul")
    rows = [venture(n) for n in range(1000)]
    planted = {}
    for n in range(37):
        change, column = PORTAL_DEFECTS[n % len(PORTAL_DEFECTS)]
        rows[25 * n + 3].update(change)
        planted[25 * n + 5] = column  # the header is row 1
    rehearsed = plan(table(tmp_path / "벤처기업명단.csv", rows))
    assert {p.place.row: p.column for p in rehearsed.errors} == planted
    assert len(rehearsed.errors) == 37
    assert rehearsed.counts()["create"] >= 2 * 963
