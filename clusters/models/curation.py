"""Curation's own records: the redirects that keep old addresses working."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.text import validate_slug

from .base import NaturalKey, NaturalKeyQuerySet


class RedirectKind(models.TextChoices):
    DISTRICT = "district", _("district")
    COMPANY = "company", _("company")
    INSTITUTION = "institution", _("institution")
    PROGRAM = "program", _("program")
    SOURCE = "source", _("source")


class Redirect(NaturalKey):
    """An address that was given up, and the record that took its place."""

    natural_key_fields = ("kind", "old_slug")

    kind = models.CharField(_("kind"), max_length=12, choices=RedirectKind)
    old_slug = models.CharField(_("old address name"), max_length=80, validators=[validate_slug])
    new_slug = models.CharField(_("new address name"), max_length=80, validators=[validate_slug])
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["kind", "old_slug"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "old_slug"], name="redirect_key"),
            models.CheckConstraint(
                condition=~models.Q(old_slug=models.F("new_slug")),
                name="redirect_leads_elsewhere",
                violation_error_message=_("The old and the new name are the same."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_slug} → {self.new_slug}"
