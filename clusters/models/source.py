"""Sources: the documents that statements rest on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .base import Page, address, record_constraints
from .fields import LineField, PartialDateField, ProseField, WebAddressField


class KoglType(models.TextChoices):
    """공공누리, the license of Korean public works."""

    TYPE_1 = "1", _("KOGL type 1: credit the source")
    TYPE_2 = "2", _("KOGL type 2: credit, no commercial use")
    TYPE_3 = "3", _("KOGL type 3: credit, no changes")
    TYPE_4 = "4", _("KOGL type 4: credit, no commercial use, no changes")


class Source(Page):
    url = WebAddressField(
        _("address"), blank=True, help_text=_("Leave empty for a document without an address.")
    )
    title = LineField(_("title"), max_length=300, help_text=_("In the language of the document."))
    publisher = LineField(_("publisher"), max_length=120)
    published = PartialDateField(_("date of publication"), blank=True)
    kogl_type = models.CharField(_("KOGL type"), max_length=1, choices=KoglType, blank=True)
    license = LineField(_("other license"), max_length=120, blank=True)
    accessed_on = models.DateField(_("read on"), null=True, blank=True)
    link_checked_at = models.DateTimeField(_("link last checked"), null=True, blank=True)
    note_ko = ProseField(_("note (Korean)"), blank=True)
    note_en = ProseField(_("note (English)"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["slug"]
        constraints = [
            *record_constraints("source"),
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="source_url",
                violation_error_message=_("Another source has this address already."),
            ),
        ]
        permissions = [("publish_source", "Can publish source")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.title, self.publisher, str(self.published)) if part)

    def get_absolute_url(self) -> str:
        return address("source", self.slug)
