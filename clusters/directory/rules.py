"""Facets with a rule of their own: offices in districts, who a program is for, what the clock or a date decides."""

from collections.abc import Hashable, Iterable, Mapping

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import pgettext

from clusters import models as m
from clusters.dates import SEOUL, PartialDate, month_name
from clusters.programs import deadlines

from .bitsets import Index
from .facets import CHUNK, ChoiceFacet, Facet, Option, RecordFacet, RuleFacet, records_of

# ---- companies: district and finding must hold for one and the same office --------------------------


CURRENT = tuple(status for status in m.Status.values if status != m.Status.OUTDATED)


def offices(districts: list[str] | None = None, findings: list[str] | None = None) -> QuerySet:
    """Published offices in any of the districts; past ones only when that finding is asked for."""
    found = m.Office.objects.published()
    found = found.filter(status__in=findings) if findings else found.current()
    return found.filter(district__slug__in=districts) if districts else found


def _companies_by(column: str, found: QuerySet, companies: QuerySet) -> dict[str, int]:
    """How many of the companies have such an office, for each value of the offices' column."""
    found = found.filter(company__in=companies.order_by().values("pk")).order_by()
    return dict(found.values_list(column).annotate(Count("company", distinct=True)))


class OfficeDistrictFacet(RecordFacet):
    counted_without = frozenset({"status"})

    def condition(self, values: list[str], chosen: Mapping) -> Q:
        return Q(pk__in=offices(values, chosen.get("status")).order_by().values("company"))

    def counts(self, rows: QuerySet, chosen: Mapping) -> dict[str, int]:
        return _companies_by("district__slug", offices(findings=chosen.get("status")), rows)

    def tags(self, rows: QuerySet) -> Iterable[tuple[int, Hashable]]:
        """For each office its district and finding together, and each of them alone.

        The second office of the same says so too, and each further one, so that offices can be counted.
        """
        found = m.Office.objects.published().filter(company__in=rows.order_by().values("pk"))
        columns = found.order_by("company_id").values_list("company_id", "district__slug", "status")
        last, met = None, dict[tuple[str, str], int]()
        for company, district, finding in columns.iterator(CHUNK):
            if company != last:
                last, met = company, {}
            yield company, ("status", finding)
            if district is not None:
                yield company, (district, finding)
                met[district, finding] = number = met.get((district, finding), 0) + 1
                if number > 1:
                    yield company, (district, finding, number)
                if finding in CURRENT:
                    yield company, (self.name, district)

    def bits(self, index: Index, values: list[str], chosen: Mapping) -> int:
        if "status" not in chosen:
            return super().bits(index, values, chosen)
        return index.any_of((value, finding) for value in values for finding in chosen["status"])

    def bits_of_one(self, index: Index, value: str, chosen: Mapping) -> int:
        return self.bits(index, [value], chosen)


class OfficeFindingFacet(ChoiceFacet):
    counted_without = frozenset({"district"})

    def condition(self, values: list[str], chosen: Mapping) -> Q:
        if "district" in chosen:
            return Q()  # the district's condition reads the finding too
        return Q(pk__in=offices(findings=values).order_by().values("company"))

    def counts(self, rows: QuerySet, chosen: Mapping) -> dict[str, int]:
        return _companies_by("status", offices(chosen.get("district"), list(self.options)), rows)

    def tags(self, rows: QuerySet) -> Iterable[tuple[int, Hashable]]:
        return ()  # those of the district say it too

    def bits(self, index: Index, values: list[str], chosen: Mapping) -> int:
        return index.everything if "district" in chosen else super().bits(index, values, chosen)

    def bits_of_one(self, index: Index, value: str, chosen: Mapping) -> int:
        if "district" not in chosen:
            return super().bits_of_one(index, value, chosen)
        return index.any_of((district, value) for district in chosen["district"])


# ---- programs --------------------------------------------------------------------------------------


def for_district(district, province) -> Q:
    """Programs bound to a district or covering its whole province; nationwide ones are reached by region."""
    return Q(districts=district) | Q(coverage=m.Coverage.PROVINCES, provinces=province)


class ProgramDistrictFacet(Facet):
    def read_options(self) -> Iterable[Option]:
        return (Option(record.slug, str(record), record) for record in records_of(m.District)())

    def condition(self, values: list[str], chosen: Mapping) -> Q:
        any_of = Q()
        for value in values:
            district = self.options[value].record
            any_of |= for_district(district.pk, district.province_id)
        return Q(pk__in=m.Program.objects.filter(any_of).order_by().values("pk"))

    def counts(self, rows: QuerySet, chosen: Mapping) -> dict[str, int]:
        reached = rows.filter(for_district(OuterRef("pk"), OuterRef("province")))
        return dict(m.District.objects.published().order_by().values_list("slug", counted(reached)))

    def tags(self, rows: QuerySet) -> Iterable[tuple[int, Hashable]]:
        districts = [option.record for option in self.options.values()]
        bound = rows.order_by().filter(districts__in=[one.pk for one in districts])
        for pk, slug in bound.values_list("pk", "districts__slug"):
            yield pk, (self.name, slug)
        around = rows.order_by().filter(coverage=m.Coverage.PROVINCES)
        for pk, province in around.values_list("pk", "provinces"):
            for one in districts:
                if one.province_id == province:
                    yield pk, (self.name, one.slug)


