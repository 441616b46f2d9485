"""Pages in frames of other sites: asked for by ?embed=1, and framed only where the settings name the origins."""

from functools import wraps

from django.conf import settings
from django.utils.html import escape

from .middleware import policy

PARAMETER = "embed"
HEIGHT = 900  # pixels; the frame scrolls


def is_asked(request) -> bool:
    return request.GET.get(PARAMETER) == "1"


def frame(request) -> str:
    """The template around an answer: the whole site's, or the bare one."""
    return "bare.html" if is_asked(request) else "base.html"


def is_allowed() -> bool:
    return bool(settings.EMBED_ORIGINS)


def frameable(view):
    """Let the allowed origins frame the bare form of a page. The outermost of a view's wrappers: what is kept of an
    answer, and the word that nothing changed, must say the same as the answer itself."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if is_asked(request) and is_allowed() and response.status_code in (200, 304):
            response.headers["Content-Security-Policy"] = policy(
                settings.SECURE_CSP | {"frame-ancestors": settings.EMBED_ORIGINS}
            )
            response.xframe_options_exempt = True
        return response

    return answer


def code(url: str, title: str) -> str:
    """The markup that puts a page into another."""
    separator = "&" if "?" in url else "?"
    return (
        f'<iframe src="{escape(f"{url}{separator}{PARAMETER}=1")}" title="{escape(title)}" width="100%"'
        f' height="{HEIGHT}" loading="lazy"></iframe>'
    )
