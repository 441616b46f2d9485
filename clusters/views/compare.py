"""Records side by side: the page, the choice of what to compare, the same rows as CSV and JSON, some as a picture."""

import csv as csv_files
import io
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters import search
from clusters.compare import exports, matrix, picture
from clusters.compare.choice import Choice, choose
from clusters.compare.kinds import BY_NAME, KINDS
from clusters.dates import PartialDate, seoul_now
from clusters.directory import formats, tallies
from clusters.directory.fields import SearchField, cleaned

from . import embedding

FOUND = 12  # records that a search offers
LOOKED_AT = 200  # of each class of what it found


def _choice(request, name: str) -> Choice:
    kind, parameters = BY_NAME[name], request.GET
    return choose(
        kind,
        parameters.getlist(kind.parameter),
        diff=parameters.get("diff", ""),
        pair=parameters.get("pair", ""),
        as_of=request.past.text if getattr(request, "past", None) else "",
    )


def _matrix(request, choice: Choice) -> matrix.Matrix:
    now, kind = seoul_now(), choice.kind
    counted = None
    if kind.name == "districts":
        counted = tallies.of_companies(choice.records, request.data_version, request.LANGUAGE_CODE, now)
    tables = kind.tables(choice.records, now, counted)
    return matrix.build(choice.records, tables, choice.only_differences)


def _adding(request, choice: Choice) -> dict[str, Any]:
    """What was searched for to be compared as well, and what was found."""
    valid, errors = cleaned({"q": SearchField()}, request.GET)
    text = valid.get("q", "")
    found = _found(choice, text) if text and not choice.is_full else []
    return {
        "text": request.GET.get("q", "")[: search.MAX_LENGTH],
        "asked": bool(text),
        "errors": errors.get("q", []),
        "found": found[:FOUND],
        "has_more": len(found) > FOUND,
        "list_url": reverse(choice.kind.name) + (f"?{urlencode({'q': text})}" if text else ""),
    }


def _found(choice: Choice, text: str) -> list[Any]:
    """What else of the kind holds a text, the best first."""
    places = {
        pk: place
        for place, pks in enumerate(search.matching(choice.kind.model, text))
        for pk in pks[:LOOKED_AT]
    }
    records = choice.kind.public().filter(pk__in=places.keys() - {record.pk for record in choice.records})
    return sorted(records, key=lambda record: (places[record.pk], choice.kind.name_of(record), record.slug))


def _cited(choice: Choice) -> dict[str, str]:
    """What a citation calls the comparison, by language, and the parameters of its address."""
    found = {"query": urlencode([(choice.kind.parameter, record.slug) for record in choice.records])}
    for language in ("ko", "en"):
        with translation.override(language):
            found[language] = _("%(names)s compared") % {"names": choice.names}
    return found


@require_safe
def page(request, name: str):
    choice = _choice(request, name)
    kind, is_bare = choice.kind, embedding.is_asked(request)
    url = settings.SITE_URL + choice.address()
    context: dict[str, Any] = {
        "choice": choice,
        "kind": kind,
        "kinds": KINDS,
        "full_url": url,
        "adding": SimpleLazyObject(partial(_adding, request, choice)),
    }
    if not choice.is_enough:
        return render(request, "compare/nothing.html" if is_bare else "compare/choose.html", context)
    title = _("%(names)s compared") % {"names": choice.names}
    context |= {
        "title": title,
        "description": str(kind.words.described_these).replace("{names}", choice.names),
        "matrix": SimpleLazyObject(partial(_matrix, request, choice)),
        "minute": f"{seoul_now():%Y%m%d%H%M}",
        "columns": len(choice.records) + 1,
        "bare": is_bare,
    }
    if is_bare:
        return render(request, "compare/embed.html", context)
    context |= {
        "cited": _cited(choice),
        "embed_code": embedding.code(url, title) if embedding.is_allowed() else "",
        "mail": f"mailto:?subject={quote(title)}&body={quote(title + chr(10) + url)}",
        "csv_url": f"{reverse(f'{kind.route}.csv')}?{choice.query()}",
        "json_url": f"{reverse(f'{kind.route}.json')}?{choice.query()}",
        "svg_url": f"{reverse(f'{kind.route}.svg')}?{choice.query()}",
    }
    return render(request, "compare/page.html", context)


def _refused(choice: Choice) -> HttpResponse | None:
    """The answer instead of a file that cannot be made; a page would show what it can instead."""
    messages = []
    if choice.is_unknown:
        messages.append(str(choice.kind.words.named))
    if choice.is_twice:
        messages.append(_("Name each only once."))
    if choice.is_too_many or not choice.is_enough:
        messages.append(_("Name two to four."))
    if not messages:
        return None
    problem = {
        **formats.problem({choice.kind.parameter: messages}),
        "detail": _("What is to be compared cannot be read."),
    }
    return JsonResponse(
        problem,
        status=400,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
def csv(request, name: str):
    choice = _choice(request, name)
    if refused := _refused(choice):
        return refused
    text, columns = io.StringIO(), exports.columns(choice.kind)
    text.write(formats.BOM)
    rows = csv_files.writer(text)
    rows.writerow(columns)
    for entry in exports.cells(_matrix(request, choice), choice.kind):
        rows.writerow([formats.cell(entry.get(column)) for column in columns])
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(choice)}.csv"'
    return response


def _file_name(choice: Choice) -> str:
    return "-".join(["compare", *(record.slug for record in choice.records)])[:180]


@require_safe
def json(request, name: str):
    choice = _choice(request, name)
    return _refused(choice) or JsonResponse(
        exports.document(_matrix(request, choice), choice.kind), json_dumps_params={"ensure_ascii": False}
    )


@require_safe
def svg(request, name: str):
    choice = _choice(request, name)
    if refused := _refused(choice):
        return refused
    past = getattr(request, "past", None)
    about = picture.About(
        title=_("%(names)s compared") % {"names": choice.names},
        site=_("Seoul AI Clusters"),
        day=past.words if past else PartialDate(f"{seoul_now():%Y-%m-%d}").display(),
        address=settings.SITE_URL + choice.address(),
    )
    drawn = picture.draw(_matrix(request, choice), choice.kind, about)
    content = render_to_string("compare/picture.svg", {"picture": drawn, "language": request.LANGUAGE_CODE})
    response = HttpResponse(content, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{_file_name(choice)}.svg"'
    return response
