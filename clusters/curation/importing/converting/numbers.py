"""Figures in words and signs: commas, 조, 억 and 만, brackets and △ for minus, units of money and area."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from clusters.units import SQUARE_METERS_PER_PYEONG

from .problems import Ambiguous, Unconvertible, is_blank, shown

_SMALL = {"천": 10**3, "백": 10**2, "십": 10}
_LARGE = {"조": 10**12, "억": 10**8, "만": 10**4}
_FIGURE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_ABOUT = re.compile(r"^(약|대략|about|approx\.?|ca\.?|≈)\s*", re.I)
_UNIT = re.compile(r"[가-힣A-Za-z%/²$€¥₩社戶]{0,12}")
_LONGEST = 60
_MOST = Decimal(10) ** 20

_COUNTER_WORDS = "명 인 개 개사 사 업체 개업체 개소 곳 건 회 호 세대 가구 동 층 대 팀 과제 종 위 년 개월 월 일 차 社 people"
_COUNTERS = frozenset(_COUNTER_WORDS.split())
_WON = frozenset(("원", "₩", "krw"))
_AREAS = {
    "m2": Decimal(1),
    "m²": Decimal(1),
    "제곱미터": Decimal(1),
    "평": SQUARE_METERS_PER_PYEONG,
    "ha": Decimal(10**4),
    "헥타르": Decimal(10**4),
    "km2": Decimal(10**6),
    "km²": Decimal(10**6),
    "제곱킬로미터": Decimal(10**6),
}


class Quantity(NamedTuple):
    """A figure with its unit ("" for none), and whether the source says it is approximate."""

    value: Decimal
    unit: str
    approximate: bool


def to_quantity(value: Any) -> Quantity | None:
    """A cell as a figure and the unit written beside it: 약 3천개 is 3000, 개, approximate; None for blank."""
    if is_blank(value):
        return None
    if isinstance(value, bool):
        raise _no_number(value)
    if isinstance(value, (int, float, Decimal)):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return Quantity(_bounded(number, value), "", False)
    return _from_text(str(value))


def to_number(value: Any) -> Decimal | None:
    """A plain figure; counters such as 명 or 개사 may follow, other units are refused."""
    quantity = to_quantity(value)
    if quantity is None:
        return None
    if quantity.unit and quantity.unit not in _COUNTERS:
        raise _wrong_unit(value, quantity.unit)
    return quantity.value


def to_count(value: Any) -> int | None:
    """A whole number, zero or more."""
    number = to_number(value)
    if number is None:
        return None
    if number < 0 or number != int(number):
        raise Unconvertible(
            _("“%(value)s” is not a whole number from 0 on.") % {"value": shown(value)},
            _("Correct the number."),
        )
    return int(number)


def to_won(value: Any, unit: str = "원") -> Decimal | None:
    """An amount in won; figures without a unit of their own are in `unit`: 원, 천원, 만원, 백만원, 억원."""
    quantity = to_quantity(value)
    if quantity is None:
        return None
    if not quantity.unit:
        scale = _from_text("1" + unit)
        return _bounded(quantity.value * scale.value, value)
    if quantity.unit.lower() not in _WON:
        raise _wrong_unit(value, quantity.unit)
    return quantity.value


def to_share(value: Any) -> Decimal | None:
    """A share in percent: 52.6% and 52.6 are 52.6."""
    quantity = to_quantity(value)
    if quantity is None:
        return None
    if quantity.unit not in {"", "%", "퍼센트", "프로"}:
        raise _wrong_unit(value, quantity.unit)
    return quantity.value


def to_area(value: Any, unit: str = "㎡") -> Decimal | None:
    """An area in square meters; figures without a unit of their own are in `unit`: ㎡, 평, ha, 천㎡, km²."""
    quantity = to_quantity(value)
    if quantity is None:
        return None
    if quantity.unit:
        number, found = quantity.value, quantity.unit
    else:
        scale = _from_text("1" + unit)
        number, found = quantity.value * scale.value, scale.unit
    factor = _AREAS.get(found.lower())
    if factor is None:
        raise _wrong_unit(value, found)
    area = _bounded(number * factor, value)
    return area.quantize(Decimal("0.01")) if found == "평" else area


def _from_text(given: str) -> Quantity:
    text = " ".join(unicodedata.normalize("NFKC", given).split()).replace("−", "-")
    if len(text) > _LONGEST:
        raise _no_number(given)
    approximate = bool(_ABOUT.match(text))
    text = _ABOUT.sub("", text)
    negative = False
    if match := re.fullmatch(r"\((.+)\)(.*)", text):
        negative, text = True, match[1] + match[2]
    if match := re.match(r"[-△▲]\s*", text):
        negative, text = True, text[match.end() :]
    text = text.removeprefix("+")
    if match := re.match(r"([₩$€¥]|KRW|USD)\s*", text, re.I):
        text = text[match.end() :] + match[1]
    number, rest = _figure(text, given)
    if rest[:1] == "여" and rest != "여":
        approximate, rest = True, rest[1:]
    elif rest == "여":
        approximate, rest = True, ""
    unit = rest.replace(" ", "")
    if not _UNIT.fullmatch(unit) and not re.fullmatch(r"k?m2", unit, re.I):
        raise _no_number(given)
    if re.search(r"이상|이하|미만|초과|이내", unit):
        raise Unconvertible(
            _("“%(value)s” is a bound, not a figure.") % {"value": shown(given)},
            _("Enter the figure itself."),
        )
    return Quantity(_bounded(-number if negative else number, given), unit, approximate)


def _figure(text: str, given: str) -> tuple[Decimal, str]:
    """The figure at the beginning, words for thousands and more counted in, and what follows it."""
    total = section = Decimal(0)
    number: Decimal | None = None
    smallest: int | None = None
    position = 0
    while position < len(text):
        if text[position] == " ":
            position += 1
            continue
        match = _FIGURE.match(text, position)
        if match:
            if number is not None or text[match.end() : match.end() + 1] in (",", "."):
                raise _no_number(given)
            number, position = Decimal(match[0].replace(",", "")), match.end()
            continue
        sign = text[position]
        if position == 0 or (sign not in _SMALL and sign not in _LARGE):
            break
        if sign in _SMALL:
            section += (1 if number is None else number) * _SMALL[sign]
        else:
            if smallest is not None and _LARGE[sign] >= smallest:
                raise _no_number(given)
            smallest = _LARGE[sign]
            total += (section + (number or 0)) * smallest
            section = Decimal(0)
        number, position = None, position + 1
    if position == 0:
        raise _no_number(given)
    if smallest and smallest > 10**4 and 0 < section < 10**4:
        # 1억 2천 is what people say for 1억 2천만; as it is written it is something else.
        raise Ambiguous(
            _("“%(value)s” may be short for a larger amount.") % {"value": shown(given)},
            (f"{total + section * 10**4:,f}", f"{total + section:,f}"),
            _("Write it out, such as 1억 2천만."),
        )
    return total + section + (number or 0), text[position:].strip()


def _bounded(number: Decimal, given: Any) -> Decimal:
    try:
        fits = number.is_finite() and abs(number) < _MOST
    except InvalidOperation:
        fits = False
    if not fits:
        raise Unconvertible(
            _("“%(value)s” is out of range.") % {"value": shown(given)}, _("Correct the number.")
        )
    return number


def _no_number(value: Any) -> Unconvertible:
    return Unconvertible(
        _("“%(value)s” is not a number.") % {"value": shown(value)}, _("Write it as 1,234 or 1.5억.")
    )


def _wrong_unit(value: Any, unit: str) -> Unconvertible:
    return Unconvertible(
        _("The unit %(unit)s of “%(value)s” does not belong here.")
        % {"unit": shown(unit), "value": shown(value)},
        _("Choose another column or correct the unit."),
    )
