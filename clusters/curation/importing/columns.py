"""Makes values of a whole column at once and says of each whether full_clean would surely take it."""

import re
from collections.abc import Callable, Iterable
from typing import Any, cast
from unicodedata import is_normalized

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models

from clusters.models.fields import LineField, ProseField, WebAddressField
from clusters.text import validate_line, validate_text, validate_web_address

from .converting import Unconvertible
from .converting.problems import is_blank
from .sheets import Origin

Check = Callable[[Any], bool]


class _Sign:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


ABSENT = _Sign("ABSENT")  # the row says nothing: the field keeps its value or takes its default
DOUBTFUL = _Sign("DOUBTFUL")  # not surely right: the row is looked at with all care
SAID = 5000  # different values of a column whose outcome is remembered

_CODE = re.compile(r"(?![0-9](?:\.[0-9]+)?[eE][0-9]+\Z)[A-Za-z0-9][A-Za-z0-9_-]*")
_ADDRESS = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?:/[A-Za-z0-9._~/-]*)?")


class Outcomes(dict):
    """What became of values seen before; anything else is worked out, and remembered while there is room."""

    def __init__(self, work_out: Callable[[Any], Any]) -> None:
        super().__init__()
        self.work_out = work_out

    def __missing__(self, value: Any) -> Any:
        found = self.work_out(value)
        if len(self) < SAID:
            self[value] = found
        return found


class Column:
    """The values of one field, made of the cells of one or more columns of a table."""

    def __init__(self, origin: Origin, field: models.Field, may_be_blank: bool) -> None:
        self.origin, self.field = origin, field
        self.may_be_blank = may_be_blank
        self._seen = Outcomes(self._work_out)
        self._one = _quick(field, origin)

    def values(self, table: list[Iterable[Any]], count: int) -> list[Any]:
        """One value a row; DOUBTFUL where somebody should look, ABSENT where the row says nothing.

        Of related records a Ref, a list of them, or just the code name.
        """
        places = self.origin.places
        if len(places) == 1 and places[0] is not None:
            cells = table[places[0]]
            seen = self._seen
            if self._one is None:
                return [
                    seen[cell] if type(cell) is str or cell is None else self._work_out(cell)
                    for cell in cells
                ]
            one = self._one
            return [
                cell
                if type(cell) is str and one(cell)
                else seen[cell]
                if cell is None or type(cell) is str
                else self._work_out(cell)
                for cell in cells
            ]
        several = [table[at] if at is not None else [None] * count for at in places]
        return [self._made(list(cells)) for cells in zip(*several, strict=True)]

    def _work_out(self, cell: Any) -> Any:
        return self._made([cell])

    def _made(self, cells: list[Any]) -> Any:
        assert self.origin.read is not None
        try:
            value = self.origin.read(cells)
        except Unconvertible:
            return DOUBTFUL
        if self.origin.missing(value):
            return ABSENT
        return value if self.field.is_relation else cleaned(self.field, value, self.may_be_blank)


def cleaned(field: models.Field, value: Any, may_be_blank: bool = False) -> Any:
    """The value as full_clean leaves it; DOUBTFUL where it would complain."""
    if not value and may_be_blank:
        return value
    if field.blank and value in field.empty_values:
        return value
    try:
        return field.clean(value, None)
    except ValidationError:
        return DOUBTFUL


def _quick(field: models.Field, origin: Origin) -> Check | None:
    """A check that only lets pass what is its own value and surely valid; None where there is no such check."""
    exact = origin.exact
    if isinstance(field, models.ForeignKey):
        return _code(200, []) if exact else None
    if (
        field.choices
        or not (exact or origin.plain)
        or not isinstance(field, models.CharField | models.TextField)
    ):
        return None
    most = field.max_length or 0
    validators = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
    if isinstance(field, LineField | ProseField) and validators in ([validate_line], [validate_text]):
        return _plain_text(most, exact)
    if isinstance(field, WebAddressField) and validators == [validate_web_address]:
        return (lambda cell: len(cell) <= most and _ADDRESS.fullmatch(cell) is not None) if exact else None
    if type(field) is models.CharField and exact:
        return _code(most, validators)
    return None


def _plain_text(most: int, exact: bool) -> Check:
    def exactly(cell: str) -> bool:
        return (
            0 < len(cell) <= most
            and cell.isprintable()
            and cell[0] not in " '"
            and cell[-1] != " "
            and "\ufffd" not in cell
        )

    def tidy(cell: str) -> bool:
        return (
            exactly(cell)
            and "&" not in cell
            and "  " not in cell
            and is_normalized("NFC", cell)
            and not (len(cell) < 8 and is_blank(cell))
        )

    return exactly if exact else tidy


def _code(most: int, validators: list[Any]) -> Check:
    shapes = [
        re.compile(cast(re.Pattern[str], v.regex).pattern, v.flags).search  # a text only before it is made
        for v in validators
        if isinstance(v, RegexValidator) and not v.inverse_match
    ]
    others = [v for v in validators if not isinstance(v, RegexValidator) or v.inverse_match]

    def code(cell: str) -> bool:
        if len(cell) > most or not _CODE.fullmatch(cell) or (len(cell) < 8 and is_blank(cell)):
            return False
        for shape in shapes:
            if not shape(cell):
                return False
        try:
            for validate in others:
                validate(cell)
        except ValidationError:
            return False
        return True

    return code
