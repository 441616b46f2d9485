"""A page of changes as Atom and JSON: the same entries in the same order."""

from typing import Any

from clusters import atom
from clusters.dates import SEOUL

from . import kinds, sentences
from .page import Entry, Page, Told

_ACTS = {
    "": "edit",
    "batch": "import",
    "undo batch": "import_undone",
    "merge": "merge",
    "undo merge": "merge_undone",
}


def feed(page: Page, about: atom.Feed, *, site: str, home: str) -> bytes:
    """`home` is the address of the list, for entries that no page shows."""
    return atom.written(about, [_entry(entry, about, site, home) for entry in page.entries])


def _entry(entry: Entry, about: atom.Feed, site: str, home: str) -> atom.Entry:
    first = entry.records[0] if entry.records else None
    lines = []
    for told in entry.records:
        lines += [sentences.title(told)] if entry.is_group else []
        lines += sentences.lines(told)
    alone = first if first is not None and not entry.is_group else None
    return atom.Entry(
        id=atom.tag(site, about.language, "changes", entry.key),
        title=sentences.heading(entry),
        url=site + (alone.url if alone is not None and alone.url else home),
        updated=entry.when,
        published=entry.when,
        summary="\n".join(lines),
        kind=(alone.kind, alone.label) if alone is not None else ("", ""),
    )


def data(page: Page, following: str | None) -> dict[str, Any]:
    """`count` is the number of entries given here; `next` leads to the older ones."""
    return {
        "count": len(page.entries),
        "next": following,
        "results": [_result(entry) for entry in page.entries],
    }


def _result(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": entry.key,
        "when": entry.when.astimezone(SEOUL).isoformat(timespec="seconds"),
        "act": _ACTS[entry.act],
        "title": sentences.heading(entry),
        "records": [_record(told) for told in entry.records],
    }
    if entry.is_group:
        found["counts"] = [
            {
                "kind": kinds.code(one.model),
                "what": one.what,
                "number": one.number,
                "at_least": not entry.is_whole,
            }
            for one in entry.counts
        ]
        found["unnamed"] = entry.rest
    return found


def _record(told: Told) -> dict[str, Any]:
    source = told.source
    return {
        "kind": told.kind,
        "what": told.what,
        "name": told.name,
        "statement": told.statement,
        "url": told.url,
        "changes": [one._asdict() for one in told.changes],
        "source": None if source is None else {"title": source.title, "url": source.get_absolute_url()},
    }
