"""Calls that readers could see and that were then withdrawn: for a while told as called off, as they last stood in public."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects

from clusters.models import Call, Program, Publication

TOLD_FOR = timedelta(days=90)
MOST_READ = 2000  # calls, the latest to change first


class Withdrawn(NamedTuple):
    """A call as it last was in public, and since when it is not."""

    call: Call
    since: datetime


def of_programs(programs: QuerySet[Program], now: datetime, dated: Q, most: int) -> list[Withdrawn]:
    """The calls of these programs that were withdrawn of late; `dated` says which days they must name.

    What was written into a call after it had left the public is not read, and a call that was public only while its
    program was not is nothing that anybody saw.
    """
    calls, states = Call.history.model.objects, Program.history.model.objects
    archived = list(
        Call.objects.filter(
            publication=Publication.ARCHIVED,
            updated_at__gte=now - TOLD_FOR,
            program__in=programs.order_by().values("pk"),
        )
        .order_by("-updated_at")
        .values_list("pk", flat=True)[:MOST_READ]
    )
    if not archived:
        return []
    later = calls.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
    program_then = states.filter(id=OuterRef("program_id"), history_date__lt=OuterRef("since"))
    last_public = (
        calls.filter(dated, id__in=archived, publication=Publication.PUBLISHED)
        .exclude(Exists(later.filter(publication=Publication.PUBLISHED)))
        .annotate(since=Subquery(later.order_by("history_id").values("history_date")[:1]))
        .filter(since__gte=now - TOLD_FOR)
        .annotate(program_was=Subquery(program_then.order_by("-history_id").values("publication")[:1]))
        .filter(Q(program_was=None) | Q(program_was=Publication.PUBLISHED))
        .order_by(F("closes_at").desc(nulls_last=True), "slug")
    )
    found = [Withdrawn(row.instance, row.since) for row in last_public[:most]]
    prefetch_related_objects([one.call for one in found], "program", "source")
    return found
