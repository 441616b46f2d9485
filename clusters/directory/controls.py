"""What stands around a list's table: column heads that sort, numbers of rows, page numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from .fields import PER_PAGE
from .selection import Selection


@dataclass(frozen=True)
class Head:
    """A column's head. `state` and `address` are empty where the column does not sort."""

    code: str
    label: str
    is_number: bool
    state: str = ""
    address: str = ""


def heads(selection: Selection) -> list[Head]:
    columns = selection.directory.table.base_columns
    return [_head(selection, code, str(column.verbose_name), column) for code, column in columns.items()]


def _head(selection: Selection, code: str, label: str, column) -> Head:
    if not column.sort:
        return Head(code, label, column.is_number)
    in_use = selection.sort_code
    state = {code: "ascending", f"-{code}": "descending"}.get(in_use, "none")
    turned = {code: f"-{code}", f"-{code}": code}.get(in_use, f"{column.sort.starts}{code}")
    return Head(code, label, column.is_number, state, selection.address(sort=turned))


def lengths(selection: Selection) -> list[tuple[int, str]]:
    """Other numbers of rows to a page, where they would make a difference."""
    if selection.total <= PER_PAGE[0]:
        return []
    return [
        (number, selection.address(per_page=number)) for number in PER_PAGE if number != selection.per_page
    ]


@dataclass(frozen=True)
class Pager:
    page: int
    last_page: int
    first_row: int
    last_row: int
    total: int
    previous: str
    next: str
    numbers: list[tuple[int | None, str]]  # None stands for a gap


def pager(selection: Selection) -> Pager:
    return pages(
        selection.page, selection.per_page, selection.total, lambda number: selection.address(page=number)
    )


def pages(current: int, per_page: int, total: int, address: Callable[[int], str]) -> Pager:
    """Addresses of the first page, the last one, and those around the one in use."""
    last = max(1, -(-total // per_page))
    numbers: list[tuple[int | None, str]] = []
    before = 0
    for number in sorted({1, last, *range(max(1, current - 2), min(last, current + 2) + 1)}):
        if number - before > 1:
            numbers.append((None, ""))
        numbers.append((number, address(number)))
        before = number
    return Pager(
        current,
        last,
        (current - 1) * per_page + 1 if total else 0,
        min(current * per_page, total),
        total,
        address(current - 1) if current > 1 else "",
        address(current + 1) if current < last else "",
        numbers,
    )
