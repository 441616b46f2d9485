"""What people wrote stays: a pull changes only what it brought itself, and says what it left as edited here."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from clusters.curation.importing import snapshots
from clusters.curation.importing.drafts import Problem
from clusters.curation.importing.lookup import chunks
from clusters.curation.importing.plans import Item, Plan
from clusters.models import ImportedChange

# A call seen at the portal holds; noting that once a week is enough, and each note is a row of history.
NOTE_EVERY = timedelta(days=7)
SEEN = "confirmed_on"


def keep_edits(plan: Plan, *, profile: str, today: date) -> int:
    """Take back planned changes of fields that somebody edited here since; the number of fields left so."""
    changed = [item for item in plan.items if item.action == "change"]
    brought = _last_brought(changed, profile)
    left = 0
    for item in changed:
        assert item.before is not None
        ours = brought[item.draft.model._meta.label, item.record.pk]
        for change in list(item.changes):
            before = item.before[change.field]
            if change.field == SEEN:
                if before and date.fromisoformat(before) > today - NOTE_EVERY:
                    _take_back(item, change.field)
            elif before != ours.get(change.field) and not _is_blank(before):
                _take_back(item, change.field)
                left += 1
                plan.problems.append(
                    Problem(
                        "note",
                        item.draft.place,
                        item.draft.column(change.field),
                        change.after,
                        _("Somebody edited this here (%(value)s); it was left so.")
                        % {"value": change.before[:100]},
                    )
                )
        if not item.changes:
            item.action = "unchanged"
    return left


def _last_brought(items: list[Item], profile: str) -> dict[tuple[str, Any], dict[str, Any]]:
    """By record, each field as pulls brought it last."""
    found: dict[tuple[str, Any], dict[str, Any]] = defaultdict(dict)
    by_model: dict[str, list[Any]] = defaultdict(list)
    for item in items:
        by_model[item.draft.model._meta.label].append(item.record.pk)
    for label, pks in by_model.items():
        for part in chunks(pks):
            rows = ImportedChange.objects.filter(
                model=label, record_pk__in=part, batch__profile=profile, batch__undone_at__isnull=True
            )
            for pk, after in rows.order_by("pk").values_list("record_pk", "after"):
                found[label, pk].update(after)
    return found


def _take_back(item: Item, field: str) -> None:
    assert item.before is not None
    item.changes = [change for change in item.changes if change.field != field]
    snapshots.put(item.record, {field: item.before[field]})
    item.relations.pop(field, None)


def _is_blank(value: Any) -> bool:
    return value is None or value == "" or value == []
