"""Every kind of record that can be put side by side, declared once: its parameter, its rows, and its words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clusters.models import Company, District, Institution, Program
from clusters.programs import deadlines

from . import companies, districts, institutions, profile, programs
from .cells import Table


@dataclass(frozen=True)
class Words:
    """What a comparison calls its records."""

    title: Promise  # of the page where they are chosen
    menu: Promise
    lead: Promise  # above the choice
    described: Promise  # for search engines
    described_these: Promise  # the same of those that are named, {names}
    method: Promise  # above the comparison
    add: Promise  # beside the list or the search field of the others
    checked: Promise  # on the button below a list
    this: Promise  # on the button of a profile
    some: Promise  # how many at a time
    unknown: Promise
    named: Promise  # the same about a file, which is not made then
    too_many: Promise
    twice: Promise
    alone: Promise
    no_difference: Promise


@dataclass(frozen=True)
class Kind:
    name: str  # as its directory is called
    noun: str  # one of them, in files
    parameter: str
    model: type[Model]
    tables: Callable[[Sequence[Any], datetime, Any], list[Table]]  # the last: companies counted already
    words: Words
    heading: str = "name"  # the attribute that heads a column
    is_listed: bool = False  # few enough to be chosen from a list of all

    @property
    def route(self) -> str:
        return "compare" if self.name == "districts" else f"compare-{self.name}"

    @property
    def url(self) -> str:
        return reverse(self.route)

    def public(self) -> QuerySet:
        records = self.model._default_manager.published()  # type: ignore[attr-defined]
        return records.select_related("province", "source") if self.is_listed else records

    def name_of(self, record: Any) -> str:
        return str(getattr(record, self.heading))


def _whole(records: Sequence[Any], parts: Sequence[Any]) -> Sequence[Any]:
    """The records with all that the comparison says of them. They are not read again: one may be withdrawn by now."""
    prefetch_related_objects(records, *parts)
    return records


def _districts(records: Sequence[District], now: datetime, counted: Any) -> list[Table]:
    gathered = profile.gather(
        records, lambda calls: any(deadlines.takes_applications(call, now) for call in calls), counted
    )
    return districts.tables(gathered)


KINDS = (
    Kind(
        name="districts",
        noun="district",
        parameter="d",
        model=District,
        tables=_districts,
        heading="short_name",
        is_listed=True,
        words=Words(
            title=_("Compare districts"),
            menu=_("Districts"),
            lead=_(
                "Choose two to four districts. They are shown in the order of this list, which you can change afterwards."
            ),
            described=_(
                "Put two to four districts side by side: role, indicators, companies, institutions, programs and claims, each with its source."
            ),
            described_these=_(
                "{names} side by side: role, indicators, companies, institutions, programs and claims, each with its source."
            ),
            method=_(
                "Bars are drawn only where values come from the same survey, in the same unit and from the same time. All other values are shown with their scope and a note on why they cannot be compared."
            ),
            add=_("Add a district"),
            checked=_("Compare the checked districts"),
            this=_("Compare this district"),
            some=_("Two to four districts at a time."),
            unknown=_("The address names a district that is not in this directory. It was left out."),
            named=_("A district is named that is not in this directory."),
            too_many=_("At most four districts can be compared. These are the first four."),
            twice=_("The address names a district more than once. It is shown once."),
            alone=_("One district alone cannot be compared. Choose another one or more."),
            no_difference=_("These districts do not differ in anything this directory knows."),
        ),
    ),
    Kind(
        name="companies",
        noun="company",
        parameter="c",
        model=Company,
        tables=lambda records, now, counted: companies.tables(_whole(records, companies.parts())),
        words=Words(
            title=_("Compare companies"),
            menu=_("Companies"),
            lead=_("Choose two to four companies. They are shown in the order in which you choose them."),
            described=_(
                "Put two to four companies side by side: size, stage, offices, technologies, industries and funding, each with its source."
            ),
            described_these=_(
                "{names} side by side: size, stage, offices, technologies, industries and funding, each with its source."
            ),
            method=_(
                "What this directory knows of each company, with source and date. Totals of funding have bars only where currency, scope and time are alike; what nobody has surveyed is said in words."
            ),
            add=_("Add a company"),
            checked=_("Compare the checked companies"),
            this=_("Compare this company"),
            some=_("Two to four companies at a time."),
            unknown=_("The address names a company that is not in this directory. It was left out."),
            named=_("A company is named that is not in this directory."),
            too_many=_("At most four companies can be compared. These are the first four."),
            twice=_("The address names a company more than once. It is shown once."),
            alone=_("One company alone cannot be compared. Choose another one or more."),
            no_difference=_("These companies do not differ in anything this directory knows."),
        ),
    ),
    Kind(
        name="institutions",
        noun="institution",
        parameter="i",
        model=Institution,
        tables=lambda records, now, counted: institutions.tables(_whole(records, institutions.parts()), now),
        words=Words(
            title=_("Compare institutions"),
            menu=_("Institutions"),
            lead=_("Choose two to four institutions. They are shown in the order in which you choose them."),
            described=_(
                "Put two to four support institutions side by side: kind, district, role and programs, each with its source."
            ),
            described_these=_(
                "{names} side by side: kind, district, role and programs, each with its source."
            ),
            method=_(
                "What this directory knows of each institution, with source and date. Numbers of programs count those in this directory, not all there are."
            ),
            add=_("Add an institution"),
            checked=_("Compare the checked institutions"),
            this=_("Compare this institution"),
            some=_("Two to four institutions at a time."),
            unknown=_("The address names an institution that is not in this directory. It was left out."),
            named=_("An institution is named that is not in this directory."),
            too_many=_("At most four institutions can be compared. These are the first four."),
            twice=_("The address names an institution more than once. It is shown once."),
            alone=_("One institution alone cannot be compared. Choose another one or more."),
            no_difference=_("These institutions do not differ in anything this directory knows."),
        ),
    ),
    Kind(
        name="programs",
        noun="program",
        parameter="p",
        model=Program,
        tables=lambda records, now, counted: programs.tables(_whole(records, programs.parts()), now),
        words=Words(
            title=_("Compare programs"),
            menu=_("Programs"),
            lead=_("Choose two to four programs. They are shown in the order in which you choose them."),
            described=_(
                "Put two to four support programs side by side: operator, support, deadline, budget and conditions, each with its source."
            ),
            described_these=_(
                "{names} side by side: operator, support, deadline, budget and conditions, each with its source."
            ),
            method=_(
                "What this directory knows of each program and of its call that counts now, with source and date. Conditions on the same subject stand beside each other, with the clause that states them."
            ),
            add=_("Add a program"),
            checked=_("Compare the checked programs"),
            this=_("Compare this program"),
            some=_("Two to four programs at a time."),
            unknown=_("The address names a program that is not in this directory. It was left out."),
            named=_("A program is named that is not in this directory."),
            too_many=_("At most four programs can be compared. These are the first four."),
            twice=_("The address names a program more than once. It is shown once."),
            alone=_("One program alone cannot be compared. Choose another one or more."),
            no_difference=_("These programs do not differ in anything this directory knows."),
        ),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
