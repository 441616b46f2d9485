"""Indicators, their series, and the values observed; a line is drawn along one series only."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clusters.text import validate_slug

from .base import Fact, Page, Record, fact_constraints, one_of, record_constraints
from .fields import Bilingual, LineField, PartialDateField, ProseField


class IndicatorKind(models.TextChoices):
    COUNT = "count", _("Count")
    MONEY = "money", _("Money")
    SHARE = "share", _("Share")
    AREA = "area", _("Area")
    RATE = "rate", _("Rate")


class Better(models.TextChoices):
    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")
    NEITHER = "neither", _("Neither is better")


class Indicator(Page):
    name_ko = LineField(_("name (Korean)"), max_length=120)
    name_en = LineField(_("name (English)"), max_length=120)
    name = Bilingual("name")
    definition_ko = ProseField(_("definition (Korean)"), max_length=1000)
    definition_en = ProseField(_("definition (English)"), max_length=1000)
    definition = Bilingual("definition")
    unit_ko = LineField(_("unit (Korean)"), max_length=40)
    unit_en = LineField(_("unit (English)"), max_length=40, blank=True)
    unit = Bilingual("unit")
    kind = models.CharField(_("kind"), max_length=6, choices=IndicatorKind)
    better = models.CharField(_("direction"), max_length=8, choices=Better, default=Better.NEITHER)
    topic = models.CharField(
        _("topic"),
        max_length=10,
        choices=[
            ("size", pgettext_lazy("topic", "Size")),
            ("people", pgettext_lazy("topic", "People")),
            ("capital", pgettext_lazy("topic", "Capital")),
            ("research", pgettext_lazy("topic", "Research")),
            ("space", pgettext_lazy("topic", "Space")),
            ("support", pgettext_lazy("topic", "Support")),
        ],
        default="size",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "slug"]
        constraints = [
            *record_constraints("indicator"),
            one_of("indicator_kind", "kind", IndicatorKind),
            one_of("indicator_better", "better", Better),
        ]
        permissions = [("publish_indicator", "Can publish indicator")]

    def __str__(self) -> str:
        return str(self.name)


class ReferenceArea(models.TextChoices):
    """Areas that are no districts, whose figures stand beside theirs for reference."""

    SEOUL = "seoul", _("Seoul as a whole")
    KOREA = "korea", _("Korea as a whole")


class Extent(models.TextChoices):
    WHOLE = "whole", _("Whole district")
    PART = "part", _("Part of the district")
    WIDER = "wider", _("Wider than the district")


class Basis(models.TextChoices):
    SITE = "site", _("The sites in the district")
    FIRM = "firm", _("The whole companies")


class Series(Record):
    """Values of one indicator that were counted in one way: same place, same scope, same basis, same survey."""

    gates = ("indicator",)
    optional_gates = ("district",)
    named_by = ("indicator", "district")

    slug = models.CharField(_("code"), max_length=80, unique=True, validators=[validate_slug])
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="series", verbose_name=_("indicator")
    )
    district = models.ForeignKey(
        "clusters.District",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="series",
        verbose_name=_("district"),
    )
    reference_area = models.CharField(_("reference area"), max_length=10, choices=ReferenceArea, blank=True)
    scope_ko = LineField(_("scope (Korean)"), max_length=120, help_text=_("What was counted, in words."))
    scope_en = LineField(_("scope (English)"), max_length=120)
    scope = Bilingual("scope")
    extent = models.CharField(_("extent"), max_length=5, choices=Extent)
    basis = models.CharField(_("basis"), max_length=4, choices=Basis, blank=True)
    survey_ko = LineField(
        _("survey (Korean)"),
        max_length=120,
        blank=True,
        help_text=_("Only values of one survey are ever compared."),
    )
    survey_en = LineField(_("survey (English)"), max_length=120, blank=True)
    survey = Bilingual("survey")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = [
            "indicator",
            F("district__order").asc(nulls_last=True),
            "district__slug",
            "order",
            "slug",
        ]
        constraints = [
            *record_constraints("series"),
            one_of("series_extent", "extent", Extent),
            one_of("series_basis", "basis", Basis, blank=True),
            models.CheckConstraint(
                condition=Q(district__isnull=False, reference_area="")
                | (Q(district__isnull=True) & Q(reference_area__in=ReferenceArea.values)),
                name="series_one_place",
                violation_error_message=_("Choose either a district or a reference area."),
            ),
        ]
        permissions = [("publish_series", "Can publish series")]

    def __str__(self) -> str:
        return f"{self.place}, {self.indicator}, {self.scope}"

    @property
    def place(self) -> str:
        return str(self.district) if self.district_id else self.get_reference_area_display()


class Flag(models.TextChoices):
    ESTIMATE = "estimate", _("Estimate")
    PROVISIONAL = "provisional", _("Provisional")
    PLAN = "plan", _("Plan")
    BREAK = "break", _("Break in the series")


class Observation(Fact):
    gates = ("series", "series__indicator")
    optional_gates = ("series__district",)
    natural_key_fields = ("series__slug", "period", "source__slug")
    named_by = ("series__indicator", "series__district")

    series = models.ForeignKey(Series, models.CASCADE, related_name="observations", verbose_name=_("series"))
    period = PartialDateField(
        _("reference period"), quarters=True, help_text=_("2025, 2025-07, 2025-Q3 or 2025-07-31.")
    )
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=4)
    flag = models.CharField(_("flag"), max_length=11, choices=Flag, blank=True)

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["series", "period", F("source__slug").asc(nulls_last=True)]
        constraints = [
            *fact_constraints("observation"),
            one_of("observation_flag", "flag", Flag, blank=True),
            models.UniqueConstraint(fields=["series", "period", "source"], name="observation_key"),
        ]
        permissions = [("publish_observation", "Can publish observation")]

    def __str__(self) -> str:
        return f"{self.series}, {self.period}"

    @property
    def evidence_scope(self) -> str:
        """What was counted, for the note that shows the evidence."""
        return self.series.scope
