"""Whether one could apply for a program now: by the clock, unless something that was said rules it out."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, Q

from clusters.dates import SEOUL
from clusters.models import Call, Coverage, District
from clusters.programs import deadlines, matching, weighing
from clusters.programs.eligibility import BEFORE_FOUNDING, Applicant, Between, anniversary
from clusters.programs.keeping import kept

from .gathering import Chance, Chances
from .question import Question, Stage

OLDEST, DAY = date(1900, 1, 1), timedelta(days=1)


def by_the_clock(now: datetime) -> dict[int, Chance]:
    """Whether the best call of each program that is for some place takes applications now."""
    local = Q(program__coverage=Coverage.PROVINCES) | Q(program__districts__isnull=False)
    best = (
        Call.objects.published()
        .filter(local)
        .order_by()
        .values_list("program")
        .annotate(best=Min(deadlines.status_rank(now)))
    )
    takes = {deadlines.RANK[status] for status in deadlines.TAKES_APPLICATIONS}
    unclear = deadlines.RANK[deadlines.CallStatus.UNKNOWN]
    return {
        program: Chance.YES if rank in takes else Chance.PERHAPS if rank == unclear else Chance.NO
        for program, rank in best
    }


def of_question(question: Question, now: datetime, data_version: int = 0) -> Chances:
    """An open program counts in a district unless each of its open calls refuses somebody like this there.

    What the finder does not ask is not said, so it refuses nobody.
    """
    by_clock = kept("by the clock", data_version, now, lambda: by_the_clock(now))
    known: dict[tuple[str, str], Mapping[int, Chance]] = {}
    calls = weighing.calls_at(now, data_version)
    said: dict[str, Any] = {
        **_age(question.stage, now.astimezone(SEOUL).date()),
        "technologies": frozenset(field.slug for field in question.fields),
    }

    def chances(district: District) -> Mapping[int, Chance]:
        province, municipality = region = matching.region_of(district)
        if region not in known:
            weighed = calls.weighed(Applicant(province=province, municipality=municipality, **said))
            possible = calls.taking & weighed.within_reach
            known[region] = by_clock | {
                program: Chance.YES
                if asked & possible & calls.surely_open
                else Chance.PERHAPS
                if asked & possible
                else Chance.NO
                for program, asked in calls.of_program.items()
                if asked & calls.taking
            }
        return known[region]

    return chances


def _age(stage: Stage, today: date) -> dict[str, Any]:
    """What a stage says about the day of founding."""

    def ago(years: int) -> date:
        return anniversary(today, -years) or OLDEST

    if stage == Stage.IDEA:
        return {"form": BEFORE_FOUNDING}
    spans = {
        Stage.EARLY: Between(ago(3), today),
        Stage.GROWTH: Between(ago(7), ago(3) - DAY),
        Stage.ESTABLISHED: Between(OLDEST, ago(7) - DAY),
    }
    return {"founded": spans[stage]} if stage in spans else {}
