"""Districts, and what is said of them: stations, anchor sites, designations, claims, strengths and weaknesses."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .base import Evidenced, Fact, Page, RecordQuerySet, address, fact_constraints, one_of, record_constraints
from .fields import Bilingual, LineField, PartialDateField, ProseField, TextListField
from .geography import LATITUDE, LONGITUDE, check_outline


class PathStep(models.IntegerChoices):
    """The way of a technology from the laboratory to its users."""

    RESEARCH = 1, _("Research")
    VALIDATION = 2, _("Validation")
    MARKET = 3, _("Market")


class Mark(models.TextChoices):
    """A shape that always comes in the same color; shape, color and name together tell a district."""

    SQUARE = "square", _("blue square")
    DIAMOND = "diamond", _("orange diamond")
    TRIANGLE = "triangle", _("green triangle")
    WEDGE = "wedge", _("purple wedge")
    PLUS = "plus", _("ocher cross")
    HEXAGON = "hexagon", _("slate hexagon")
    PENTAGON = "pentagon", _("rose pentagon")
    HOURGLASS = "hourglass", _("moss hourglass")
    STAR = "star", _("cyan star")
    SHIELD = "shield", _("brown shield")
    BARS = "bars", _("indigo bars")
    OCTAGON = "octagon", _("gray octagon")


def latitude_field(**kwargs) -> models.FloatField:
    return models.FloatField(
        _("latitude"), validators=[MinValueValidator(LATITUDE[0]), MaxValueValidator(LATITUDE[1])], **kwargs
    )


def longitude_field(**kwargs) -> models.FloatField:
    return models.FloatField(
        _("longitude"),
        validators=[MinValueValidator(LONGITUDE[0]), MaxValueValidator(LONGITUDE[1])],
        **kwargs,
    )


class DistrictQuerySet(RecordQuerySet):
    def in_capital_area(self):
        return self.filter(province__slug__in=["seoul", "gyeonggi", "incheon"])


class District(Evidenced, Page):
    """A cluster of AI activity. A district is not an administrative gu."""

    name_ko = LineField(_("name (Korean)"))
    name_en = LineField(_("name (English)"))
    name = Bilingual("name")
    short_name_ko = LineField(_("short name (Korean)"), max_length=40)
    short_name_en = LineField(_("short name (English)"), max_length=40)
    short_name = Bilingual("short_name")
    aliases = TextListField(_("other names"), blank=True, default=list, help_text=_("One per line."))
    municipality_ko = LineField(_("municipality (Korean)"), max_length=80, help_text=_("Si, gun or gu."))
    municipality_en = LineField(_("municipality (English)"), max_length=80)
    municipality = Bilingual("municipality")
    province = models.ForeignKey(
        "clusters.Province", models.PROTECT, verbose_name=_("province"), related_name="+"
    )
    role_ko = LineField(
        _("role (Korean)"), max_length=300, help_text=_("One line: what this district does best.")
    )
    role_en = LineField(_("role (English)"), max_length=300)
    role = Bilingual("role")
    summary_ko = ProseField(_("summary (Korean)"))
    summary_en = ProseField(_("summary (English)"))
    summary = Bilingual("summary")
    managing_body_ko = LineField(_("managing body (Korean)"), max_length=300, blank=True)
    managing_body_en = LineField(_("managing body (English)"), max_length=300, blank=True)
    managing_body = Bilingual("managing_body")
    path_start = models.PositiveSmallIntegerField(
        _("path from"),
        choices=PathStep,
        null=True,
        blank=True,
        help_text=_(
            "The part this district plays from research to market. An editorial judgment, not a measurement."
        ),
    )
    path_end = models.PositiveSmallIntegerField(_("path to"), choices=PathStep, null=True, blank=True)
    path_label_ko = LineField(_("part played (Korean)"), max_length=80, blank=True)
    path_label_en = LineField(_("part played (English)"), max_length=80, blank=True)
    path_label = Bilingual("path_label")
    latitude = latitude_field()
    longitude = longitude_field()
    location_note_ko = LineField(_("note on the position (Korean)"), max_length=300, blank=True)
    location_note_en = LineField(_("note on the position (English)"), max_length=300, blank=True)
    location_note = Bilingual("location_note")
    outline = models.JSONField(_("outline"), null=True, blank=True, help_text=_("A GeoJSON MultiPolygon."))
    outline_approximate = models.BooleanField(_("the outline is approximate"), default=True)
    mark = models.CharField(
        _("mark"),
        max_length=10,
        choices=Mark,
        default=Mark.OCTAGON,
        help_text=_("Its shape and color in maps, lists and charts."),
    )
    featured = models.BooleanField(_("shown first on the home page"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    profile_sources = models.ManyToManyField(
        "clusters.Source", related_name="+", blank=True, verbose_name=_("sources of the profile")
    )
    _history_m2m_fields = ["profile_sources"]

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["order", "slug"]
        constraints = [
            *record_constraints("district"),
            one_of("district_mark", "mark", Mark),
            models.CheckConstraint(
                condition=Q(path_start__isnull=True, path_end__isnull=True)
                | Q(path_start__isnull=False, path_end__isnull=False, path_end__gte=F("path_start")),
                name="district_path_pair",
                violation_error_message=_("Give both ends of the path, the earlier step first."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=LATITUDE, longitude__range=LONGITUDE),
                name="district_in_korea",
                violation_error_message=_("The position lies outside Korea."),
            ),
        ]
        permissions = [("publish_district", "Can publish district")]

    def __str__(self) -> str:
        return str(self.short_name)

    def clean(self) -> None:
        super().clean()
        if self.outline is not None:
            try:
                check_outline(self.outline)
            except ValidationError as error:
                raise ValidationError({"outline": error}) from error

    def get_absolute_url(self) -> str:
        return address("district", self.slug)

    @property
    def in_seoul(self) -> bool:
        return self.province.slug == "seoul"


def line_names(lines: str) -> list[str]:
    """The lines of a station one by one, however the commas are set."""
    return [name.strip() for name in lines.split(",") if name.strip()]


class Station(Fact):
    gates = ("district",)
    natural_key_fields = ("district__slug", "name_ko")

    district = models.ForeignKey(
        District, models.CASCADE, related_name="stations", verbose_name=_("district")
    )
    name_ko = LineField(_("name (Korean)"), max_length=80)
    name_en = LineField(_("name (English)"), max_length=80)
    name = Bilingual("name")
    lines_ko = LineField(_("lines (Korean)"), max_length=120, help_text=_("Separated by commas."))
    lines_en = LineField(_("lines (English)"), max_length=120)
    lines = Bilingual("lines")
    walk_minutes = models.PositiveSmallIntegerField(
        _("minutes on foot"), null=True, blank=True, validators=[MaxValueValidator(240)]
    )
    latitude = latitude_field(null=True, blank=True)
    longitude = longitude_field(null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["district", "order", "name_ko"]
        constraints = [
            *fact_constraints("station"),
            models.UniqueConstraint(fields=["district", "name_ko"], name="station_key"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="station_position_pair",
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
        ]
        permissions = [("publish_station", "Can publish station")]

    def __str__(self) -> str:
        return str(self.name)


class AnchorSite(Fact):
    """A building or campus that a district is known for."""

    gates = ("district",)
    natural_key_fields = ("district__slug", "name_ko")

    district = models.ForeignKey(
        District, models.CASCADE, related_name="anchor_sites", verbose_name=_("district")
    )
    name_ko = LineField(_("name (Korean)"))
    name_en = LineField(_("name (English)"))
    name = Bilingual("name")
    institution = models.ForeignKey(
        "clusters.Institution",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="anchor_sites",
        verbose_name=_("institution"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("anchor site")
        verbose_name_plural = _("anchor sites")
        ordering = ["district", "order", "name_ko"]
        constraints = [
            *fact_constraints("anchor_site"),
            models.UniqueConstraint(fields=["district", "name_ko"], name="anchor_site_key"),
        ]
        permissions = [("publish_anchorsite", "Can publish anchor site")]

    def __str__(self) -> str:
        return str(self.name)


class Designation(Fact):
    """Something that happened to a district by decision: designated, approved, opened, announced."""

    gates = ("district",)
    natural_key_fields = ("district__slug", "designated_on", "title_ko")

    district = models.ForeignKey(
        District, models.CASCADE, related_name="designations", verbose_name=_("district")
    )
    designated_on = PartialDateField(_("date"))
    title_ko = LineField(_("what (Korean)"), max_length=300)
    title_en = LineField(_("what (English)"), max_length=300)
    title = Bilingual("title")

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["district", "designated_on", "title_ko"]
        constraints = [
            *fact_constraints("designation"),
            models.UniqueConstraint(fields=["district", "designated_on", "title_ko"], name="designation_key"),
        ]
        permissions = [("publish_designation", "Can publish designation")]

    def __str__(self) -> str:
        return f"{self.designated_on} {self.title}"


class Claim(Fact):
    """A statement made about a district elsewhere, and beside it what we found."""

    gates = ("district",)
    natural_key_fields = ("district__slug", "statement_ko")

    district = models.ForeignKey(District, models.CASCADE, related_name="claims", verbose_name=_("district"))
    statement_ko = LineField(_("statement (Korean)"), max_length=300)
    statement_en = LineField(_("statement (English)"), max_length=300)
    statement = Bilingual("statement")
    made_in = models.ForeignKey(
        "clusters.Source",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stated in"),
        help_text=_("Where the statement was made. The sources below are those of our finding."),
    )
    finding_ko = ProseField(_("what we found (Korean)"))
    finding_en = ProseField(_("what we found (English)"))
    finding = Bilingual("finding")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["district", "order", "statement_ko"]
        constraints = [
            *fact_constraints("claim"),
            models.UniqueConstraint(fields=["district", "statement_ko"], name="claim_key"),
        ]
        permissions = [("publish_claim", "Can publish claim")]

    def __str__(self) -> str:
        return str(self.statement)


class TraitKind(models.TextChoices):
    STRENGTH = "strength", _("Strength")
    WEAKNESS = "weakness", _("Weakness")


class Trait(Fact):
    """A strength or a weakness of a district."""

    gates = ("district",)
    natural_key_fields = ("district__slug", "kind", "text_ko")

    district = models.ForeignKey(District, models.CASCADE, related_name="traits", verbose_name=_("district"))
    kind = models.CharField(_("kind"), max_length=10, choices=TraitKind)
    text_ko = LineField(_("text (Korean)"), max_length=300)
    text_en = LineField(_("text (English)"), max_length=300)
    text = Bilingual("text")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("strength or weakness")
        verbose_name_plural = _("strengths and weaknesses")
        ordering = ["district", "kind", "order", "text_ko"]
        constraints = [
            *fact_constraints("trait"),
            one_of("trait_kind", "kind", TraitKind),
            models.UniqueConstraint(fields=["district", "kind", "text_ko"], name="trait_key"),
        ]
        permissions = [("publish_trait", "Can publish strength or weakness")]

    def __str__(self) -> str:
        return str(self.text)
