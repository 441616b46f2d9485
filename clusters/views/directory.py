"""Every directory's list: the page, its part for htmx, and the same list as files."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters import atom as atom_documents
from clusters.directory import controls, feeds, formats, found, workbook
from clusters.directory.registry import BY_NAME
from clusters.directory.selection import Selection

from .caching import XLSX


def _selection(request, name: str) -> Selection:
    return Selection(BY_NAME[name], request.GET, data_version=request.data_version)


def shown(request, selection: Selection, whole: str, address: str, **more) -> HttpResponse:
    """A list as its page `whole`, or as the part that replaces the results, with the address where it stands then."""
    # One address serves the page and its part; a restored history entry needs the whole page.
    is_part = request.htmx and not request.htmx.history_restore_request
    context = {
        "directory": selection.directory,
        "selection": selection,
        "now": selection.now,
        "similar": found.similar_in(selection),
        **more,
    }
    response = render(request, "directory/part.html" if is_part else whole, context)
    if is_part and address:
        response["HX-Push-Url"] = address
    return response


@require_safe
def page(request, name: str):
    selection = _selection(request, name)
    number = selection.page if selection.page > 1 else None
    return shown(
        request,
        selection,
        "directory/list.html",
        "" if selection.errors else selection.address(page=number),
        heads=controls.heads(selection),
        lengths=controls.lengths(selection),
        pager=controls.pager(selection),
    )


def _file(request, name: str, suffix: str, kind: str, parts) -> HttpResponseBase:
    """The whole list as a file that is sent while it is read."""
    selection = _selection(request, name)
    if selection.errors:
        return HttpResponse(
            formats.problem_text(selection.errors), status=400, content_type="text/plain; charset=utf-8"
        )
    response = StreamingHttpResponse(parts(selection), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


@require_safe
def csv(request, name: str):
    return _file(request, name, "csv", "text/csv; charset=utf-8", formats.csv_parts)


@require_safe
def xlsx(request, name: str):
    return _file(
        request, name, "xlsx", XLSX, lambda selection: workbook.written(name, formats.sheet_parts(selection))
    )


@require_safe
def ndjson(request, name: str):
    return _file(request, name, "ndjson", "application/x-ndjson; charset=utf-8", formats.json_lines)


@require_safe
def json(request, name: str):
    selection = _selection(request, name)
    errors = selection.errors
    if not errors and selection.page_error:
        errors = {"page": [selection.page_error]}
    if errors:
        return JsonResponse(
            formats.problem(errors),
            status=400,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    return HttpResponse(formats.json_page(selection), content_type="application/json")


@require_safe
def atom(request, name: str):
    selection = feeds.selection(BY_NAME[name], request.GET, request.data_version)
    errors = selection.errors
    if not errors and selection.page_error:
        errors = {"page": [selection.page_error]}
    if errors:
        return HttpResponse(
            formats.problem_text(errors), status=400, content_type="text/plain; charset=utf-8"
        )
    content = feeds.feed(
        selection,
        site=settings.SITE_URL,
        name=_("Seoul AI Clusters"),
        rights=_("The figures belong to their sources; our wording and structure may be reused with credit."),
        rights_url=settings.SITE_URL + reverse("about") + "#data",
    )
    return HttpResponse(content, content_type=atom_documents.CONTENT_TYPE)
