"""Proposals: what somebody would like to see changed in a record, and what the editors made of it."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .base import one_of
from .fields import LineField, ProseField, WebAddressField

# Read aloud and typed again without mistakes: no vowels that make words, no 0 and O, 1 and I.
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A number by which a sender can ask for a proposal; it does not tell how many there are."""
    drawn = "".join(secrets.choice(_LETTERS) for _place in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


class ProposalState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    PARTLY_ACCEPTED = "partly", _("Partly accepted")
    SENT_BACK = "sent_back", _("Sent back")


class ProposalQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=ProposalState.WAITING)


class Proposal(models.Model):
    """Changes that somebody proposes to one record. Never public.

    Each entry of `changes` holds a field's name, the value it had when it was shown to the proposer, the value
    proposed, and once decided the outcome with the value written.
    """

    reference = models.CharField(
        _("reference"), max_length=9, unique=True, default=new_reference, editable=False
    )
    model = models.CharField(_("kind of record"), max_length=40)
    record_pk = models.BigIntegerField(_("number of the record"))
    called = LineField(_("record"), max_length=400, help_text=_("As it was called when this was proposed."))
    version = models.PositiveIntegerField(_("version it was made against"))
    changes = models.JSONField(
        _("changes"), default=list, blank=True, help_text=_("Each field with what stood there.")
    )
    comment = ProseField(_("comment"), max_length=2000, blank=True)
    link = WebAddressField(_("link to the source"), blank=True)
    grounds = ProseField(_("how the proposer knows"), max_length=1000, blank=True)
    email = models.EmailField(
        _("e-mail of the sender"),
        blank=True,
        help_text=_("Only for questions about this proposal; erased when it is no longer needed."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty when a reader of the site proposed it."),
    )
    from_public = models.BooleanField(_("from the public"), default=False)
    made_at = models.DateTimeField(_("proposed"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=ProposalState, default=ProposalState.WAITING, db_index=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    reason = LineField(_("reason"), max_length=200, blank=True)
    source = models.ForeignKey(
        "clusters.Source",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded source"),
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-made_at", "-pk"]
        default_permissions = ("view", "delete")
        permissions = [("decide_proposal", "Can decide proposal")]
        indexes = [models.Index(fields=["model", "record_pk"], name="proposal_record")]
        constraints = [
            one_of("proposal_state", "state", ProposalState),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="proposal_decided_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.called}"

    @property
    def is_waiting(self) -> bool:
        return self.state == ProposalState.WAITING


class Sending(models.Model):
    """That a proposal came from some network address, which itself is never kept; gone after a day."""

    digest = models.CharField(_("digest"), max_length=32)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        default_permissions = ()
        indexes = [models.Index(fields=["digest", "sent_at"], name="sending_digest")]

    def __str__(self) -> str:
        return f"{self.digest} {self.sent_at}"
