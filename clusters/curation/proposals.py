"""Proposals: made by readers and curators, decided by editors, written through the recorder."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import Truncator, capfirst, slugify
from django.utils.translation import gettext as _

from clusters.models import EditConflict, Merge, Proposal, ProposalState, Record, Source

from . import changes, history
from .importing import snapshots

# The sender's e-mail is for questions: it goes some time after the decision, and never stays longer than this.
FORGOTTEN_AFTER_DECISION = timedelta(days=30)
FORGOTTEN_AFTER = timedelta(days=365)


class AlreadyDecided(Exception):
    """Somebody else decided this proposal before."""


def may_decide(user) -> bool:
    return user.has_perm("clusters.decide_proposal")


# Making


def differences(before: models.Model, after: Mapping[models.Field, Any]) -> list[dict[str, Any]]:
    """The entries of a proposal: fields whose proposed value is not the one that stands in a state of the record."""
    entries = []
    for field, proposed in after.items():
        shown = plain(field, changes.value(before, field))
        wanted = plain(field, proposed)
        if shown != wanted:
            entries.append({"field": field.name, "shown": shown, "proposed": wanted})
    return entries


def plain(field: models.Field, value: Any) -> Any:
    """A field's value as a proposal keeps it; relations as primary keys."""
    if isinstance(field, models.ManyToManyField):
        return sorted(one.pk if isinstance(one, models.Model) else one for one in value)
    if isinstance(value, models.Model):
        return value.pk
    return snapshots.plain(field, value)


def propose(
    record: Record,
    *,
    by,
    entries: Sequence[dict[str, Any]],
    version: int | None = None,
    comment: str = "",
    link: str = "",
    grounds: str = "",
    email: str = "",
) -> Proposal:
    """Keep a proposal; the same one sent twice and still waiting is kept once. `by` is None for the public.

    `version` is the one the proposer looked at, where it is not the record's present one.
    """
    forget()
    given = {
        "model": str(record._meta.model_name),
        "record_pk": record.pk,
        "called": Truncator(str(record)).chars(400),
        "version": version or record.version,
        "changes": list(entries),
        "comment": comment,
        "link": link,
        "grounds": grounds,
        "email": email,
        "by": by,
        "from_public": by is None,
    }
    waiting = Proposal.objects.waiting().filter(
        model=given["model"], record_pk=record.pk, by=by, from_public=by is None
    )
    for earlier in waiting.order_by("-pk")[:50]:
        if all(getattr(earlier, name) == value for name, value in given.items() if name != "called"):
            return earlier
    proposal = Proposal(**given)
    proposal.full_clean()
    proposal.save()
    return proposal


# Looking


def model_of(proposal: Proposal) -> type[Record] | None:
    try:
        model = apps.get_model("clusters", proposal.model)
    except LookupError:
        return None
    return model if issubclass(model, Record) else None


def record_of(proposal: Proposal) -> Record | None:
    """The record as it is now, or the one it was merged into; None when it is gone."""
    model = model_of(proposal)
    if model is None:
        return None
    found, merges = model._default_manager.filter(pk=proposal.record_pk).first(), merges_of(proposal)
    while found is None and (merge := next(merges, None)) is not None:
        found = model._default_manager.filter(pk=merge.kept_pk).first()
    return found


def merges_of(proposal: Proposal) -> Iterator[Merge]:
    """The merges, none of them undone, that took the proposal's record into another, and that into the next."""
    pk, latest = proposal.record_pk, 0
    while True:
        standing = Merge.objects.filter(kind=proposal.model, merged_pk=pk, undone_at=None, pk__gt=latest)
        merge = standing.order_by("pk").last()
        if merge is None:
            return
        yield merge
        pk, latest = merge.kept_pk, merge.pk


def waiting_for(record: Record) -> models.QuerySet[Proposal]:
    """The proposals that wait for a record, those made to records that were merged into it among them."""
    kind = str(record._meta.model_name)
    pks = new = {record.pk}
    while new:
        merged = Merge.objects.filter(kind=kind, kept_pk__in=new, undone_at=None)
        new = set(merged.values_list("merged_pk", flat=True)) - pks
        pks = pks | new
    return Proposal.objects.waiting().filter(model=kind, record_pk__in=pks)


@dataclass
class Difference:
    """One field of a proposal beside the record as it is now."""

    field: models.Field
    shown: Any
    proposed: Any
    now: Any
    outcome: str

    @property
    def label(self) -> str:
        return str(capfirst(self.field.verbose_name))

    @property
    def in_conflict(self) -> bool:
        """Whether the field holds neither what the proposer saw nor what was proposed."""
        return self.now not in (self.shown, self.proposed)

    @property
    def is_done(self) -> bool:
        return self.now == self.proposed

    @property
    def shown_words(self) -> str:
        return self._words(self.shown)

    @property
    def now_words(self) -> str:
        return self._words(self.now)

    @property
    def proposed_words(self) -> str:
        return self._words(self.proposed)

    def _words(self, value: Any) -> str:
        return changes.in_words(self.field, typed(self.field, value))


def typed(field: models.Field, kept: Any) -> Any:
    """A kept value as the record holds it, for showing."""
    if field.is_relation or kept is None:
        return kept
    try:
        return field.to_python(kept)
    except ValidationError:
        return str(kept)


