"""Files on their way in: what was uploaded and how far it has come, and mappings saved for the next such file."""

import re

from django.conf import settings
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import LineField
from .imports import ImportBatch

PROFILE_NAME = RegexValidator(
    re.compile(r"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\Z"),
    _("Use small Latin letters, digits and hyphens; begin with a letter."),
)


class UploadState(models.TextChoices):
    MAPPING = "mapping", _("waiting for its mapping")
    REHEARSING = "rehearsing", _("being rehearsed")
    REHEARSED = "rehearsed", _("rehearsed")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")


class Upload(models.Model):
    """Files brought in one go. The bytes lie below DATA_DIR, so that each step may run in any process."""

    name = LineField(_("file"), max_length=255)
    folder = models.CharField(_("folder"), max_length=80, unique=True, help_text=_("Below DATA_DIR."))
    sha256 = models.CharField(_("checksum"), max_length=64)
    size = models.BigIntegerField(_("size in bytes"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=UploadState, default=UploadState.MAPPING, db_index=True
    )
    turn = models.PositiveIntegerField(
        _("turn"), default=0, help_text=_("Counts the steps, so that none is taken twice.")
    )
    choices = models.JSONField(
        _("choices"), default=dict, blank=True, help_text=_("What the curator chose so far.")
    )
    result = models.JSONField(
        _("result"), default=dict, blank=True, help_text=_("The counts of the rehearsal.")
    )
    trouble = models.TextField(_("trouble"), blank=True, help_text=_("Why the last step came to nothing."))
    batch = models.OneToOneField(
        ImportBatch, models.SET_NULL, null=True, related_name="upload", verbose_name=_("import")
    )
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    moved_at = models.DateTimeField(_("last step"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        return self.state in (UploadState.REHEARSING, UploadState.APPLYING)


class SavedProfile(models.Model):
    """How the columns of one kind of file become records, in the words of fixtures/imports.toml."""

    name = models.CharField(
        _("name"),
        max_length=40,
        unique=True,
        validators=[PROFILE_NAME],
        help_text=_("Begins the codes of new records, and names the profile on the command line."),
    )
    body = models.TextField(
        _("profile"),
        validators=[MaxLengthValidator(60_000)],
        help_text=_("In TOML, as the profiles in fixtures/imports.toml are written, without their name."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("import profile")
        verbose_name_plural = _("import profiles")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
