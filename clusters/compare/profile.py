"""What is known of districts, read in a fixed number of queries however many records there are."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from clusters.models import (
    Call,
    Claim,
    Coverage,
    District,
    Industry,
    Institution,
    Office,
    Program,
    Station,
    Status,
    SupportKind,
    Technology,
    Trait,
)

from .series import Measure, measures, with_evidence


@dataclass
class Tally:
    """How many of something a district has, and of which kinds; the kinds may overlap."""

    total: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


@dataclass
class Programs:
    """Programs bound to a district and those for its whole province; `kinds` counts both by kind of support."""

    bound: int = 0
    province_wide: int = 0
    open: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


@dataclass
class Profile:
    """All that the comparison says of one district."""

    district: District
    stations: list[Station]
    measures: list[Measure]
    companies: Tally
    unsettled: int
    technologies: dict[str, int]
    industries: dict[str, int]
    institutions: Tally
    programs: Programs
    claims: list[Claim]
    traits: list[Trait]


@dataclass
class Gathered:
    """The profiles side by side, with the names of the vocabularies they use."""

    profiles: list[Profile]
    technologies: list[Technology]
    industries: list[Industry]
    support_kinds: list[SupportKind]


def by_district(facts: Iterable) -> dict[int, list]:
    found = defaultdict(list)
    for fact in facts:
        found[fact.district_id].append(fact)
    return found


def _counted(rows: Iterable[tuple]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for district, kind, number in rows:
        found[district][kind] = number
    return found


def count_companies(districts: Sequence[District]) -> tuple[dict, dict, dict, dict]:
    """Companies by size, technology and industry where the office is confirmed; and how many where it is not."""
    offices = Office.objects.published().current().filter(district__in=districts).order_by()
    confirmed = offices.filter(status=Status.CONFIRMED)
    settled = confirmed.filter(company=OuterRef("company"), district=OuterRef("district"))

    def count(rows: QuerySet, path: str) -> dict[int, dict[str, int]]:
        rows = rows.exclude(**{path: None})
        return _counted(rows.values_list("district", path).annotate(n=Count("company", distinct=True)))

    return (
        count(confirmed, "company__kind"),
        count(confirmed, "company__technologies__slug"),
        count(confirmed, "company__industries__slug"),
        dict(
            offices.exclude(status=Status.CONFIRMED)
            .exclude(Exists(settled))
            .values_list("district")
            .annotate(n=Count("company", distinct=True))
        ),
    )


def _programs(districts: Sequence[District], is_open: Callable[[list[Call]], bool]) -> dict[int, Programs]:
    here = Q(districts__in=districts)
    around = Q(coverage=Coverage.PROVINCES, provinces__in=[district.province_id for district in districts])
    programs = (
        Program.objects.published()
        .filter(pk__in=Program.objects.filter(here | around).values("pk"))
        .prefetch_related(
            "support_kinds",
            "districts",
            "provinces",
            Prefetch("calls", Call.objects.published(), to_attr="public_calls"),
        )
    )
    found = {district.pk: Programs() for district in districts}
    for program in programs:
        bound = {district.pk for district in program.districts.all()}
        provinces = {province.pk for province in program.provinces.all()}
        accepting = is_open(program.public_calls)
        for district in districts:
            tally = found[district.pk]
            if district.pk in bound:
                tally.bound += 1
            elif program.coverage == Coverage.PROVINCES and district.province_id in provinces:
                tally.province_wide += 1
            else:
                continue
            tally.open += accepting
            for kind in program.support_kinds.all():
                tally.kinds[kind.slug] = tally.kinds.get(kind.slug, 0) + 1
    return found


def gather(
    districts: Sequence[District],
    is_open: Callable[[list[Call]], bool],
    companies: tuple[dict, dict, dict, dict] | None = None,
) -> Gathered:
    """The profiles of districts; `is_open` tells from a program's public calls whether one can apply now.

    `companies` is what `count_companies` would find, where somebody counted already.
    """
    figures = measures(districts)
    stations = by_district(with_evidence(Station.objects.published()).filter(district__in=districts))
    claims = by_district(with_evidence(Claim.objects.published()).filter(district__in=districts))
    traits = by_district(with_evidence(Trait.objects.published()).filter(district__in=districts))
    sizes, technologies, industries, unsettled = companies or count_companies(districts)
    institutions = _counted(
        Institution.objects.published()
        .filter(district__in=districts)
        .order_by()
        .values_list("district", "kind")
        .annotate(n=Count("pk"))
    )
    programs = _programs(districts, is_open)
    profiles = [
        Profile(
            district=district,
            stations=stations[district.pk],
            measures=figures.get(district.pk, []),
            companies=Tally(sum(sizes.get(district.pk, {}).values()), sizes.get(district.pk, {})),
            unsettled=unsettled.get(district.pk, 0),
            technologies=technologies.get(district.pk, {}),
            industries=industries.get(district.pk, {}),
            institutions=Tally(sum(institutions[district.pk].values()), institutions[district.pk]),
            programs=programs[district.pk],
            claims=claims[district.pk],
            traits=traits[district.pk],
        )
        for district in districts
    ]
    return Gathered(
        profiles,
        list(Technology.objects.all()),
        list(Industry.objects.all()),
        list(SupportKind.objects.all()),
    )
