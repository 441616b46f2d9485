"""What one act of curation did to one record, kept so that it can be undone."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptChange(models.Model):
    """A record's state before and after; only the fields that differ where it was there both times."""

    model = models.CharField(_("kind of record"), max_length=80)
    record_pk = models.BigIntegerField(_("number of the record"))
    key = models.CharField(_("key"), max_length=500, help_text=_("The record as it is known outside."))
    before = models.JSONField(_("before"), null=True, blank=True, help_text=_("Empty for a new record."))
    version = models.PositiveIntegerField(_("version"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
