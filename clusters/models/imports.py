"""Imports that were applied, and what each of them changed."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .changes import KeptChange
from .fields import LineField, ProseField


class ImportBatch(models.Model):
    """One import that was applied: what came from which file, by whom, and whether it was undone."""

    file_name = LineField(_("file"), max_length=255)
    sha256 = models.CharField(_("checksum"), max_length=64, editable=False, db_index=True)
    profile = models.CharField(_("profile"), max_length=80, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty when the operator of the machine imported it."),
    )
    reason = ProseField(_("reason"), max_length=1000, blank=True)
    created = models.PositiveIntegerField(_("records created"), default=0)
    changed = models.PositiveIntegerField(_("records changed"), default=0)
    unchanged = models.PositiveIntegerField(_("records unchanged"), default=0)
    left_out = models.PositiveIntegerField(_("records left out"), default=0)
    applied_at = models.DateTimeField(_("applied"), default=timezone.now, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        permissions = [
            ("import_data", "Can import files"),
            ("export_data", "Can export the directory with its drafts"),
        ]
        ordering = ["-applied_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.file_name}"


class ImportedChange(KeptChange):
    """What an import did to one record, with the states before and after, so that it can be undone."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="changes", verbose_name=_("import"))
    after = models.JSONField(_("after"), help_text=_("The fields as the import left them."))

    class Meta:
        verbose_name = _("imported change")
        verbose_name_plural = _("imported changes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "model", "record_pk"], name="imported_change_key")
        ]
