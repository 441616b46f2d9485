"""Support institutions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clusters.models import Institution

from .lists import MissingLanguage, WithoutSource
from .merge_pages import MergePages
from .rows import FACT, PUBLICATION


@admin.register(Institution)
class InstitutionAdmin(MergePages):
    list_display = ("name_ko", "name_en", "kind", "district", "status", "publication", "updated_at")
    list_filter = ("publication", "status", WithoutSource, MissingLanguage, "kind", "district")
    list_select_related = ("district",)
    search_fields = ("name_ko", "name_en", "aliases", "slug")
    prepopulated_fields = {"slug": ("name_en",)}
    fieldsets = (
        PUBLICATION,
        (_("Names"), {"fields": [("name_ko", "name_en"), "slug", "aliases"]}),
        (
            _("What it does"),
            {
                "fields": ["kind", "district", ("role_ko", "role_en"), "website"],
                "description": _(
                    "The district where it works; say in the note when its seat lies elsewhere."
                ),
            },
        ),
        FACT,
    )
