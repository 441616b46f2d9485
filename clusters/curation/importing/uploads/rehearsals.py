"""A rehearsal as it is kept: a file of lines for each part of it, read a page at a time without the rest."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.db import models
from django.utils.text import capfirst

from clusters.models import Upload

from .. import reporting, snapshots
from ..drafts import Problem
from ..plans import Item, Plan
from .storing import folder_of

PAGE = 50
SHOWN_LENGTH = 200
SHOWN_FIELDS = 8  # of a new record

# In the order in which a curator wants to see them.
PARTS = ("error", "suspicious", "create", "change", "waiting", "missing", "unchanged", "note")
PROBLEMS = frozenset({"error", "suspicious", "missing", "note"})


@dataclass(frozen=True)
class Page:
    rows: list[dict[str, Any]]
    number: int
    of: int


def keep(upload: Upload, plan: Plan) -> dict[str, int]:
    """Write a plan's report beside the upload, in place of an earlier one; gives the count of each part."""
    fresh = folder_of(upload) / ".rehearsal"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    counts: dict[str, int] = {}
    for part in PARTS:
        rows = _problems(plan, part) if part in PROBLEMS else _items(plan, part)
        counts[part] = _write(fresh / f"{part}.lines", rows)
    counts["unchanged_listed"] = counts["unchanged"]
    counts["unchanged"] = plan.counts()["unchanged"]  # those of plain rows are counted and not listed
    reporting.write_csv(plan, fresh / "report.csv")
    final = folder_of(upload) / "rehearsal"
    shutil.rmtree(final, ignore_errors=True)
    fresh.rename(final)
    return counts


def report_path(upload: Upload) -> Path:
    return folder_of(upload) / "rehearsal" / "report.csv"


def page(upload: Upload, part: str, number: int) -> Page:
    """One page of a part; the last one when there are not so many."""
    path = folder_of(upload) / "rehearsal" / f"{part}.lines"
    try:
        with path.open("rb") as lines, path.with_suffix(".pages").open("rb") as starts:
            count = max(1, starts.seek(0, 2) // 8)
            number = min(max(1, number), count)
            starts.seek(8 * (number - 1))
            lines.seek(int.from_bytes(starts.read(8), "big"))
            rows = [json.loads(line) for line, _n in zip(lines, range(PAGE), strict=False)]
    except FileNotFoundError:
        return Page([], 1, 1)
    return Page(rows, number, count)


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    """A line of JSON for each row, and beside them where each page begins, in eight bytes each."""
    count = 0
    with path.open("wb") as lines, path.with_suffix(".pages").open("wb") as starts:
        for row in rows:
            if count % PAGE == 0:
                _mark(starts, lines)
            lines.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _mark(starts: BinaryIO, lines: BinaryIO) -> None:
    starts.write(lines.tell().to_bytes(8, "big"))


def _problems(plan: Plan, kind: str) -> Iterator[dict[str, Any]]:
    for problem in plan.problems:
        if problem.kind == kind:
            yield _problem(problem)


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.place.file,
        "row": problem.place.row,
        "column": problem.column,
        "value": _shown(problem.value),
        "reason": problem.reason,
        "fix": problem.fix,
    }


def _items(plan: Plan, action: str) -> Iterator[dict[str, Any]]:
    words = _Words()
    for item in plan.items:
        if item.action == action and not (action == "unchanged" and item.draft.only_reference):
            yield _item(item, words)


class _Words:
    """The names of kinds and fields, each translated once for a whole plan."""

    def __init__(self) -> None:
        self.kinds: dict[type[models.Model], str] = {}
        self.fields: dict[tuple[type[models.Model], str], str] = {}

    def kind(self, model: type[models.Model]) -> str:
        if model not in self.kinds:
            self.kinds[model] = capfirst(str(model._meta.verbose_name))
        return self.kinds[model]

    def field(self, model: type[models.Model], name: str) -> str:
        if (model, name) not in self.fields:
            field: Any = model._meta.get_field(name)
            self.fields[model, name] = capfirst(str(field.verbose_name))
        return self.fields[model, name]


def _item(item: Item, words: _Words) -> dict[str, Any]:
    model = item.draft.model
    row: dict[str, Any] = {
        "file": item.draft.place.file,
        "row": item.draft.place.row,
        "kind": words.kind(model),
        "name": _shown(str(item.record)),
    }
    if item.record.pk is not None:
        row |= {"model": model._meta.model_name, "pk": item.record.pk}
    if item.action == "change":
        row["changes"] = [
            [words.field(model, change.field), _shown(change.before), _shown(change.after)]
            for change in item.changes
        ]
    elif item.action == "create":
        row["says"] = [
            [words.field(model, name), _shown(_said(value))]
            for name, value in list(item.draft.values.items())[:SHOWN_FIELDS]
            if value not in (None, "", [])
        ]
    return row


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    slug = getattr(value, "slug", None)  # a reference
    if isinstance(slug, str):
        return slug
    values = getattr(value, "values", None)  # a draft of the same row
    if isinstance(values, dict):
        return str(values.get("name_ko") or values.get("title") or values.get("slug") or "")
    return str(value)


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def fingerprint(plan: Plan) -> str:
    """One checksum for what a plan would do and what is wrong with it, in whatever language that is said.

    Rows that a reason would let pass count alike before and after it is given. Records missing from the file are
    left out, for nothing happens to them.
    """
    digest = hashlib.sha256()
    for item in plan.items:
        writes = item.action in ("create", "change", "held", "waiting")
        said: list[Any] = [
            item.draft.model._meta.label,
            item.draft.place,
            "write" if writes else item.action,
            item.record.pk,
        ]
        if writes:
            said += [item.changes if item.before is not None else _state(item)]
        digest.update(repr(said).encode())
    for problem in plan.problems:
        if problem.kind in ("error", "suspicious"):
            digest.update(repr((problem.kind, problem.place, problem.column, problem.value)).encode())
    return digest.hexdigest()


def _state(item: Item) -> list[Any]:
    several = {name: sorted(_identity(one) for one in records) for name, records in item.relations.items()}
    state = snapshots.of(item.record)
    return [sorted((name, repr(value)) for name, value in state.items()), sorted(several.items())]


def _identity(record: models.Model) -> str:
    return str(record.pk or getattr(record, "slug", "") or record)
