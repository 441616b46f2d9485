"""Where to locate: the questions as a form, the answer as a page, and the same answer as CSV and JSON."""

import csv as csv_files
import io
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from clusters.compare.locate import chances, drawing, exports, records, words
from clusters.compare.locate.answer import Answer, Place, answer
from clusters.compare.locate.criteria import CRITERIA, CUSTOMERS, MOST_WEIGHT
from clusters.compare.locate.gathering import Ground, Known, gather
from clusters.compare.locate.question import Missing, Question, Role, Stage
from clusters.dates import seoul_now
from clusters.directory import formats, tallies
from clusters.directory.fields import CodeField, CodesField, ParameterField, cleaned
from clusters.models import District, Technology
from clusters.programs.keeping import kept, until

from . import structured

MOST_SHOWN = 60  # districts that are ranked; the rest of a longer list would be no answer


def _choice(codes: Container[str]) -> CodeField:
    return CodeField(codes, gettext_lazy("There is no such value: %(value)s. The usual one was taken."))


def _fields(terms: Mapping[str, Technology], districts: Mapping[str, District]) -> dict[str, ParameterField]:
    """Every parameter of the finder. A bad value is said, and the usual one taken."""
    weights = [str(weight) for weight in range(MOST_WEIGHT + 1)]
    return {
        "who": _choice([role.value for role in Role]),
        "stage": _choice(Stage.values),
        "missing": _choice(Missing.values),
        "technology": CodesField(facet=SimpleNamespace(options=terms)),
        "d": _choice(districts),
        **{criterion.key: _choice(weights) for criterion in CRITERIA},
    }


@dataclass
class Asked:
    """A question as the address puts it, and what was wrong with it, by parameter."""

    question: Question
    districts: list[District]
    terms: list[Technology]
    opened: District | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{reverse('locate')}?{self.question.query()}"


def _choices() -> tuple[dict[str, Technology], dict[str, District]]:
    """The fields and the districts, by slug."""
    return (
        {term.slug: term for term in Technology.objects.all()},
        {d.slug: d for d in District.objects.published().select_related("province")[:MOST_SHOWN]},
    )


def _asked(request, now: datetime) -> Asked:
    terms, districts = kept("choices of the finder", request.data_version, now, _choices)
    given, errors = cleaned(_fields(terms, districts), request.GET)
    role = Role(given.get("who", Role.FOUNDER))
    preset = role.preset
    question = Question(
        role,
        Stage(given.get("stage", preset.stage)),
        tuple(terms[slug] for slug in given.get("technology", ())),
        tuple(int(given.get(c.key, usual)) for c, usual in zip(CRITERIA, preset.weights, strict=True)),
        Missing(given.get("missing", Missing.MIDDLE)),
    )
    opened = districts[given["d"]] if "d" in given else None
    return Asked(question, list(districts.values()), list(terms.values()), opened, errors)


def _known(request, asked: Asked, now: datetime) -> Known:
    """What is known of the districts, whatever the weights."""
    data_version, language = request.data_version, request.LANGUAGE_CODE
    question, districts = asked.question, asked.districts
    fields = sorted(term.slug for term in question.fields)

    def read() -> Known:
        kinds = [kind.value for kind in CUSTOMERS]
        return gather(
            districts,
            question,
            chances.of_question(question, now, data_version),
            tallies.for_finder(districts, fields, kinds, data_version, language, now),
            kept(("ground", language), data_version, now, lambda: Ground.read(districts)),
        )

    return kept(("known", language, str(question.stage), *fields), data_version, now, read)


def _answer(request, asked: Asked, now: datetime) -> Answer | None:
    if not asked.districts or not asked.question.matters:
        return None
    return answer(asked.districts, asked.question, _known(request, asked, now))


def role_links(question: Question | None = None) -> list[dict]:
    """The kinds of people who ask, each with the address of its usual weights; the fields are kept."""
    return [
        {
            "preset": role.preset,
            "url": f"{reverse('locate')}?{(question or Question()).as_preset(role).query()}",
            "is_chosen": question is not None and role is question.role,
        }
        for role in Role
    ]


def _scales(asked: Asked) -> list[dict]:
    """The criteria as the form asks for them, each with its weights."""
    return [
        {
            "criterion": criterion,
            "weight": weight,
            "choices": range(MOST_WEIGHT + 1),
            "errors": asked.errors.get(criterion.key, []),
        }
        for criterion, weight in zip(CRITERIA, asked.question.weights, strict=True)
    ]


def _address_of(asked: Asked, place: Place) -> str:
    return f"{reverse('locate')}?{asked.question.query(d=place.district.slug)}#why"


def _found(asked: Asked, found: Answer, now) -> dict:
    """What the page shows of an answer."""
    opened = (found.place_of(asked.opened.slug) if asked.opened else None) or found.first
    return {
        "answer": found,
        "first": words.first_place(found),
        "why": words.why_first(found),
        "verdict": words.verdict(found),
        "turnings": words.turning_rows(found),
        "bars": drawing.draw(found.places),
        "rows": [(place, _address_of(asked, place)) for place in found.places],
        "weighed": [part.criterion for part in found.first.weighed],
        "opened": opened,
        "behind": records.behind(found, opened, now),
        "compared": "&".join(f"d={place.district.slug}" for place in found.places[:3]),
    }


@require_safe
def page(request):
    now = seoul_now()
    asked = _asked(request, now)
    found = _answer(request, asked, now)
    query = asked.question.query()
    title = _("Where to locate")
    url = settings.SITE_URL + asked.address
    return render(
        request,
        "locate/page.html",
        {
            "asked": asked,
            "question": asked.question,
            "until": until(request.data_version, now),
            "roles": role_links(asked.question),
            "scales": _scales(asked),
            "stages": Stage,
            "ways": Missing,
            "criteria": CRITERIA,
            "title": title,
            "preset_url": f"{reverse('locate')}?{asked.question.as_preset(asked.question.role).query()}",
            "csv_url": f"{reverse('locate.csv')}?{query}",
            "json_url": f"{reverse('locate.json')}?{query}",
            "mail": f"mailto:?subject={quote(title)}&body={quote(title + chr(10) + url)}",
            "structured": [structured.breadcrumbs((title, reverse("locate")))],
            **(_found(asked, found, now) if found else {}),
        },
    )


def _file(request) -> tuple[Asked, Answer | None]:
    """The question and answer of a file; a file is not made of a question that cannot be read."""
    now = seoul_now()
    asked = _asked(request, now)
    if not asked.errors and not asked.question.matters:
        asked.errors["weights"] = [_("Nothing matters: every weight is 0.")]
    return asked, None if asked.errors else _answer(request, asked, now)


@require_safe
def csv(request):
    asked, found = _file(request)
    if asked.errors:
        return HttpResponse(
            formats.problem_text(asked.errors), status=400, content_type="text/plain; charset=utf-8"
        )
    text = io.StringIO()
    text.write(formats.BOM)
    rows = csv_files.writer(text)
    rows.writerow(exports.COLUMNS)
    for entry in exports.rows(found) if found else []:
        rows.writerow([formats.cell(entry.get(column)) for column in exports.COLUMNS])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="locate.csv"'
    return response


@require_safe
def json(request):
    asked, found = _file(request)
    options = {"ensure_ascii": False}
    if asked.errors:
        return JsonResponse(
            {**formats.problem(asked.errors), "detail": _("The question cannot be read.")},
            status=400,
            content_type="application/problem+json",
            json_dumps_params=options,
        )
    document = exports.document(found) if found else {"count": 0, "next": None, "results": []}
    return JsonResponse(document, json_dumps_params=options)
