"""Programs, their calls, and the criteria a call states."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clusters.text import validate_slug

from .base import Evidenced, Fact, Page, address, fact_constraints, one_of, record_constraints
from .fields import Bilingual, LineField, ProseField, TextListField, WebAddressField
from .terms import TermsField, validate_terms

TAKEN = ("match", "calendar")  # pages beside the programs' own


class Coverage(models.TextChoices):
    NATIONWIDE = "nationwide", _("Nationwide")
    PROVINCES = "provinces", _("Whole provinces")
    DISTRICTS = "districts", _("Certain districts")


class Program(Evidenced, Page):
    """A program's lasting identity; each dated intake is a Call."""

    name_ko = LineField(_("name (Korean)"))
    name_en = LineField(_("name (English)"))
    name = Bilingual("name")
    aliases = TextListField(_("other names"), blank=True, default=list, help_text=_("One per line."))
    operator = models.ForeignKey(
        "clusters.Institution",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="programs",
        verbose_name=_("operator"),
    )
    partners = models.ManyToManyField(
        "clusters.Institution", related_name="partnered_programs", blank=True, verbose_name=_("partners")
    )
    coverage = models.CharField(_("coverage"), max_length=10, choices=Coverage)
    provinces = models.ManyToManyField(
        "clusters.Province", related_name="programs", blank=True, verbose_name=_("provinces")
    )
    districts = models.ManyToManyField(
        "clusters.District",
        related_name="programs",
        blank=True,
        verbose_name=_("districts"),
        help_text=_(
            "Only for programs bound to these districts; a program for all of Seoul names the province."
        ),
    )
    support_kinds = models.ManyToManyField(
        "clusters.SupportKind", related_name="programs", blank=True, verbose_name=_("kinds of support")
    )
    technologies = models.ManyToManyField(
        "clusters.Technology", related_name="programs", blank=True, verbose_name=_("technologies")
    )
    private = models.BooleanField(_("run by a private body"), default=False)
    target_ko = LineField(_("who it is for (Korean)"), max_length=300, blank=True)
    target_en = LineField(_("who it is for (English)"), max_length=300, blank=True)
    target = Bilingual("target")
    summary_ko = ProseField(_("summary (Korean)"), max_length=1000)
    summary_en = ProseField(_("summary (English)"), max_length=1000)
    summary = Bilingual("summary")
    website = WebAddressField(_("website"), blank=True)
    _history_m2m_fields = ["partners", "provinces", "districts", "support_kinds", "technologies"]

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["name_ko", "slug"]
        constraints = [*record_constraints("program"), one_of("program_coverage", "coverage", Coverage)]
        permissions = [("publish_program", "Can publish program")]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        super().clean()
        if self.slug in TAKEN:
            raise ValidationError({"slug": _("A page of the site has this address already.")})

    def get_absolute_url(self) -> str:
        return address("program", self.slug)


class CallKind(models.TextChoices):
    NEW = "new", _("New")
    EXTENDED = "extended", _("Extended")
    CORRECTED = "corrected", _("Corrected")
    REPOSTED = "reposted", _("Posted again")


class PeriodKind(models.TextChoices):
    """How a call takes applications. The status is computed from it and the clock, never stored."""

    WINDOW = "window", _("From one date to another")
    UNTIL_EXHAUSTED = "until_exhausted", _("Until the budget is used up")
    ALWAYS = "always", _("At any time")
    UPCOMING = "upcoming", _("Announced to open")
    ANNOUNCED_LATER = "announced_later", _("Dates to be announced")
    PERIODIC = "periodic", _("At regular intervals")
    PROJECT = "project", _("Only the project period is stated")


class Precision(models.TextChoices):
    """How exactly the source gives a moment; a month is stored as its first or last instant."""

    TIME = "time", _("To the minute")
    DAY = "day", _("To the day")
    MONTH = "month", _("To the month")
    YEAR = "year", _("To the year")


