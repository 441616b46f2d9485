"""What the comparison says of programs: who runs them, what they offer, the call that counts now, and its conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from clusters.dates import PartialDate
from clusters.models import Call, Coverage, Criterion, Dimension, District, Institution, Program, Status
from clusters.programs import deadlines
from clusters.programs.deadlines import Deadline

from .cells import Cell, Group, Item, Row, Table, listed, profiled, row_of, said, web_address
from .funding import money
from .series import with_evidence
from .terms import terms_row


def parts() -> list[str | Prefetch]:
    """All that the comparison says of programs, to be read in a fixed number of queries."""
    criteria = Prefetch("criteria", with_evidence(Criterion.objects.published()), to_attr="public_criteria")
    calls = with_evidence(Call.objects.published()).prefetch_related(criteria)
    return [
        "operator",
        "source",
        "provinces",
        "support_kinds",
        "technologies",
        Prefetch("partners", Institution.objects.published()),
        Prefetch("districts", District.objects.published()),
        Prefetch("calls", calls, to_attr="public_calls"),
    ]


@dataclass(frozen=True)
class Entry:
    """A program with the call that speaks for it now."""

    program: Program
    call: Call | None
    deadline: Deadline | None

    @property
    def criteria(self) -> list[Criterion]:
        return self.call.public_criteria if self.call is not None else []  # type: ignore[attr-defined]


def _entry(program: Program, now: datetime) -> Entry:
    call = deadlines.current_call(program.public_calls, now)  # type: ignore[attr-defined]
    return Entry(program, call, deadlines.describe(call, now) if call is not None else None)


def tables(programs: Sequence[Program], now: datetime) -> list[Table]:
    entries = [_entry(program, now) for program in programs]
    return [
        Table(
            "facts",
            _("Programs side by side"),
            _("Operators, support, current calls and conditions of the programs"),
            [_identity(entries), _support(entries), _calls(entries), _conditions(entries)],
        )
    ]


def _named(institutions: Sequence[Institution], program: Program) -> Cell:
    return listed([Item(str(one.name), beside=one) for one in institutions], program)


def _operator(entry: Entry) -> Cell:
    operator = entry.program.operator
    return _named([operator] if operator is not None and operator.is_public else [], entry.program)


def _partners(entry: Entry) -> Cell:
    return _named(list(entry.program.partners.all()), entry.program)


def _coverage(entry: Entry) -> Cell:
    program = entry.program
    if program.coverage == Coverage.NATIONWIDE:
        return listed([Item(str(Coverage.NATIONWIDE.label), beside=program)], program)
    places = [*map(str, program.provinces.all()), *(str(one.short_name) for one in program.districts.all())]
    return listed([Item(", ".join(places), beside=program)] if places else [], program)


def _identity(entries: Sequence[Entry]) -> Group:
    row = row_of(entries)
    return Group(
        "identity",
        _("Identity"),
        [
            row("operator", _("Operator"), _operator, form="institutions"),
            row("partners", _("Partners"), _partners, form="institutions"),
            row("coverage", _("Coverage"), _coverage, form="coverage"),
            row("website", _("Website"), lambda e: web_address(e.program.website, e.program)),
            row("as_of", _("Profile as of"), lambda e: profiled(e.program), form="dated"),
        ],
    )


def _support(entries: Sequence[Entry]) -> Group:
    only = _("this program only")
    row = row_of(entries)
    programs = [entry.program for entry in entries]
    return Group(
        "support",
        _("What it offers"),
        [
            terms_row("support_kinds", _("Kinds of support"), programs, "support_kinds", only),
            terms_row("technologies", _("Technologies"), programs, "technologies", only),
            row("target", _("Who it is for"), lambda e: said(e.program.target, fact=e.program)),
        ],
    )


def _of_call(read):
    """A cell about the current call, or that there is none."""

    def cell(entry: Entry) -> Cell:
        if entry.call is None:
            return Cell(gap="not_surveyed", note=_("no call in this directory"))
        return read(entry.call)

    return cell


def _deadline(entry: Entry) -> Cell:
    assert entry.deadline is not None
    words = ", ".join(part for part in (entry.deadline.label, entry.deadline.words) if part)
    return Cell(facts=[Item(words, entry.call, beside=entry.deadline)])


def _budget(call: Call) -> Cell:
    if call.budget_krw is None:
        return Cell(gap="not_surveyed")
    return Cell(text=money(call.budget_krw, "KRW"), number=int(call.budget_krw), unit="KRW", fact=call)


def _awards(call: Call) -> Cell:
    if call.award_count is None:
        return Cell(gap="not_surveyed")
    return Cell(
        number=call.award_count,
        unit=npgettext("unit after a count", "award", "awards", call.award_count),
        fact=call,
    )


def _confirmed(call: Call) -> Cell:
    if call.confirmed_on is None:
        return Cell(gap="unknown")
    return Cell(text=PartialDate(f"{call.confirmed_on:%Y-%m-%d}").display(), fact=call)


def _calls(entries: Sequence[Entry]) -> Group:
    row = row_of(entries)
    apart = _("Each speaks of one call, with a purpose and a term of its own. No bars are drawn.")

    def why(name: str) -> str:
        known = [
            entry for entry in entries if entry.call is not None and getattr(entry.call, name) is not None
        ]
        return apart if len(known) > 1 else ""

    return Group(
        "call",
        _("The call that counts now"),
        [
            row(
                "call",
                pgettext("call", "Round"),
                _of_call(lambda c: said(c.label, c.get_kind_display(), fact=c)),
            ),
            row(
                "deadline",
                _("Applications"),
                lambda e: _of_call(lambda c: _deadline(e))(e),
                _("On the Seoul clock"),
                "deadline",
            ),
            row(
                "wording",
                _("Wording of the period"),
                _of_call(lambda c: said(c.wording, fact=c)),
                _("Word for word"),
                "quote",
            ),
            row("budget", _("Budget"), _of_call(_budget), form="amount", why=why("budget_krw")),
            row("awards", _("Awards"), _of_call(_awards), form="count", why=why("award_count")),
            row("notice", _("Notice"), _of_call(lambda c: web_address(c.notice_url, c))),
            row("confirmed_on", _("Last confirmed"), _of_call(_confirmed), form="dated"),
        ],
        _("Of several calls the one that is open, or was last"),
    )


def _words(criterion: Criterion) -> str:
    words = f"{criterion.get_necessity_display()}: {criterion.value}"
    if criterion.status != Status.CONFIRMED:
        words += f" ({Status(criterion.status).label})"
    return f"{words} “{criterion.quote}”"


def _conditions(entries: Sequence[Entry]) -> Group:
    """One row for each subject that any of the calls has a condition on, so that like stands beside like."""
    row = row_of(entries)

    def cell(entry: Entry, dimension: str) -> Cell:
        found = [one for one in entry.criteria if one.dimension == dimension]
        if found:
            return Cell(facts=[Item(_words(one), one) for one in found])
        if entry.criteria:
            return Cell(text=_("no condition recorded"))
        return Cell(gap="not_surveyed", note=_("See the notice for its conditions."))

    def about(dimension: Dimension) -> Row:
        return row(
            f"criteria:{dimension.value}", str(dimension.label), lambda e: cell(e, dimension), form="criteria"
        )

    asked = {one.dimension for entry in entries for one in entry.criteria}
    rows = [about(dimension) for dimension in Dimension if dimension in asked]
    if not rows:
        rows = [row("criteria", _("Conditions"), lambda e: cell(e, ""), form="criteria")]
    return Group("criteria", _("Who can apply"), rows)
