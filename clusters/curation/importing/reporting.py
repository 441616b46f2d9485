"""The report of a rehearsal: as text for a terminal, and as CSV for a spreadsheet."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .cells import escaped
from .drafts import Problem
from .plans import Item, Plan

SHOWN = 20


def _kinds() -> dict[str, str]:
    return {
        "error": _("error"),
        "suspicious": _("suspicious"),
        "missing": _("not in the file"),
        "note": _("note"),
        "create": _("new"),
        "change": _("changed"),
    }


def summary(plan: Plan) -> Iterator[str]:
    """The counts, one to a line."""
    counts = plan.counts()
    for name, words in (
        ("create", _("new")),
        ("change", _("changed")),
        ("unchanged", _("unchanged")),
        ("refused", _("with errors")),
        ("held", _("held until a reason is given")),
        ("waiting", _("waiting for a row that is refused or held")),
        ("missing", _("in the directory but not in the file")),
    ):
        if counts[name] or name in ("create", "change", "unchanged"):
            yield f"{words}: {counts[name]:,}"


def text(plan: Plan, *, most: int = SHOWN) -> Iterator[str]:
    """Every error and doubt; of the rest, the first few of each kind."""
    for kind in ("error", "suspicious", "missing", "note"):
        found = [problem for problem in plan.problems if problem.kind == kind]
        limit = most if kind in ("missing", "note") else len(found)
        yield from (line(problem) for problem in found[:limit])
        if len(found) > limit:
            yield _and_more(len(found) - limit)
    written = plan.to_write
    for item in written[:most]:
        yield from _item(item)
    if len(written) > most:
        yield _and_more(len(written) - most)
    yield from summary(plan)


def _and_more(number: int) -> str:
    return ngettext("… and %(number)d more", "… and %(number)d more", number) % {"number": number}


def line(problem: Problem) -> str:
    """One problem on one line: where, what, why, and what to do."""
    parts = [problem.place.file]
    if problem.place.row:
        parts.append(_("row %(row)d") % {"row": problem.place.row})
    if problem.column:
        parts.append(problem.column)
    said = _printable(problem.value)
    where = ", ".join(part for part in parts if part)
    return f"{_kinds()[problem.kind]}: {where}: {f'“{said}” ' if said else ''}{problem.reason} {problem.fix}".rstrip()


def _printable(value: str) -> str:
    value = " ".join(value.split())[:80]
    return value if value.isprintable() else ascii(value)


def _item(item: Item) -> Iterator[str]:
    name = f"{item.draft.model._meta.verbose_name}: {_printable(str(item.record))}"
    if item.action == "create":
        yield f"+ {name}"
        return
    yield f"~ {name}"
    for change in item.changes:
        label = item.draft.model._meta.get_field(change.field).verbose_name  # type: ignore[union-attr]
        yield f"    {label}: {_printable(change.before)} → {_printable(change.after)}"


def write_csv(plan: Plan, path: Path) -> None:
    """All problems and all changes, a row each; cells are kept from running as formulas."""
    kinds = _kinds()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                _("kind"),
                _("file"),
                _("row"),
                _("column"),
                _("value"),
                _("reason"),
                _("what to do"),
                _("before"),
                _("after"),
            ]
        )
        for problem in plan.problems:
            row = problem.place.row or ""
            cells = [
                kinds[problem.kind],
                problem.place.file,
                str(row),
                problem.column,
                problem.value,
                problem.reason,
                problem.fix,
                "",
                "",
            ]
            writer.writerow([escaped(cell) for cell in cells])
        for item in plan.to_write:
            place = item.draft.place
            start = [kinds[item.action], place.file, str(place.row or "")]
            if item.action == "create":
                writer.writerow([escaped(cell) for cell in [*start, "", str(item.record), "", "", "", ""]])
            for change in item.changes:
                cells = [
                    *start,
                    item.draft.column(change.field),
                    str(item.record),
                    "",
                    "",
                    change.before,
                    change.after,
                ]
                writer.writerow([escaped(cell) for cell in cells])
