"""What the comparison says of institutions: what they are, where they are, and the programs they run."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from clusters.models import Call, Institution, Program, Status
from clusters.programs import deadlines

from .cells import Cell, Group, Item, Table, profiled, row_of, said, web_address
from .series import with_evidence


def parts() -> list[str | Prefetch]:
    """All that the comparison says of institutions, to be read in a fixed number of queries."""
    calls = Prefetch("calls", with_evidence(Call.objects.published()), to_attr="public_calls")
    programs = Program.objects.published().prefetch_related(calls)
    return [
        "source",
        "further_sources",
        "district",
        Prefetch("programs", programs, to_attr="public_programs"),
    ]


def tables(institutions: Sequence[Institution], now: datetime) -> list[Table]:
    return [
        Table(
            "facts",
            _("Institutions side by side"),
            _("Kind, place, role and programs of the institutions"),
            [_identity(institutions), _programs(institutions, now)],
        )
    ]


def _district(institution: Institution) -> Cell:
    district = institution.district
    if district is None or not district.is_public:
        return Cell(gap="none")
    return Cell(facts=[Item(str(district.short_name), beside=district)], fact=institution)


def _finding(institution: Institution) -> Cell:
    return said(str(Status(institution.status).label), fact=institution)


def _identity(institutions: Sequence[Institution]) -> Group:
    row = row_of(institutions)
    return Group(
        "identity",
        _("Identity"),
        [
            row("kind", _("Kind"), lambda i: said(i.get_kind_display(), fact=i)),
            row("district", _("District"), _district, form="districts"),
            row("role", _("What it does"), lambda i: said(i.role, fact=i)),
            row("website", _("Website"), lambda i: web_address(i.website, i)),
            row("status", _("Finding"), _finding, form="finding"),
            row("as_of", _("Profile as of"), profiled, form="dated"),
        ],
    )


def _open(institution: Institution, now: datetime) -> Cell:
    found = []
    for program in institution.public_programs:  # type: ignore[attr-defined]
        call = deadlines.current_call(program.public_calls, now)
        if call is not None and deadlines.takes_applications(call, now):
            found.append((program, call, deadlines.describe(call, now)))
    if not found:
        return Cell(text=_("none at the moment"))
    found.sort(key=lambda one: (deadlines.rank(one[1], now), str(one[0].name)))
    return Cell(
        facts=[
            Item(f"{program.name}, {deadline.words or deadline.label}", call, beside=(program, deadline))
            for program, call, deadline in found
        ]
    )


def _programs(institutions: Sequence[Institution], now: datetime) -> Group:
    row = row_of(institutions)

    def count(institution: Institution) -> Cell:
        number = len(institution.public_programs)  # type: ignore[attr-defined]
        url = f"{institution.get_absolute_url()}#prog" if number else ""
        return Cell(
            number=number, unit=npgettext("unit after a count", "program", "programs", number), url=url
        )

    return Group(
        "programs",
        _("Programs"),
        [
            row("programs", _("Programs it runs"), count, _("In this directory"), "count"),
            row(
                "programs_open",
                _("Of these, open for applications now"),
                lambda i: _open(i, now),
                _("On the Seoul clock"),
                "deadlines",
            ),
        ],
    )
