"""The filter form of each directory, declared once for page, CSV and JSON."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters import models as m

from .facets import ChoiceFacet, Phrase, RecordFacet, records_of
from .filterset import DirectoryFilters
from .rules import (
    EventDayFacet,
    EventMonthFacet,
    EventYearFacet,
    OfficeDistrictFacet,
    OfficeFindingFacet,
    ProgramDistrictFacet,
    ProgramRegionFacet,
    ProgramStatusFacet,
    SourceYearFacet,
)

WORKING_ON = Phrase(
    pgettext_lazy("medial", "working on {chips},"), pgettext_lazy("final", "working on {chips}")
)
CLASSED_AS = Phrase(
    pgettext_lazy("medial", "classed as {chips},"), pgettext_lazy("final", "classed as {chips}")
)
FINDING = Phrase(
    pgettext_lazy("medial", "with data marked {chips},"), pgettext_lazy("final", "with data marked {chips}")
)


class CompanyFilters(DirectoryFilters):
    district = OfficeDistrictFacet(
        "offices__district",
        records_of(m.District),
        _("District"),
        Phrase(
            pgettext_lazy("medial", "with an office in {chips},"),
            pgettext_lazy("final", "with an office in {chips}"),
        ),
        proper_names=True,
    )
    relevance = ChoiceFacet(
        "ai_relevance",
        m.Relevance,
        _("Relation to AI"),
        Phrase(pgettext_lazy("medial", "with {chips},"), pgettext_lazy("final", "with {chips}")),
        words={
            m.Relevance.CORE: pgettext_lazy("in a sentence", "AI as the core business"),
            m.Relevance.ADJACENT: pgettext_lazy("in a sentence", "AI in use in the business"),
        },
        own_order=True,
    )
    technology = RecordFacet("technologies", records_of(m.Technology), _("Technology"), WORKING_ON)
    industry = RecordFacet(
        "industries",
        records_of(m.Industry),
        _("Industry"),
        Phrase(
            pgettext_lazy("medial", "in the field of {chips},"),
            pgettext_lazy("final", "in the field of {chips}"),
        ),
    )
    kind = ChoiceFacet("kind", m.CompanyKind, _("Company size"), CLASSED_AS)
    stage = ChoiceFacet(
        "stage",
        m.Stage,
        _("Investment stage"),
        Phrase(
            pgettext_lazy("medial", "at the stage {chips},"), pgettext_lazy("final", "at the stage {chips}")
        ),
        proper_names=True,
    )
    status = OfficeFindingFacet(
        "offices__status",
        m.Status,
        _("Office data"),
        Phrase(
            pgettext_lazy("medial", "with office data marked {chips},"),
            pgettext_lazy("final", "with office data marked {chips}"),
        ),
    )

    class Meta:
        model = m.Company
        fields: list[str] = []


class InstitutionFilters(DirectoryFilters):
    kind = ChoiceFacet("kind", m.InstitutionKind, _("Kind"), CLASSED_AS)
    district = RecordFacet(
        "district",
        records_of(m.District),
        _("District"),
        Phrase(pgettext_lazy("medial", "active in {chips},"), pgettext_lazy("final", "active in {chips}")),
        proper_names=True,
    )
    status = ChoiceFacet("status", m.Status, _("Finding"), FINDING)

    class Meta:
        model = m.Institution
        fields: list[str] = []


class ProgramFilters(DirectoryFilters):
    status = ProgramStatusFacet(
        _("Applications"),
        Phrase(
            pgettext_lazy("medial", "with applications {chips},"),
            pgettext_lazy("final", "with applications {chips}"),
        ),
        own_order=True,
    )
    support = RecordFacet(
        "support_kinds",
        records_of(m.SupportKind),
        _("Support"),
        Phrase(pgettext_lazy("medial", "offering {chips},"), pgettext_lazy("final", "offering {chips}")),
    )
    district = ProgramDistrictFacet(
        _("District"),
        Phrase(
            pgettext_lazy("medial", "for companies in {chips},"),
            pgettext_lazy("final", "for companies in {chips}"),
        ),
        proper_names=True,
    )
    region = ProgramRegionFacet(
        _("Whole area covered"),
        Phrase(
            pgettext_lazy("medial", "covering all of {chips},"),
            pgettext_lazy("final", "covering all of {chips}"),
        ),
        proper_names=True,
    )
    technology = RecordFacet("technologies", records_of(m.Technology), _("Technology"), WORKING_ON)

    class Meta:
        model = m.Program
        fields: list[str] = []


class DistrictFilters(DirectoryFilters):
    region = RecordFacet(
        "province",
        lambda: m.Province.objects.filter(
            pk__in=m.District.objects.published().order_by().values("province")
        ),
        _("Province or city"),
        Phrase(pgettext_lazy("medial", "lying in {chips},"), pgettext_lazy("final", "lying in {chips}")),
        proper_names=True,
    )

    class Meta:
        model = m.District
        fields: list[str] = []


class EventFilters(DirectoryFilters):
    when = EventDayFacet(
        _("Date"),
        Phrase(pgettext_lazy("medial", "that are {chips},"), pgettext_lazy("final", "that are {chips}")),
        own_order=True,
    )
    district = RecordFacet(
        "district",
        records_of(m.District),
        _("District"),
        Phrase(pgettext_lazy("medial", "held in {chips},"), pgettext_lazy("final", "held in {chips}")),
        proper_names=True,
    )
    year = EventYearFacet(
        _("Year"),
        Phrase(pgettext_lazy("medial", "from {chips},"), pgettext_lazy("final", "from {chips}")),
        own_order=True,
    )
    month = EventMonthFacet(
        _("Month"),
        Phrase(
            pgettext_lazy("medial", "in the month of {chips},"),
            pgettext_lazy("final", "in the month of {chips}"),
        ),
        own_order=True,
        proper_names=True,
    )
    status = ChoiceFacet("status", m.Status, _("Finding"), FINDING)

    class Meta:
        model = m.Event
        fields: list[str] = []


class SourceFilters(DirectoryFilters):
    year = SourceYearFacet(
        _("Year of publication"),
        Phrase(
            pgettext_lazy("medial", "published in {chips},"), pgettext_lazy("final", "published in {chips}")
        ),
        own_order=True,
    )

    class Meta:
        model = m.Source
        fields: list[str] = []
