"""Deadlines to subscribe to: the programs of any list as iCalendar."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clusters.dates import seoul_now
from clusters.directory import formats
from clusters.directory.registry import BY_NAME
from clusters.directory.selection import Selection
from clusters.programs import calendars


@require_safe
def programs(request):
    selection = Selection(BY_NAME["programs"], request.GET)
    if selection.errors:
        return HttpResponse(
            formats.problem_text(selection.errors), status=400, content_type="text/plain; charset=utf-8"
        )
    content = calendars.calendar(
        selection.queryset,
        name=str(selection.directory.title),
        host=urlsplit(settings.SITE_URL).hostname or "localhost",
        address=lambda program: settings.SITE_URL + program.get_absolute_url(),
        now=seoul_now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="programs.ics"'
    return response
