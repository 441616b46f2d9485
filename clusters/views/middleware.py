"""What every request and response passes through: well-formedness, language, compression, security headers."""

from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from .address import language_of, query_of
from .caching import takes_gzip
from .errors import bad_request

MAX_QUERY_LENGTH = 8000  # bytes; longer than any address a page of ours produces

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


class LanguageFromPathMiddleware:
    """The address alone decides the language, so that no page depends on a cookie or a browser setting."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class WellFormedRequestMiddleware:
    """Answer 400 to what no database or page can hold: NUL, bad UTF-8, lone surrogates, endless addresses."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        query, path = query_of(request), request.path_info.encode("utf-8", "surrogatepass")
        if len(query) > MAX_QUERY_LENGTH or not (self.clean(query) and self.clean(path)):
            return bad_request(request)
        return self.get_response(request)

    @staticmethod
    def clean(address: bytes) -> bool:
        try:
            return "\x00" not in unquote_to_bytes(address).decode("utf-8")
        except UnicodeError:
            return False


class CompressionMiddleware(GZipMiddleware):
    """Compress for who takes it what may not be kept; the rest came with its ETag, compressed or not."""

    def process_response(self, request, response):
        if response.has_header("ETag"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        return response if not takes_gzip(request) else super().process_response(request, response)


class HeadMiddleware:
    """Answer HEAD with the headers alone: the server would warn of each body that it leaves out."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = []
            else:
                response.content = b""
        return response


def policy(directives: dict[str, list[str]]) -> str:
    """A content security policy as its header has it."""
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


class SecurityHeadersMiddleware:
    """The headers that Django 5.2 does not set itself, and those it does for answers given before it comes to it.

    The policy is read as Django 6 will read it.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": policy(settings.SECURE_CSP),
            "Permissions-Policy": PERMISSIONS_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
        }

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if not getattr(response, "xframe_options_exempt", False):
            response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response
