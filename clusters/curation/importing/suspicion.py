"""What is possible but unlikely: values ten times off their neighbors, and dates no record can mean."""

from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from clusters.dates import PartialDate, seoul_now
from clusters.models import Observation
from clusters.models.fields import PartialDateField

# A digit too many makes ten times; what the years between two values add or take is allowed for.
FACTOR = 8
# Dates that speak of what has happened; later than today they are slips of the pen.
PAST = frozenset({"founded", "as_of", "published", "accessed_on", "since", "date", "confirmed_on"})


def look(model: type[models.Model], items: Sequence[Any]) -> None:
    """Note on the drafts of planned items whatever a curator should look at first."""
    written = [item for item in items if item.action in ("create", "change")]
    today = seoul_now().date()
    for item in written:
        for name in PAST & item.draft.values.keys():
            value = getattr(item.record, name)
            if isinstance(value, str) and value and isinstance(model._meta.get_field(name), PartialDateField):
                day = PartialDate(str(value)).first_day if _is_date(value) else None
            else:
                day = value or None
            if day and day > today and _differs(item, name):
                item.draft.complain(
                    name,
                    _("This date is in the future."),
                    _("Correct it, or give a reason."),
                    kind="suspicious",
                )
    if model is Observation:
        _neighbors(written)


def _is_date(value: str) -> bool:
    try:
        PartialDate(value)
    except ValueError:
        return False
    return True


def _differs(item: Any, name: str) -> bool:
    return item.action == "create" or any(change.field == name for change in item.changes)


def _neighbors(items: Sequence[Any]) -> None:
    """Compare each value with the ones before and after it in its series, stored or in the same file."""

    # A series made in the same import has no number yet; the record itself stands for it.
    def line(item) -> Any:
        return item.record.series_id or id(item.record._state.fields_cache.get("series"))

    stored: dict[Any, list[tuple[str, Any]]] = defaultdict(list)
    ours = {item.record.pk for item in items if item.record.pk}
    pks = {item.record.series_id for item in items if item.record.series_id}
    for pk, series, period, value in Observation.objects.filter(series_id__in=pks).values_list(
        "pk", "series_id", "period", "value"
    ):
        if pk not in ours:
            insort(stored[series], (str(period), value))
    for item in items:
        if item.record.value is not None and not item.draft.faulty:
            insort(stored[line(item)], (str(item.record.period), item.record.value))
    for item in items:
        if item.draft.faulty or not (_differs(item, "value") or _differs(item, "period")):
            continue
        points = stored[line(item)]
        at = points.index((str(item.record.period), item.record.value))
        near = [points[n][1] for n in (at - 1, at + 1) if 0 <= n < len(points)]
        value = item.record.value
        if near and value and all(n and not 1 / FACTOR < float(abs(value / n)) < FACTOR for n in near):
            item.draft.complain(
                "value",
                _("Its neighbors in the series are %(values)s.")
                % {"values": ", ".join(f"{n.normalize():f}" for n in near)},
                _("Check the unit, or give a reason."),
                kind="suspicious",
            )
