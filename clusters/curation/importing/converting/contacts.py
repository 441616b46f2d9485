"""Registration numbers, telephone numbers, web addresses and coordinates of Korea."""

import ipaddress
import re
import unicodedata
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clusters.text import validate_business_number, validate_web_address

from .numbers import to_quantity
from .problems import Unconvertible, is_blank, shown
from .texts import to_code, to_line

_AREA_CODES = r"02|03[1-3]|04[1-4]|05[1-5]|06[1-4]"
_PHONES = (
    re.compile(rf"({_AREA_CODES})([1-9][0-9]{{2,3}})([0-9]{{4}})"),
    re.compile(r"(01[016789]|0[78]0|050[2-8]|060)([0-9]{3,4})([0-9]{4})"),
    re.compile(r"(1[568][0-9]{2})([0-9]{4})"),
)
_SCHEME = re.compile(r"h?t{1,3}p(s?)\s*[:;.]*\s*[/\\]{1,3}\s*", re.I)
_HOST = re.compile(
    r"(?:[a-z0-9가-힣](?:[a-z0-9가-힣-]{0,61}[a-z0-9가-힣])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{2,50}|[가-힣]{2,10})"
)
_SOUTH, _NORTH = Decimal("32.9"), Decimal("38.7")
_WEST, _EAST = Decimal("124.5"), Decimal("132.0")


def to_business_number(value: Any) -> str | None:
    """A business registration number as ten digits, its check digit right."""
    digits = _digits(value)
    if digits is None:
        return None
    try:
        validate_business_number(digits)
    except ValidationError as problem:
        raise Unconvertible(problem.messages[0], _("Correct the number.")) from None
    return digits


def to_corporate_number(value: Any) -> str | None:
    """A corporate registration number as thirteen digits (those given out since 2025 have no check digit)."""
    digits = _digits(value)
    if digits is not None and not re.fullmatch(r"[0-9]{13}", digits):
        raise Unconvertible(
            _("A corporate registration number has thirteen digits."), _("Correct the number.")
        )
    return digits


def to_phone(value: Any) -> str | None:
    """A Korean telephone number with hyphens: 02-123-4567, 031-8012-3456, 1588-1234."""
    if is_blank(value):
        return None
    text = unicodedata.normalize("NFKC", str(value)).strip()
    text = re.sub(r"^(?:tel|전화|t)\s*[.:)]*\s*", "", text, flags=re.I)
    text = (
        re.sub(r"^\(?\+?\s*82\s*\)?[-. )]*\(?0?\)?", "0", text) if re.match(r"\(?\+|82[-. ]", text) else text
    )
    if re.fullmatch(r"[0-9()\-. –—·~/]{7,25}", text):
        digits = re.sub(r"[()\-. –—·]", "", text)
        for shape in _PHONES:
            if match := shape.fullmatch(digits):
                return "-".join(match.groups())
        if (found := _without_its_zero(text, digits)) is not None:
            return found
    raise Unconvertible(
        _("“%(value)s” is not one Korean telephone number.") % {"value": shown(value)},
        _("Write it as 02-123-4567 or 1588-1234, with its area code."),
    )


def _without_its_zero(text: str, digits: str) -> str | None:
    """A number whose leading 0 a spreadsheet dropped, where only one number can be meant; None otherwise.

    Eight digits in a row may also be a local number without its area code, and groups that fall otherwise
    belong to another country.
    """
    groups = re.findall(r"[0-9]+", text)
    if digits.startswith("0") or (len(groups) == 1 and len(digits) < 9):
        return None
    for shape in _PHONES[:2]:
        if match := shape.fullmatch(f"0{digits}"):
            parts = list(match.groups())
            if len(groups) == 1 or groups == [parts[0][1:], *parts[1:]]:
                return "-".join(parts)
    return None


def to_web_address(value: Any) -> str | None:
    """A web address, its scheme put before it or spelled right where only one address can be meant."""
    text = to_line(value, 500)
    if text is None:
        return None
    rest, scheme = text, "http"
    while match := _SCHEME.match(rest):
        scheme = "https" if match[1] else "http"
        rest = rest[match.end() :]
    if "@" in rest.partition("/")[0] and "://" not in text:
        raise Unconvertible(
            _("“%(value)s” is a mail address, not a web address.") % {"value": shown(value)},
            _("Enter the address of the site."),
        )
    address = f"{scheme}://{rest}"
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
        validate_web_address(address)
    except (ValidationError, ValueError):
        raise _no_address(value) from None
    if not _HOST.fullmatch(unicodedata.normalize("NFC", host)) and not _is_ip(host):
        raise _no_address(value)
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.lower()}{slash}{path}"


def to_latitude(value: Any) -> Decimal | None:
    """A latitude in Korea, in degrees."""
    return _degrees(value, _SOUTH, _NORTH, (_WEST, _EAST))


def to_longitude(value: Any) -> Decimal | None:
    """A longitude in Korea, in degrees."""
    return _degrees(value, _WEST, _EAST, (_SOUTH, _NORTH))


def _degrees(value: Any, least: Decimal, most: Decimal, other: tuple[Decimal, Decimal]) -> Decimal | None:
    quantity = to_quantity(value)
    if quantity is None:
        return None
    number = quantity.value
    if quantity.unit or quantity.approximate or not least <= number <= most:
        raise Unconvertible(
            _("“%(value)s” is outside Korea.") % {"value": shown(value)},
            _("Latitude and longitude seem to be swapped.")
            if other[0] <= number <= other[1]
            else _("Write degrees with decimals, such as 37.4029 and 127.1056."),
        )
    return number


def _digits(value: Any) -> str | None:
    text = to_code(value)
    if text is None:
        return None
    if re.search(r"[*xX●○]", text):
        raise Unconvertible(_("“%(value)s” is masked.") % {"value": shown(value)}, _("Leave the column out."))
    return re.sub(r"[-\s.–—]", "", text)


def _is_ip(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _no_address(value: Any) -> Unconvertible:
    return Unconvertible(
        _("“%(value)s” is not a web address that can be linked.") % {"value": shown(value)},
        _("Write one full address that starts with http:// or https://, or leave it empty."),
    )
