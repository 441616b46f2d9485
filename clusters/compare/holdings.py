"""Rows of the comparison about what the directory holds: counts, mixes, claims, strengths and weaknesses."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from clusters.models import CompanyKind, InstitutionKind, Status, TraitKind

from .cells import Cell, Group, Row, listed
from .comparability import lengths
from .profile import Gathered, Profile

Counts = Mapping[str, int]


def _count_row(key: str, label: str, counts: Sequence[int], unit: Callable[[int], str], sub: str = "") -> Row:
    cells = [
        Cell(number=count, unit=unit(count), bar=bar)
        for count, bar in zip(counts, lengths(counts), strict=True)
    ]
    return Row(key, label, cells, "count", sub)


def _linked(row: Row, profiles: Sequence[Profile], route: str, **parameters: str) -> Row:
    """Lead from each count to the list of what was counted."""
    for cell, profile in zip(row.cells, profiles, strict=True):
        if cell.number:
            cell.url = f"{reverse(route)}?{urlencode({'district': profile.district.slug, **parameters})}"
    return row


def _of_companies(count: int) -> str:
    return npgettext("unit after a count", "company", "companies", count)


def _of_institutions(count: int) -> str:
    return npgettext("unit after a count", "institution", "institutions", count)


def _of_programs(count: int) -> str:
    return npgettext("unit after a count", "program", "programs", count)


def in_directory(profiles: Sequence[Profile]) -> Group:
    return Group(
        "listed",
        _("In this directory"),
        [
            _linked(
                _count_row(
                    "companies_confirmed",
                    _("Companies with a confirmed office"),
                    [p.companies.total for p in profiles],
                    _of_companies,
                    _("Not every company there"),
                ),
                profiles,
                "companies",
                status=Status.CONFIRMED,
            ),
            _count_row(
                "companies_unsettled",
                _("Companies with a disputed or unverified office"),
                [p.unsettled for p in profiles],
                _of_companies,
            ),
            _linked(
                _count_row(
                    "institutions",
                    _("Institutions"),
                    [p.institutions.total for p in profiles],
                    _of_institutions,
                ),
                profiles,
                "institutions",
            ),
            _count_row(
                "programs_bound",
                _("Programs tied to the district"),
                [p.programs.bound for p in profiles],
                _of_programs,
            ),
            _count_row(
                "programs_province",
                _("Programs for its whole province"),
                [p.programs.province_wide for p in profiles],
                _of_programs,
            ),
            _count_row(
                "programs_open",
                _("Of these, open for applications now"),
                [p.programs.open for p in profiles],
                _of_programs,
                _("On the Seoul clock"),
            ),
        ],
    )


def mixes(gathered: Gathered) -> list[Group]:
    profiles = gathered.profiles
    firms = [p.companies.total for p in profiles]
    programs = [p.programs.bound + p.programs.province_wide for p in profiles]
    several = _("A company may have several.")
    return [
        _mix(
            "technology",
            _("Technologies"),
            _names(gathered.technologies),
            [p.technologies for p in profiles],
            firms,
            several,
        ),
        _mix(
            "industry",
            _("Industries"),
            _names(gathered.industries),
            [p.industries for p in profiles],
            firms,
            several,
        ),
        _mix(
            "company_kind",
            _("Sizes of companies"),
            {kind.value: str(kind.label) for kind in CompanyKind},
            [p.companies.kinds for p in profiles],
            firms,
        ),
        _mix(
            "institution_kind",
            _("Kinds of institutions"),
            {kind.value: str(kind.label) for kind in InstitutionKind},
            [p.institutions.kinds for p in profiles],
            [p.institutions.total for p in profiles],
        ),
        _mix(
            "support",
            _("Kinds of support"),
            _names(gathered.support_kinds),
            [p.programs.kinds for p in profiles],
            programs,
            _(
                "Programs tied to the district or meant for its whole province; nationwide ones serve every district alike."
            ),
        ),
    ]


def _names(terms: Sequence) -> dict[str, str]:
    return {term.slug: term.name for term in terms}


def _mix(
    key: str, title: str, names: Mapping[str, str], counts: list[Counts], totals: list[int], note: str = ""
) -> Group:
    """The terms that occur, the most frequent first, each with its count and share in every district."""
    found = [slug for slug in names if any(slug in district for district in counts)]
    found.sort(key=lambda slug: -sum(district.get(slug, 0) for district in counts))
    shares = {
        slug: [
            Decimal(c.get(slug, 0)) / total if total else None
            for c, total in zip(counts, totals, strict=True)
        ]
        for slug in found
    }
    longest = max(
        (share for row in shares.values() for share in row if share is not None), default=Decimal(0)
    )
    rows = []
    for slug in found:
        cells = []
        for district, share in zip(counts, shares[slug], strict=True):
            if share is None:
                cells.append(Cell(gap="none", note=_("nothing listed")))
                continue
            bar = (share / longest * 100).quantize(Decimal("0.1")) if longest else Decimal(0)
            cells.append(Cell(number=district.get(slug, 0), share=round(share * 100), bar=bar))
        rows.append(Row(f"{key}:{slug}", names[slug], cells, "count"))
    return Group(key, title, rows, note)


def claims(profiles: Sequence[Profile]) -> Group:
    def count(profile: Profile, status: str) -> int:
        return sum(claim.status == status for claim in profile.claims)

    rows = []
    if any(profile.claims for profile in profiles):
        rows = [
            Row(
                f"claims_{status}",
                str(status.label),
                [
                    Cell(number=n, unit=npgettext("unit after a count", "claim", "claims", n), bar=None)
                    for n in (count(profile, status) for profile in profiles)
                ],
                "count",
            )
            for status in Status
            if any(count(profile, status) for profile in profiles)
        ]
        rows.append(Row("claims", _("The claims"), [listed(p.claims) for p in profiles], "claims"))
    return Group("claims", _("Claims by finding"), rows)


def traits(profiles: Sequence[Profile]) -> Group:
    def row(kind: TraitKind, label: str) -> Row:
        cells = [listed([trait for trait in profile.traits if trait.kind == kind]) for profile in profiles]
        return Row(f"{kind.value}s", label, cells, "traits")

    rows = [row(TraitKind.STRENGTH, _("Strengths")), row(TraitKind.WEAKNESS, _("Weaknesses"))]
    return Group(
        "traits", _("Strengths and weaknesses"), [row for row in rows if any(not c.gap for c in row.cells)]
    )
