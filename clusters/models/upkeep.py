"""The machine's own notes on upkeep: pulls from the portals, and whether addresses still answer."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .base import one_of
from .fields import LineField, ProseField, WebAddressField
from .imports import ImportBatch


class Portal(models.TextChoices):
    """Portals whose open API is pulled; the value is the name of the import profile as well."""

    KSTARTUP = "kstartup", _("K-Startup")
    BIZINFO = "bizinfo", _("Bizinfo")


class SyncState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("sync", "Running")
    DONE = "done", pgettext_lazy("sync", "Done")
    EMPTY = "empty", pgettext_lazy("sync", "Nothing returned")
    ALARM = "alarm", pgettext_lazy("sync", "Nothing returned again")
    FAILED = "failed", pgettext_lazy("sync", "Failed")


class SyncRunQuerySet(models.QuerySet):
    def latest_of_each_portal(self):
        later = SyncRun.objects.filter(portal=OuterRef("portal"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))


class SyncRun(models.Model):
    """One pull from a portal: what it brought, or why it brought nothing."""

    portal = models.CharField(_("portal"), max_length=10, choices=Portal)
    started_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=SyncState, default=SyncState.RUNNING)
    pulled = models.PositiveIntegerField(_("entries pulled"), default=0)
    created = models.PositiveIntegerField(_("records created"), default=0)
    changed = models.PositiveIntegerField(_("records changed"), default=0)
    unchanged = models.PositiveIntegerField(_("records unchanged"), default=0)
    left_out = models.PositiveIntegerField(_("records left out"), default=0)
    vanished = models.PositiveIntegerField(
        _("vanished from the portal"),
        default=0,
        help_text=_("Calls that should still be open and that the portal no longer lists; none was changed."),
    )
    message = ProseField(_("message"), blank=True)
    batch = models.ForeignKey(
        ImportBatch, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("import")
    )

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("pull from a portal")
        verbose_name_plural = _("pulls from portals")
        ordering = ["-started_at", "-pk"]
        constraints = [
            one_of("sync_run_portal", "portal", Portal),
            one_of("sync_run_state", "state", SyncState),
        ]

    def __str__(self) -> str:
        return f"{self.get_portal_display()}, {timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"


class LinkState(models.TextChoices):
    WORKS = "works", pgettext_lazy("link", "Works")
    MOVED = "moved", pgettext_lazy("link", "Moved for good")
    FAILS = "fails", pgettext_lazy("link", "Fails")


# A single failure is often the other side's bad day.
BROKEN_AFTER = 2


class LinkCheckQuerySet(models.QuerySet):
    def broken(self):
        """Addresses that failed on several days, with no success between."""
        return self.filter(failures__gte=BROKEN_AFTER)

    def moved(self):
        return self.filter(~Q(final_url=""), state=LinkState.MOVED)


class LinkCheck(models.Model):
    """What became of an address when it was last asked."""

    url = WebAddressField(_("address"), unique=True)
    state = models.CharField(_("state"), max_length=5, choices=LinkState)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    final_url = WebAddressField(
        _("new address"), blank=True, help_text=_("Where the address leads for good, as the site says.")
    )
    failures = models.PositiveSmallIntegerField(
        _("days failed"), default=0, help_text=_("On how many days it failed since it last worked.")
    )
    failed_on = models.DateField(_("last failed on"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)
    message = LineField(_("message"), max_length=300, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        ordering = ["-failures", "url"]
        constraints = [one_of("link_check_state", "state", LinkState)]

    def __str__(self) -> str:
        return self.url
