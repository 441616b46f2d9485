"""How the dates of calls moved while the calls were public, read from their history."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _

from clusters.dates import SEOUL
from clusters.models import Call, Program, Publication


class Move(NamedTuple):
    """A date that was moved while the call was public."""

    when: datetime
    before: datetime | None
    after: datetime | None


Moves = dict[str, list[Move]]  # of the closing ("closes_at") and the opening ("opens_at"), oldest first


def of_calls(calls: Iterable[Call]) -> dict[int, Moves]:
    """For each call, by number, the moves of its closing and its opening; in two queries."""
    calls = list(calls)
    program = {call.pk: call.program_id for call in calls}
    hidden_until: dict[int, datetime] = dict(
        Program.history.model.objects.filter(id__in=set(program.values()))
        .exclude(publication=Publication.PUBLISHED)
        .order_by()
        .values_list("id")
        .annotate(Max("history_date"))
    )
    found: dict[int, Moves] = defaultdict(lambda: {"closes_at": [], "opens_at": []})
    before: dict[int, dict[str, datetime | None]] = {}
    rows = (
        Call.history.model.objects.filter(id__in=list(program))
        .order_by("history_date", "history_id")
        .values("id", "history_date", "closes_at", "opens_at", "publication")
    )
    for row in rows.iterator():
        if row["publication"] != Publication.PUBLISHED:
            before.pop(row["id"], None)
            continue
        earlier = before.get(row["id"])
        hidden = hidden_until.get(program[row["id"]])
        if hidden is not None and row["history_date"] <= hidden:
            earlier = None  # nobody saw where it moved from
        for name in ("closes_at", "opens_at"):
            if earlier is not None and earlier[name] != row[name]:
                found[row["id"]][name].append(Move(row["history_date"], earlier[name], row[name]))
        before[row["id"]] = row
    return found


def short(moment: datetime | None) -> str:
    """A moment in figures on the clock of Seoul; its time only where that says more than the day."""
    if moment is None:
        return _("no date")
    local = moment.astimezone(SEOUL)
    day = f"{local:%Y-%m-%d}"
    return day if (local.hour, local.minute) in ((0, 0), (23, 59)) else f"{day} {local:%H:%M}"
