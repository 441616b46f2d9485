"""What readers may propose to correct: the kinds of record, their fields, and the statements of each profile."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from clusters import models as m

NAMES = ("name_ko", "name_en")

# The fields of each kind of record that its profile shows and a reader can know better. Findings, evidence and the
# order of things are the editors' own; relations to long lists of records are said in the comment.
FIELDS: dict[type[m.Record], tuple[str, ...]] = {
    m.District: (
        *NAMES,
        "aliases",
        "municipality_ko",
        "municipality_en",
        "province",
        "role_ko",
        "role_en",
        "summary_ko",
        "summary_en",
        "managing_body_ko",
        "managing_body_en",
    ),
    m.Station: (*NAMES, "lines_ko", "lines_en", "walk_minutes"),
    m.AnchorSite: NAMES,
    m.Designation: ("designated_on", "title_ko", "title_en"),
    m.Claim: ("statement_ko", "statement_en", "finding_ko", "finding_en"),
    m.Trait: ("text_ko", "text_en"),
    m.Observation: ("period", "value", "flag"),
    m.Company: (
        *NAMES,
        "legal_name_ko",
        "legal_name_en",
        "former_names",
        "aliases",
        "summary_ko",
        "summary_en",
        "website",
        "kind",
        "founded",
        "stage",
        "market",
        "stock_code",
        "hq_country",
        "ai_relevance",
        "technologies",
        "industries",
    ),
    m.Office: ("kind", "district", "province", "address_ko", "address_en", "since", "until"),
    m.FundingRound: ("date", "round", "amount", "currency", "investors"),
    m.Institution: (*NAMES, "aliases", "kind", "district", "website", "role_ko", "role_en"),
    m.Program: (
        *NAMES,
        "aliases",
        "target_ko",
        "target_en",
        "summary_ko",
        "summary_en",
        "website",
        "coverage",
        "provinces",
        "districts",
        "support_kinds",
        "technologies",
    ),
    m.Call: (
        "label_ko",
        "label_en",
        "period_kind",
        "opens_at",
        "closes_at",
        "wording_ko",
        "wording_en",
        "budget_krw",
        "award_count",
        "notice_url",
    ),
    m.Criterion: ("dimension", "operator", "value_ko", "value_en", "necessity", "quote"),
    m.Event: (
        *NAMES,
        "district",
        "organizer_name_ko",
        "organizer_name_en",
        "month",
        "starts_on",
        "ends_on",
        "venue_ko",
        "venue_en",
        "website",
    ),
    m.Source: ("title", "publisher", "published", "url", "kogl_type", "license"),
}
BY_NAME: dict[str, type[m.Record]] = {str(model._meta.model_name): model for model in FIELDS}

# The statements that a profile shows: their kind and how they name the profile's record.
STATEMENTS: dict[type[m.Record], tuple[tuple[type[m.Record], str], ...]] = {
    m.District: (
        (m.Claim, "district"),
        (m.Observation, "series__district"),
        (m.Designation, "district"),
        (m.Trait, "district"),
        (m.Station, "district"),
        (m.AnchorSite, "district"),
        (m.Event, "district"),
    ),
    m.Company: ((m.Office, "company"), (m.FundingRound, "company")),
    m.Institution: ((m.AnchorSite, "institution"), (m.Event, "organizer")),
    m.Program: ((m.Call, "program"), (m.Criterion, "call__program")),
}
# What the texts of the statements name, so that a list of them asks for nothing row by row.
_NAMED: dict[type[m.Record], tuple[str, ...]] = {
    m.Observation: ("series__district", "series__indicator"),
    m.Office: ("company", "district"),
    m.FundingRound: ("company",),
    m.Call: ("program",),
    m.Criterion: ("call",),
}
MOST_STATEMENTS = 300  # of one kind


def is_page(model: type[m.Record]) -> bool:
    """Whether records of this kind are known by the name in their address; others only by their number here."""
    return issubclass(model, m.Page)


def key(record: models.Model) -> str:
    """How the address of the form names a record: company:naver, office:17."""
    mark = record.slug if isinstance(record, m.Page) else record.pk
    return f"{record._meta.model_name}:{mark}"


def find(text: str) -> m.Record | None:
    """The published record that a key names; None for anything else."""
    name, _colon, mark = text.partition(":")
    model = BY_NAME.get(name)
    if model is None:
        return None
    wanted: Any = model.objects.published()
    if is_page(model):
        try:
            model._meta.get_field("slug").run_validators(mark)  # type: ignore[misc]
        except ValidationError:
            return None
        return wanted.filter(slug=mark).first() if mark else None
    if not (mark.isascii() and mark.isdigit() and len(mark) < 19):
        return None
    return wanted.select_related(*_NAMED.get(model, ())).filter(pk=int(mark)).first()


def statements(record: m.Record) -> Iterator[tuple[str, list[m.Record]]]:
    """The published statements on a record's profile, by kind."""
    for model, path in STATEMENTS.get(type(record), ()):
        found = model.objects.published().filter(**{path: record}).select_related(*_NAMED.get(model, ()))
        if rows := list(found[:MOST_STATEMENTS]):
            yield str(model._meta.verbose_name_plural), rows


def profile_of(record: m.Record) -> m.Record:
    """The record with an address of its own on whose profile a published statement stands."""
    for model, kinds in STATEMENTS.items():
        for kind, path in kinds:
            if isinstance(record, m.Page) or not isinstance(record, kind):
                continue
            found = record
            for step in path.split("__"):
                found = found and getattr(found, step)
            if isinstance(found, model) and found.is_public:
                return found
    return record
