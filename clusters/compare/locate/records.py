"""The records behind one district's points, read for that district alone and never more than a few of each kind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, partial
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from clusters.models import Call, Institution, Program, Station, Status
from clusters.programs import deadlines

from ..series import with_evidence
from . import lists
from .answer import Answer, Part, Place
from .criteria import CUSTOMERS, INVESTMENT_SUPPORT, SPACE_SUPPORT, TALENT, TESTBED_SUPPORT
from .gathering import SHOWN, further_programs, in_fields, institutions_of, offices
from .rents import Rent

_FINDINGS = {Status.CONFIRMED: 0, Status.UNVERIFIED: 1, Status.DISPUTED: 2}


@dataclass(frozen=True)
class Item:
    """One record: its name, where it leads, what is said of it, and the fact that holds its evidence."""

    name: Any
    url: str
    about: Any
    fact: Any
    status: str = ""
    deadline: deadlines.Deadline | None = None


@dataclass
class Behind:
    """What stands behind one part of a district's points; the records are read when somebody looks at them."""

    part: Part
    read: Callable[[], list[Item]]
    links: list[lists.Link]
    rests_on: tuple[str, ...]  # what of the question it depends on
    rent: Rent | None = None

    @cached_property
    def items(self) -> list[Item]:
        return self.read()

    @property
    def further(self) -> int:
        """How many records are counted that are not listed here."""
        return max(0, int(self.part.reading.most or 0) - len(self.items)) if self.rent is None else 0


def behind(answer: Answer, place: Place, now: datetime) -> list[Behind]:
    """The records behind each part that matters, in the order of the criteria."""
    question, rent = answer.question, answer.known.ground.rents[place.district.pk]
    stage, fields = str(question.stage), [term.slug for term in question.fields]
    rests_on = {
        "peers": tuple(fields),
        "space": (stage,),
        "investors": (stage,),
        "programs": (stage, *fields),
    }
    sources: dict[str, Callable[[], list[Item]]] = {
        "peers": lambda: _companies(place, in_fields(fields)),
        "customers": lambda: _companies(place, Q(company__kind__in=CUSTOMERS)),
        "transit": lambda: _stations(place),
        "rent": list,
        **_institutions_and_programs(answer, place, now),
    }
    return [
        Behind(
            part,
            sources[key],
            lists.of(part, place, question) if part.reading.most or key == "rent" else [],
            rests_on.get(key, ()),
            rent if key == "rent" else None,
        )
        for part in place.weighed
        for key in [part.criterion.key]
    ]


def _companies(place: Place, condition: Q) -> list[Item]:
    """Companies once each, those with a confirmed office first."""
    rows = with_evidence(offices([place.district]).filter(condition)).select_related("company")
    rows = rows.order_by("status", "company__name_ko", "company__slug", "pk")[: SHOWN * 2]
    first = {office.company_id: office for office in reversed(rows)}
    chosen = sorted(first.values(), key=lambda office: (_FINDINGS[office.status], str(office.company.name)))
    return [
        Item(
            office.company.name,
            office.company.get_absolute_url(),
            office.company.get_kind_display(),
            office,
            office.status,
        )
        for office in chosen[:SHOWN]
    ]


def _stations(place: Place) -> list[Item]:
    stations = with_evidence(Station.objects.published().filter(district=place.district))
    return [
        Item(station.name, "", station.lines, station, station.status)
        for station in stations.exclude(status=Status.OUTDATED)
    ]


def _institutions_and_programs(
    answer: Answer, place: Place, now: datetime
) -> dict[str, Callable[[], list[Item]]]:
    """Everything that is institutions or programs, read together: each record once, whatever counts it."""
    here, support = answer.known.ground.reach[place.district.pk], answer.known.ground.support
    stage = answer.question.stage
    weighed = {part.criterion.key for part in place.weighed}
    chosen: dict[str, tuple[list[int], list[int]]] = {}

    def choose(key: str, kinds: Sequence[str], programs: Iterable[int]) -> None:
        if key in weighed:
            institutions = sorted(
                institutions_of(here, kinds).items(), key=lambda item: (not item[1], item[0])
            )
            numbers = [pk for pk, _confirmed in institutions][:SHOWN]
            chosen[key] = numbers, list(programs)[: SHOWN - len(numbers)]

    def others(programs: dict[int, int | None], kinds: Sequence[str], given: Sequence[str]) -> list[int]:
        return further_programs(programs, support, given, institutions_of(here, kinds))

    choose("space", stage.space, others(here.tied, stage.space, SPACE_SUPPORT))
    choose("investors", stage.investors, others(here.programs, stage.investors, INVESTMENT_SUPPORT))
    choose("testbeds", (), others(here.programs, (), TESTBED_SUPPORT))
    choose("talent", TALENT, ())
    choose("programs", (), answer.known.possible[place.district.pk])

    @cache
    def records() -> tuple[dict[int, Item], dict[int, Item]]:
        return (
            _read_institutions({pk for some, _none in chosen.values() for pk in some}),
            _read_programs({pk for _none, some in chosen.values() for pk in some}, now),
        )

    def items(key: str) -> list[Item]:
        institutions, programs = records()
        some, more = chosen[key]
        found = [*(institutions.get(pk) for pk in some), *(programs.get(pk) for pk in more)]
        return [one for one in found if one is not None]  # one may have been withdrawn just now

    return {key: partial(items, key) for key in chosen}


def _read_institutions(numbers: set[int]) -> dict[int, Item]:
    rows = with_evidence(Institution.objects.published().filter(pk__in=numbers))
    return {
        one.pk: Item(one.name, one.get_absolute_url(), one.get_kind_display(), one, one.status)
        for one in rows
    }


def _read_programs(numbers: set[int], now: datetime) -> dict[int, Item]:
    """Programs with the call that speaks for them now, which holds their evidence; without one, their own."""
    rows = (
        Program.objects.published()
        .filter(pk__in=numbers)
        .select_related("source")
        .prefetch_related(Prefetch("calls", with_evidence(Call.objects.published()), to_attr="public_calls"))
    )
    found = {}
    for program in rows:
        call = deadlines.current_call(program.public_calls, now)
        deadline = deadlines.describe(call, now) if call else None
        about = deadline.label if deadline else _("no call is listed")
        found[program.pk] = Item(
            program.name, program.get_absolute_url(), about, call or program, deadline=deadline
        )
    return found
