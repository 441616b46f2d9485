"""What the comparison says of companies: who they are, where their offices are, what they do, and their funding."""

from collections.abc import Sequence

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clusters.dates import PartialDate
from clusters.models import Company, FundingRound, Office, Stage, Status

from . import funding
from .cells import Cell, Group, Item, Table, listed, profiled, row_of, said, web_address
from .series import with_evidence
from .terms import terms_row

HOME = "KR"


def parts() -> list[str | Prefetch]:
    """All that the comparison says of companies, to be read in a fixed number of queries."""
    offices = with_evidence(Office.objects.published().current()).select_related("district")
    rounds = with_evidence(FundingRound.objects.published())
    return [
        "source",
        "technologies",
        "industries",
        Prefetch("offices", offices, to_attr="public_offices"),
        Prefetch("funding_rounds", rounds, to_attr="public_rounds"),
    ]


def tables(companies: Sequence[Company]) -> list[Table]:
    only = _("this company only")
    return [
        Table(
            "facts",
            _("Companies side by side"),
            _("Identity, offices, fields and funding of the companies"),
            [
                _identity(companies),
                _places(companies),
                Group(
                    "fields",
                    _("Fields"),
                    [
                        terms_row("technologies", _("Technologies"), companies, "technologies", only),
                        terms_row("industries", _("Industries"), companies, "industries", only),
                    ],
                ),
                funding.group([company.public_rounds for company in companies]),  # type: ignore[attr-defined]
            ],
        )
    ]


def _market(company: Company) -> Cell:
    if company.market or company.stock_code:
        words = " ".join(part for part in (company.get_market_display(), company.stock_code) if part)
        return said(words, fact=company)
    return Cell(gap="not_surveyed" if company.stage == Stage.LISTED else "none")


def _identity(companies: Sequence[Company]) -> Group:
    row = row_of(companies)
    rows = [
        row("kind", _("Size"), lambda c: said(c.get_kind_display(), fact=c)),
        row(
            "stage",
            _("Investment stage"),
            lambda c: said("" if c.stage == Stage.UNKNOWN else c.get_stage_display(), fact=c),
        ),
        row(
            "founded",
            _("Founded"),
            lambda c: said(c.founded and PartialDate(c.founded).display(), fact=c),
        ),
        row("market", _("Listed on"), _market),
        row("ai_relevance", _("Relation to AI"), lambda c: said(c.get_ai_relevance_display(), fact=c)),
        row("website", _("Website"), lambda c: web_address(c.website, c)),
        row("as_of", _("Profile as of"), profiled, form="dated"),
    ]
    if any(company.hq_country != HOME for company in companies):
        rows.insert(
            1,
            row(
                "hq_country",
                _("Head office abroad"),
                lambda c: Cell(gap="none") if c.hq_country == HOME else said(c.hq_country, fact=c),
            ),
        )
    return Group("identity", _("Identity"), rows)


def _words(office: Office) -> str:
    place = office.district.short_name if office.district else _("outside the districts")
    parts = [office.get_kind_display(), office.address, place]
    if office.status != Status.CONFIRMED:
        parts.append(Status(office.status).label)
    return ", ".join(str(part) for part in parts if part)


def _offices(company: Company, *, head: bool) -> Cell:
    offices = [office for office in company.public_offices if (office.kind == "hq") is head]  # type: ignore[attr-defined]
    return listed([Item(_words(office), office) for office in offices])


def _places(companies: Sequence[Company]) -> Group:
    row = row_of(companies)
    return Group(
        "offices",
        pgettext("group of rows", "Offices"),
        [
            row("head_office", _("Head office"), lambda c: _offices(c, head=True), form="offices"),
            row("offices", _("Other offices"), lambda c: _offices(c, head=False), form="offices"),
        ],
        _("Without former addresses"),
    )
