"""Districts side by side: the page, the choice of districts, and the same rows as CSV and JSON."""

import csv as csv_files
import io
from dataclasses import dataclass, field
from itertools import combinations
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from clusters.compare import exports, matrix, profile
from clusters.dates import seoul_now
from clusters.directory import formats, tallies
from clusters.models import District
from clusters.programs import deadlines
from clusters.text import join_words

LEAST, MOST = 2, 4
MOST_READ = 50  # repeats of ?d= that are looked at


@dataclass
class Choice:
    """The districts that an address names, and what was wrong with it, in words."""

    published: list[District]
    districts: list[District] = field(default_factory=list)
    unknown: bool = False  # the address names a district that is not published here
    too_many: bool = False
    only_differences: bool = False
    pair: str = ""
    as_of: str = ""  # the day whose state is compared; empty for today's

    @property
    def is_enough(self) -> bool:
        return len(self.districts) >= LEAST

    @property
    def names(self) -> str:
        names = [str(district.short_name) for district in self.districts]
        return join_words(names, pgettext("before the last of several districts", " and "))

    def query(self, districts: list[District] | None = None, only_differences: bool | None = None) -> str:
        """The address's parameters, for these districts or others."""
        shown = self.districts if districts is None else districts
        differences = self.only_differences if only_differences is None else only_differences
        return urlencode(
            [("d", district.slug) for district in shown]
            + ([("diff", "1")] if differences else [])
            + ([("as_of", self.as_of)] if self.as_of else [])
        )

    def address(self, *args, **kwargs) -> str:
        return f"{reverse('compare')}?{self.query(*args, **kwargs)}"


def _choice(request) -> Choice:
    parameters = request.GET
    published = list(District.objects.published().select_related("province", "source"))
    by_slug = {district.slug: district for district in published}
    named = list(dict.fromkeys(slug for slug in parameters.getlist("d")[:MOST_READ] if slug))
    known = [by_slug[slug] for slug in named if slug in by_slug]
    choice = Choice(published, known[:MOST], only_differences=parameters.get("diff") in ("1", "on"))
    choice.as_of = request.past.text if getattr(request, "past", None) else ""
    choice.unknown, choice.too_many = len(known) < len(named), len(known) > MOST
    if choice.is_enough:
        pairs = ["-".join(pair) for pair in combinations("1234"[: len(choice.districts)], 2)]
        choice.pair = parameters.get("pair") if parameters.get("pair") in pairs else pairs[0]
    return choice


def _matrix(request, choice: Choice) -> matrix.Matrix:
    now = seoul_now()
    gathered = profile.gather(
        choice.districts,
        lambda calls: any(deadlines.takes_applications(call, now) for call in calls),
        tallies.of_companies(choice.districts, request.data_version, request.LANGUAGE_CODE, now),
    )
    return matrix.build(gathered, choice.only_differences)


def _heads(choice: Choice) -> list[dict]:
    """The heads of the columns, with the addresses that move or remove them."""
    heads = []
    districts = choice.districts
    for place, district in enumerate(districts):

        def moved(by: int, place: int = place) -> str:
            order = list(districts)
            order[place], order[place + by] = order[place + by], order[place]
            return choice.address(order)

        heads.append(
            {
                "district": district,
                "left": moved(-1) if place else "",
                "right": moved(1) if place + 1 < len(districts) else "",
                "remove": choice.address([other for other in districts if other != district]),
            }
        )
    return heads


def _pairs(choice: Choice) -> list[dict]:
    """The pairs a phone shows: one of them at a time."""
    numbered = list(enumerate(choice.districts, start=1))
    return [
        {"value": f"{one}-{other}", "names": (first.short_name, second.short_name)}
        for (one, first), (other, second) in combinations(numbered, 2)
    ]


def _cited(choice: Choice) -> dict[str, str]:
    """What a citation calls the comparison, by language, and the parameters of its address."""
    found = {"query": urlencode([("d", district.slug) for district in choice.districts])}
    for language in ("ko", "en"):
        with translation.override(language):
            found[language] = _("%(districts)s compared") % {"districts": choice.names}
    return found


@require_safe
def page(request):
    choice = _choice(request)
    if not choice.is_enough:
        return render(request, "compare/choose.html", {"choice": choice})
    title = _("%(districts)s compared") % {"districts": choice.names}
    url = settings.SITE_URL + choice.address()
    return render(
        request,
        "compare/page.html",
        {
            "choice": choice,
            "title": title,
            "matrix": SimpleLazyObject(lambda: _matrix(request, choice)),
            "minute": f"{seoul_now():%Y%m%d%H%M}",
            "heads": _heads(choice),
            "cited": _cited(choice),
            "pairs": _pairs(choice),
            "columns": len(choice.districts) + 1,
            "remaining": [d for d in choice.published if d not in choice.districts],
            "can_add": len(choice.districts) < MOST,
            "mail": f"mailto:?subject={quote(title)}&body={quote(title + chr(10) + url)}",
            "csv_url": f"{reverse('compare.csv')}?{choice.query()}",
            "json_url": f"{reverse('compare.json')}?{choice.query()}",
            "differences_url": choice.address(only_differences=True),
            "everything_url": choice.address(only_differences=False),
        },
    )


def _errors(choice: Choice) -> dict[str, list[str]]:
    """What a file cannot be made of; a page would show what it can instead."""
    messages = []
    if choice.unknown:
        messages.append(_("A district is named that is not in this directory."))
    if choice.too_many or not choice.is_enough:
        messages.append(_("Name two to four districts."))
    return {"d": messages} if messages else {}


@require_safe
def csv(request):
    choice = _choice(request)
    if errors := _errors(choice):
        return HttpResponse(
            formats.problem_text(errors), status=400, content_type="text/plain; charset=utf-8"
        )
    text = io.StringIO()
    text.write(formats.BOM)
    rows = csv_files.writer(text)
    rows.writerow(exports.COLUMNS)
    for entry in exports.cells(_matrix(request, choice)):
        rows.writerow([formats.cell(entry.get(column)) for column in exports.COLUMNS])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    name = "-".join(["compare", *(district.slug for district in choice.districts)])
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_safe
def json(request):
    choice = _choice(request)
    options = {"ensure_ascii": False}
    if errors := _errors(choice):
        problem = {**formats.problem(errors), "detail": _("The districts to compare cannot be read.")}
        return JsonResponse(
            problem, status=400, content_type="application/problem+json", json_dumps_params=options
        )
    return JsonResponse(exports.document(_matrix(request, choice)), json_dumps_params=options)
