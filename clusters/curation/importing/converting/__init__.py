"""Converts values as published into values as kept: pure functions that raise Unconvertible, never guess."""

from .contacts import (
    to_business_number,
    to_corporate_number,
    to_latitude,
    to_longitude,
    to_phone,
    to_web_address,
)
from .dates import to_date
from .numbers import Quantity, to_area, to_count, to_number, to_quantity, to_share, to_won
from .periods import Period, to_period, to_period_between
from .problems import Ambiguous, Hints, Unconvertible, is_blank
from .texts import fold_width, to_code, to_line, to_list, to_prose, to_yes_no

__all__ = [
    "Ambiguous",
    "Hints",
    "Period",
    "Quantity",
    "Unconvertible",
    "fold_width",
    "is_blank",
    "to_area",
    "to_business_number",
    "to_code",
    "to_corporate_number",
    "to_count",
    "to_date",
    "to_latitude",
    "to_line",
    "to_list",
    "to_longitude",
    "to_number",
    "to_period",
    "to_period_between",
    "to_phone",
    "to_prose",
    "to_quantity",
    "to_share",
    "to_web_address",
    "to_won",
    "to_yes_no",
]
