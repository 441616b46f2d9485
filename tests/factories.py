"""Records for tests: published and complete by default, every part open to change."""

from itertools import count

from django.contrib.auth.models import Group, Permission, User

from clusters import models as m

_numbers = count(1)

permissions_of_groups: dict[str, set[str]] = {}  # as migrated; noted when the test database is made


def _fill(defaults: dict, given: dict) -> dict:
    return {"publication": "published", **defaults, **given}


def person(name: str, group: str, password: str | None = None) -> User:
    """Someone with an account; without a password nobody signs in by one."""
    if not Group.objects.exists():  # tests with transactions of their own empty every table
        for title, codenames in permissions_of_groups.items():
            Group.objects.create(name=title).permissions.set(
                Permission.objects.filter(codename__in=codenames)
            )
    user = User.objects.create_user(name, password=password, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def province(slug: str = "seoul", **given) -> m.Province:
    return m.Province.objects.get_or_create(
        slug=slug, defaults={"name_ko": "서울", "name_en": "Seoul", **given}
    )[0]


def technology(slug: str = "llm", **given) -> m.Technology:
    return m.Technology.objects.get_or_create(
        slug=slug, defaults={"name_ko": "언어모델", "name_en": "Language models", **given}
    )[0]


def industry(slug: str = "healthcare", **given) -> m.Industry:
    return m.Industry.objects.get_or_create(
        slug=slug, defaults={"name_ko": "의료", "name_en": "Health care", **given}
    )[0]


def support_kind(slug: str = "space", **given) -> m.SupportKind:
    return m.SupportKind.objects.get_or_create(
        slug=slug, defaults={"name_ko": "공간", "name_en": "Space", **given}
    )[0]


def source(**given) -> m.Source:
    n = next(_numbers)
    defaults = {
        "slug": f"source-{n}",
        "title": f"출처 {n}",
        "publisher": "한국신문",
        "url": f"https://news.example/{n}",
        "published": "2025-01-02",
    }
    return m.Source.objects.create(**_fill(defaults, given))


def _fact(given: dict) -> dict:
    if given.get("status", "confirmed") == "confirmed" and "source" not in given:
        given = {"source": source(), **given}
    return {"status": "confirmed", **given}


def district(**given) -> m.District:
    n = next(_numbers)
    defaults = {
        "slug": f"district-{n}",
        "name_ko": f"지구{n}",
        "name_en": f"District {n}",
        "short_name_ko": f"지구{n}",
        "short_name_en": f"District {n}",
        "municipality_ko": "강남구",
        "municipality_en": "Gangnam-gu",
        "province": given.get("province") or province(),
        "role_ko": "역할",
        "role_en": "Role",
        "summary_ko": "요약입니다.",
        "summary_en": "A summary.",
        "latitude": 37.5,
        "longitude": 127.0,
        "order": n % 30000,
    }
    return m.District.objects.create(**_fill(defaults, given))


def station(**given) -> m.Station:
    n = next(_numbers)
    defaults = {"name_ko": f"역{n}", "name_en": f"Station {n}", "lines_ko": "2호선", "lines_en": "Line 2"}
    given = _fact(given)
    return m.Station.objects.create(
        **_fill({**defaults, "district": given.get("district") or district()}, given)
    )


def anchor_site(**given) -> m.AnchorSite:
    n = next(_numbers)
    given = _fact(given)
    defaults = {
        "name_ko": f"시설{n}",
        "name_en": f"Site {n}",
        "district": given.get("district") or district(),
    }
    return m.AnchorSite.objects.create(**_fill(defaults, given))


def designation(**given) -> m.Designation:
    n = next(_numbers)
    given = _fact(given)
    defaults = {
        "designated_on": "2020-03",
        "title_ko": f"지정 {n}",
        "title_en": f"Designation {n}",
        "district": given.get("district") or district(),
    }
    return m.Designation.objects.create(**_fill(defaults, given))


def claim(**given) -> m.Claim:
    n = next(_numbers)
    given = _fact(given)
    defaults = {
        "statement_ko": f"주장 {n}",
        "statement_en": f"Claim {n}",
        "finding_ko": f"확인한 내용 {n}",
        "finding_en": f"Finding {n}",
        "district": given.get("district") or district(),
    }
    return m.Claim.objects.create(**_fill(defaults, given))


def trait(**given) -> m.Trait:
    n = next(_numbers)
    given = _fact(given)
    defaults = {
        "kind": "strength",
        "text_ko": f"강점 {n}",
        "text_en": f"Strength {n}",
        "district": given.get("district") or district(),
    }
    return m.Trait.objects.create(**_fill(defaults, given))


def company(technologies=(), industries=(), **given) -> m.Company:
    n = next(_numbers)
    defaults = {
        "slug": f"company-{n}",
        "name_ko": f"기업{n}",
        "name_en": f"Company {n}",
        "kind": "startup",
        "ai_relevance": "core",
        "summary_ko": f"기업 {n}의 설명입니다.",
        "summary_en": f"What company {n} does.",
    }
    record = m.Company.objects.create(**_fill(defaults, given))
    record.technologies.set(technologies)
    record.industries.set(industries)
    return record


def office(**given) -> m.Office:
    n = next(_numbers)
    given = _fact(given)
    defaults = {
        "kind": "hq",
        "address_ko": f"서울 강남구 테헤란로 {n}",
        "company": given.get("company") or company(),
    }
    return m.Office.objects.create(**_fill(defaults, given))


def funding_round(**given) -> m.FundingRound:
    given = _fact(given)
    defaults = {
        "date": f"20{next(_numbers) % 90 + 10}",
        "round": "seed",
        "amount": 1_000_000_000,
        "currency": "KRW",
        "company": given.get("company") or company(),
    }
    return m.FundingRound.objects.create(**_fill(defaults, given))


def institution(**given) -> m.Institution:
    n = next(_numbers)
    given = _fact(given)
    defaults = {
        "slug": f"institution-{n}",
        "name_ko": f"기관{n}",
        "name_en": f"Institution {n}",
        "kind": "hub",
        "role_ko": "창업을 돕습니다.",
        "role_en": "Helps founders.",
    }
    return m.Institution.objects.create(**_fill(defaults, given))


def program(districts=(), provinces=(), support_kinds=(), technologies=(), **given) -> m.Program:
    n = next(_numbers)
    defaults = {
        "slug": f"program-{n}",
        "name_ko": f"사업{n}",
        "name_en": f"Program {n}",
        "coverage": "nationwide",
        "summary_ko": "사업 설명입니다.",
        "summary_en": "What the program does.",
    }
    record = m.Program.objects.create(**_fill(defaults, given))
    record.districts.set(districts)
    record.provinces.set(provinces)
    record.support_kinds.set(support_kinds)
    record.technologies.set(technologies)
    return record


def call(**given) -> m.Call:
    n = next(_numbers)
    given = _fact(given)
    defaults = {
        "slug": f"call-{n}",
        "label_ko": f"{n}차",
        "label_en": f"Round {n}",
        "period_kind": "always",
        "program": given.get("program") or program(),
    }
    return m.Call.objects.create(**_fill(defaults, given))


def criterion(**given) -> m.Criterion:
    given = _fact(given)
    defaults = {
        "order": next(_numbers) % 30000,
        "dimension": "business_age",
        "operator": "at_most",
        "value_ko": "7년",
        "value_en": "7 years",
        "quote": "창업 7년 이내",
        "call": given.get("call") or call(),
    }
    return m.Criterion.objects.create(**_fill(defaults, given))


def indicator(**given) -> m.Indicator:
    n = next(_numbers)
    defaults = {
        "slug": f"indicator-{n}",
        "name_ko": f"지표{n}",
        "name_en": f"Indicator {n}",
        "definition_ko": "정의입니다.",
        "definition_en": "What it counts.",
        "unit_ko": "개사",
        "unit_en": "companies",
        "kind": "count",
    }
    return m.Indicator.objects.create(**_fill(defaults, given))


def series(**given) -> m.Series:
    n = next(_numbers)
    defaults = {
        "slug": f"series-{n}",
        "scope_ko": f"범위 {n}",
        "scope_en": f"Scope {n}",
        "extent": "whole",
        "indicator": given.get("indicator") or indicator(),
    }
    if not given.get("reference_area"):
        defaults["district"] = given.get("district") or district()
    return m.Series.objects.create(**_fill(defaults, given))


def observation(**given) -> m.Observation:
    given = _fact(given)
    defaults = {"period": "2025", "value": 100, "series": given.get("series") or series()}
    return m.Observation.objects.create(**_fill(defaults, given))


def event(**given) -> m.Event:
    n = next(_numbers)
    given = _fact(given)
    defaults = {
        "slug": f"event-{n}",
        "name_ko": f"행사{n}",
        "name_en": f"Event {n}",
        "starts_on": "2026-01-30",
        "ends_on": "2026-01-31",
    }
    return m.Event.objects.create(**_fill(defaults, given))


def redirect(**given) -> m.Redirect:
    n = next(_numbers)
    return m.Redirect.objects.create(
        **{"kind": "company", "old_slug": f"old-{n}", "new_slug": f"new-{n}", **given}
    )


def import_batch(**given) -> m.ImportBatch:
    n = next(_numbers)
    return m.ImportBatch.objects.create(**{"file_name": f"file-{n}.csv", "sha256": f"{n:064x}", **given})


def imported_change(**given) -> m.ImportedChange:
    n = next(_numbers)
    defaults = {"model": "clusters.Company", "record_pk": n, "key": f"company-{n}", "after": {}, "version": 1}
    return m.ImportedChange.objects.create(
        **{"batch": given.get("batch") or import_batch(), **defaults, **given}
    )


def sync_run(**given) -> m.SyncRun:
    return m.SyncRun.objects.create(**{"portal": "kstartup", "state": "done", "pulled": 10, **given})


def link_check(**given) -> m.LinkCheck:
    n = next(_numbers)
    defaults = {"url": f"https://linked.example/{n}", "state": "works", "status": 200}
    return m.LinkCheck.objects.create(**{**defaults, **given})
