"""What may be kept of an answer, by whom and how long: ETags from the data version, 304, compression, page cache.

A public page is a function of its address, the version of the data and of the code, and at most the clock. These
make its ETag, so that "nothing changed" is said before anything else is read.
"""

import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import wraps
from zlib import MAX_WBITS, compressobj

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from clusters.dates import seoul_now
from clusters.directory.code import code_version
from clusters.models import version

from .address import query_of

PART = ("HX-Request", "HX-History-Restore-Request")  # one address serves a page and its part
WORTH_COMPRESSING = 200  # bytes
LEVEL = 4
STREAM_LEVEL = 1  # long files: the reader's line is rarely the slowest part
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGES = "pages"  # the page cache, where the settings have one
LARGEST_PAGE = 64 * 1024  # bytes as sent, so that what a process keeps stays small

# How often the clock alone changes an answer.
DAILY: Callable[[datetime], str] = lambda now: f"{now:%Y%m%d}"  # noqa: E731
EVERY_MINUTE: Callable[[datetime], str] = lambda now: f"{now:%Y%m%d%H%M}"  # noqa: E731


def cacheable(view, clock: Callable[[datetime], str] | None = None):
    """A view whose answers anybody may keep; `clock` says which moments see the same answer."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        request.data_version = version.current()
        if request.method not in {"GET", "HEAD"} or not request.data_version:
            return view(request, *args, **kwargs)
        gzipped = takes_gzip(request)
        etag = _etag(request, clock(seoul_now()) if clock else "", gzipped)
        known = [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]
        if etag in known:
            return _marked(HttpResponseNotModified(), etag)
        kept = _kept(etag) if request.method == "GET" and known != ["*"] else None
        if kept is not None:
            return _marked(kept, etag)
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        if known == ["*"]:  # whatever there is, as long as there is something
            return _marked(HttpResponseNotModified(), etag)
        if gzipped:
            _compress(response)
        if request.method == "GET":
            _keep(etag, response)
        return _marked(response, etag)

    return answer


def takes_gzip(request) -> bool:
    """Whether a coding is named without being refused by q=0."""
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, parameter = part.partition(";")
        if name.strip() == "gzip":
            return parameter.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _etag(request, moment: str, gzipped: bool) -> str:
    parts = (
        str(request.data_version),
        code_version(),
        settings.SITE_URL,
        " ".join(settings.EMBED_ORIGINS),
        request.path_info,
        query_of(request).decode("latin-1"),
        moment,
        "gzip" if gzipped else "",
        *(request.headers.get(name, "") for name in PART),
    )
    # Each part with its length, so that no two rows of parts read the same.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return f'"{hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=15).hexdigest()}"'


def _marked(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={settings.SHARED_CACHE_SECONDS}"
    patch_vary_headers(response, [*PART, "Accept-Encoding"])
    return response


def _compress(response) -> None:
    if response.headers["Content-Type"] == XLSX:  # a ZIP file already
        return
    if response.streaming:
        response.streaming_content = _compressed(response.streaming_content)
        del response.headers["Content-Length"]
    elif len(response.content) < WORTH_COMPRESSING:
        return
    else:
        response.content = gzip.compress(response.content, LEVEL, mtime=0)
        response.headers["Content-Length"] = str(len(response.content))
    response.headers["Content-Encoding"] = "gzip"


def _compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    compressor = compressobj(STREAM_LEVEL, wbits=16 + MAX_WBITS)
    for chunk in chunks:
        if found := compressor.compress(chunk):
            yield found
    yield compressor.flush()


def _kept(etag: str) -> HttpResponse | None:
    found = caches[PAGES].get(etag) if PAGES in settings.CACHES else None
    if found is None:
        return None
    content, headers = found
    return HttpResponse(content, headers=headers)


def _keep(etag: str, response) -> None:
    if PAGES in settings.CACHES and not response.streaming and len(response.content) <= LARGEST_PAGE:
        caches[PAGES].set(etag, (response.content, dict(response.headers)))