def compare(proposal: Proposal, record: Record | None) -> list[Difference]:
    """The fields of a proposal with what stands there now. Fields the model no longer has are left out."""
    model = type(record) if record else model_of(proposal)
    if model is None:
        return []
    fields = {field.name: field for field in changes.tracked_fields(model)}
    return [
        Difference(
            field,
            entry["shown"],
            entry["proposed"],
            plain(field, changes.value(record, field)) if record else None,
            entry.get("outcome", ""),
        )
        for entry in proposal.changes
        if (field := fields.get(entry["field"]))
    ]


# Deciding


def accept(
    proposal: Proposal,
    *,
    by,
    values: Mapping[str, Any],
    opened_on: str,
    source: Source | None = None,
    beside: bool = False,
    reason: str = "",
) -> Proposal:
    """Write the accepted fields; `values` says for each what to write, as the editor left it.

    `opened_on` is the stamp of the record the editor looked at. `source` becomes the record's source, or with
    `beside` one of its further sources; where a record has no place for it the history names it.
    Raises AlreadyDecided, EditConflict, PermissionDenied, or ValidationError when the record would not be valid.
    """
    with transaction.atomic():
        proposal = _open(proposal, by)
        if proposal.changes and not values:
            raise ValidationError(_("Choose at least one field to accept, or send the proposal back."))
        found = record_of(proposal)
        record = found and history.locked(found)
        if not isinstance(record, Record) or changes.stamp(record) != opened_on:
            raise EditConflict(f"{proposal.model} {proposal.record_pk}")
        if not history.may_set(by, record, record.publication):
            raise PermissionDenied
        relations = snapshots.put(record, dict(values))
        why = reason or _("Proposal %(reference)s") % {"reference": proposal.reference}
        if source is not None and not _attach(record, source, beside, relations):
            why = f"{why} ({source.url or source.title})"[:200]
        if values or source is not None:
            record.full_clean()
            history.save(record, by=by, reason=why, relations=_records(record, relations))
        for entry in proposal.changes:
            taken = entry["field"] in values
            entry["outcome"] = "accepted" if taken else "left"
            if taken and values[entry["field"]] != entry["proposed"]:
                entry["outcome"], entry["written"] = "edited", values[entry["field"]]
        whole = len(values) == len(proposal.changes)
        proposal.source = source
        return _close(
            proposal, by, ProposalState.ACCEPTED if whole else ProposalState.PARTLY_ACCEPTED, reason
        )


def send_back(proposal: Proposal, *, by, reason: str) -> Proposal:
    """Decline a proposal as a whole; the proposer can read why. Raises AlreadyDecided or PermissionDenied."""
    if not reason:
        raise ValidationError(_("Say why, so that the proposer can read it."))
    with transaction.atomic():
        return _close(_open(proposal, by), by, ProposalState.SENT_BACK, reason)


def record_source(link: str, *, by, title: str, publisher: str, published: str, public: bool) -> Source:
    """The source at an address: the one there is, or a new one, as a draft or public at once."""
    found = Source.objects.filter(url=link).first()
    if found is not None:
        return found
    if not by.has_perm("clusters.add_source"):
        raise PermissionDenied
    source = Source(url=link, title=title, publisher=publisher, published=published)
    source.slug = _free_slug(link)
    source.accessed_on = timezone.localdate()
    if public:
        if not history.may_publish(by, Source):
            raise PermissionDenied
        source.publication = "published"
    source.full_clean()
    history.save(source, by=by, reason=_("From a proposal"))
    return source


def forget() -> int:
    """Erase the senders' addresses that are no longer needed; says how many went."""
    now = timezone.now()
    due = models.Q(decided_at__lt=now - FORGOTTEN_AFTER_DECISION) | models.Q(
        made_at__lt=now - FORGOTTEN_AFTER
    )
    return Proposal.objects.filter(due).exclude(email="").update(email="")


def _open(proposal: Proposal, by) -> Proposal:
    """The proposal kept from other editors until the transaction ends."""
    if not may_decide(by):
        raise PermissionDenied
    stored = Proposal.objects.select_for_update(of=("self",), no_key=True).filter(pk=proposal.pk).first()
    if stored is None or not stored.is_waiting:
        raise AlreadyDecided
    return stored


def _close(proposal: Proposal, by, state: ProposalState, reason: str) -> Proposal:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, timezone.now()
    proposal.reason = reason
    proposal.save()
    forget()
    return proposal


def _attach(record: Record, source: Source, beside: bool, relations: dict[str, list[Any]]) -> bool:
    """Make a source part of the record's evidence; false when the record has no place for it."""
    names = {field.name for field in changes.tracked_fields(type(record))}
    if "source" not in names or isinstance(record, Source):
        return False
    if not beside or record.source_id is None or "further_sources" not in names:  # type: ignore[attr-defined]
        record.source = source  # type: ignore[attr-defined]
    elif record.source_id != source.pk:  # type: ignore[attr-defined]
        there = list(record.further_sources.values_list("pk", flat=True))  # type: ignore[attr-defined]
        relations["further_sources"] = sorted({*there, source.pk})
    return True


def _records(record: Record, relations: Mapping[str, Iterable[Any]]) -> dict[str, Iterable[Any]]:
    found = {}
    for name, keys in relations.items():
        model = record._meta.get_field(name).related_model
        found[name] = model._default_manager.filter(pk__in=list(keys))  # type: ignore[union-attr]
    return found


def _free_slug(link: str) -> str:
    host = (urlsplit(link).hostname or "source").removeprefix("www.")
    stem = slugify(f"{host.replace('.', '-')}-{timezone.localdate():%Y%m%d}")[:70] or "source"
    taken = set(Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
