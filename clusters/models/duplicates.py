"""Pairs of records that may be one: those to be looked at, and those that somebody found to be two."""

from collections.abc import Iterable
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import LineField


class MergeableKind(models.TextChoices):
    """The kinds of records that are looked at for duplicates; the value is the model's name."""

    COMPANY = "company", _("company")
    INSTITUTION = "institution", _("institution")
    PROGRAM = "program", _("program")
    SOURCE = "source", _("source")


class PairQuerySet(models.QuerySet):
    def of(self, first, second) -> Self:
        """The pair of two records, whichever is named first; none when they are of different kinds."""
        if type(first) is not type(second):
            return self.none()
        lower, higher = sorted((first.pk, second.pk))
        return self.filter(kind=first._meta.model_name, first=lower, second=higher)

    def naming(self, record) -> Self:
        return self.filter(Q(first=record.pk) | Q(second=record.pk), kind=record._meta.model_name)

    def standing(self) -> Self:
        """The pairs of which both records are there."""
        there = Q(pk__in=[])
        for kind in MergeableKind.values:
            records = apps.get_model("clusters", kind)._default_manager.order_by()
            there |= Q(
                Exists(records.filter(pk=OuterRef("first"))),
                Exists(records.filter(pk=OuterRef("second"))),
                kind=kind,
            )
        return self.filter(there)


class Pair(models.Model):
    """Two records of one kind, the lower number first. They have no foreign keys, as kinds differ."""

    kind = models.CharField(_("kind"), max_length=12, choices=MergeableKind)
    first = models.BigIntegerField(_("number of the first record"))
    second = models.BigIntegerField(_("number of the second record"))

    objects = PairQuerySet.as_manager()

    class Meta:
        abstract = True


class SuspectedPair(Pair):
    """A pair that looks like one, with the reasons, as the last search found them."""

    score = models.PositiveSmallIntegerField(_("likelihood"), help_text=_("From 0 to 100."))
    reasons = models.JSONField(_("reasons"), help_text=_("What the two records have in common."))
    found_at = models.DateTimeField(_("found"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "kind", "first", "second"]
        indexes = [models.Index(fields=["-score", "kind", "first", "second"], name="suspected_pair_order")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="suspected_pair_key"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="suspected_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first}, {self.second}"

    @classmethod
    def found(cls, kind: str, first: int, second: int, score: int, reasons: Iterable[Iterable[str]]) -> Self:
        """A pair, whichever record is named first, with reasons as kind and both values."""
        lower, higher = sorted((first, second))
        kept = [list(reason) for reason in reasons]
        return cls(kind=kind, first=lower, second=higher, score=score, reasons=kept)


class DistinctPair(Pair):
    """Two records that somebody found to be two; they are never suggested again."""

    names = models.CharField(_("records"), max_length=500, help_text=_("As they were called then."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = LineField(_("reason"), blank=True)
    decided_at = models.DateTimeField(_("decided"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("pair that is no duplicate")
        verbose_name_plural = _("pairs that are no duplicates")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="distinct_pair_key"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_pair_in_order"),
        ]

    def __str__(self) -> str:
        return self.names
