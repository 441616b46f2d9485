"""The data version: one integer that every write to public data moves, in the transaction that writes.

Each write adds a row that says what it touched, with a number drawn at random; the version is the sum of these
numbers. Writers only add rows, so they never wait for one another, and whatever is committed, in any order, gives a
version that was never seen before. The latest touches let a reader catch up with the few records that changed
instead of reading everything again.
"""

from dataclasses import dataclass
from secrets import randbits
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

KEPT = 200  # touches that a reader can surely catch up with
MOST = 10 * KEPT  # touches that are worth to be read

Write = tuple[str, int | None]  # the kind of record and which one, None for all of them


@dataclass(frozen=True)
class Touches:
    """The latest writes by token, the last one last, and the tokens of those that are forgotten next.

    By token, because a database that was restored, or a transaction taken back, gives the same number twice.
    """

    writes: dict[int, Write]
    old: frozenset[int]


def _token() -> int:
    return randbits(40)  # so small that the sum of all fits into 64 bits


class Touch(models.Model):
    """A record that was written, or all of its kind."""

    token = models.BigIntegerField(default=_token, editable=False)
    model = models.CharField(_("kind of record"), max_length=40, editable=False)
    record = models.BigIntegerField(_("number of the record"), null=True, editable=False)
    is_old = models.BooleanField(_("to be forgotten next"), default=False, editable=False)

    class Meta:
        verbose_name = _("write")
        verbose_name_plural = _("writes")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.model} {self.record or ''}".strip()


def current() -> int:
    """The version of the data as it can be seen now; 0 when it cannot be told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT SUM(token) FROM clusters_touch")
        return int(cursor.fetchone()[0] or 0)


def touches() -> Touches:
    found = list(Touch.objects.order_by("pk").values_list("token", "model", "record", "is_old"))
    return Touches(
        {token: (model, record) for token, model, record, _is_old in found},
        frozenset(token for token, _model, _record, is_old in found if is_old),
    )


def between(earlier: Touches, later: Touches) -> list[Write] | None:
    """What was written from one state of the data to another.

    None when that cannot be told: writes in between may be forgotten, or the second state is not the later one. Old
    writes are forgotten all together; as long as the last one is there, only such can be missing as were old before it.
    """
    last = next(reversed(earlier.writes), None)
    if last is None or last not in later.writes:
        return None
    missing = earlier.writes.keys() - later.writes.keys()
    if missing and (last in earlier.old or not missing <= earlier.old):
        return None
    return [later.writes[token] for token in later.writes.keys() - earlier.writes.keys()]


def move(model: type[models.Model], *records: int) -> None:
    """Say that these records, or any of this kind, were written. Whoever writes past the models must call this."""
    kinds: list[Any] = [model]
    if part_of := "" if records else getattr(model, "part_of", ""):
        kinds.append(model._meta.get_field(part_of).related_model)  # their rows show these
    rows = Touch.objects.bulk_create(
        [Touch(model=kind._meta.model_name, record=record) for kind in kinds for record in records or [None]]
    )
    last = rows[-1].pk
    if last // KEPT != (rows[0].pk - 1) // KEPT:
        transaction.on_commit(_forget, robust=True)


def _forget() -> None:
    """Forget what was there the last time already.

    A touch that is committed late stays until all that were there before it are forgotten: whoever finds the last
    touch he has seen still there has missed none. Long transactions call this several times at their end: what they
    wrote themselves must not be forgotten with it. What wrote very much is told as one write of anything.
    """
    fresh = Touch.objects.filter(is_old=False).count()
    if fresh < KEPT:
        return
    with transaction.atomic():
        if fresh <= MOST:
            Touch.objects.filter(is_old=True).delete()
            Touch.objects.update(is_old=True)
        else:
            Touch.objects.all().delete()
            Touch.objects.create()


# ---- what the signals of single records call ---------------------------------------------------------


def _holder(record: Any, stored: bool = False) -> int | None:
    """The record that shows this one in its row, as it is now or as it is stored."""
    column = f"{record.part_of}_id"
    if not stored:
        return getattr(record, column)
    return type(record)._base_manager.filter(pk=record.pk).values_list(column, flat=True).first()


def saving(sender: type[models.Model], instance: Any, raw: bool, **kwargs) -> None:
    if instance.part_of and not (raw or instance._state.adding):
        instance._held_by = _holder(instance, stored=True)


def written(sender: type[models.Model], instance: Any, raw: bool = False, **kwargs) -> None:
    """After a save or a deletion. A record of a fixture may replace any other: all of its kind count as written."""
    held_by = instance.__dict__.pop("_held_by", None)
    move(sender, *([] if raw else [instance.pk]))
    if instance.part_of:
        holders = {_holder(instance), held_by} - {None}
        move(sender._meta.get_field(instance.part_of).related_model, *([] if raw else holders))  # type: ignore[arg-type]


def related(
    sender: type[models.Model], instance: Any, action: str, reverse: bool, model: Any, **kwargs
) -> None:
    if action.startswith("post_"):
        move(*(model,) if reverse else (type(instance), instance.pk))
        part_of: str | None = getattr(instance, "part_of", None)
        if not reverse and part_of and (holder := _holder(instance)):
            move(type(instance)._meta.get_field(part_of).related_model, holder)
