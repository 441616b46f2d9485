"""What the directory knows about each criterion in each district, in a fixed number of aggregate queries."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from heapq import nsmallest

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from clusters.models import (
    Company,
    Coverage,
    District,
    Institution,
    Office,
    Program,
    Station,
    Status,
)
from clusters.models.district import line_names

from . import rents
from .criteria import BY_KEY, CUSTOMERS, INVESTMENT_SUPPORT, SPACE_SUPPORT, TALENT, TESTBED_SUPPORT
from .question import Question
from .rents import Rent
from .scoring import HALF, Span

SHOWN = 8  # records of a criterion that the page lists itself


@dataclass(frozen=True)
class Reading:
    """One criterion in one district: at least so many, at most so many; nothing where nothing is known."""

    least: int | Decimal | None
    most: int | Decimal | None
    gap: str = ""  # why nothing is known, in words

    @classmethod
    def unknown(cls, why: str) -> "Reading":
        return cls(None, None, why)

    def score(self, key: str, at: Fraction = HALF) -> Span:
        if self.least is None or self.most is None:
            return Span(Fraction(0), Fraction(1), at)
        scale = BY_KEY[key].scale
        one = scale.score(self.least)
        if self.least == self.most:
            return Span(one, one, at)
        other = scale.score(self.most)
        return Span(min(one, other), max(one, other), at)


class Chance(Enum):
    """Whether one can apply for a program now."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


# By district with any company: peers and customers, each confirmed at least and at most.
Counted = Mapping[int, tuple[int, int, int, int]]
# From a district to the chances of each program there. A program it does not name has no confirmed dates.
Chances = Callable[[District], Mapping[int, Chance]]


@dataclass
class Reach:
    """The programs and institutions a district has, by number; what the counts are made of."""

    tied: dict[int, int | None] = field(default_factory=dict)  # program to its operator
    wide: dict[int, int | None] = field(default_factory=dict)
    institutions: dict[int, tuple[str, bool]] = field(default_factory=dict)  # its kind, and whether confirmed

    @property
    def programs(self) -> dict[int, int | None]:
        return {**self.wide, **self.tied}


@dataclass(frozen=True)
class Ground:
    """What is the same whatever somebody asks: the records that are counted, and what is said of stations and rents."""

    reach: dict[int, Reach]
    support: dict[str, set[int]]
    lines: dict[int, Reading]
    rents: dict[int, Rent]

    @classmethod
    def read(cls, districts: Sequence[District]) -> "Ground":
        return cls(*_reach(districts), _lines(districts), rents.read(districts))


@dataclass(frozen=True)
class Known:
    """All that is known: the readings by district and criterion, and the records they were counted from."""

    ground: Ground
    readings: dict[int, dict[str, Reading]]
    # By district the first of the programs one can or perhaps can apply for, the sure ones first.
    possible: dict[int, list[int]]


def gather(
    districts: Sequence[District],
    question: Question,
    chances: Chances,
    counted: Counted | None = None,
    ground: Ground | None = None,
) -> Known:
    """Everything known; `counted` has the companies where they were counted before, `ground` the rest."""
    if counted is None:
        counted = count_companies(districts, [term.slug for term in question.fields])
    if ground is None:
        ground = Ground.read(districts)
    companies, support = _companies(districts, counted), ground.support
    known = Known(ground, {}, {})
    for district in districts:
        here, here_now = ground.reach[district.pk], chances(district)
        known.readings[district.pk] = {
            **companies[district.pk],
            "space": doors(here, here.tied, question.stage.space, support, SPACE_SUPPORT),
            "programs": _open(here, here_now),
            "investors": doors(here, here.programs, question.stage.investors, support, INVESTMENT_SUPPORT),
            "testbeds": _testbeds(here, support),
            "talent": doors(here, {}, TALENT, support, ()),
            "rent": _rent(ground.rents[district.pk]),
            "transit": ground.lines[district.pk],
        }
        known.possible[district.pk] = _possible(here, here_now)
    return known


# ---- companies -------------------------------------------------------------------------------------


def offices(districts: Sequence[District]) -> QuerySet:
    return Office.objects.published().current().filter(district__in=districts).order_by()


def in_fields(fields: Sequence[str]) -> Q:
    """Offices of companies that work in any of the fields; of all companies when there are none."""
    if not fields:
        return Q()
    return Q(company__in=Company.objects.filter(technologies__slug__in=fields).order_by().values("pk"))


def count_companies(districts: Sequence[District], fields: Sequence[str]) -> Counted:
    confirmed, peers, customers = (
        Q(status=Status.CONFIRMED),
        in_fields(fields),
        Q(company__kind__in=CUSTOMERS),
    )

    def count(condition: Q) -> Count:
        return Count("company", filter=condition, distinct=True)

    rows = (
        offices(districts)
        .values_list("district")
        .annotate(
            peers=count(peers & confirmed),
            perhaps_peers=count(peers),
            customers=count(customers & confirmed),
            perhaps_customers=count(customers),
        )
    )
    return {district: (a, b, c, d) for district, a, b, c, d in rows}


