"""The table of each directory: its columns, how each is drawn, and how the list can be sorted."""

from urllib.parse import urlsplit

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters import models as m
from clusters.dates import SEOUL
from clusters.models.base import several
from clusters.programs import deadlines

from .columns import Column, DirectoryTable, Folded, Sort, by_choice, by_column

BY_NAME = Sort(
    lambda language, now: [Folded(f"name_{language}")],
    said=(pgettext_lazy("order", "by name"), pgettext_lazy("order", "by name, from the end")),
    by_language=True,
)


def subtitle(record, selection) -> str:
    """What describes a row in one line."""
    return getattr(record, selection.directory.subtitle)


def host(source: m.Source, selection) -> str:
    """The site a source is on, as people write it."""
    return (urlsplit(source.url).hostname or "").removeprefix("www.")


def company_places(company, selection) -> list[tuple[m.District, str]]:
    """The districts of a company's offices, each with its finding; past offices only where they were asked for."""
    with_past = asks_for_past(selection)
    found = [
        (office.district, office.status)
        for office in company.public_offices
        if office.district and (office.status != m.Status.OUTDATED or with_past)
    ]
    return list(dict.fromkeys(found))


def asks_for_past(selection) -> bool:
    return m.Status.OUTDATED in selection.chosen.get("status", [])


def program_deadline(program, selection) -> dict:
    call = deadlines.current_call(program.public_calls, selection.now)
    return {"call": call, "deadline": call and deadlines.describe(call, selection.now)}


def event_day(event: m.Event, selection) -> str:
    last = event.ends_on or event.starts_on
    return "past" if last and last < selection.now.astimezone(SEOUL).date() else "upcoming"


class CompanyTable(DirectoryTable):
    part = m.Office
    name = Column("name", _("Company"), sort=BY_NAME, value=subtitle)
    district = Column(
        "company_districts",
        _("District and finding"),
        short=_("District"),
        value=company_places,
        same_for=lambda company, places: (
            *((district.pk, status) for district, status in places),
            bool(company.public_offices),
        ),
    )
    technology = Column(
        "company_technologies",
        _("Technology"),
        css="w",
        same_for=lambda company, value: tuple(one.pk for one in several(company, "technologies")),
    )
    kind = Column(
        "company_kind",
        _("Size and market"),
        short=_("Size"),
        css="w",
        sort=by_choice(
            "kind",
            m.CompanyKind,
            said=(pgettext_lazy("order", "smallest first"), pgettext_lazy("order", "largest first")),
        ),
        same_for=lambda company, value: (company.kind, company.market),
    )
    founded = Column(
        "founded",
        _("Founded"),
        sort=by_column(
            "founded",
            said=(pgettext_lazy("order", "oldest first"), pgettext_lazy("order", "newest first")),
            missing=Q(founded=""),
            starts="-",
        ),
        css="num",
        same_for=lambda company, value: company.founded,
    )

    compare = Column("compare", _("Compare"), css="box")

    @classmethod
    def depends_on(cls, selection) -> tuple:
        return (asks_for_past(selection),)


class InstitutionTable(DirectoryTable):
    name = Column("name", _("Institution"), sort=BY_NAME, value=subtitle)
    kind = Column(
        "institution_kind",
        _("Kind"),
        sort=by_choice(
            "kind",
            m.InstitutionKind,
            said=(
                pgettext_lazy("order", "public bodies first"),
                pgettext_lazy("order", "associations first"),
            ),
        ),
        same_for=lambda institution, value: institution.kind,
    )
    district = Column("district", _("District"), same_for=lambda institution, value: institution.district_id)
    status = Column("finding", _("Finding"))
    compare = Column("compare", _("Compare"), css="box")


class ProgramTable(DirectoryTable):
    part = m.Call
    name = Column("name", _("Program"), sort=BY_NAME, value=subtitle)
    deadline = Column(
        "program_deadline",
        _("Applications"),
        sort=Sort(
            lambda language, now: deadlines.program_order(now),
            said=(pgettext_lazy("order", "open ones first"), pgettext_lazy("order", "closed ones first")),
        ),
        value=program_deadline,
        css="w",
    )
    operator = Column("program_operator", _("Operator"), css="w")
    support = Column(
        "program_support",
        _("Support"),
        css="w",
        same_for=lambda program, value: tuple(one.pk for one in several(program, "support_kinds")),
    )
    coverage = Column("program_coverage", pgettext_lazy("column", "Area"), css="w")
    compare = Column("compare", _("Compare"), css="box")


class DistrictTable(DirectoryTable):
    more_sorts = {
        "order": by_column(
            "order",
            said=(
                pgettext_lazy("order", "as the directory has them"),
                pgettext_lazy("order", "from the end"),
            ),
        )
    }

    name = Column("district_name", _("District"), sort=BY_NAME)
    place = Column("district_place", _("Place"), css="w")
    companies = Column(
        "count_companies",
        _("Companies"),
        sort=by_column(
            "companies_count",
            said=(
                pgettext_lazy("order", "fewest companies first"),
                pgettext_lazy("order", "most companies first"),
            ),
            starts="-",
        ),
        css="n num",
    )
    institutions = Column(
        "count_institutions",
        _("Institutions"),
        sort=by_column(
            "institutions_count",
            said=(
                pgettext_lazy("order", "fewest institutions first"),
                pgettext_lazy("order", "most institutions first"),
            ),
            starts="-",
        ),
        css="n num",
    )
    programs = Column(
        "count_programs",
        _("Programs"),
        sort=by_column(
            "programs_count",
            said=(
                pgettext_lazy("order", "fewest programs first"),
                pgettext_lazy("order", "most programs first"),
            ),
            starts="-",
        ),
        css="n num",
    )
    compare = Column("compare", _("Compare"), css="box")


class EventTable(DirectoryTable):
    anchored = True

    name = Column("event_name", _("Event"), sort=BY_NAME)
    date = Column(
        "event_date",
        _("Date"),
        sort=by_column(
            "starts_on",
            said=(pgettext_lazy("order", "earliest first"), pgettext_lazy("order", "latest first")),
            missing=Q(starts_on__isnull=True),
            starts="-",
        ),
        value=event_day,
        css="w",
    )
    venue = Column("event_venue", _("Venue"), css="w")
    organizer = Column("event_organizer", _("Organizer"), css="w")
    status = Column("finding", _("Finding"))


class SourceTable(DirectoryTable):
    name = Column(
        "source_title",
        _("Title"),
        sort=Sort(
            lambda language, now: [Folded("title")],
            said=(pgettext_lazy("order", "by title"), pgettext_lazy("order", "by title, from the end")),
        ),
    )
    publisher = Column(
        "source_publisher",
        _("Publisher"),
        sort=Sort(
            lambda language, now: [Folded("publisher")],
            said=(
                pgettext_lazy("order", "by publisher"),
                pgettext_lazy("order", "by publisher, from the end"),
            ),
        ),
    )
    published = Column(
        "source_published",
        pgettext_lazy("column", "Published"),
        sort=by_column(
            "published",
            said=(pgettext_lazy("order", "earliest first"), pgettext_lazy("order", "latest first")),
            missing=Q(published=""),
            starts="-",
        ),
        css="num",
    )
    address = Column("source_address", _("Address"), value=host)
