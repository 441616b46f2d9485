"""Events."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clusters.models import Event

from .base import RecordAdmin
from .lists import MissingLanguage, WithoutSource
from .rows import FACT, PUBLICATION


@admin.register(Event)
class EventAdmin(RecordAdmin):
    list_display = (
        "name_ko",
        "name_en",
        "district",
        "starts_on",
        "ends_on",
        "month",
        "status",
        "publication",
    )
    list_filter = ("publication", "status", WithoutSource, MissingLanguage, "district")
    list_select_related = ("district", "organizer")
    search_fields = (
        "name_ko",
        "name_en",
        "slug",
        "venue_ko",
        "venue_en",
        "organizer__name_ko",
        "organizer_name_ko",
    )
    prepopulated_fields = {"slug": ("name_en",)}
    fieldsets = (
        PUBLICATION,
        (_("Names"), {"fields": [("name_ko", "name_en"), "slug", "website"]}),
        (
            _("When and where"),
            {
                "fields": [("starts_on", "ends_on"), "month", "district", ("venue_ko", "venue_en")],
                "description": _(
                    "The days of the next or last gathering; the month when it comes back every year."
                ),
            },
        ),
        (
            _("Organizer"),
            {
                "fields": ["organizer", ("organizer_name_ko", "organizer_name_en")],
                "description": _("An institution of this directory, or else the name of someone outside it."),
            },
        ),
        FACT,
    )
