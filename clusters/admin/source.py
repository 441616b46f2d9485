"""Sources."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clusters.models import Source

from .lists import MissingLanguage
from .merge_pages import MergePages
from .rows import PUBLICATION


@admin.register(Source)
class SourceAdmin(MergePages):
    list_display = ("title", "publisher", "published", "kogl_type", "accessed_on", "publication", "slug")
    list_filter = ("publication", MissingLanguage, "kogl_type")
    search_fields = ("title", "publisher", "url", "slug", "published")
    prepopulated_fields = {"slug": ("title", "published")}
    fieldsets = (
        PUBLICATION,
        (
            _("Document"),
            {
                "fields": ["title", "publisher", "published", "url", "slug"],
                "description": _(
                    "Word for word as the document has it. One source for each document, cited by many."
                ),
            },
        ),
        (_("License"), {"fields": ["kogl_type", "license"]}),
        (_("Checked"), {"fields": ["accessed_on", "link_checked_at", ("note_ko", "note_en")]}),
    )
