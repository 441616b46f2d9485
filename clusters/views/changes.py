"""What changed in public: the page, its feed and its JSON."""

from itertools import groupby

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters import atom as atom_documents
from clusters.curation.telling import formats as told
from clusters.curation.telling import kinds
from clusters.curation.telling.page import Entry, read
from clusters.dates import SEOUL, PartialDate
from clusters.directory import formats

from . import structured
from .changes_asked import Asked, asked


def _title(question: Asked) -> str:
    record = question.given.get("record")
    return _("History of changes: %(name)s") % {"name": record} if record else _("Recent changes")


def _days(entries: list[Entry]) -> list[tuple[PartialDate, list[Entry]]]:
    """The entries by the day in Seoul."""

    def day(entry: Entry) -> str:
        return f"{entry.when.astimezone(SEOUL):%Y-%m-%d}"

    return [(PartialDate(of), list(found)) for of, found in groupby(entries, day)]


def _kinds(question: Asked) -> list[tuple[str, str]]:
    """The kinds to choose from; of one record those that belong to it."""
    record, chosen = question.given.get("record"), question.given.get("kind", ())
    return [
        (code, capfirst(kinds.label(model)))
        for code, model in kinds.BY_CODE.items()
        if record is None or code in chosen or kinds.of_record(model, record) is not None
    ]


@require_safe
def page(request):
    question = asked(request.GET)
    found = read(question.question)
    title = _title(question)
    return render(
        request,
        "changes/page.html",
        {
            "asked": question,
            "record": question.given.get("record"),
            "title": title,
            "days": _days(found.entries),
            "total": len(found.entries),
            "kinds": _kinds(question),
            "older": question.address(before=found.before) if found.before else "",
            "newest": question.address() if question.given.get("before") else "",
            "atom_address": question.address(".atom"),
            "json_address": question.address(".json"),
            "structured": [structured.breadcrumbs((title, question.address()))],
        },
    )


@require_safe
def json(request):
    question = asked(request.GET)
    options = {"ensure_ascii": False}
    if question.errors:
        return JsonResponse(
            formats.problem(question.errors),
            status=400,
            content_type="application/problem+json",
            json_dumps_params=options,
        )
    found = read(question.question)
    following = question.address(".json", before=found.before) if found.before else None
    return JsonResponse(told.data(found, following), json_dumps_params=options)


@require_safe
def atom(request):
    question = asked(request.GET)
    if question.errors:
        return HttpResponse(
            formats.problem_text(question.errors), status=400, content_type="text/plain; charset=utf-8"
        )
    found, name = read(question.question), _("Seoul AI Clusters")
    of_feed, home = question.address(".atom"), question.address()
    conditions = of_feed.partition("?")[2]
    about = atom_documents.Feed(
        # The same changes in both languages are two feeds: their entries read differently.
        id=atom_documents.tag(
            settings.SITE_URL, request.LANGUAGE_CODE, "changes" + (f"?{conditions}" if conditions else "")
        ),
        title=f"{_title(question)} | {name}",
        subtitle=", ".join(words for words, _address, _mark in question.chips()),
        language=request.LANGUAGE_CODE,
        author=name,
        url=settings.SITE_URL + question.address(".atom", before=question.given.get("before")),
        page=settings.SITE_URL + home,
        rights=_("The figures belong to their sources; our wording and structure may be reused with credit."),
        rights_url=settings.SITE_URL + reverse("about") + "#data",
        next=settings.SITE_URL + question.address(".atom", before=found.before) if found.before else "",
    )
    content = told.feed(found, about, site=settings.SITE_URL, home=home)
    return HttpResponse(content, content_type=atom_documents.CONTENT_TYPE)
