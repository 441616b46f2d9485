"""What happened, as short sentences: the headings of entries and the lines of a feed."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clusters import units

from .judging import ADDED, CHANGED
from .page import Count, Entry, Told
from .words import Change


def what(code: str) -> str:
    """What happened to one record."""
    return {
        ADDED: pgettext("what happened to a record", "added"),
        CHANGED: pgettext("what happened to a record", "changed"),
    }.get(code) or pgettext("what happened to a record", "withdrawn")


def act(kind: str) -> str:
    """What an act is called; nothing for an edit."""
    return {
        "batch": pgettext("act", "Import"),
        "undo batch": pgettext("act", "Import undone"),
        "merge": pgettext("act", "Duplicates merged"),
        "undo merge": pgettext("act", "Merge undone"),
    }.get(kind, "")


def count(one: Count, is_whole: bool) -> str:
    """412 companies added."""
    frames = {
        ADDED: (_("%(number)s %(kind)s added"), _("at least %(number)s %(kind)s added")),
        CHANGED: (_("%(number)s %(kind)s changed"), _("at least %(number)s %(kind)s changed")),
    }
    frame = frames.get(one.what) or (
        _("%(number)s %(kind)s withdrawn"),
        _("at least %(number)s %(kind)s withdrawn"),
    )
    return frame[0 if is_whole else 1] % {"number": units.plain(one.number), "kind": one.label}


def heading(entry: Entry) -> str:
    """An entry in one line: the record and what happened to it, or the act and how many records it touched."""
    if not entry.is_group:
        return title(entry.records[0])
    counts = ", ".join(count(one, entry.is_whole) for one in entry.counts)
    return f"{act(entry.act)}: {counts}" if entry.act else capfirst(counts)


def title(told: Told) -> str:
    """Naver: office changed."""
    words = _("%(kind)s %(what)s") % {"kind": told.label, "what": what(told.what)}
    return f"{told.name}: {words}" if told.name else capfirst(words)


def change(one: Change) -> str:
    if not one.before:
        return f"{one.label}: {what(CHANGED)}"
    return f"{one.label}: {one.before} → {one.after}"


def lines(told: Told) -> list[str]:
    """What stands below the title of a record, one thing to a line."""
    found = [told.statement, *map(change, told.changes)]
    if told.source is not None:
        found.append(_("Source: %(title)s") % {"title": told.source.title})
    return [line for line in found if line]
