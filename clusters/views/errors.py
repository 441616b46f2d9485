"""The pages shown when something is wrong with a request, or with us."""

import logging

from django.shortcuts import render
from django.utils import translation

from .address import language_of

logger = logging.getLogger(__name__)


def page(request, status: int):
    """The page for a status; it asks the database nothing, for that may be what is wrong."""
    language = language_of(request.path)
    with translation.override(language):
        try:
            response = render(request, "pages/error.html", {"status": status, "edition": None}, status=status)
        except Exception:  # such as static files that were never collected: then without them
            logger.exception("The page for status %s could not be drawn", status)
            response = render(request, "pages/broken.html", status=status)
    response.headers["Content-Language"] = language
    return response


def bad_request(request, exception=None):
    return page(request, 400)


def forbidden(request, exception=None):
    return page(request, 403)


def refused_form(request, reason=""):
    return page(request, 403)


def not_found(request, exception=None):
    return page(request, 404)


def server_error(request):
    return page(request, 500)
