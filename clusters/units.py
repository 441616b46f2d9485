"""Quantities in words: Korean large-number units, decimals and shares, for a reader of either language."""

from decimal import Decimal

from django.utils.translation import get_language

SQUARE_METERS_PER_PYEONG = Decimal("3.3058")


def plain(value: Decimal | int) -> str:
    """A number with thousands separators and no trailing zeros: 1,780 or 52.6."""
    number = Decimal(value)
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def large(value: Decimal | int) -> str:
    """A large amount, to four or five figures: 4조 4,433억 in Korean, 4.44 trillion in English."""
    number = Decimal(value)
    if get_language() == "ko":
        return _large_korean(number)
    for size, word in (
        (10**12, "trillion"),
        (10**9, "billion"),
        (10**6, "million"),
    ):
        if abs(number) >= size:
            scaled = (number / size).quantize(Decimal("0.01"))
            return f"{plain(scaled.normalize())} {word}"
    return plain(number)


def _large_korean(number: Decimal) -> str:
    sign = "-" if number < 0 else ""
    whole = int(abs(number))
    trillions, rest = divmod(whole, 10**12)
    hundred_millions, rest = divmod(rest, 10**8)
    ten_thousands, ones = divmod(rest, 10**4)
    if trillions:
        return sign + f"{trillions:,}조" + (f" {hundred_millions:,}억" if hundred_millions else "")
    if hundred_millions:
        return sign + f"{hundred_millions:,}억" + (f" {ten_thousands:,}만" if ten_thousands else "")
    if ten_thousands and ones % 1000 == 0:
        return sign + f"{ten_thousands:,}만" + (f" {ones // 1000}천" if ones else "")
    return plain(number)


def pyeong(square_meters: Decimal | int) -> Decimal:
    """Square meters as pyeong, for display only."""
    return (Decimal(square_meters) / SQUARE_METERS_PER_PYEONG).quantize(Decimal(1))