class ProgramRegionFacet(RuleFacet):
    """The whole country, and the provinces that some program covers as a whole."""

    NATIONWIDE = "nationwide"

    def read_options(self) -> Iterable[Option]:
        yield Option(
            self.NATIONWIDE,
            str(m.Coverage.NATIONWIDE.label),
            words=pgettext("in a sentence", "Korea"),
        )
        covering = m.Program.objects.published().filter(coverage=m.Coverage.PROVINCES)
        for province in m.Province.objects.filter(programs__in=covering).distinct():
            yield Option(province.slug, str(province), province)

    def rule(self, option: Option) -> Q:
        if option.record is None:
            return Q(coverage=m.Coverage.NATIONWIDE)
        covering = m.Program.objects.filter(coverage=m.Coverage.PROVINCES, provinces=option.record)
        return Q(pk__in=covering.order_by().values("pk"))


class ProgramStatusFacet(Facet):
    """The status of a program's best call, computed on the clock."""

    def read_options(self) -> Iterable[Option]:
        words = {
            deadlines.CallStatus.UNTIL_EXHAUSTED: pgettext("in a sentence", "until the budget is used up")
        }
        return (
            Option(status.value, str(status.label), words=words.get(status, ""))
            for status in deadlines.CallStatus
        )

    def condition(self, values: list[str], chosen: Mapping) -> Q:
        ranked = m.Program.objects.annotate(status_rank=deadlines.program_status_rank(self.parent.now))
        ranks = [deadlines.RANK[value] for value in values]
        return Q(pk__in=ranked.filter(status_rank__in=ranks).order_by().values("pk"))

    def counts(self, rows: QuerySet, chosen: Mapping) -> dict[str, int]:
        ranked = rows.order_by().annotate(status_rank=deadlines.program_status_rank(self.parent.now))
        by_rank = dict(ranked.values_list("status_rank").annotate(Count("pk")))
        return {status: by_rank.get(rank, 0) for status, rank in deadlines.RANK.items()}

    def tags(self, rows: QuerySet) -> Iterable[tuple[int, Hashable]]:
        status = {rank: (self.name, status) for status, rank in deadlines.RANK.items()}
        ranked = rows.order_by().annotate(status_rank=deadlines.program_status_rank(self.parent.now))
        for pk, rank in ranked.values_list("pk", "status_rank"):
            yield pk, status[rank]


# ---- districts -------------------------------------------------------------------------------------


def counted(rows: QuerySet, one: str = "pk") -> Coalesce:
    """How many there are, as a subquery; `rows` may refer to the outer query."""
    grouped = rows.order_by().values(every=OuterRef("pk")).annotate(n=Count(one, distinct=True)).values("n")
    return Coalesce(Subquery(grouped), 0)


def with_counts(districts: QuerySet) -> QuerySet:
    """Districts with the number of rows that each directory lists for them."""
    here, around = OuterRef("pk"), OuterRef("province")
    return districts.annotate(
        companies_count=counted(offices().filter(district=here), "company"),
        institutions_count=counted(m.Institution.objects.published().filter(district=here)),
        programs_count=counted(m.Program.objects.published().filter(for_district(here, around))),
    )


# ---- events and sources ----------------------------------------------------------------------------


class EventDayFacet(RuleFacet):
    def read_options(self) -> Iterable[Option]:
        yield Option("upcoming", pgettext("event", "To come"))
        yield Option("past", pgettext("event", "Past"))
        yield Option("undated", pgettext("event", "Without a date"))

    def rule(self, option: Option) -> Q:
        today, one_day = self.parent.now.astimezone(SEOUL).date(), Q(ends_on__isnull=True)
        if option.value == "undated":
            return Q(starts_on__isnull=True)
        if option.value == "past":
            return Q(ends_on__lt=today) | (one_day & Q(starts_on__lt=today))
        return Q(ends_on__gte=today) | (one_day & Q(starts_on__gte=today))


class EventYearFacet(RuleFacet):
    def read_options(self) -> Iterable[Option]:
        dated = m.Event.objects.published().filter(starts_on__isnull=False).order_by()
        for year in sorted(dated.values_list("starts_on__year", flat=True).distinct(), reverse=True):
            yield Option(str(year), year_label(year))

    def rule(self, option: Option) -> Q:
        return Q(starts_on__year=int(option.value))


class EventMonthFacet(RuleFacet):
    """The usual month of an event, or else that of its first day."""

    def read_options(self) -> Iterable[Option]:
        return (Option(str(month), month_name(month)) for month in range(1, 13))

    def rule(self, option: Option) -> Q:
        month = int(option.value)
        return Q(month=month) | Q(month__isnull=True, starts_on__month=month)


class SourceYearFacet(RuleFacet):
    def read_options(self) -> Iterable[Option]:
        dated = m.Source.objects.published().exclude(published="").order_by()
        years = dated.annotate(year=Substr("published", 1, 4)).values_list("year", flat=True).distinct()
        return (Option(year, year_label(int(year))) for year in sorted(map(str, years), reverse=True))

    def rule(self, option: Option) -> Q:
        return Q(published__startswith=option.value)


def year_label(year: int) -> str:
    """A year as it stands in prose: 2025, 2025년."""
    return PartialDate(str(year)).display() if 1800 <= year <= 2100 else str(year)
