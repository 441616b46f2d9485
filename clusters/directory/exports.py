"""What the files of each directory hold, column by column. Only public records are read, related ones included."""

from datetime import datetime

from clusters import models as m
from clusters.models.base import several
from clusters.programs import deadlines

from .formats import Field


def both(stem: str) -> tuple[Field, Field]:
    """A text in both languages."""
    return Field(f"{stem}_ko"), Field(f"{stem}_en")


def slugs(relation: str) -> Field:
    """The codes of related records; of vocabularies all are public, others are read with the public ones only."""
    return Field(relation, lambda record, now: [one.slug for one in several(record, relation)], shape="codes")


def slug_of(relation: str) -> Field:
    """The code of one related record, when the public may see it."""

    def read(record, now: datetime) -> str | None:
        related = getattr(record, relation)
        return related.slug if related is not None and related.is_public else None

    return Field(relation, read, shape="code")


def source(one: m.Source | None) -> dict | None:
    if one is None:
        return None
    return {
        "slug": one.slug,
        "url": one.url or None,
        "title": one.title,
        "publisher": one.publisher,
        "published": one.published or None,
    }


def evidence(fact) -> dict:
    """What stands behind a statement; a record without a finding of its own has none."""
    sources = getattr(fact, "public_sources", None)
    return {
        **({"status": fact.status} if hasattr(fact, "status") else {}),
        "as_of": fact.as_of or None,
        "note_ko": fact.note_ko,
        "note_en": fact.note_en,
        "sources": [source(one) for one in (sources if sources is not None else [fact.public_source]) if one],
    }


def _read_source(attribute: str):
    def read(record, now: datetime) -> str | None:
        found = record.public_source
        return getattr(found, attribute) or None if found else None

    return read


EVIDENCE = (
    Field("as_of"),
    Field("evidence", lambda record, now: evidence(record), in_csv=False, shape="object"),
    Field("source_url", _read_source("url"), in_json=False),
    Field("source_title", _read_source("title"), in_json=False),
    Field("source_date", _read_source("published"), in_json=False),
)
PAGE = (Field("slug"), Field("page", lambda record, now: record.get_absolute_url(), shape="code"))


def _office(office: m.Office) -> dict:
    return {
        "district": office.district.slug if office.district else None,
        "province": office.province.slug if office.province else None,
        "kind": office.kind,
        "address_ko": office.address_ko,
        "address_en": office.address_en,
        "since": office.since or None,
        "until": office.until or None,
        **evidence(office),
    }


def _offices(read):
    return lambda company, now: [read(office) for office in company.public_offices]


COMPANY = (
    *PAGE,
    *both("name"),
    *both("legal_name"),
    Field("former_names"),
    Field("aliases"),
    Field("kind"),
    Field("relevance", "ai_relevance"),
    Field("stage"),
    Field("market"),
    Field("stock_code"),
    Field("hq_country"),
    Field("founded"),
    Field("website"),
    slugs("technologies"),
    slugs("industries"),
    *both("summary"),
    Field("offices", _offices(_office), in_csv=False, shape="objects"),
    # One entry to an office in each of these, so that they can be read side by side.
    Field(
        "office_districts", _offices(lambda office: office.district and office.district.slug), in_json=False
    ),
    Field("office_kinds", _offices(lambda office: office.kind), in_json=False),
    Field("office_statuses", _offices(lambda office: office.status), in_json=False),
    Field("office_as_of", _offices(lambda office: office.as_of), in_json=False),
    Field(
        "office_source_urls",
        _offices(lambda office: office.public_source and office.public_source.url),
        in_json=False,
    ),
    *EVIDENCE,
)

INSTITUTION = (
    *PAGE,
    *both("name"),
    Field("aliases"),
    Field("kind"),
    slug_of("district"),
    *both("role"),
    Field("website"),
    Field("status"),
    *EVIDENCE,
)


def _call(call: m.Call, now: datetime) -> dict:
    return {
        "slug": call.slug,
        "label_ko": call.label_ko,
        "label_en": call.label_en,
        "kind": call.kind,
        "period_kind": call.period_kind,
        "application_status": deadlines.status_of(call, now).value,
        "opens_at": call.opens_at,
        "opens_precision": call.opens_precision if call.opens_at else None,
        "closes_at": call.closes_at,
        "closes_precision": call.closes_precision if call.closes_at else None,
        "wording_ko": call.wording_ko,
        "wording_en": call.wording_en,
        "budget_krw": int(call.budget_krw) if call.budget_krw is not None else None,
        "award_count": call.award_count,
        "notice_url": call.notice_url or None,
        "confirmed_on": call.confirmed_on,
        **evidence(call),
    }


def _program_status(program, now: datetime) -> str:
    call = deadlines.current_call(program.public_calls, now)
    return (deadlines.status_of(call, now) if call else deadlines.CallStatus.UNKNOWN).value


def _of_current_call(code: str, read) -> Field:
    """What the call says that speaks for the program now."""

    def value(program, now: datetime):
        call = deadlines.current_call(program.public_calls, now)
        return read(call) if call else None

    return Field(code, value, in_json=False)


PROGRAM = (
    *PAGE,
    *both("name"),
    Field("aliases"),
    slug_of("operator"),
    slugs("partners"),
    Field("private"),
    Field("coverage"),
    slugs("provinces"),
    slugs("districts"),
    slugs("support_kinds"),
    slugs("technologies"),
    *both("target"),
    *both("summary"),
    Field("website"),
    Field("status", _program_status, shape="code"),
    Field(
        "calls",
        lambda program, now: [_call(call, now) for call in program.public_calls],
        in_csv=False,
        shape="objects",
    ),
    _of_current_call("call", lambda call: call.slug),
    _of_current_call("opens_at", lambda call: call.opens_at),
    _of_current_call("opens_precision", lambda call: call.opens_precision if call.opens_at else None),
    _of_current_call("closes_at", lambda call: call.closes_at),
    _of_current_call("closes_precision", lambda call: call.closes_precision if call.closes_at else None),
    _of_current_call("confirmed_on", lambda call: call.confirmed_on),
    _of_current_call("call_status", lambda call: call.status),
    _of_current_call("call_source_url", lambda call: call.public_source and call.public_source.url),
    *EVIDENCE,
)

DISTRICT = (
    *PAGE,
    *both("name"),
    *both("short_name"),
    Field("aliases"),
    *both("municipality"),
    Field("province", "province.slug"),
    *both("role"),
    *both("summary"),
    *both("managing_body"),
    Field("latitude"),
    Field("longitude"),
    Field("companies", "companies_count"),
    Field("institutions", "institutions_count"),
    Field("programs", "programs_count"),
    *EVIDENCE,
)

EVENT = (
    *PAGE,
    *both("name"),
    slug_of("district"),
    slug_of("organizer"),
    *both("organizer_name"),
    Field("month"),
    Field("starts_on"),
    Field("ends_on"),
    *both("venue"),
    Field("website"),
    Field("status"),
    *EVIDENCE,
)

SOURCE = (
    *PAGE,
    Field("url"),
    Field("title"),
    Field("publisher"),
    Field("published"),
    Field("kogl_type"),
    Field("license"),
    Field("accessed_on"),
    *both("note"),
)
