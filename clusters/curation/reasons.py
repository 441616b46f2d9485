"""Why a record changed, in the reader's language: what merges, imports and their undoing wrote into its history."""

import re

from django.utils.translation import gettext as _

_KEPT = re.compile(r"(undo merge|merge|undo batch|batch) ([0-9]+)(?:: (.+))?", re.S)


def act(kept: str | None) -> tuple[str, int] | None:
    """The import or merge that a reason names, or the undoing of one, with its number."""
    match = _KEPT.fullmatch(kept or "")
    return (match[1], int(match[2])) if match else None


def in_words(kept: str | None) -> str:
    """A reason as the history kept it, told to the reader; what a person wrote stays as it is."""
    match = _KEPT.fullmatch(kept or "")
    if match is None:
        return kept or ""
    told = {
        "merge": _("Merge %(number)s"),
        "undo merge": _("Merge %(number)s was undone"),
        "batch": _("Import %(number)s"),
        "undo batch": _("Import %(number)s was undone"),
    }[match[1]] % {"number": match[2]}
    return f"{told}: {match[3]}" if match[3] else told
