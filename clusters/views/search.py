"""Search across all directories: the first hits of each, and the way to the rest."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clusters.directory import found

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
            "total": sum(group.total for group in search.groups),
            "examples": [(word, f"{reverse('search')}?q={word}") for word in EXAMPLES[request.LANGUAGE_CODE]],
        },
    )
