"""Districts, and what is said of them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clusters.models import AnchorSite, Claim, Designation, District, Series, Station, Trait

from .base import RecordAdmin
from .lists import MissingLanguage, WithoutSource
from .rows import EVIDENCE_FIELDS, FACT, PUBLICATION, FactInline


class StationInline(FactInline):
    model = Station
    says = (
        ("name_ko", "name_en"),
        ("lines_ko", "lines_en"),
        ("walk_minutes", "latitude", "longitude"),
        "order",
    )


class AnchorSiteInline(FactInline):
    model = AnchorSite
    says = (("name_ko", "name_en"), "institution", "order")


class DesignationInline(FactInline):
    model = Designation
    says = ("designated_on", ("title_ko", "title_en"))


class ClaimInline(FactInline):
    model = Claim
    says = (("statement_ko", "statement_en"), "made_in", ("finding_ko", "finding_en"), "order")


class TraitInline(FactInline):
    model = Trait
    says = ("kind", ("text_ko", "text_en"), "order")


class SeriesInline(FactInline):
    """Only the series; the values observed are kept on the page of each series."""

    model = Series
    named_with = ("indicator", "district")
    says = (
        "slug",
        "indicator",
        ("scope_ko", "scope_en"),
        ("survey_ko", "survey_en"),
        ("extent", "basis"),
        "order",
    )


@admin.register(District)
class DistrictAdmin(RecordAdmin):
    list_display = (
        "short_name_ko",
        "short_name_en",
        "publication",
        "municipality_ko",
        "featured",
        "order",
        "updated_at",
    )
    list_editable = ("order",)
    list_filter = ("publication", WithoutSource, MissingLanguage, "featured", "province")
    list_select_related = ("province",)
    search_fields = (
        "name_ko",
        "name_en",
        "short_name_ko",
        "short_name_en",
        "aliases",
        "slug",
        "municipality_ko",
    )
    prepopulated_fields = {"slug": ("short_name_en",)}
    inlines = (StationInline, AnchorSiteInline, DesignationInline, ClaimInline, TraitInline, SeriesInline)
    fieldsets = (
        PUBLICATION,
        (
            _("Names"),
            {
                "fields": [("name_ko", "name_en"), ("short_name_ko", "short_name_en"), "slug", "aliases"],
                "description": _(
                    "A district is a cluster, not a gu. The short name stands in lists and comparisons."
                ),
            },
        ),
        (
            _("Place"),
            {
                "fields": [
                    "province",
                    ("municipality_ko", "municipality_en"),
                    ("latitude", "longitude"),
                    ("location_note_ko", "location_note_en"),
                    "outline",
                    "outline_approximate",
                ],
                "description": _(
                    "The point and outline on the map. Say so when the outline is only approximate."
                ),
            },
        ),
        (
            _("Profile"),
            {
                "fields": [
                    ("role_ko", "role_en"),
                    ("summary_ko", "summary_en"),
                    ("managing_body_ko", "managing_body_en"),
                    ("path_start", "path_end"),
                    ("path_label_ko", "path_label_en"),
                ],
                "description": _(
                    "What the district does best, and its part on the way from research to market."
                ),
            },
        ),
        (_("Presentation"), {"fields": ["mark", "featured", "order"]}),
        (
            _("Evidence"),
            {
                "fields": [EVIDENCE_FIELDS[0], "profile_sources", *EVIDENCE_FIELDS[1:]],
                "description": _("The documents that support role, summary and managing body."),
            },
        ),
    )


class DistrictFactAdmin(RecordAdmin):
    """A fact of a district on a page of its own."""

    shown_with = "district"
    list_select_related: ClassVar[tuple[str, ...]] = ("district",)
    list_filter: ClassVar[tuple[Any, ...]] = (
        "publication",
        "status",
        WithoutSource,
        MissingLanguage,
        "district",
    )


@admin.register(Station)
class StationAdmin(DistrictFactAdmin):
    list_display = (
        "name_ko",
        "name_en",
        "district",
        "lines_ko",
        "walk_minutes",
        "status",
        "publication",
        "order",
    )
    list_editable = ("order",)
    search_fields = ("name_ko", "name_en", "lines_ko", "district__short_name_ko", "district__short_name_en")
    fieldsets = (
        PUBLICATION,
        (
            _("Station"),
            {
                "fields": [
                    "district",
                    ("name_ko", "name_en"),
                    ("lines_ko", "lines_en"),
                    "walk_minutes",
                    ("latitude", "longitude"),
                    "order",
                ]
            },
        ),
        FACT,
    )


@admin.register(AnchorSite)
class AnchorSiteAdmin(DistrictFactAdmin):
    list_display = ("name_ko", "name_en", "district", "institution", "status", "publication", "order")
    list_editable = ("order",)
    list_select_related = ("district", "institution")
    search_fields = ("name_ko", "name_en", "district__short_name_ko", "district__short_name_en")
    fieldsets = (
        PUBLICATION,
        (_("Anchor site"), {"fields": ["district", ("name_ko", "name_en"), "institution", "order"]}),
        FACT,
    )


@admin.register(Designation)
class DesignationAdmin(DistrictFactAdmin):
    list_display = ("designated_on", "title_ko", "title_en", "district", "status", "publication")
    list_display_links = ("title_ko",)
    search_fields = (
        "title_ko",
        "title_en",
        "designated_on",
        "district__short_name_ko",
        "district__short_name_en",
    )
    fieldsets = (
        PUBLICATION,
        (_("Designation"), {"fields": ["district", "designated_on", ("title_ko", "title_en")]}),
        FACT,
    )


@admin.register(Claim)
class ClaimAdmin(DistrictFactAdmin):
    list_display = ("statement_ko", "statement_en", "district", "status", "publication", "order")
    list_editable = ("order",)
    search_fields = ("statement_ko", "statement_en", "finding_ko", "finding_en", "district__short_name_ko")
    fieldsets = (
        PUBLICATION,
        (
            _("Claim"),
            {
                "fields": ["district", ("statement_ko", "statement_en"), "made_in", "order"],
                "description": _("The statement as it was made, word for word, and where."),
            },
        ),
        (
            _("What we found"),
            {
                "fields": [("finding_ko", "finding_en")],
                "description": _("What the sources below say about it, in our own words."),
            },
        ),
        FACT,
    )


@admin.register(Trait)
class TraitAdmin(DistrictFactAdmin):
    list_display = ("text_ko", "text_en", "kind", "district", "status", "publication", "order")
    list_editable = ("order",)
    list_filter = ("publication", "status", "kind", WithoutSource, MissingLanguage, "district")
    search_fields = ("text_ko", "text_en", "district__short_name_ko", "district__short_name_en")
    fieldsets = (
        PUBLICATION,
        (_("Strength or weakness"), {"fields": ["district", "kind", ("text_ko", "text_en"), "order"]}),
        FACT,
    )
