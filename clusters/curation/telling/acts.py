"""Rows of the history that belong to one act: an import, a merge, the undoing of one, or what somebody saved at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from clusters.curation import reasons

from .reading import Row

AT_ONCE = timedelta(seconds=2)  # between two rows of what was saved together


@dataclass
class Act:
    """`kind` as in the reasons of the history ("batch", "undo merge" …) with its number; "" for an edit.

    Not whole: there are more rows than were read.
    """

    kind: str
    number: int
    rows: list[Row] = field(default_factory=list)  # newest first
    is_whole: bool = True

    @property
    def newest(self) -> datetime:
        return self.rows[0].when

    @property
    def oldest(self) -> datetime:
        return self.rows[-1].when

    def by_record(self) -> dict[tuple[str, int], list[Row]]:
        """What was done to each record, newest first."""
        found: dict[tuple[str, int], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row.kind, row.pk), []).append(row)
        return found


def grouped(rows: Iterable[Row]) -> list[Act]:
    """Rows, newest first, as acts in the same order."""
    acts: list[Act] = []
    by_reason: dict[tuple[str, int], Act] = {}
    edit: Act | None = None
    for row in rows:
        if known := reasons.act(row.reason):
            if known not in by_reason:
                by_reason[known] = Act(*known)
                acts.append(by_reason[known])
            by_reason[known].rows.append(row)
            continue
        if edit is None or row.user != edit.rows[0].user or edit.oldest - row.when > AT_ONCE:
            edit = Act("", 0)
            acts.append(edit)
        edit.rows.append(row)
    return acts