def _companies(districts: Sequence[District], counted: Counted) -> dict[int, dict[str, Reading]]:
    nobody = Reading.unknown(_("No company here is listed yet."))
    found = {d.pk: {"peers": nobody, "customers": nobody} for d in districts}
    for district, (peers, more_peers, customers, more_customers) in counted.items():
        found[district] = {
            "peers": Reading(peers, more_peers),
            "customers": Reading(customers, more_customers),
        }
    return found


# ---- programs and institutions ---------------------------------------------------------------------


def _reach(districts: Sequence[District]) -> tuple[dict[int, Reach], dict[str, set[int]]]:
    found = {district.pk: Reach() for district in districts}
    of_province = defaultdict(list)
    for district in districts:
        of_province[district.province_id].append(found[district.pk])
    public = Program.objects.published().order_by().values("pk")
    tied = Program.districts.through.objects.filter(district__in=list(found), program__in=public)
    for program, operator, place in tied.values_list("program", "program__operator", "district"):
        found[place].tied[program] = operator
    wide = Program.provinces.through.objects.filter(
        province__in=list(of_province), program__in=public, program__coverage=Coverage.PROVINCES
    )
    for program, operator, place in wide.values_list("program", "program__operator", "province"):
        for reach in of_province[place]:
            reach.wide[program] = operator
    support: dict[str, set[int]] = defaultdict(set)
    wanted = (*SPACE_SUPPORT, *INVESTMENT_SUPPORT, *TESTBED_SUPPORT)
    kinds = Program.support_kinds.through.objects.filter(supportkind__slug__in=wanted, program__in=public)
    for program, kind in kinds.values_list("program", "supportkind__slug"):
        support[kind].add(program)
    institutions = (
        Institution.objects.published().filter(district__in=list(found)).exclude(status=Status.OUTDATED)
    )
    for pk, place, kind, status in institutions.order_by().values_list("pk", "district", "kind", "status"):
        found[place].institutions[pk] = (kind, status == Status.CONFIRMED)
    return found, support


def institutions_of(here: Reach, kinds: Sequence[str]) -> dict[int, bool]:
    """The institutions of these kinds, and whether each is confirmed."""
    return {pk: confirmed for pk, (kind, confirmed) in here.institutions.items() if kind in kinds}


def further_programs(
    programs: Mapping[int, int | None],
    support: Mapping[str, set[int]],
    kinds: Sequence[str],
    counted: Mapping[int, bool],
) -> list[int]:
    """Programs with such support that none of the counted institutions runs, so that nothing counts twice."""
    giving = set().union(*(support.get(kind, set()) for kind in kinds))
    return [pk for pk, operator in programs.items() if pk in giving and operator not in counted]


def doors(
    here: Reach,
    programs: Mapping[int, int | None],
    institution_kinds: Sequence[str],
    support: Mapping[str, set[int]],
    support_kinds: Sequence[str],
) -> Reading:
    """Institutions of some kinds, and the programs with some support that others run."""
    if not here.institutions and not here.programs:
        return Reading.unknown(_("No institution and no program here is listed yet."))
    counted = institutions_of(here, institution_kinds)
    further = len(further_programs(programs, support, support_kinds, counted))
    return Reading(sum(counted.values()) + further, len(counted) + further)


def _testbeds(here: Reach, support: Mapping[str, set[int]]) -> Reading:
    if not here.programs:
        return Reading.unknown(_no_program())
    number = len(further_programs(here.programs, support, TESTBED_SUPPORT, {}))
    return Reading(number, number)


def _open(here: Reach, chances: Mapping[int, Chance]) -> Reading:
    if not here.programs:
        return Reading.unknown(_no_program())
    found = [chances.get(pk, Chance.PERHAPS) for pk in here.programs]
    sure = found.count(Chance.YES)
    return Reading(sure, sure + found.count(Chance.PERHAPS))


def _possible(here: Reach, chances: Mapping[int, Chance]) -> list[int]:
    likely = {Chance.YES: 0, Chance.PERHAPS: 1}
    ranked = ((likely.get(chances.get(pk, Chance.PERHAPS)), pk) for pk in here.programs)
    return [pk for _rank, pk in nsmallest(SHOWN, ((rank, pk) for rank, pk in ranked if rank is not None))]


def _no_program() -> str:
    return _("No program for this district is listed yet.")


# ---- stations and rents ----------------------------------------------------------------------------


def _lines(districts: Sequence[District]) -> dict[int, Reading]:
    confirmed: dict[int, set[str]] = defaultdict(set)
    every: dict[int, set[str]] = defaultdict(set)
    stations = Station.objects.published().filter(district__in=districts).exclude(status=Status.OUTDATED)
    for place, names, status in stations.order_by().values_list("district", "lines_ko", "status"):
        every[place] |= set(line_names(names))
        if status == Status.CONFIRMED:
            confirmed[place] |= set(line_names(names))
    nothing = Reading.unknown(_("No station here is listed yet."))
    return {
        d.pk: Reading(len(confirmed[d.pk]), len(every[d.pk])) if d.pk in every else nothing for d in districts
    }


def _rent(rent: Rent) -> Reading:
    if rent.placed is None:
        return Reading.unknown(rent.why)
    said = [rent.placed.point.value, *(other.value for other in rent.placed.otherwise)]
    return Reading(min(said), max(said))
