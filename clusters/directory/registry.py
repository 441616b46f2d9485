"""Every directory, declared once: what it lists, finds, filters, shows and exports. Pages and files loop over this."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, npgettext_lazy, pgettext_lazy

from clusters import models as m
from clusters import search
from clusters.dates import tomorrow
from clusters.programs import deadlines

from . import exports, filters, rules, tables
from .columns import DirectoryTable, Sort
from .filterset import DirectoryFilters
from .formats import Field


@dataclass(frozen=True)
class Words:
    """What a directory calls its rows. {phrases} stands for the chosen filters in words."""

    title: Promise
    lead: Any  # the sentence under the title, by number of rows
    counted: Any
    counted_all: Any
    caption: Promise
    caption_all: Promise
    none: Promise


@dataclass(frozen=True)
class Directory:
    name: str  # the address and the name of its routes
    model: type[Model]
    search: search.Fields
    filters: type[DirectoryFilters]
    table: type[DirectoryTable]
    fields: tuple[Field, ...]
    rows: Callable[[QuerySet], QuerySet]  # adds what one row shows, in a fixed number of queries
    words: Words
    default_sort: str = "name"
    per_page: int = 20
    heading: str = "name"  # the attribute that names a row
    subtitle: str = "summary"  # the attribute that describes it in one line
    below: str = ""  # a template after the table
    parts: str = ""  # the attribute with what shows in a record's row and changes by itself
    # Other records whose change shows in rows of this directory. What is part of one record only needs no mention.
    rests_on: tuple[type[Model], ...] = ()
    files_rest_on: tuple[type[Model], ...] = ()  # the same for what only the files say
    changes_at: Callable[[datetime], datetime] | None = None  # when next the clock alone changes the list

    @property
    def title(self) -> Promise:
        return self.words.title

    def _sort(self, code: str) -> Sort:
        return self.table.sorts()[code.removeprefix("-")]

    def order_key(self, code: str, language: str) -> tuple[str, str]:
        """By which an order is known; the same in both languages where the rows are."""
        return code, language if self._sort(code).by_language else ""

    def order(self, code: str, language: str, now: datetime) -> list:
        """An order that never leaves two rows in doubt."""
        sort = self._sort(code)
        return [*sort.order(language, now, code.startswith("-")), "slug"]


def _evidenced(facts: QuerySet, *related: str) -> QuerySet:
    return facts.select_related("source", *related).prefetch_related("further_sources")


def _company_rows(companies: QuerySet) -> QuerySet:
    offices = _evidenced(m.Office.objects.published(), "district", "province")
    return companies.select_related("source").prefetch_related(
        "technologies", "industries", Prefetch("offices", offices, to_attr="public_offices")
    )


def _program_rows(programs: QuerySet) -> QuerySet:
    return programs.select_related("operator", "source").prefetch_related(
        "provinces",
        "support_kinds",
        "technologies",
        Prefetch("districts", m.District.objects.published()),
        Prefetch("partners", m.Institution.objects.published()),
        Prefetch("calls", _evidenced(m.Call.objects.published()), to_attr="public_calls"),
    )


DISTRICT_NAMES = ("name_ko", "name_en", "short_name_ko", "short_name_en", "aliases")

DIRECTORIES = (
    Directory(
        name="districts",
        model=m.District,
        search=search.Fields(
            names=("name_ko", "name_en", "short_name_ko", "short_name_en", "aliases"),
            texts=("municipality_ko", "municipality_en", "role_ko", "role_en", "summary_ko", "summary_en"),
            related={"province": ("name_ko", "name_en"), "stations": ("name_ko", "name_en")},
        ),
        filters=filters.DistrictFilters,
        table=tables.DistrictTable,
        fields=exports.DISTRICT,
        rows=lambda rows: rules.with_counts(rows.select_related("province", "source")),
        words=Words(
            title=_("Districts"),
            lead=ngettext_lazy(
                "%(count)d district where AI companies gather, each with its part on the way from research to market.",
                "%(count)d districts where AI companies gather, each with its part on the way from research to market.",
                "count",
            ),
            counted=npgettext_lazy("sentence", "{count} district {phrases}", "{count} districts {phrases}"),
            counted_all=npgettext_lazy("sentence", "{count} district in all", "{count} districts in all"),
            caption=pgettext_lazy("caption", "Districts {phrases}"),
            caption_all=pgettext_lazy("caption", "All districts"),
            none=_("No district fits these conditions."),
        ),
        default_sort="order",
        heading="short_name",
        subtitle="role",
        below="directory/compare_form.html",
        rests_on=(m.Province, m.Source, m.Company, m.Office, m.Institution, m.Program),
    ),
    Directory(
        name="companies",
        model=m.Company,
        search=search.Fields(
            names=(
                "name_ko",
                "name_en",
                "legal_name_ko",
                "legal_name_en",
                "former_names",
                "aliases",
                "stock_code",
            ),
            texts=("summary_ko", "summary_en"),
            related={
                "technologies": ("name_ko", "name_en"),
                "industries": ("name_ko", "name_en"),
                "offices": ("address_ko", "address_en", *(f"district__{name}" for name in DISTRICT_NAMES)),
            },
        ),
        filters=filters.CompanyFilters,
        table=tables.CompanyTable,
        fields=exports.COMPANY,
        rows=_company_rows,
        words=Words(
            title=_("Companies"),
            lead=ngettext_lazy(
                "Offices, technologies and funding of %(count)d company, with sources.",
                "Offices, technologies and funding of %(count)d companies, with sources.",
                "count",
            ),
            counted=npgettext_lazy("sentence", "{count} company {phrases}", "{count} companies {phrases}"),
            counted_all=npgettext_lazy("sentence", "{count} company in all", "{count} companies in all"),
            caption=pgettext_lazy("caption", "Companies {phrases}"),
            caption_all=pgettext_lazy("caption", "All companies"),
            none=_("No company fits these conditions."),
        ),
        below="directory/compare_form.html",
        parts="public_offices",
        rests_on=(m.District, m.Technology, m.Industry),
        files_rest_on=(m.Source, m.Province),
    ),
    Directory(
        name="institutions",
        model=m.Institution,
        search=search.Fields(
            names=("name_ko", "name_en", "aliases"),
            texts=("role_ko", "role_en"),
            related={"district": DISTRICT_NAMES},
        ),
        filters=filters.InstitutionFilters,
        table=tables.InstitutionTable,
        fields=exports.INSTITUTION,
        rows=lambda rows: _evidenced(rows, "district"),
        words=Words(
            title=_("Institutions"),
            lead=ngettext_lazy(
                "%(count)d public body, hub, investor or research institute that supports AI companies.",
                "%(count)d public bodies, hubs, investors and research institutes that support AI companies.",
                "count",
            ),
            counted=npgettext_lazy(
                "sentence", "{count} institution {phrases}", "{count} institutions {phrases}"
            ),
            counted_all=npgettext_lazy(
                "sentence", "{count} institution in all", "{count} institutions in all"
            ),
            caption=pgettext_lazy("caption", "Institutions {phrases}"),
            caption_all=pgettext_lazy("caption", "All institutions"),
            none=_("No institution fits these conditions."),
        ),
        subtitle="role",
        below="directory/compare_form.html",
        rests_on=(m.District, m.Source),
    ),
    Directory(
        name="programs",
        model=m.Program,
        search=search.Fields(
            names=("name_ko", "name_en", "aliases"),
            texts=("summary_ko", "summary_en", "target_ko", "target_en"),
            related={
                "operator": ("name_ko", "name_en", "aliases"),
                "support_kinds": ("name_ko", "name_en"),
                "technologies": ("name_ko", "name_en"),
                "districts": DISTRICT_NAMES,
            },
        ),
        filters=filters.ProgramFilters,
        table=tables.ProgramTable,
        fields=exports.PROGRAM,
        rows=_program_rows,
        words=Words(
            title=_("Programs"),
            lead=ngettext_lazy(
                "%(count)d support program, with what it offers and when it takes applications.",
                "%(count)d support programs, with what they offer and when they take applications.",
                "count",
            ),
            counted=npgettext_lazy("sentence", "{count} program {phrases}", "{count} programs {phrases}"),
            counted_all=npgettext_lazy("sentence", "{count} program in all", "{count} programs in all"),
            caption=pgettext_lazy("caption", "Programs {phrases}"),
            caption_all=pgettext_lazy("caption", "All programs"),
            none=_("No program fits these conditions."),
        ),
        default_sort="deadline",
        parts="public_calls",
        below="directory/program_links.html",
        rests_on=(m.Institution, m.District, m.Province, m.SupportKind, m.Technology, m.Source),
        changes_at=deadlines.next_change,
    ),
    Directory(
        name="events",
        model=m.Event,
        search=search.Fields(
            names=("name_ko", "name_en"),
            texts=("venue_ko", "venue_en", "organizer_name_ko", "organizer_name_en", "note_ko", "note_en"),
            related={
                "organizer": ("name_ko", "name_en", "aliases"),
                "district": DISTRICT_NAMES,
            },
        ),
        filters=filters.EventFilters,
        table=tables.EventTable,
        fields=exports.EVENT,
        rows=lambda rows: _evidenced(rows, "district", "organizer"),
        words=Words(
            title=_("Events"),
            lead=ngettext_lazy(
                "%(count)d fair, conference or demo day where AI companies and their supporters meet.",
                "%(count)d fairs, conferences and demo days where AI companies and their supporters meet.",
                "count",
            ),
            counted=npgettext_lazy("sentence", "{count} event {phrases}", "{count} events {phrases}"),
            counted_all=npgettext_lazy("sentence", "{count} event in all", "{count} events in all"),
            caption=pgettext_lazy("caption", "Events {phrases}"),
            caption_all=pgettext_lazy("caption", "All events"),
            none=_("No event fits these conditions."),
        ),
        default_sort="-date",
        per_page=100,  # events have no page of their own: links lead to their row here
        subtitle="venue",
        rests_on=(m.District, m.Institution, m.Source),
        changes_at=tomorrow,
    ),
    Directory(
        name="sources",
        model=m.Source,
        search=search.Fields(names=("title",), texts=("publisher", "url", "note_ko", "note_en")),
        filters=filters.SourceFilters,
        table=tables.SourceTable,
        fields=exports.SOURCE,
        rows=lambda rows: rows,
        words=Words(
            title=_("Sources"),
            lead=ngettext_lazy(
                "%(count)d document that the statements in this directory rest on.",
                "%(count)d documents that the statements in this directory rest on.",
                "count",
            ),
            counted=npgettext_lazy("sentence", "{count} source {phrases}", "{count} sources {phrases}"),
            counted_all=npgettext_lazy("sentence", "{count} source in all", "{count} sources in all"),
            caption=pgettext_lazy("caption", "Sources {phrases}"),
            caption_all=pgettext_lazy("caption", "All sources"),
            none=_("No source fits these conditions."),
        ),
        default_sort="-published",
        heading="title",
        subtitle="publisher",
    ),
)
BY_NAME = {directory.name: directory for directory in DIRECTORIES}
