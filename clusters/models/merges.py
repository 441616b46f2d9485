"""Merges of two records into one, and what each of them changed."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .changes import KeptChange
from .duplicates import MergeableKind
from .fields import LineField


class Merge(models.Model):
    """One record taken into another: which, by whom, why, and whether it was undone."""

    kind = models.CharField(_("kind"), max_length=12, choices=MergeableKind)
    kept_pk = models.BigIntegerField(_("number of the record that stayed"))
    kept_name = models.CharField(_("record that stayed"), max_length=250)
    merged_pk = models.BigIntegerField(_("number of the record merged into it"))
    merged_name = models.CharField(_("record merged into it"), max_length=250)
    merged_slug = models.CharField(_("its address name"), max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = LineField(_("reason"), blank=True)
    merged_at = models.DateTimeField(_("merged"), default=timezone.now, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-merged_at", "-pk"]
        indexes = [models.Index(fields=["kind", "merged_pk"], name="merge_merged")]

    def __str__(self) -> str:
        return f"{self.merged_name} → {self.kept_name}"


class MergedChange(KeptChange):
    """What a merge did to one record."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="changes", verbose_name=_("merge"))
    after = models.JSONField(
        _("after"), null=True, blank=True, help_text=_("Empty for a record that was merged away.")
    )
    created_at = models.DateTimeField(_("created"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("merged change")
        verbose_name_plural = _("merged changes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["merge", "model", "record_pk"], name="merged_change_key")
        ]
