"""Profiles: one page for each district, company, institution, program and source."""

from typing import NoReturn

from django.db.models import Case, Prefetch, QuerySet, Value, When
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from clusters import models as m
from clusters.compare import charts, geo, series
from clusters.dates import seoul_now
from clusters.directory import citations, controls
from clusters.directory.fields import CodeField, PageField, cleaned
from clusters.directory.reading import Reading
from clusters.directory.registry import BY_NAME
from clusters.directory.snapshot import keeper
from clusters.models.prepared import Prepared
from clusters.programs import deadlines

from . import similar, structured

BY_FINDING = (m.Status.CONFIRMED, m.Status.UNVERIFIED, m.Status.DISPUTED, m.Status.OUTDATED)


class Moved(Exception):
    """The record has another address now."""


def find(records: QuerySet, slug: str, kind: str):
    """The published record at an address. Raises Moved when it went elsewhere, Http404 when there is none."""
    record = records.filter(slug=slug).first()
    if record is not None:
        return record
    raise_moved(records, slug, kind)


def raise_moved(records: QuerySet, slug: str, kind: str) -> NoReturn:
    """For an address where no published record is: Moved, or Http404."""
    redirect = m.Redirect.objects.filter(kind=kind, old_slug=slug).first()
    if redirect is not None and records.filter(slug=redirect.new_slug).exists():
        raise Moved(reverse(kind, args=[redirect.new_slug]))
    raise Http404


def profile(kind: str):
    """Make a view of a function from (request, published record's slug) to (template, context)."""

    def decorate(function):
        @require_safe
        def view(request, slug: str):
            try:
                template, context = function(request, slug)
            except Moved as moved:
                return HttpResponsePermanentRedirect(str(moved))
            return render(request, template, context)

        view.__name__ = function.__name__
        view.__doc__ = function.__doc__
        return view

    return decorate


def with_evidence(facts: QuerySet, *related: str) -> QuerySet:
    """Facts with what their evidence needs, in a fixed number of queries."""
    return facts.select_related("source", *related).prefetch_related("further_sources")


def calls_of(programs) -> Prefetch:
    return Prefetch("calls", with_evidence(m.Call.objects.published()), to_attr="public_calls")


def program_rows(programs: QuerySet, now) -> list[dict]:
    """Programs with the deadline that matters now, the ones open for application first."""
    rows = []
    for program in programs.select_related("operator").prefetch_related(
        calls_of(programs),
        "support_kinds",
        "provinces",
        Prefetch("districts", m.District.objects.published()),
    ):
        call = deadlines.current_call(program.public_calls, now)
        rows.append({"program": program, "call": call, "deadline": call and deadlines.describe(call, now)})
    rows.sort(key=lambda row: (deadlines.rank(row["call"], now), str(row["program"].name)))
    return rows


class First:
    """The first of rows that may be very many, for a page that leads to the list of all."""

    MOST = 24

    def __init__(self, rows: QuerySet) -> None:
        found = list(rows[: self.MOST + 1])
        self.rows = found[: self.MOST]
        self.is_all = len(found) <= self.MOST
        self.total = len(found) if self.is_all else rows.order_by().count()

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def offices_in_order(offices: QuerySet) -> QuerySet:
    """The settled ones first, among them those of companies whose business is AI."""
    settled = [When(status=status, then=Value(place)) for place, status in enumerate(BY_FINDING)]
    core = When(company__ai_relevance=m.Relevance.CORE, then=Value(0))
    return (
        with_evidence(offices, "company")
        .prefetch_related("company__technologies")
        .order_by(
            Case(*settled, default=Value(9)),
            Case(core, default=Value(1)),
            f"company__name_{get_language()}",
            "pk",
        )
    )


@profile("district")
def district(request, slug: str):
    record = find(
        m.District.objects.published()
        .select_related("province", "source")
        .prefetch_related("profile_sources"),
        slug,
        "district",
    )
    now = seoul_now()
    here = m.Office.objects.published().filter(district=record)
    bound = m.Program.objects.published().filter(districts=record)
    province_wide = m.Program.objects.published().filter(coverage="provinces", provinces=record.province)
    measures = series.measures([record]).get(record.pk, [])
    drawn, figures = charts.for_measures(measures), charts.single_figures(measures)
    stations = list(with_evidence(m.Station.objects.published()))
    others = list(m.District.objects.published().exclude(pk=record.pk))
    traits = list(with_evidence(m.Trait.objects.published().filter(district=record)))
    return "detail/district.html", {
        "district": record,
        "stations": [station for station in stations if station.district_id == record.pk],
        "anchor_sites": with_evidence(
            m.AnchorSite.objects.published().filter(district=record), "institution"
        ),
        "strengths": [trait for trait in traits if trait.kind == "strength"],
        "weaknesses": [trait for trait in traits if trait.kind == "weakness"],
        "claims": with_evidence(m.Claim.objects.published().filter(district=record), "made_in"),
        "charts": drawn,
        "figures": figures,
        "offices": First(offices_in_order(here.current())),
        "past_offices": First(offices_in_order(here.filter(status=m.Status.OUTDATED))),
        "confirmed_count": here.filter(status=m.Status.CONFIRMED).count(),
        "institutions": First(
            with_evidence(m.Institution.objects.published().filter(district=record)).order_by(
                "kind", "name_ko", "slug"
            )
        ),
        "programs": program_rows(bound.distinct(), now),
        "province_wide_count": province_wide.exclude(districts=record).distinct().count(),
        "events": First(with_evidence(m.Event.objects.published().filter(district=record), "organizer")),
        "designations": with_evidence(m.Designation.objects.published().filter(district=record)),
        "neighbors": geo.neighbors(record, others)[:4],
        "similar": similar.of(record, others, stations, request.data_version, now),
        "now": now,
        "structured": [
            structured.place(record),
            *(
                [structured.dataset(record, sum(len(measure.lines) for measure in measures))]
                if drawn or figures
                else []
            ),
            structured.breadcrumbs(
                (_districts(), reverse("districts")), (record.short_name, record.get_absolute_url())
            ),
        ],
    }


