"""What values could be, judged by the values alone: dates, addresses, registration numbers, figures, names."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from . import converting as c
from .converting import Unconvertible, is_blank
from .names import without_legal_form

# Provinces as they begin an address; the short names are two syllables, Jeju's island and Sejong's city included.
_PROVINCES = [
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
    "세종",
    "경기",
    "강원",
    "충북",
    "충남",
    "전북",
    "전남",
    "경북",
    "경남",
    "제주",
    "충청북도",
    "충청남도",
    "전라북도",
    "전라남도",
    "경상북도",
    "경상남도",
]
_PROVINCE = re.compile(
    rf"(?:{'|'.join(sorted(_PROVINCES, key=len, reverse=True))})(?:특별자치도|특별자치시|특별시|광역시|도|시)?"
)
_PLACE = re.compile(
    rf"{_PROVINCE.pattern}\s+\S+(?:시|군|구)\s+\S+.*|.*\S+(?:시|군|구)\s+\S*(?:로|길|동|읍|면|가|리)\s*[0-9]+.*"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_YEAR = re.compile(r"(19|20)[0-9]{2}\s*년?")
_WEB = re.compile(r"(https?[:;]/*|www\.)\S+|[a-z0-9-]+(\.[a-z0-9-]+)*\.(kr|com|net|org|io|ai)(/\S*)?", re.I)
_HTML = re.compile(r"<(p|br|div|span|ul|li)\b", re.I)
_MONEY = re.compile(r".*[0-9]\s*(조|억|천만|백만|만|천)?\s*원|[0-9]{1,3}(,[0-9]{3}){2,}")
_LONG = 60


def _converts(converter: Callable[[Any], Any]) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        try:
            return converter(value) is not None
        except (Unconvertible, ValueError, OverflowError):
            return False

    return check


def _is_date(value: Any) -> bool:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return 19000101 <= value <= 22001231 and _converts(c.to_date)(str(value))
    return isinstance(value, date) or (
        bool(re.search(r"[0-9]{2}", str(value))) and len(str(value)) <= 24 and _converts(c.to_date)(value)
    )


def _has_range(value: Any) -> bool:
    text = str(value)
    if not re.search(r"[~∼〜–—]|까지|상시|소진|추후", text):
        return False
    return _converts(c.to_period)(value)


def _is_organization(value: Any) -> bool:
    text = " ".join(str(value).split())
    bare = without_legal_form(text)
    return bool(bare) and bare != text and len(text) <= 60


CHECKS: dict[str, Callable[[Any], bool]] = {
    "date": _is_date,
    "year": lambda value: bool(_YEAR.fullmatch(str(value).strip())),
    "period": _has_range,
    "web": lambda value: isinstance(value, str) and bool(_WEB.fullmatch(value.strip())),
    "email": lambda value: bool(_EMAIL.fullmatch(str(value).strip())),
    "business_number": _converts(c.to_business_number),
    "corporate_number": _converts(c.to_corporate_number),
    "phone": _converts(c.to_phone),
    "money": lambda value: bool(_MONEY.fullmatch(str(value).strip())) and _converts(c.to_won)(value),
    "number": _converts(c.to_number),
    "latitude": _converts(c.to_latitude),
    "longitude": _converts(c.to_longitude),
    "province": lambda value: bool(_PROVINCE.fullmatch(str(value).strip())),
    "place": lambda value: isinstance(value, str) and bool(_PLACE.fullmatch(" ".join(value.split())[:300])),
    "organization": _is_organization,
    "yes_no": lambda value: not isinstance(value, int) and _converts(c.to_yes_no)(value),
    "html": lambda value: bool(_HTML.search(str(value))),
    "long": lambda value: len(str(value)) > _LONG,
    "hangul": lambda value: bool(re.search(r"[가-힣]", str(value))),
    "latin": lambda value: (
        bool(re.search(r"[A-Za-z]{2}", str(value))) and not re.search(r"[가-힣]", str(value))
    ),
}


def kinds_of(values: Sequence[Any]) -> dict[str, float]:
    """For each kind that some value could be, the share that could; "distinct" is the share of different values.

    A value may be of several kinds: 20240305 is a date and a number.
    """
    said = [value for value in values if not is_blank(value)]
    if not said:
        return {}
    found = {kind: sum(map(check, said)) / len(said) for kind, check in CHECKS.items()}
    found["distinct"] = len({str(value).strip() for value in said}) / len(said)
    return {kind: round(share, 3) for kind, share in found.items() if share}
