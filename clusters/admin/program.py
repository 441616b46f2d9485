"""Programs, their calls, and the criteria of each call."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clusters.models import Call, Criterion, Program

from .base import RecordAdmin
from .lists import MissingLanguage, WithoutSource
from .merge_pages import MergePages
from .rows import EVIDENCE, FACT, PUBLICATION, FactInline

PERIOD: list = [
    "period_kind",
    ("opens_at", "opens_precision"),
    ("closes_at", "closes_precision"),
    ("wording_ko", "wording_en"),
]


class CallInline(FactInline):
    model = Call
    named_with = ("program",)
    says = (
        ("label_ko", "label_en"),
        "slug",
        "kind",
        *PERIOD,
        ("budget_krw", "award_count"),
        "notice_url",
        ("base_date", "confirmed_on"),
    )


class CriterionInline(FactInline):
    model = Criterion
    says = (("dimension", "operator", "necessity"), ("value_ko", "value_en"), "quote", "terms", "order")


@admin.register(Program)
class ProgramAdmin(MergePages):
    list_display = ("name_ko", "name_en", "operator", "coverage", "publication", "updated_at")
    list_filter = (
        "publication",
        WithoutSource,
        MissingLanguage,
        "coverage",
        "private",
        "support_kinds",
        "technologies",
        "districts",
        "provinces",
    )
    list_select_related = ("operator",)
    search_fields = ("name_ko", "name_en", "aliases", "slug", "operator__name_ko", "operator__name_en")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (CallInline,)
    fieldsets = (
        PUBLICATION,
        (_("Names"), {"fields": [("name_ko", "name_en"), "slug", "aliases"]}),
        (
            _("Who runs it, and where"),
            {"fields": ["operator", "partners", "private", "coverage", "provinces", "districts"]},
        ),
        (
            _("What it offers"),
            {
                "fields": [
                    "support_kinds",
                    "technologies",
                    ("target_ko", "target_en"),
                    ("summary_ko", "summary_en"),
                    "website",
                ],
                "description": _(
                    "What stays the same from year to year; dates and budgets belong to the calls below."
                ),
            },
        ),
        EVIDENCE,
    )


@admin.register(Call)
class CallAdmin(RecordAdmin):
    shown_with = "program"
    list_display = (
        "label_ko",
        "program",
        "period_kind",
        "opens_at",
        "closes_at",
        "confirmed_on",
        "status",
        "publication",
    )
    list_filter = ("publication", "status", WithoutSource, MissingLanguage, "period_kind", "kind")
    list_select_related = ("program",)
    search_fields = ("label_ko", "label_en", "slug", "program__name_ko", "program__name_en")
    prepopulated_fields = {"slug": ("label_en",)}
    inlines = (CriterionInline,)
    fieldsets = (
        PUBLICATION,
        (_("Call"), {"fields": ["program", ("label_ko", "label_en"), "slug", "kind", "notice_url"]}),
        (
            _("Period of application"),
            {
                "fields": [*PERIOD, ("base_date", "confirmed_on")],
                "description": _("Whether the call is open is worked out from this and the clock in Seoul."),
            },
        ),
        (_("Size"), {"fields": ["budget_krw", "award_count"]}),
        FACT,
    )


@admin.register(Criterion)
class CriterionAdmin(RecordAdmin):
    list_display = (
        "call",
        "dimension",
        "operator",
        "value_ko",
        "necessity",
        "status",
        "publication",
        "order",
    )
    list_editable = ("order",)
    list_filter = ("publication", "status", WithoutSource, MissingLanguage, "dimension", "necessity")
    list_select_related = ("call", "call__program")
    search_fields = ("value_ko", "value_en", "quote", "call__label_ko", "call__program__name_ko")
    fieldsets = (
        PUBLICATION,
        (
            _("Criterion"),
            {
                "fields": [
                    "call",
                    ("dimension", "operator", "necessity"),
                    ("value_ko", "value_en"),
                    "quote",
                    "terms",
                    "order",
                ],
                "description": _("One condition to a row, beside the clause of the notice that states it."),
            },
        ),
        FACT,
    )

    def view_on_site(self, obj) -> str | None:
        program = obj.call.program
        return program.get_absolute_url() if program.is_public else None
