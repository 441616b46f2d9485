"""Events: the gatherings of a district, most of them recurring."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .base import Fact, Page, fact_constraints
from .fields import Bilingual, LineField, WebAddressField


class Event(Fact, Page):
    name_ko = LineField(_("name (Korean)"))
    name_en = LineField(_("name (English)"))
    name = Bilingual("name")
    district = models.ForeignKey(
        "clusters.District",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("district"),
    )
    organizer = models.ForeignKey(
        "clusters.Institution",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("organizer"),
    )
    organizer_name_ko = LineField(_("organizer outside the directory (Korean)"), max_length=120, blank=True)
    organizer_name_en = LineField(_("organizer outside the directory (English)"), max_length=120, blank=True)
    organizer_name = Bilingual("organizer_name")
    month = models.PositiveSmallIntegerField(
        _("usual month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("For events that come back every year."),
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True, db_index=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    venue_ko = LineField(_("venue (Korean)"), blank=True)
    venue_en = LineField(_("venue (English)"), blank=True)
    venue = Bilingual("venue")
    website = WebAddressField(_("website"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = [F("starts_on").desc(nulls_last=True), "slug"]
        constraints = [
            *fact_constraints("event"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="event_dates",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__range=(1, 12)), name="event_month"
            ),
        ]
        permissions = [("publish_event", "Can publish event")]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return f"{reverse('events')}#{self.slug}"
