"""Companies, their offices through time, and their funding rounds."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clusters.text import validate_business_number

from .base import (
    Evidenced,
    Fact,
    Page,
    RecordQuerySet,
    Status,
    address,
    dates_in_order,
    fact_constraints,
    one_of,
    record_constraints,
)
from .fields import Bilingual, LineField, PartialDateField, ProseField, TextListField, WebAddressField


class CompanyKind(models.TextChoices):
    STARTUP = "startup", _("Startup")
    SME = "sme", _("Small or medium-sized")
    MID_TIER = "mid_tier", _("Mid-tier")
    LARGE = "large", _("Large")
    GLOBAL_BRANCH = "global_branch", _("Branch of a foreign company")


class Stage(models.TextChoices):
    SEED = "seed", _("Seed")
    PRE_A = "pre_a", _("Pre-A")
    SERIES_A = "series_a", _("Series A")
    SERIES_B = "series_b", _("Series B")
    SERIES_C = "series_c", _("Series C")
    SERIES_D = "series_d", _("Series D or later")
    PRE_IPO = "pre_ipo", _("Pre-IPO")
    LISTED = "listed", _("Listed")
    SUBSIDIARY = "subsidiary", _("Subsidiary")
    ACQUIRED = "acquired", _("Acquired")
    UNKNOWN = "unknown", _("Not surveyed")


class Market(models.TextChoices):
    KOSPI = "kospi", _("KOSPI")
    KOSDAQ = "kosdaq", _("KOSDAQ")
    KONEX = "konex", _("KONEX")
    NASDAQ = "nasdaq", _("NASDAQ")
    NYSE = "nyse", _("NYSE")


class Relevance(models.TextChoices):
    CORE = "core", _("AI is the core business")
    ADJACENT = "adjacent", _("Uses AI in its business")


class Company(Evidenced, Page):
    name_ko = LineField(_("name (Korean)"))
    name_en = LineField(_("name (English)"))
    name = Bilingual("name")
    legal_name_ko = LineField(_("legal name (Korean)"), blank=True)
    legal_name_en = LineField(_("legal name (English)"), blank=True)
    former_names = TextListField(_("former names"), blank=True, default=list, help_text=_("One per line."))
    aliases = TextListField(_("other names"), blank=True, default=list, help_text=_("One per line."))
    kind = models.CharField(_("size"), max_length=15, choices=CompanyKind, db_index=True)
    hq_country = models.CharField(
        _("country of the head office"),
        max_length=2,
        default="KR",
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", _("A country code has two capital letters."))],
    )
    founded = PartialDateField(
        _("founded"),
        blank=True,
        db_index=True,
        help_text=_("As the filing gives it: after a split or merger, the date of the new legal entity."),
    )
    website = WebAddressField(_("website"), blank=True)
    technologies = models.ManyToManyField(
        "clusters.Technology", related_name="companies", blank=True, verbose_name=_("technologies")
    )
    industries = models.ManyToManyField(
        "clusters.Industry", related_name="companies", blank=True, verbose_name=_("industries")
    )
    stage = models.CharField(
        _("investment stage"), max_length=10, choices=Stage, default=Stage.UNKNOWN, db_index=True
    )
    market = models.CharField(
        _("listed on"),
        max_length=10,
        choices=Market,
        blank=True,
        help_text=_("Empty beside a stock code when the list it comes from does not say which market."),
    )
    stock_code = models.CharField(
        _("stock code"),
        max_length=8,
        blank=True,
        validators=[
            RegexValidator(r"\A[0-9A-Z]{1,8}\Z", _("A stock code has digits and capital letters only."))
        ],
    )
    business_number = models.CharField(
        _("business number"),
        max_length=10,
        blank=True,
        validators=[validate_business_number],
        help_text=_("Ten digits without hyphens; the check digit is verified."),
    )
    ai_relevance = models.CharField(_("relation to AI"), max_length=10, choices=Relevance, db_index=True)
    summary_ko = ProseField(_("summary (Korean)"), max_length=1000, blank=True)
    summary_en = ProseField(_("summary (English)"), max_length=1000, blank=True)
    summary = Bilingual("summary")
    _history_m2m_fields = ["technologies", "industries"]

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name_ko", "slug"]
        indexes = [
            models.Index(fields=["name_ko", "slug"]),
            models.Index(fields=["name_en", "slug"]),
            # Every page says how many there are and when one last changed.
            models.Index(fields=["publication", "updated_at"], name="company_edition"),
        ]
        constraints = [
            *record_constraints("company"),
            one_of("company_kind", "kind", CompanyKind),
            one_of("company_stage", "stage", Stage),
            one_of("company_market", "market", Market, blank=True),
            one_of("company_relevance", "ai_relevance", Relevance),
            models.UniqueConstraint(
                fields=["market", "stock_code"],
                condition=~Q(stock_code=""),
                name="company_stock_code",
                violation_error_message=_("Another company has this stock code."),
            ),
            models.UniqueConstraint(
                fields=["business_number"],
                condition=~Q(business_number=""),
                name="company_business_number",
                violation_error_message=_("Another company has this business number."),
            ),
        ]
        permissions = [("publish_company", "Can publish company")]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address("company", self.slug)


class OfficeKind(models.TextChoices):
    HQ = "hq", _("Head office")
    BRANCH = "branch", _("Branch")
    LAB = "lab", _("Laboratory")


class OfficeQuerySet(RecordQuerySet):
    def current(self):
        """Everything but what is known to be past; disputed and unverified offices stay in."""
        return self.exclude(status=Status.OUTDATED)


class Office(Fact):
    """A company's place in a district, dated; a move keeps the old row."""

    gates = ("company",)
    optional_gates = ("district",)
    natural_key_fields = ("company__slug", "district__slug", "kind", "address_ko")
    named_by = ("company", "district")
    part_of = "company"

    company = models.ForeignKey(Company, models.CASCADE, related_name="offices", verbose_name=_("company"))
    district = models.ForeignKey(
        "clusters.District",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name=_("district"),
        help_text=_("Empty when the office lies in no district."),
    )
    province = models.ForeignKey(
        "clusters.Province",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("province"),
    )
    kind = models.CharField(_("kind"), max_length=6, choices=OfficeKind)
    address_ko = LineField(_("address (Korean)"), blank=True)
    address_en = LineField(_("address (English)"), blank=True)
    address = Bilingual("address")
    phone = LineField(
        _("telephone"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"\A[0-9]+(-[0-9]+)*\Z", _("Write it as 02-123-4567 or 1588-1234."))],
        help_text=_("The office's public number; lists of companies are matched by it."),
    )
    since = PartialDateField(
        _("from"), blank=True, help_text=_("Only where the move has happened, never from a plan.")
    )
    until = PartialDateField(_("until"), blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = [
            "company",
            "status",
            "kind",
            F("district__order").asc(nulls_last=True),
            "district__slug",
            "address_ko",
        ]
        # The home page says which changed last.
        indexes = [models.Index(fields=["publication", "updated_at"], name="office_edition")]
        constraints = [
            *fact_constraints("office"),
            one_of("office_kind", "kind", OfficeKind),
            dates_in_order("office_dates", "since", "until"),
            models.UniqueConstraint(
                fields=["company", "district", "kind", "address_ko"],
                condition=Q(district__isnull=False),
                name="office_key",
                violation_error_message=_("The company has such an office at this address already."),
            ),
            models.UniqueConstraint(
                fields=["company", "kind", "address_ko"],
                condition=Q(district__isnull=True),
                name="office_key_outside",
                violation_error_message=_("The company has such an office at this address already."),
            ),
        ]
        permissions = [("publish_office", "Can publish office")]

    def __str__(self) -> str:
        place = self.district or self.address or _("no district")
        return f"{self.company}, {self.get_kind_display()}, {place}"


class Round(models.TextChoices):
    SEED = "seed", _("Seed")
    PRE_A = "pre_a", _("Pre-A")
    SERIES_A = "series_a", _("Series A")
    SERIES_B = "series_b", _("Series B")
    SERIES_C = "series_c", _("Series C")
    SERIES_D = "series_d", _("Series D or later")
    PRE_IPO = "pre_ipo", _("Pre-IPO")
    IPO = "ipo", _("Public offering")
    RIGHTS_OFFERING = "rights_offering", _("Rights offering")
    CUMULATIVE = "cumulative", _("Total to date")
    UNSPECIFIED = "unspecified", _("Round not stated")


class Currency(models.TextChoices):
    KRW = "KRW", _("won")
    USD = "USD", _("US dollars")


class FundingRound(Fact):
    gates = ("company",)
    natural_key_fields = ("company__slug", "date", "round")
    named_by = ("company",)

    company = models.ForeignKey(
        Company, models.CASCADE, related_name="funding_rounds", verbose_name=_("company")
    )
    date = PartialDateField(_("date"))
    round = models.CharField(_("round"), max_length=16, choices=Round)
    amount = models.DecimalField(
        _("amount"), max_digits=20, decimal_places=0, null=True, blank=True, validators=[MinValueValidator(1)]
    )
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, blank=True)
    investors = TextListField(_("investors"), blank=True, default=list, help_text=_("One per line."))

    class Meta:
        verbose_name = _("funding round")
        verbose_name_plural = _("funding rounds")
        ordering = ["company", "-date", "round"]
        constraints = [
            *fact_constraints("funding_round"),
            one_of("funding_round_round", "round", Round),
            models.UniqueConstraint(fields=["company", "date", "round"], name="funding_round_key"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, currency="") | (Q(amount__isnull=False) & ~Q(currency="")),
                name="funding_round_amount_pair",
                violation_error_message=_("Give the amount together with its currency."),
            ),
        ]
        permissions = [("publish_fundinground", "Can publish funding round")]

    def __str__(self) -> str:
        return f"{self.company}, {self.get_round_display()}, {self.date}"
