"""Pairs of records that may be one: those to look at, those like one record, and those found to be two."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from clusters.curation import history
from clusters.models import DistinctPair, SuspectedPair

from .likeness import WORTH_A_LOOK, Likeness, compare
from .nearby import nearby
from .reading import entries, model_of


def count() -> int:
    """How many pairs wait for somebody to look at them."""
    return SuspectedPair.objects.standing().count()


def suggestions(kind: str, limit: int = 20) -> list[SuspectedPair]:
    """The likeliest pairs of a kind."""
    return list(SuspectedPair.objects.standing().filter(kind=kind)[:limit])


def looked_at(pairs: Iterable[models.Model]) -> dict[int, tuple[Any, Any, Likeness]]:
    """The two records of each pair, by the pair's number, and what they have in common now."""
    pairs = list(pairs)
    found = {}
    for kind in {pair.kind for pair in pairs}:  # type: ignore[attr-defined]
        of_kind: list[Any] = [pair for pair in pairs if pair.kind == kind]  # type: ignore[attr-defined]
        numbers = {pk for pair in of_kind for pk in (pair.first, pair.second)}
        records = model_of(kind)._default_manager.in_bulk(numbers)
        read = entries(kind, records)
        for pair in of_kind:
            if pair.first in records and pair.second in records:
                likeness = compare(read[pair.first], read[pair.second])
                found[pair.pk] = (records[pair.first], records[pair.second], likeness)
    return found


def like(record: Any, limit: int = 20) -> list[tuple[Any, Likeness]]:
    """The records most like this one, looked up as it stands now, without those found to be others."""
    kind = record._meta.model_name
    apart = {
        pk
        for pair in DistinctPair.objects.naming(record).values_list("first", "second")
        for pk in pair
        if pk != record.pk
    }
    others = {one.pk: one for one in nearby(record) if one.pk not in apart}
    read = entries(kind, {record.pk: record, **others})
    alike = [(one, compare(read[record.pk], read[pk])) for pk, one in others.items()]
    alike = [(one, likeness) for one, likeness in alike if likeness.score >= WORTH_A_LOOK]
    return sorted(alike, key=lambda pair: (-pair[1].score, pair[0].pk))[:limit]


def tell_apart(first: Any, second: Any, *, by, reason: str = "") -> DistinctPair:
    """Remember that two records are two: they are not suggested again until this is taken back."""
    lower, higher = sorted((first, second), key=lambda record: record.pk)
    with transaction.atomic():
        known = DistinctPair.objects.of(lower, higher).first()
        if known is None:
            known = DistinctPair(
                kind=lower._meta.model_name,
                first=lower.pk,
                second=higher.pk,
                names=f"{lower} ({lower.slug}), {higher} ({higher.slug})"[:500],
                by=by,
                reason=reason,
            )
            history.save(known, by=by, reason=reason)
        SuspectedPair.objects.of(lower, higher).delete()
    return known


def take_back(pair: DistinctPair, *, by, reason: str = "") -> None:
    """Forget that two records are two; they are suggested again if they are alike."""
    with transaction.atomic():
        for first, second, likeness in looked_at([pair]).values():
            if likeness.score >= WORTH_A_LOOK:
                SuspectedPair.objects.of(first, second).delete()
                SuspectedPair.found(pair.kind, first.pk, second.pk, *likeness).save()
        history.delete(pair, by=by, reason=reason)
