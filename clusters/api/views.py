"""The description of the files, as a page and as OpenAPI."""

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clusters.dates import seoul_now

from . import description

SHOWN = 8  # values of a parameter


@require_safe
def page(request):
    return render(request, "pages/api.html", {"lists": description.lists(seoul_now()), "shown": f":{SHOWN}"})


@require_safe
def openapi(request):
    return JsonResponse(
        description.document(settings.SITE_URL, seoul_now()), json_dumps_params={"ensure_ascii": False}
    )
