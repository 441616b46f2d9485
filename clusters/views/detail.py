"""Profiles: one page for each district, company, institution, program and source."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, NoReturn
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from clusters import models as m
from clusters.compare import charts, geo, series
from clusters.dates import seoul_now
from clusters.directory import citations, controls, tenants
from clusters.directory.fields import CodeField, PageField, cleaned
from clusters.directory.reading import Reading
from clusters.directory.registry import BY_NAME
from clusters.directory.snapshot import keeper
from clusters.models.prepared import Prepared
from clusters.programs import deadlines
from clusters.programs.keeping import until

from . import similar, structured
from .first import MOST, First, first_programs, with_evidence


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


def reading(directory: str, request) -> Reading:
    """What was read for the rows of a directory already, if it holds for this answer."""
    kept = keeper(BY_NAME[directory]).snapshot
    return kept.reading if kept is not None and kept.version == request.data_version else Reading()


def recorded(statement: Prepared, slug: str, read: Reading, kind: str):
    """The published record at an address, by a statement that was made before; else as `find`."""
    found = read.prepared(statement, slug)
    if not found:
        raise_moved(statement.rows.model._default_manager.published(), slug, kind)
    return found[0]


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


DISTRICT = Prepared(
    lambda slugs: m.District.objects.published().filter(slug__in=slugs).select_related("province"), of=str
)


@profile("district")
def district(request, slug: str):
    now = seoul_now()
    record = recorded(DISTRICT, slug, reading("districts", request), "district")
    shown = SimpleLazyObject(partial(_of_district, record, request.data_version, now))
    return "detail/district.html", {
        "district": record,
        "shown": shown,
        "until": until(request.data_version, now),
        "structured": SimpleLazyObject(partial(_structured_district, record, shown)),
    }


def _of_district(record: m.District, data_version: int, now: datetime) -> dict[str, Any]:
    """What its page shows, read once until the data or a deadline changes it."""
    language = get_language() or "ko"
    offices = tenants.of_district(record, MOST, data_version, language, now)
    province_wide = m.Program.objects.published().filter(coverage="provinces", provinces=record.province)
    measures = series.measures([record]).get(record.pk, [])
    stations = list(with_evidence(m.Station.objects.published()))
    others = list(m.District.objects.published().exclude(pk=record.pk))
    traits = list(with_evidence(m.Trait.objects.published().filter(district=record)))
    return {
        "sources": record.profile_sources.all(),
        "stations": [station for station in stations if station.district_id == record.pk],
        "anchor_sites": with_evidence(
            m.AnchorSite.objects.published().filter(district=record), "institution"
        ),
        "strengths": [trait for trait in traits if trait.kind == "strength"],
        "weaknesses": [trait for trait in traits if trait.kind == "weakness"],
        "claims": with_evidence(m.Claim.objects.published().filter(district=record), "made_in"),
        "charts": charts.for_measures(measures),
        "figures": charts.single_figures(measures),
        "series_count": sum(len(measure.lines) for measure in measures),
        "offices": First(offices.current, offices.current_total),
        "past_offices": First(offices.past, offices.past_total),
        "confirmed_count": offices.counts.get(m.Status.CONFIRMED, 0),
        "institutions": First.of(
            with_evidence(m.Institution.objects.published().filter(district=record)).order_by(
                "kind", "name_ko", "slug"
            )
        ),
        **first_programs(
            {"programs": m.Program.objects.published().filter(districts=record)}, data_version, now
        ),
        "province_wide_count": province_wide.exclude(districts=record).distinct().count(),
        "events": First.of(with_evidence(m.Event.objects.published().filter(district=record), "organizer")),
        "designations": with_evidence(m.Designation.objects.published().filter(district=record)),
        "neighbors": geo.neighbors(record, others)[:4],
        "similar": similar.of(record, others, stations, data_version, now),
    }


def _structured_district(record: m.District, shown: Any) -> list[dict]:
    data = [structured.place(record)]
    if shown["charts"] or shown["figures"]:
        data.append(structured.dataset(record, shown["series_count"]))
    return [
        *data,
        structured.breadcrumbs(
            (_districts(), reverse("districts")), (record.short_name, record.get_absolute_url())
        ),
    ]


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


@profile("company")
def company(request, slug: str):
    read = reading("companies", request)
    record = recorded(COMPANY, slug, read, "company")
    offices = read.prepared(OFFICES, record.pk)
    offices.sort(key=lambda office: (tenants.BY_FINDING.index(office.status), office.kind != "hq"))
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


INSTITUTION = Prepared(lambda slugs: m.Institution.objects.published().filter(slug__in=slugs), of=str)
# The lists of an institution that may be long, by the code an address has for one of their pages.
LISTS = {"operated": "prog", "partnered": "partner", "events": "events"}


@profile("institution")
def institution(request, slug: str):
    now = seoul_now()
    record = recorded(INSTITUTION, slug, reading("institutions", request), "institution")
    asked, errors = cleaned({"list": CodeField(LISTS), "page": PageField()}, request.GET)
    code = asked.get("list", "")
    page = asked.get("page", 1) if code else 1
    return "detail/institution.html", {
        "institution": record,
        "shown": SimpleLazyObject(partial(_of_institution, record, request, now, {code: page})),
        "list": code,
        "page": page,
        "until": until(request.data_version, now),
        "errors": [message for messages in errors.values() for message in messages],
        "structured": [
            structured.organization(record),
            structured.breadcrumbs(
                (m.Institution._meta.verbose_name_plural, reverse("institutions")),
                (record.name, record.get_absolute_url()),
            ),
        ],
    }


def _of_institution(record: m.Institution, request, now: datetime, page: Mapping[str, int]) -> dict[str, Any]:
    """What its page shows: of each list the first page, or the one that was asked for."""
    prefetch_related_objects([record], "source", "further_sources")
    programs = m.Program.objects.published()
    events = with_evidence(m.Event.objects.published().filter(organizer=record), "district")
    lists = {
        **first_programs(
            {"operated": programs.filter(operator=record), "partnered": programs.filter(partners=record)},
            request.data_version,
            now,
            page,
        ),
        "events": First.of(events, page.get("events", 1)),
    }
    past = getattr(request, "past", None)

    def address(code: str, number: int) -> str:
        query = {"list": code, "page": number, **({"as_of": past.text} if past else {})}
        return f"{record.get_absolute_url()}?{urlencode(query)}#{LISTS[code]}"

    return {
        "institution": record,
        **lists,
        "pagers": {code: found.pager(partial(address, code)) for code, found in lists.items()},
        "anchor_sites": with_evidence(
            m.AnchorSite.objects.published().filter(institution=record), "district"
        ),
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
