"""Support institutions: public bodies, hubs, investors, universities and research institutes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Fact, Page, address, fact_constraints, one_of
from .fields import Bilingual, LineField, ProseField, TextListField, WebAddressField


class InstitutionKind(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    AGENCY = "agency", _("Public agency")
    HUB = "hub", _("Startup hub")
    INCUBATOR = "incubator", _("Incubator")
    ACCELERATOR = "accelerator", _("Accelerator")
    VC = "vc", _("Venture capital")
    RESEARCH_INSTITUTE = "research_institute", _("Research institute")
    UNIVERSITY = "university", _("University")
    CORPORATE_RESEARCH = "corporate_research", _("Corporate research")
    ASSOCIATION = "association", _("Association")


class Institution(Fact, Page):
    optional_gates = ()

    name_ko = LineField(_("name (Korean)"))
    name_en = LineField(_("name (English)"))
    name = Bilingual("name")
    aliases = TextListField(_("other names"), blank=True, default=list, help_text=_("One per line."))
    kind = models.CharField(_("kind"), max_length=20, choices=InstitutionKind, db_index=True)
    district = models.ForeignKey(
        "clusters.District",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="institutions",
        verbose_name=_("district"),
        help_text=_("Where it works; the note says so when its seat lies elsewhere."),
    )
    website = WebAddressField(_("website"), blank=True)
    role_ko = ProseField(_("what it does (Korean)"), max_length=1000)
    role_en = ProseField(_("what it does (English)"), max_length=1000)
    role = Bilingual("role")

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["name_ko", "slug"]
        constraints = [*fact_constraints("institution"), one_of("institution_kind", "kind", InstitutionKind)]
        permissions = [("publish_institution", "Can publish institution")]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address("institution", self.slug)
