"""What every record has: publication, version, history, natural keys, and evidence where it states a fact."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.signals import post_save
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from clusters.text import validate_slug

from . import version
from .fields import Bilingual, PartialDateField, ProseField


@cache
def _around(route: str, language: str | None, prefix: str) -> tuple[str, str]:
    before, _slug, after = reverse(route, args=["0"]).rpartition("0")  # a prefix may hold one too
    return before, after


def address(route: str, slug: str) -> str:
    """Where the page of a record is, in the language in force; a list asks for hundreds."""
    before, after = _around(route, get_language(), get_script_prefix())
    return f"{before}{slug}{after}"


class EditConflict(Exception):
    """Somebody else saved this record after it was read: nothing was written."""


class Publication(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Status(models.TextChoices):
    """What we found out about a statement."""

    CONFIRMED = "confirmed", _("Confirmed")
    DISPUTED = "disputed", _("Disputed")
    UNVERIFIED = "unverified", _("Unverified")
    OUTDATED = "outdated", _("Outdated")


class _Keys:
    """The numbers of all records by natural key: one query for each kind instead of one for each record."""

    def __init__(self) -> None:
        self._of: dict[type[models.Model], dict[tuple[Any, ...], Any]] = {}

    def find(self, model: Any, key: tuple[Any, ...]) -> models.Model:
        if model not in self._of:
            rows = model._default_manager.order_by().values_list("pk", *model.natural_key_fields)
            self._of[model] = {tuple(map(_comparable, own)): pk for pk, *own in rows}
        try:
            return model(pk=self._of[model][tuple(map(_comparable, key))])
        except KeyError:
            raise model.DoesNotExist(f"{model._meta.label} {key}") from None

    def saved(self, sender: Any, instance: Any, **_details: Any) -> None:
        if sender in self._of and sender.natural_key_fields == ("slug",):
            self._of[sender][(instance.slug,)] = instance.pk


def _comparable(part: Any) -> Any:
    return part if part is None else str(part)


_keys: ContextVar[_Keys | None] = ContextVar("keys", default=None)


@contextmanager
def known_keys() -> Iterator[None]:
    """While many records are loaded by one transaction, look up natural keys in memory."""
    keys = _Keys()
    token = _keys.set(keys)
    post_save.connect(keys.saved, weak=False, dispatch_uid="known keys")
    try:
        yield
    finally:
        post_save.disconnect(dispatch_uid="known keys")
        _keys.reset(token)


class NaturalKeyQuerySet(models.QuerySet):
    def get_by_natural_key(self, *key):
        if keys := _keys.get():
            return keys.find(self.model, key)
        return self.get(**dict(zip(self.model.natural_key_fields, key, strict=True)))

    # Writes of many records at once send no signals; they move the data version here.

    def update(self, **kwargs):
        number = super().update(**kwargs)
        version.move(self.model)
        return number

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs, *args, **kwargs):
        made = super().bulk_create(objs, *args, **kwargs)
        version.move(self.model)
        return made

    bulk_create.alters_data = True  # type: ignore[attr-defined]

    def _raw_delete(self, using):
        number = super()._raw_delete(using)
        version.move(self.model)
        return number

    _raw_delete.alters_data = True  # type: ignore[attr-defined]


class RecordQuerySet(NaturalKeyQuerySet):
    def published(self):
        """Only what the public may see: published itself, and standing on published records."""
        gate = Q(publication=Publication.PUBLISHED)
        for path in self.model.gates:
            gate &= Q(**{f"{path}__publication": Publication.PUBLISHED})
        for path in self.model.optional_gates:
            gate &= Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__publication": Publication.PUBLISHED})
        return self.filter(gate)


class NaturalKey(models.Model):
    """A record known by what it is, not by a number of this database.

    `part_of` names the record whose row in a list shows this one too, `named_by` the records that str() reads.
    """

    natural_key_fields: ClassVar[tuple[str, ...]] = ("slug",)
    named_by: ClassVar[tuple[str, ...]] = ()
    part_of: ClassVar[str] = ""

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        def read(path: str):
            value: Any = self
            for part in path.split("__"):
                value = getattr(value, part) if value is not None else None
            return value

        return tuple(read(path) for path in self.natural_key_fields)


class Record(NaturalKey):
    """A record under curation. `gates` name the records it stands on, which must be published as well."""

    gates: ClassVar[tuple[str, ...]] = ()
    optional_gates: ClassVar[tuple[str, ...]] = ()
    _history_m2m_fields: ClassVar[list[str]] = []

    publication = models.CharField(
        _("publication"),
        max_length=10,
        choices=Publication,
        default=Publication.DRAFT,
        db_index=True,
        help_text=_("Only published records are visible to the public."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    objects = RecordQuerySet.as_manager()
    history = HistoricalRecords(
        inherit=True,
        m2m_fields_model_field_name="_history_m2m_fields",
        history_change_reason_field=models.TextField(null=True, blank=True),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        self.updated_at = timezone.now()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "updated_at", "version"}
        super().save(*args, **kwargs)

    @property
    def is_public(self) -> bool:
        return self.publication == Publication.PUBLISHED

    def _save_table(self, raw=False, *args, **kwargs):
        self._raw = raw
        return super()._save_table(raw, *args, **kwargs)

    def _do_update(self, base_qs, using, pk_val, values, update_fields, forced_update):
        """Compare the version in the same UPDATE that writes, so that no later save is lost silently.

        Raises EditConflict when the stored version is not the one that was read. Fixtures are written as they are.
        """
        if self._raw:
            return super()._do_update(base_qs, using, pk_val, values, update_fields, forced_update)
        read = self.version
        values = [
            (field, model, read + 1 if field.name == "version" else value) for field, model, value in values
        ]
        updated = super()._do_update(
            base_qs.filter(version=read), using, pk_val, values, update_fields, forced_update
        )
        if updated:
            self.version = read + 1
        elif base_qs.filter(pk=pk_val).exists():
            raise EditConflict(f"{self._meta.label} {pk_val}")
        return updated


class Page(Record):
    """A record with an address of its own on the site."""

    slug = models.CharField(
        _("address name"),
        max_length=80,
        unique=True,
        validators=[validate_slug],
        help_text=_("The last part of the web address. A change keeps the old address as a redirect."),
    )

    class Meta:
        abstract = True


class Evidenced(models.Model):
    """Where a statement comes from and when it was true."""

    source = models.ForeignKey(
        "clusters.Source",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("source"),
        help_text=_("The document that says so."),
    )
    as_of = PartialDateField(
        _("as of"),
        blank=True,
        quarters=True,
        help_text=_("The date the statement refers to: 2016, 2016-10, 2016-Q3 or 2016-10-03."),
    )
    note_ko = ProseField(_("note (Korean)"), blank=True)
    note_en = ProseField(_("note (English)"), blank=True)
    note = Bilingual("note")

    class Meta:
        abstract = True

    @property
    def public_source(self):
        """The source, when readers may see it."""
        return self.source if self.source is not None and self.source.is_public else None


class Fact(Evidenced, Record):
    """One statement with its evidence: the first source, further sources, date, finding and note."""

    status = models.CharField(
        _("finding"),
        max_length=10,
        choices=Status,
        default=Status.UNVERIFIED,
        help_text=_("Confirmed: the source says so and none seen says otherwise. Disputed: sources differ."),
    )
    further_sources = models.ManyToManyField(
        "clusters.Source", related_name="+", blank=True, verbose_name=_("further sources")
    )
    _history_m2m_fields: ClassVar[list[str]] = ["further_sources"]

    class Meta:
        abstract = True

    @property
    def public_sources(self) -> list:
        """Every source of this statement that readers may see, the first one first."""
        first = [self.public_source] if self.public_source else []
        return first + [source for source in several(self, "further_sources") if source.is_public]


def several(record: models.Model, relation: str) -> Any:
    """The records of a many-to-many field. Where they were read before, no manager is made to hand them out."""
    kept = record.__dict__.get("_prefetched_objects_cache", {})
    return kept[relation] if relation in kept else getattr(record, relation).all()


def one_of(
    name: str, field: str, choices: type[models.TextChoices], blank: bool = False
) -> models.CheckConstraint:
    """A constraint that keeps a column to its choices."""
    values = [*([""] if blank else []), *choices.values]
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def record_constraints(name: str) -> list[models.BaseConstraint]:
    """What must hold in the table of any record."""
    return [one_of(f"{name}_publication", "publication", Publication)]


def fact_constraints(name: str) -> list[models.BaseConstraint]:
    """What must hold in the table of any fact: a known finding, and a source behind each confirmed statement."""
    return [
        *record_constraints(name),
        one_of(f"{name}_status", "status", Status),
        models.CheckConstraint(
            condition=~Q(status=Status.CONFIRMED) | Q(source__isnull=False),
            name=f"{name}_confirmed_has_source",
            violation_error_message=_("A confirmed statement needs a source."),
        ),
    ]


def dates_in_order(name: str, first: str, last: str) -> models.CheckConstraint:
    """A constraint for two partial dates, compared as far as the less precise one goes."""
    return models.CheckConstraint(
        condition=Q(**{last: ""}) | Q(**{f"{last}__gte": models.F(first)}),
        name=name,
        violation_error_message=_("The end lies before the beginning."),
    )
