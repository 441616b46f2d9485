"""Indicators, their series, and the values observed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clusters.models import Indicator, Observation, Series

from .base import RecordAdmin
from .lists import MissingLanguage, WithoutSource
from .rows import FACT, PUBLICATION, FactInline


class SeriesInline(FactInline):
    model = Series
    named_with = ("indicator", "district")
    says = (
        "slug",
        ("district", "reference_area"),
        ("scope_ko", "scope_en"),
        ("survey_ko", "survey_en"),
        ("extent", "basis"),
        "order",
    )


class ObservationInline(FactInline):
    model = Observation
    named_with = ("series__indicator", "series__district")
    says = (("period", "value", "flag"),)


@admin.register(Indicator)
class IndicatorAdmin(RecordAdmin):
    list_display = ("name_ko", "name_en", "topic", "kind", "unit_ko", "publication", "order", "updated_at")
    list_editable = ("order",)
    list_filter = ("publication", MissingLanguage, "topic", "kind", "better")
    search_fields = ("name_ko", "name_en", "slug", "definition_ko", "definition_en")
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (SeriesInline,)
    fieldsets = (
        PUBLICATION,
        (_("Names"), {"fields": [("name_ko", "name_en"), "slug"]}),
        (
            _("What it counts"),
            {
                "fields": [("definition_ko", "definition_en"), ("unit_ko", "unit_en"), "kind", "better"],
                "description": _("Exactly what is counted, so that nobody compares what cannot be compared."),
            },
        ),
        (_("Presentation"), {"fields": ["topic", "order"]}),
    )


@admin.register(Series)
class SeriesAdmin(RecordAdmin):
    shown_with = "district"
    list_display = (
        "slug",
        "indicator",
        "district",
        "reference_area",
        "scope_ko",
        "basis",
        "publication",
        "order",
    )
    list_filter = (
        "publication",
        MissingLanguage,
        "extent",
        "basis",
        "reference_area",
        "indicator",
        "district",
    )
    list_select_related = ("indicator", "district")
    search_fields = (
        "slug",
        "scope_ko",
        "scope_en",
        "indicator__name_ko",
        "indicator__name_en",
        "district__short_name_ko",
        "district__short_name_en",
    )
    prepopulated_fields = {"slug": ("scope_en",)}
    inlines = (ObservationInline,)
    fieldsets = (
        PUBLICATION,
        (
            _("What was counted, and where"),
            {
                "fields": ["indicator", "district", "reference_area", ("scope_ko", "scope_en"), "extent"],
                "description": _(
                    "A line is drawn along one series only: same place, scope, basis and survey."
                ),
            },
        ),
        (_("How it was counted"), {"fields": ["basis", ("survey_ko", "survey_en")]}),
        (_("Presentation"), {"fields": ["slug", "order"]}),
    )


@admin.register(Observation)
class ObservationAdmin(RecordAdmin):
    list_display = ("series", "period", "value", "flag", "status", "source", "publication")
    list_filter = (
        "publication",
        "status",
        WithoutSource,
        MissingLanguage,
        "flag",
        "series__indicator",
        "series__district",
    )
    list_select_related = ("series", "series__indicator", "series__district", "source")
    search_fields = (
        "period",
        "series__slug",
        "series__scope_ko",
        "series__indicator__name_ko",
        "series__indicator__name_en",
        "series__district__short_name_ko",
    )
    fieldsets = (
        PUBLICATION,
        (
            _("Value"),
            {
                "fields": ["series", ("period", "value", "flag")],
                "description": _("The figure as the source gives it, in the unit of the indicator."),
            },
        ),
        FACT,
    )

    def view_on_site(self, obj) -> str | None:
        district = obj.series.district
        return district.get_absolute_url() if district and district.is_public else None
