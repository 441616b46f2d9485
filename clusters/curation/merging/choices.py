"""Which of two values stays where two records differ: what can be chosen, and what is proposed."""

from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.text import capfirst

from clusters.curation.changes import in_words, tracked_fields, value
from clusters.models import Publication
from clusters.models.fields import TextListField

Side = Literal["kept", "merged", "both"]

# What is before the public stays before it.
_RANK = (Publication.ARCHIVED, Publication.DRAFT, Publication.IN_REVIEW, Publication.PUBLISHED)


@dataclass
class Choice:
    """A field in which two records differ."""

    field: Any
    kept: Any
    merged: Any
    proposed: Side

    @property
    def label(self) -> str:
        return capfirst(str(self.field.verbose_name))

    @property
    def sides(self) -> tuple[Side, ...]:
        """Both only where each has something that the other has not."""
        if _holds_several(self.field) and self.result("both") not in (self.kept, self.merged):
            return ("kept", "merged", "both")
        return ("kept", "merged")

    def result(self, side: Side) -> Any:
        """The value that a choice gives: of lists, both without repeating what is the same."""
        if side == "both":
            both = [*self.kept, *(one for one in self.merged if one not in self.kept)]
            return sorted(both) if isinstance(self.field, models.ManyToManyField) else both
        return self.kept if side == "kept" else self.merged

    def shown(self, side: Side) -> str:
        return in_words(self.field, self.result(side))


def choices_between(kept: models.Model, merged: models.Model, moved: frozenset[str]) -> list[Choice]:
    """The fields in which two records differ, but for those that lead to the records themselves."""
    found = []
    for field in tracked_fields(type(kept)):
        ours, theirs = value(kept, field), value(merged, field)
        if field.name not in moved and ours != theirs:
            found.append(Choice(field, ours, theirs, _proposed(field, ours, theirs)))
    return found


def same_between(kept: models.Model, merged: models.Model, moved: frozenset[str]) -> list[tuple[str, str]]:
    """The fields that hold the same, in words; what neither has goes unmentioned."""
    return [
        (capfirst(str(field.verbose_name)), in_words(field, value(kept, field)))
        for field in tracked_fields(type(kept))
        if field.name not in moved
        and value(kept, field) == value(merged, field)
        and value(kept, field) not in (None, "", [])
    ]


def _proposed(field: Any, ours: Any, theirs: Any) -> Side:
    if field.name == "publication":
        return "merged" if _RANK.index(theirs) > _RANK.index(ours) else "kept"
    if _holds_several(field):
        extra = [one for one in theirs if one not in ours]
        return "kept" if not extra else "both" if ours and set(ours) - set(theirs) else "merged"
    untouched = ours in (None, "") or (field.choices and field.has_default() and ours == field.get_default())
    return "merged" if untouched and theirs not in (None, "") else "kept"


def _holds_several(field: Any) -> bool:
    return isinstance(field, models.ManyToManyField | TextListField)
