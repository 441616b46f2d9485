"""The portals' open APIs: how a page is asked for, and what an answer means."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from clusters.models import Portal

PAGE = 100  # entries to a page, the most both portals give


class BadAnswer(Exception):
    """An answer that is no list of entries. `final`: asking again would not help."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


@dataclass(frozen=True)
class Api:
    """portal: its name, which is that of the import profile too

    key_name: the parameter that carries the service key
    page: the parameters that ask for a page by its number
    read: from a parsed answer to its entries and how many there are in all, None where it does not say
    key: the field by which entries are told apart
    addresses: fields that may hold an address relative to the portal
    """

    portal: Portal
    key_name: str
    page: Callable[[int], dict[str, Any]]
    read: Callable[[Any], tuple[list[dict], int | None]]
    key: str
    addresses: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        return getattr(settings, f"{self.portal.value.upper()}_API_URL")

    @property
    def host(self) -> str:
        return urlsplit(self.base).hostname or ""

    def url(self, number: int, service_key: str) -> str:
        # Portals hand keys out plain and percent-encoded; a key that is encoded already stays as it is.
        encoded = service_key if re.search(r"%[0-9A-Fa-f]{2}", service_key) else quote(service_key, safe="")
        joined = "&" if "?" in self.base else "?"
        return f"{self.base}{joined}{urlencode(self.page(number))}&{self.key_name}={encoded}"

    def entries(self, body: bytes) -> tuple[list[dict], int | None]:
        """The entries of an answer. Raises BadAnswer, also for the errors that portals send with status 200."""
        text = body.decode("utf-8-sig", errors="replace").strip()
        if text.startswith("<"):
            raise _told(
                " ".join(re.findall(r"<(?:errMsg|returnAuthMsg|returnReasonCode)>([^<]{1,200})<", text))
            )
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            raise BadAnswer(_("The answer is not JSON, or it broke off.")) from None
        if isinstance(document, dict) and (error := _error_in(document)):
            raise _told(error)
        entries, total = self.read(document)
        if not all(isinstance(entry, dict) and entry.get(self.key) not in (None, "") for entry in entries):
            raise BadAnswer(_("The answer holds entries without the field %(name)s.") % {"name": self.key})
        return [self._tidy(entry) for entry in entries], total

    def _tidy(self, entry: dict) -> dict:
        whole = {
            name: urljoin(self.base, entry[name])
            for name in self.addresses
            if str(entry.get(name) or "").startswith("/")
        }
        return {**entry, **whole}


# Words by which portals say that the key is the matter, or today's number of requests: no use to ask again.
_ABOUT_THE_KEY = re.compile(
    r"KEY|ACCESS.?DENIED|UNREGISTERED|EXPIRED|LIMITED.?NUMBER|인증키|서비스키|허용되지|\b(20|22|30|31|32)\b|-40[0-9]",
    re.I,
)


def printable(text: str) -> str:
    """A text from elsewhere as one line that a page and a terminal can show."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _told(error: str) -> BadAnswer:
    said = printable(error)[:200] or _("no reason given")
    return BadAnswer(
        _("The portal answered with an error: %(error)s") % {"error": said},
        final=bool(_ABOUT_THE_KEY.search(said)),
    )


def _error_in(document: dict) -> str:
    """The error that a JSON answer speaks of; empty when it is none."""
    header = document.get("cmmMsgHeader") or document.get("OpenAPI_ServiceResponse", {})
    if isinstance(header, dict) and header:
        header = header.get("cmmMsgHeader", header)
        return " ".join(str(value) for value in header.values())
    response = document.get("response")
    head = response.get("header") if isinstance(response, dict) else None
    if isinstance(head, dict) and str(head.get("resultCode", "00")) not in {"0", "00"}:
        return f"{head.get('resultMsg', '')} {head['resultCode']}"
    for name in ("reqErr", "error", "errMsg"):
        if document.get(name):
            return str(document[name])
    if "code" in document and "msg" in document:
        return f"{document['msg']} {document['code']}"
    return ""


def _number(value: Any) -> int | None:
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _kstartup(document: Any) -> tuple[list[dict], int | None]:
    if not isinstance(document, dict) or not isinstance(document.get("data"), list):
        raise BadAnswer(_("The answer holds no list named %(name)s.") % {"name": "data"})
    # matchCount counts what the conditions let through, totalCount everything the portal has.
    total = _number(document.get("matchCount"))
    return document["data"], _number(document.get("totalCount")) if total is None else total


def _bizinfo(document: Any) -> tuple[list[dict], int | None]:
    found = document.get("jsonArray") if isinstance(document, dict) else None
    if isinstance(found, dict):
        found = found.get("item", [])
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        raise BadAnswer(_("The answer holds no list named %(name)s.") % {"name": "jsonArray"})
    total = _number(found[0].get("totCnt")) if found and isinstance(found[0], dict) else 0
    return found, total


APIS: dict[str, Api] = {
    Portal.KSTARTUP: Api(
        Portal.KSTARTUP,
        key_name="serviceKey",
        page=lambda number: {"page": number, "perPage": PAGE, "returnType": "json"},
        read=_kstartup,
        key="pbanc_sn",
    ),
    Portal.BIZINFO: Api(
        Portal.BIZINFO,
        key_name="crtfcKey",
        page=lambda number: {"dataType": "json", "pageUnit": PAGE, "pageIndex": number},
        read=_bizinfo,
        key="pblancId",
        addresses=("pblancUrl", "rceptEngnHmpgUrl"),
    ),
}
