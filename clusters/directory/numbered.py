"""A number for each of many records, by the number of the record: eight bytes instead of the hundred of a dict."""

from array import array

PART = 512  # records; so many places are taken at once
_NONE = array("q", [-1]) * PART


class Numbered:
    """Numbers from 0 on. Records have their numbers from the database, one after the other, so that parts are full."""

    def __init__(self) -> None:
        self._parts: dict[int, array] = {}

    def get(self, record: int) -> int:
        """-1 when the record has none."""
        part = self._parts.get(record // PART)
        return -1 if part is None else part[record % PART]

    def set(self, record: int, number: int) -> None:
        part = self._parts.get(record // PART)
        if part is None:
            part = self._parts.setdefault(record // PART, _NONE[:])
        part[record % PART] = number
