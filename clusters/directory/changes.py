"""What changed lately, for the home page: statements whose finding or value was written last."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from clusters.models import Call, Claim, Observation, Office, Status

# Among statements written at the same moment, those a reader should know first.
_WEIGHT = {Status.DISPUTED: 0, Status.UNVERIFIED: 1, Status.CONFIRMED: 2, Status.OUTDATED: 3}


@dataclass(frozen=True)
class Change:
    subject: str
    url: str
    text: str
    status: str
    when: datetime


def _claim(claim: Claim) -> Change:
    return Change(
        _("%(district)s: %(statement)s") % {"district": claim.district, "statement": claim.statement},
        claim.district.get_absolute_url() + "#claims",
        str(claim.finding),
        claim.status,
        claim.updated_at,
    )


def _office(office: Office) -> Change:
    place = office.district or office.address or office.get_kind_display()
    return Change(
        _("Office of %(company)s") % {"company": office.company},
        office.company.get_absolute_url(),
        f"{office.get_kind_display()}, {place}" + (f". {office.note}" if office.note else ""),
        office.status,
        office.updated_at,
    )


def _observation(observation: Observation) -> Change:
    series = observation.series
    return Change(
        f"{series.place}, {series.indicator}",
        series.district.get_absolute_url() + "#ind" if series.district else "",
        f"{observation.period.display()}, {series.scope}"
        + (f". {observation.note}" if observation.note else ""),
        observation.status,
        observation.updated_at,
    )


def _call(call: Call) -> Change:
    return Change(
        f"{call.program}, {call.label}",
        call.program.get_absolute_url(),
        str(call.note or call.wording or call.get_period_kind_display()),
        call.status,
        call.updated_at,
    )


_KINDS = (
    (Claim, _claim, ("district",)),
    (Office, _office, ("company", "district")),
    (Observation, _observation, ("series__indicator", "series__district")),
    (Call, _call, ("program",)),
)


def recent(number: int) -> list[Change]:
    """The latest changes, newest first."""
    found: list[list[Change]] = []
    for model, describe, related in _KINDS:
        facts = (
            model.objects.published().select_related(*related).order_by("-updated_at", "-pk")[: number * 10]
        )
        changes = [describe(fact) for fact in facts]
        changes.sort(key=lambda change: (-change.when.timestamp(), _WEIGHT[Status(change.status)]))
        found.append(changes[:number])
    # When much was written at once, each kind of statement gets its turn.
    turns = [
        change
        for turn in zip(*[kind + [None] * number for kind in found], strict=False)
        for change in turn
        if change
    ]
    turns.sort(key=lambda change: -change.when.timestamp())
    return turns[:number]