def _districts() -> str:
    return str(m.District._meta.verbose_name_plural)


COMPANY = Prepared(
    lambda slugs: (
        m.Company.objects.published()
        .filter(slug__in=slugs)
        .select_related("source")
        .prefetch_related("technologies", "industries")
    ),
    of=str,
)
OFFICES = Prepared(
    lambda companies: with_evidence(m.Office.objects.published().filter(company__in=companies), "district")
)
ROUNDS = Prepared(
    lambda companies: with_evidence(m.FundingRound.objects.published().filter(company__in=companies))
)


def reading(directory: str, request) -> Reading:
    """What was read for the rows of a directory already, if it holds for this answer."""
    kept = keeper(BY_NAME[directory]).snapshot
    return kept.reading if kept is not None and kept.version == request.data_version else Reading()


@profile("company")
def company(request, slug: str):
    read = reading("companies", request)
    found = read.prepared(COMPANY, slug)
    if not found:
        raise_moved(m.Company.objects.published(), slug, "company")
    (record,) = found
    offices = read.prepared(OFFICES, record.pk)
    offices.sort(key=lambda office: (BY_FINDING.index(office.status), office.kind != "hq"))
    return "detail/company.html", {
        "company": record,
        "offices": offices,
        "districts": list(
            {o.district.pk: o.district for o in offices if o.district and o.status != "outdated"}.values()
        ),
        "rounds": read.prepared(ROUNDS, record.pk),
        "structured": [
            structured.organization(record),
            structured.breadcrumbs(
                (m.Company._meta.verbose_name_plural, reverse("companies")),
                (record.name, record.get_absolute_url()),
            ),
        ],
    }


@profile("institution")
def institution(request, slug: str):
    record = find(with_evidence(m.Institution.objects.published(), "district"), slug, "institution")
    now = seoul_now()
    return "detail/institution.html", {
        "institution": record,
        "operated": program_rows(m.Program.objects.published().filter(operator=record), now),
        "partnered": program_rows(m.Program.objects.published().filter(partners=record), now),
        "events": with_evidence(m.Event.objects.published().filter(organizer=record), "district"),
        "anchor_sites": with_evidence(
            m.AnchorSite.objects.published().filter(institution=record), "district"
        ),
        "structured": [
            structured.organization(record),
            structured.breadcrumbs(
                (m.Institution._meta.verbose_name_plural, reverse("institutions")),
                (record.name, record.get_absolute_url()),
            ),
        ],
    }


@profile("program")
def program(request, slug: str):
    record = find(
        m.Program.objects.published()
        .select_related("operator", "source")
        .prefetch_related(
            "provinces",
            "support_kinds",
            "technologies",
            Prefetch("partners", m.Institution.objects.published()),
            Prefetch("districts", m.District.objects.published()),
        ),
        slug,
        "program",
    )
    now = seoul_now()
    calls = list(
        with_evidence(m.Call.objects.published().filter(program=record)).prefetch_related(
            Prefetch("criteria", with_evidence(m.Criterion.objects.published()), to_attr="public_criteria")
        )
    )
    current = deadlines.current_call(calls, now)
    calls.sort(key=lambda call: (deadlines.rank(call, now), -(call.closes_at or now).timestamp()))
    return "detail/program.html", {
        "program": record,
        "now": now,
        "call": current,
        "deadline": current and deadlines.describe(current, now),
        "calls": [(call, deadlines.describe(call, now)) for call in calls],
        "with_criteria": [call for call in calls if call.public_criteria],
        "structured": [
            structured.service(record),
            structured.breadcrumbs(
                (m.Program._meta.verbose_name_plural, reverse("programs")),
                (record.name, record.get_absolute_url()),
            ),
        ],
    }


@profile("source")
def source(request, slug: str):
    record = find(m.Source.objects.published(), slug, "source")
    asked, errors = cleaned({"kind": CodeField(citations.KINDS), "page": PageField()}, request.GET)

    def address(**given) -> str:
        query = request.GET.copy()
        for name in ("kind", "page"):
            query.pop(name, None)
        query.update(given)
        return f"{record.get_absolute_url()}{'?' if query else ''}{query.urlencode()}#rests"

    if code := asked.get("kind"):
        only = citations.of_kind(record, code, asked.get("page", 1))
        citing = [only]
        pager = controls.pages(
            only.page, citations.PER_PAGE, only.total, lambda number: address(kind=code, page=str(number))
        )
    else:
        citing, pager = citations.resting_on(record), None
    return "detail/source.html", {
        "source": record,
        "citing": [(one, "" if code else address(kind=one.kind.code)) for one in citing],
        "count": sum(one.total for one in citing),
        "pager": pager,
        "every_kind": address() if code else "",
        "errors": [message for messages in errors.values() for message in messages],
        "structured": [
            structured.breadcrumbs(
                (m.Source._meta.verbose_name_plural, reverse("sources")),
                (record.title, record.get_absolute_url()),
            )
        ],
    }
