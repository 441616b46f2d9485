"""Search across all directories: the first hits of each, the way to the rest, and suggestions while typing."""

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clusters.directory import found
from clusters.search import MAX_LENGTH
from clusters.search.hangul import has_syllables

# What an empty search proposes: words that occur in the opening data, in the reader's language.
EXAMPLES = {"ko": ("판교", "언어모델", "팁스", "실증"), "en": ("Pangyo", "semiconductor", "TIPS", "testbed")}


@require_safe
def page(request):
    search = found.Search(request.GET, request.data_version)
    return render(
        request,
        "search/page.html",
        {
            "search": search,
            "groups": search.groups,
            "total": search.total,
            "examples": [(word, f"{reverse('search')}?q={word}") for word in EXAMPLES[request.LANGUAGE_CODE]],
        },
    )


@require_safe
def suggest(request):
    """Names for what was typed so far. A text that is no search has no suggestions and no error."""
    text = request.GET.get("q", "")
    named = found.suggestions(text) if len(text) <= MAX_LENGTH else []
    return JsonResponse(
        {
            "suggestions": [
                {
                    "name": one.name,
                    "lang": getattr(one.name, "lang", ""),
                    "other": one.other,
                    "other_lang": "ko" if has_syllables(one.other) else "en",
                    "kind": one.kind,
                    "url": one.record.get_absolute_url(),
                }
                for one in named
            ]
        },
        json_dumps_params={"ensure_ascii": False},
    )
