"""Every directory's list: the page, its part for htmx, and the same list as CSV and JSON."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clusters.directory import controls, formats, found
from clusters.directory.registry import BY_NAME
from clusters.directory.selection import Selection


def _selection(request, name: str) -> Selection:
    return Selection(BY_NAME[name], request.GET, data_version=request.data_version)


@require_safe
def page(request, name: str):
    selection = _selection(request, name)
    # One address serves the page and its part; a restored history entry needs the whole page.
    is_part = request.htmx and not request.htmx.history_restore_request
    response = render(
        request,
        "directory/part.html" if is_part else "directory/list.html",
        {
            "directory": selection.directory,
            "selection": selection,
            "heads": controls.heads(selection),
            "lengths": controls.lengths(selection),
            "pager": controls.pager(selection),
            "now": selection.now,
            "similar": found.similar_in(selection),
        },
    )
    if is_part and not selection.errors:
        response["HX-Push-Url"] = selection.address(page=selection.page if selection.page > 1 else None)
    return response


@require_safe
def csv(request, name: str):
    selection = _selection(request, name)
    if selection.errors:
        return HttpResponse(
            formats.problem_text(selection.errors), status=400, content_type="text/plain; charset=utf-8"
        )
    response = HttpResponse(formats.csv_text(selection), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


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
    return JsonResponse(formats.json_data(selection), json_dumps_params={"ensure_ascii": False})
