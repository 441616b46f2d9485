"""Pages as they stood on a day: ?as_of=2026-09-01 reads the history. Such an answer is never kept by anybody.

A day counts to its end in Seoul, today's to now; a moment (2026-09-01T15:04) counts to itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps

from django.http import HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters import models as m
from clusters.dates import SEOUL, PartialDate, seoul_now, tomorrow
from clusters.directory import formats
from clusters.models import past

from . import embedding
from .caching import cacheable
from .detail import Moved, find

PARAMETER = "as_of"
_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?")
_MODELS = {"district": m.District, "company": m.Company, "institution": m.Institution, "program": m.Program}


class NoSuchDay(ValueError):
    """What was given is no day of the past, in words."""


@dataclass(frozen=True)
class Past:
    """The moment a page shows, as it was asked for and in words, and the address of today's page."""

    moment: datetime
    text: str
    present: str

    @property
    def words(self) -> str:
        day = PartialDate(self.text[:10]).display()
        return f"{day} {self.text[11:16]}" if len(self.text) > 10 else day


def moment_of(text: str, now: datetime) -> datetime:
    """The last moment of what was asked for. Raises NoSuchDay."""
    try:
        if not _SHAPE.fullmatch(text):
            raise ValueError
        asked = datetime.fromisoformat(text).replace(tzinfo=SEOUL)
        if not 2000 <= asked.year <= 9998:
            raise ValueError
    except ValueError:
        raise NoSuchDay(_("Write the day as 2026-09-01.")) from None
    if asked > now:
        raise NoSuchDay(_("This day is still to come. Only past states and today’s can be shown."))
    if len(text) > 10:
        return asked
    return min(tomorrow(asked) - timedelta(microseconds=1), now)


def _shown(request) -> Past:
    given = request.GET.getlist(PARAMETER)
    if len(given) != 1:
        raise NoSuchDay(_("Give only one day."))
    text = given[0].strip()
    return Past(moment_of(text, seoul_now()), text, _present(request))


def _present(request) -> str:
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    return request.path + (f"?{query.urlencode()}" if query else "")


def _dated(view, clock: Callable, answer):
    """The view as it is kept, and where a day is asked for what `answer` makes of the view."""
    kept = cacheable(view, clock)

    @wraps(view)
    @require_safe
    def either(request, *args, **kwargs):
        if PARAMETER not in request.GET:
            return kept(request, *args, **kwargs)
        request.data_version = 0  # nothing that is kept for the present may be read or written
        response = answer(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return either


def _message(request, message: str, frame: str = "base.html") -> HttpResponse:
    return render(
        request, "pages/no_past.html", {"message": message, "present": _present(request), "frame": frame}
    )


def profile(view, clock: Callable):
    """A profile, known by the address it has today."""
    kind = view.__name__

    def answer(request, slug: str):
        records = _MODELS[kind].objects.published()
        try:
            record = find(records, slug, kind)
        except Moved as moved:
            return HttpResponsePermanentRedirect(f"{moved}?{request.GET.urlencode()}")
        try:
            request.past = shown = _shown(request)
        except NoSuchDay as problem:
            return _message(request, str(problem))
        with past.at(shown.moment):
            then = records.filter(pk=record.pk).values_list("slug", flat=True).first()
            if then is not None:
                return view(request, slug=then)
        request.past = None
        first = PartialDate(f"{record.created_at.astimezone(SEOUL):%Y-%m-%d}").display()
        return _message(
            request,
            _("The directory did not show this on %(date)s. Its record was made on %(first)s.")
            % {"date": shown.words, "first": first},
        )

    return _dated(view, clock, answer)


def page(view, clock: Callable):
    def answer(request, **given):
        try:
            request.past = _shown(request)
        except NoSuchDay as problem:
            return _message(request, str(problem), embedding.frame(request))
        with past.at(request.past.moment):
            return view(request, **given)

    return _dated(view, clock, answer)


def file(view, clock: Callable):
    def answer(request, **given):
        try:
            request.past = _shown(request)
        except NoSuchDay as problem:
            return JsonResponse(
                formats.problem({PARAMETER: [str(problem)]}),
                status=400,
                content_type="application/problem+json",
                json_dumps_params={"ensure_ascii": False},
            )
        with past.at(request.past.moment):
            return view(request, **given)

    return _dated(view, clock, answer)
