"""The vocabularies: technologies, industries, kinds of support, and the provinces."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.text import validate_slug

from .base import NaturalKey, NaturalKeyQuerySet
from .fields import Bilingual, LineField


class Term(NaturalKey):
    """A word of a vocabulary in both languages. Vocabularies are public as a whole."""

    slug = models.CharField(_("code"), max_length=40, unique=True, validators=[validate_slug])
    name_ko = LineField(_("name (Korean)"), max_length=80)
    name_en = LineField(_("name (English)"), max_length=80)
    name = Bilingual("name")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return str(self.name)


class Technology(Term):
    class Meta(Term.Meta):
        verbose_name = _("technology")
        verbose_name_plural = _("technologies")


class Industry(Term):
    class Meta(Term.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")


class SupportKind(Term):
    class Meta(Term.Meta):
        verbose_name = _("kind of support")
        verbose_name_plural = _("kinds of support")


class Province(Term):
    class Meta(Term.Meta):
        verbose_name = _("province")
        verbose_name_plural = _("provinces")