class Call(Fact):
    gates = ("program",)
    natural_key_fields = ("slug",)
    named_by = ("program",)
    part_of = "program"

    slug = models.CharField(_("code"), max_length=80, unique=True, validators=[validate_slug])
    program = models.ForeignKey(Program, models.CASCADE, related_name="calls", verbose_name=_("program"))
    label_ko = LineField(_("round (Korean)"), max_length=80, help_text=_("Such as 2026년 1차."))
    label_en = LineField(_("round (English)"), max_length=80)
    label = Bilingual("label")
    kind = models.CharField(_("kind"), max_length=10, choices=CallKind, default=CallKind.NEW)
    period_kind = models.CharField(_("way of taking applications"), max_length=16, choices=PeriodKind)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True, help_text=_("Seoul time."))
    opens_precision = models.CharField(
        _("precision of the opening"), max_length=5, choices=Precision, default="day"
    )
    closes_at = models.DateTimeField(
        _("closes"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Seoul time; 23:59 when only the day is known."),
    )
    closes_precision = models.CharField(
        _("precision of the closing"), max_length=5, choices=Precision, default="day"
    )
    wording_ko = LineField(
        _("wording of the period"),
        max_length=300,
        blank=True,
        help_text=_("Word for word as the notice has it."),
    )
    wording_en = LineField(_("wording of the period (English)"), max_length=300, blank=True)
    wording = Bilingual("wording")
    budget_krw = models.DecimalField(
        _("budget (won)"),
        max_digits=20,
        decimal_places=0,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    award_count = models.PositiveIntegerField(_("number of awards"), null=True, blank=True)
    notice_url = WebAddressField(_("notice"), blank=True)
    base_date = models.DateField(
        _("base date"),
        null=True,
        blank=True,
        help_text=_("The day by which the notice counts years and places; the day of the notice as a rule."),
    )
    confirmed_on = models.DateField(
        _("last confirmed on"),
        null=True,
        blank=True,
        help_text=_("When somebody last saw that this still holds."),
    )

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = [
            "program",
            F("closes_at").desc(nulls_last=True),
            F("opens_at").desc(nulls_last=True),
            "slug",
        ]
        constraints = [
            *fact_constraints("call"),
            one_of("call_kind", "kind", CallKind),
            one_of("call_period_kind", "period_kind", PeriodKind),
            one_of("call_opens_precision", "opens_precision", Precision),
            one_of("call_closes_precision", "closes_precision", Precision),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gte=F("opens_at")),
                name="call_dates",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]
        permissions = [("publish_call", "Can publish call")]

    def __str__(self) -> str:
        return f"{self.program}, {self.label}"


class Dimension(models.TextChoices):
    BUSINESS_AGE = "business_age", _("Years since founding")
    SIZE = "size", _("Size")
    REGION = "region", _("Region")
    SECTOR = "sector", _("Field")
    STAGE = "stage", _("Stage")
    LEGAL_FORM = "legal_form", _("Legal form")
    CERTIFICATION = "certification", _("Certification")
    INVESTMENT = "investment", _("Investment received")
    OTHER = "other", _("Other")


class Operator(models.TextChoices):
    IS = "is", _("is")
    ANY_OF = "any_of", _("is one of")
    AT_MOST = "at_most", _("at most")
    AT_LEAST = "at_least", _("at least")


class Necessity(models.TextChoices):
    REQUIRED = "required", _("Required")
    PREFERRED = "preferred", _("Preferred")
    EXCLUDED = "excluded", _("Excluded")


class Criterion(Fact):
    """One condition of a call, beside the clause that states it."""

    gates = ("call", "call__program")
    natural_key_fields = ("call__slug", "order")

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria", verbose_name=_("call"))
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    dimension = models.CharField(_("about"), max_length=15, choices=Dimension)
    operator = models.CharField(_("comparison"), max_length=10, choices=Operator)
    value_ko = LineField(_("condition (Korean)"), max_length=200)
    value_en = LineField(_("condition (English)"), max_length=200)
    value = Bilingual("value")
    necessity = models.CharField(_("necessity"), max_length=10, choices=Necessity, default=Necessity.REQUIRED)
    quote = LineField(
        _("quoted clause"), max_length=500, help_text=_("Word for word, in the language of the document.")
    )
    terms = TermsField(
        _("terms to compute with"),
        help_text=_(
            "One to a line, such as “max_years: 7” or “provinces: seoul, gyeonggi”. Empty when a person must judge."
        ),
    )

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["call", "order"]
        constraints = [
            *fact_constraints("criterion"),
            one_of("criterion_dimension", "dimension", Dimension),
            one_of("criterion_operator", "operator", Operator),
            one_of("criterion_necessity", "necessity", Necessity),
            models.UniqueConstraint(fields=["call", "order"], name="criterion_key"),
        ]
        permissions = [("publish_criterion", "Can publish criterion")]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()}: {self.value}"

    def clean(self) -> None:
        super().clean()
        try:
            validate_terms(self.dimension, self.terms)
        except ValidationError as problem:
            raise ValidationError({"terms": problem}) from None
