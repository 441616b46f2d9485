"""Review rules: what an editor looks at before a record is published, each rule saying itself what and why.

Every rule knows itself twice, as a condition on one record, saved or not, and as a query over all of a kind. Rules that
block keep a record from being published; the others are told.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clusters import models as m
from clusters.dates import SEOUL, seoul_now
from clusters.models.base import Evidenced
from clusters.models.fields import WebAddressField

from .importing.converting.problems import Unconvertible
from .importing.names import normalized_key


@dataclass(frozen=True)
class Rule:
    """`query` gives the records of a kind that break the rule, `holds` whether one record breaks it."""

    name: str
    title: Any
    why: Any
    models: tuple[type[m.Record], ...]
    query: Callable[[type[m.Record]], Q]
    holds: Callable[[Any], bool]
    blocks: bool = False

    def find(self, model: type[m.Record]) -> QuerySet[Any]:
        """The records of a kind that break the rule, in every state of publication."""
        return model._default_manager.filter(self.query(model))

    def check(self, record: m.Record) -> bool:
        return type(record) in self.models and self.holds(record)


def rules_for(model: type[m.Record]) -> list[Rule]:
    return [rule for rule in RULES if model in rule.models]


def findings(record: m.Record) -> list[Rule]:
    """The rules that a record breaks, the blocking ones first."""
    found = [rule for rule in RULES if rule.check(record)]
    return sorted(found, key=lambda rule: not rule.blocks)


def blocking(record: m.Record) -> list[Rule]:
    return [rule for rule in RULES if rule.blocks and rule.check(record)]


# Kinds of record

RECORDS = tuple(
    model
    for name in m.__all__
    if isinstance(model := getattr(m, name), type)
    and issubclass(model, m.Record)
    and not model._meta.abstract
)
FACTS = tuple(model for model in RECORDS if issubclass(model, m.Fact))
EVIDENCED = tuple(model for model in RECORDS if issubclass(model, Evidenced))


def _with(*names: str) -> tuple[type[m.Record], ...]:
    return tuple(
        model for model in RECORDS if set(names) <= {field.name for field in model._meta.concrete_fields}
    )


# Conditions


def _undated_figure(model: type[m.Record]) -> Q:
    if model is m.Observation:
        return Q(period="")
    if model is m.FundingRound:
        return Q(amount__isnull=False, date="")
    undated = Q(as_of="", confirmed_on__isnull=True) & (Q(source__isnull=True) | Q(source__published=""))
    return (Q(budget_krw__isnull=False) | Q(award_count__isnull=False)) & undated


def _has_undated_figure(record: Any) -> bool:
    if isinstance(record, m.Observation):
        return not record.period
    if isinstance(record, m.FundingRound):
        return record.amount is not None and not record.date
    has_figure = record.budget_krw is not None or record.award_count is not None
    dated = record.as_of or record.confirmed_on or (record.source and record.source.published)
    return has_figure and not dated


# Kinds of period that promise an open call whatever its deadline, or one to come.
_PROMISES = (
    m.PeriodKind.ALWAYS,
    m.PeriodKind.UNTIL_EXHAUSTED,
    m.PeriodKind.UPCOMING,
    m.PeriodKind.ANNOUNCED_LATER,
)
_NOT_YET_PUBLIC = (m.Publication.DRAFT, m.Publication.IN_REVIEW)


def _past_deadline(model: type[m.Record]) -> Q:
    now = seoul_now()
    today = now.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    to_the_minute = Q(closes_precision=m.Precision.TIME)
    past = (to_the_minute & Q(closes_at__lt=now)) | (~to_the_minute & Q(closes_at__lt=today))
    return past & (Q(period_kind__in=_PROMISES) | Q(publication__in=_NOT_YET_PUBLIC))


def _is_past_deadline(call: m.Call) -> bool:
    now = seoul_now()
    if call.closes_precision != m.Precision.TIME:
        now = now.astimezone(SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    is_past = call.closes_at is not None and call.closes_at < now
    return is_past and (call.period_kind in _PROMISES or call.publication in _NOT_YET_PUBLIC)


_ENDS: dict[type[m.Record], tuple[str, str]] = {
    m.Call: ("opens_at", "closes_at"),
    m.Event: ("starts_on", "ends_on"),
}


def _ends_first(record: Any) -> bool:
    begins, ends = (getattr(record, name) for name in _ENDS[type(record)])
    return begins is not None and ends is not None and ends < begins


def _key(name: str) -> str:
    try:
        return normalized_key(name)
    except Unconvertible:
        return ""


def _same_names(model: type[m.Record]) -> Q:
    """Reads the names of all companies: for reports, not for pages."""
    keys = {pk: _key(name) for pk, name in m.Company.objects.values_list("pk", "name_ko").iterator()}
    often = Counter(keys.values())
    return Q(pk__in=[pk for pk, key in keys.items() if key and often[key] > 1])


def _has_same_name(company: m.Company) -> bool:
    key = _key(company.name_ko)
    if not key:
        return False
    # Only names that hold the first and the last letter of the key can have the same one.
    likely = (
        m.Company.objects.exclude(pk=company.pk)
        .filter(name_ko__icontains=key[0])
        .filter(name_ko__icontains=key[-1])
    )
    return any(_key(name) == key for name in likely.values_list("name_ko", flat=True).iterator())


def _pairs(model: type[m.Record]) -> list[tuple[str, str]]:
    names = {field.name for field in model._meta.concrete_fields}
    stems = (name.removesuffix("_ko") for name in sorted(names) if name.endswith("_ko"))
    return [(f"{stem}_ko", f"{stem}_en") for stem in stems if f"{stem}_en" in names]


def _half_said(model: type[m.Record]) -> Q:
    condition = Q(pk__in=[])
    for korean, english in _pairs(model):
        condition |= (Q(**{korean: ""}) & ~Q(**{english: ""})) | (~Q(**{korean: ""}) & Q(**{english: ""}))
    return condition


def _is_half_said(record: m.Record) -> bool:
    return any(bool(getattr(record, a)) != bool(getattr(record, b)) for a, b in _pairs(type(record)))


def _addresses(model: type[m.Record]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, WebAddressField)]


def _plain_addresses(model: type[m.Record]) -> Q:
    condition = Q(pk__in=[])
    for name in _addresses(model):
        condition |= Q(**{f"{name}__startswith": "http:"})
    return condition


def _has_plain_address(record: m.Record) -> bool:
    return any(getattr(record, name).startswith("http:") for name in _addresses(type(record)))


RULES: tuple[Rule, ...] = (
    Rule(
        "figure-without-date",
        _("Figure without a date"),
        _("A figure means nothing without the date it speaks of. Give the date."),
        (m.Observation, m.FundingRound, m.Call),
        _undated_figure,
        _has_undated_figure,
        blocks=True,
    ),
    Rule(
        "confirmed-without-source",
        _("Confirmed without a source"),
        _("A confirmed statement needs a source. Name the source, or choose another finding."),
        FACTS,
        lambda model: Q(status=m.Status.CONFIRMED, source__isnull=True),
        lambda record: record.status == m.Status.CONFIRMED and record.source_id is None,
        blocks=True,
    ),
    Rule(
        "closing-before-opening",
        _("End before beginning"),
        _("The end lies before the beginning. One of the two dates is wrong."),
        tuple(_ENDS),
        lambda model: Q(**{f"{_ENDS[model][1]}__lt": F(_ENDS[model][0])}),
        _ends_first,
        blocks=True,
    ),
    Rule(
        "no-source",
        _("No source"),
        _("Nothing supports this record. Name the document that says so."),
        EVIDENCED,
        lambda model: Q(source__isnull=True),
        lambda record: record.source_id is None,
    ),
    Rule(
        "hidden-source",
        _("Source not published"),
        _("Its source is not published, so readers see the record without one. Publish the source as well."),
        EVIDENCED,
        lambda model: Q(source__isnull=False) & ~Q(source__publication=m.Publication.PUBLISHED),
        lambda record: record.source is not None and not record.source.is_public,
    ),
    Rule(
        "disputed-headquarters",
        _("Disputed head office"),
        _(
            "The sources do not agree that this is the head office. Look for the company’s own word or a register."
        ),
        (m.Office,),
        lambda model: Q(kind=m.OfficeKind.HQ, status=m.Status.DISPUTED, until=""),
        lambda office: (
            office.kind == m.OfficeKind.HQ and office.status == m.Status.DISPUTED and not office.until
        ),
    ),
    Rule(
        "deadline-in-the-past",
        _("Deadline in the past"),
        _(
            "The deadline has passed, but the call is shown as open or is not published yet. Is it still open?"
        ),
        (m.Call,),
        _past_deadline,
        _is_past_deadline,
    ),
    Rule(
        "same-name",
        _("Same name as another company"),
        _("Another company has the same name apart from its legal form. Make sure that they are two."),
        (m.Company,),
        _same_names,
        _has_same_name,
    ),
    Rule(
        "one-language-missing",
        _("One language is missing"),
        _("Something is said in one language only. Readers of the other see it untranslated."),
        tuple(model for model in RECORDS if _pairs(model)),
        _half_said,
        _is_half_said,
    ),
    Rule(
        "no-summary",
        _("No summary"),
        _("There is no summary. Say in one or two sentences what it is."),
        _with("summary_ko", "summary_en"),
        lambda model: Q(summary_ko="", summary_en=""),
        lambda record: not (record.summary_ko or record.summary_en),
    ),
    Rule(
        "company-without-office",
        _("Company without an office"),
        _("No office is recorded, so the company appears in no district. Add where it is."),
        (m.Company,),
        lambda model: Q(offices__isnull=True),
        lambda company: company.pk is None or not company.offices.exists(),
    ),
    Rule(
        "address-not-https",
        _("Web address without https"),
        _("The web address does not begin with https. Try whether it opens with https."),
        tuple(model for model in RECORDS if _addresses(model)),
        _plain_addresses,
        _has_plain_address,
    ),
    Rule(
        "incomplete-source",
        _("Incomplete source"),
        _("The source lacks its publisher or its date of publication."),
        (m.Source,),
        lambda model: Q(publisher="") | Q(published=""),
        lambda source: not (source.publisher and source.published),
    ),
)
BY_NAME = {rule.name: rule for rule in RULES}


def sentences(rules: Iterable[Rule]) -> list[str]:
    return [str(rule.why) for rule in rules]
