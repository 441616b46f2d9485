"""What converters raise, the hints a profile may give them, and which values count as nothing."""

from dataclasses import dataclass
from typing import Any

_NOTHING = frozenset(
    ("", "-", "--", "–", "—", "―", "n/a", "#n/a", "na", "null", "none", "nan", "(null)", "\\n")
)


class Unconvertible(ValueError):
    """A value that cannot be taken over: why (`message`) and what to do (`fix`), both whole sentences."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message, fix)
        self.message, self.fix = message, fix

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class Ambiguous(Unconvertible):
    """A value with several readings; `candidates` holds each as text, for a person to choose from."""

    def __init__(self, message: str, candidates: tuple[str, ...], fix: str = "") -> None:
        super().__init__(message, fix)
        self.candidates = candidates


@dataclass(frozen=True)
class Hints:
    """What a profile knows of a column's dates.

    order: "year_first", "month_first" or "day_first", for dates such as 04/05/17
    pattern: a strptime pattern that every date of the column follows; nothing else is tried then
    pivot: two-digit years from here on belong to the 1900s, those below to the 2000s
    epoch_1904: serial numbers count from 1904, as in old workbooks of the Mac
    """

    order: str = ""
    pattern: str = ""
    pivot: int = 50
    epoch_1904: bool = False


NO_HINTS = Hints()


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing at all: empty, a dash, N/A, null. Converters answer None to it."""
    return value is None or (isinstance(value, str) and value.strip().lower() in _NOTHING)


def shown(value: Any) -> str:
    """A value quoted in a message: short, on one line, printable."""
    text = " ".join(str(value).split())[:60]
    return text if text.isprintable() else ascii(text)
