"""Companies, their offices and funding rounds."""

from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clusters.models import Company, FundingRound, Office

from .base import RecordAdmin
from .lists import MissingLanguage, WithoutSource
from .merge_pages import MergePages
from .rows import EVIDENCE, FACT, PUBLICATION, FactInline


class OfficeInline(FactInline):
    model = Office
    named_with = ("company", "district")
    says = ("kind", ("district", "province"), ("address_ko", "address_en"), ("phone", "since", "until"))


class FundingRoundInline(FactInline):
    model = FundingRound
    named_with = ("company",)
    says = ("round", "date", ("amount", "currency"), "investors")


@admin.register(Company)
class CompanyAdmin(MergePages):
    list_display = ("name_ko", "name_en", "publication", "kind", "stage", "founded", "updated_at")
    list_filter = (
        "publication",
        WithoutSource,
        MissingLanguage,
        "kind",
        "stage",
        "ai_relevance",
        "market",
        "technologies",
        "industries",
    )
    search_fields = (
        "name_ko",
        "name_en",
        "legal_name_ko",
        "legal_name_en",
        "former_names",
        "aliases",
        "slug",
        "business_number",
        "stock_code",
    )
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (OfficeInline, FundingRoundInline)
    fieldsets = (
        PUBLICATION,
        (
            _("Names"),
            {
                "fields": [
                    ("name_ko", "name_en"),
                    "slug",
                    ("legal_name_ko", "legal_name_en"),
                    ("former_names", "aliases"),
                ],
                "description": _(
                    "The name people know it by first; the search finds former and other names as well."
                ),
            },
        ),
        (
            _("What it does"),
            {
                "fields": [
                    "ai_relevance",
                    "technologies",
                    "industries",
                    ("summary_ko", "summary_en"),
                    "website",
                ]
            },
        ),
        (
            _("The firm"),
            {
                "fields": [
                    ("kind", "stage"),
                    "founded",
                    "hq_country",
                    ("market", "stock_code"),
                    "business_number",
                ]
            },
        ),
        EVIDENCE,
    )


class CompanyFactAdmin(RecordAdmin):
    shown_with = "company"
    search_fields: ClassVar[tuple[str, ...]] = ("company__name_ko", "company__name_en", "company__slug")


@admin.register(Office)
class OfficeAdmin(CompanyFactAdmin):
    list_display = ("company", "kind", "district", "address_ko", "since", "until", "status", "publication")
    list_filter = ("publication", "status", WithoutSource, MissingLanguage, "kind", "district", "province")
    list_select_related = ("company", "district", "province")
    search_fields = (*CompanyFactAdmin.search_fields, "address_ko", "address_en")
    fieldsets = (
        PUBLICATION,
        (
            _("Office"),
            {
                "fields": [
                    "company",
                    "kind",
                    "district",
                    "province",
                    ("address_ko", "address_en"),
                    "phone",
                    ("since", "until"),
                ],
                "description": _(
                    "When a company moves, give the old office an end and add the new one beside it."
                ),
            },
        ),
        FACT,
    )


@admin.register(FundingRound)
class FundingRoundAdmin(CompanyFactAdmin):
    list_display = ("company", "round", "date", "amount", "currency", "status", "publication")
    list_filter = ("publication", "status", WithoutSource, MissingLanguage, "round", "currency")
    list_select_related = ("company",)
    search_fields = (*CompanyFactAdmin.search_fields, "investors", "date")
    fieldsets = (
        PUBLICATION,
        (
            _("Funding round"),
            {
                "fields": ["company", "round", "date", ("amount", "currency"), "investors"],
                "description": _("The amount in full, in the currency in which it was announced."),
            },
        ),
        FACT,
    )
