"""The home page, the method page, and the small addresses that machines ask for."""

from datetime import datetime
from heapq import nsmallest
from math import inf
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from clusters import models as m
from clusters.compare import headlines, placement
from clusters.dates import seoul_now
from clusters.directory import changes, tallies
from clusters.directory.registry import DIRECTORIES
from clusters.programs import deadlines
from clusters.programs.keeping import kept, until

from . import structured
from .first import program_rows
from .locate import role_links

OPEN_SHOWN = 6  # programs one can apply for now


def districts_with_counts(data_version: int, language: str, now) -> list[m.District]:
    """Districts with the number of companies that have a confirmed office there."""
    districts = list(m.District.objects.published().select_related("province").order_by("order", "slug"))
    counts = tallies.settled(districts, data_version, language, now)
    if counts is None:
        confirmed = m.Office.objects.published().filter(status=m.Status.CONFIRMED).order_by()
        of_districts = confirmed.exclude(district=None).values_list("district")
        counts = dict(of_districts.annotate(Count("company", distinct=True)))
    for district in districts:
        district.company_count = counts.get(district.pk, 0)
    return districts


def _open_programs(now: datetime) -> tuple[list[dict], int]:
    """The programs one can apply for that close first, and how many there are."""
    calls = deadlines.calls_that_are(deadlines.TAKES_APPLICATIONS, now).order_by()
    best: dict[int, tuple[int, float]] = {}
    for program, rank, closes in calls.values_list("program", "rank", "closes_at"):  # type: ignore[misc]
        key = (rank, closes.timestamp() if closes else inf)
        best[program] = min(key, best.get(program, key))
    # Those that close with the last one shown are read as well: their names decide.
    last = max(nsmallest(OPEN_SHOWN, best.values()), default=(0, 0.0))
    first = [program for program, key in best.items() if key <= last]
    rows = program_rows(m.Program.objects.published().filter(pk__in=first), now)
    return rows[:OPEN_SHOWN], len(best)


def _at_home(data_version: int, language: str, now: datetime) -> dict[str, Any]:
    """What the home page shows."""
    districts = districts_with_counts(data_version, language, now)
    featured = [district for district in districts if district.featured]
    on_map, beside = placement.placed(districts)
    open_rows, open_count = _open_programs(now)
    claims = dict(m.Claim.objects.published().order_by().values_list("status").annotate(Count("pk")))
    return {
        "districts": districts,
        "on_map": on_map,
        "beside": beside,
        "featured": headlines.with_figures(featured),
        "compared": "&".join(f"d={district.slug}" for district in featured[:4]),
        "path_districts": [d for d in sorted(featured, key=lambda d: d.path_start or 9) if d.path_start],
        "roles": role_links(),
        "open_rows": open_rows,
        "open_count": open_count,
        "changes": changes.recent(4),
        "claim_counts": [(status, claims.get(status, 0)) for status in m.Status.values],
        "claim_total": sum(claims.values()),
    }


@require_safe
def home(request):
    """Nothing on it depends on who asks: read and drawn once, until the data or a deadline changes it."""
    now, data_version, language = seoul_now(), request.data_version, request.LANGUAGE_CODE
    shown = kept(("home", language), data_version, now, lambda: _at_home(data_version, language, now))
    context = {**shown, "until": until(data_version, now), "structured": [structured.website()]}
    return render(request, "pages/home.html", context)


@require_safe
def about(request):
    downloads = [
        {
            "label": entry.title,
            "url": reverse(entry.name),
            "csv": reverse(f"{entry.name}.csv"),
            "json": reverse(f"{entry.name}.json"),
        }
        for entry in DIRECTORIES
    ]
    return render(request, "pages/about.html", {"statuses": m.Status.values, "downloads": downloads})


@require_safe
def components(request):
    """Every component at once, for those who work on the site; only with DEBUG."""
    if not settings.DEBUG:
        raise Http404
    facts = [
        fact
        for status in m.Status.values
        if (
            fact := m.Office.objects.published()
            .filter(status=status)
            .select_related("source", "company")
            .first()
        )
    ]
    return render(
        request,
        "pages/components.html",
        {
            "districts": m.District.objects.published(),
            "facts": facts,
            "observations": m.Observation.objects.published().select_related("series__indicator", "source")[
                :6
            ],
            "statuses": m.Status.values,
        },
    )


@require_safe
def healthz(request):
    """Answers "ok" when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /en/admin/",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def favicon(request):
    return HttpResponsePermanentRedirect(static("clusters/favicon.svg"))
