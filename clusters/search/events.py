"""What the index does when a single record is written. Writes of many records at once tell the index themselves."""

from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save, pre_delete, pre_save

from . import entries, index
from .fields import KINDS, leading_to, relation_of, watched


def connect(app) -> None:
    """Listen to every model that entries are made of."""
    concerned = {found for kind in KINDS.values() for _, found in kind.steps()} | set(KINDS)
    for model in concerned:
        pre_save.connect(_saving, sender=model)
        post_save.connect(_saved, sender=model)
        pre_delete.connect(_deleting, sender=model)
        post_delete.connect(_deleted, sender=model)
    for kind in KINDS.values():
        for name in kind.fields.related:
            if (relation := relation_of(kind.model, name)).many_to_many:
                m2m_changed.connect(_related, sender=relation.remote_field.through)
    post_migrate.connect(_migrated, sender=app)


def _saving(sender: type[Model], instance: Any, raw: bool, **kwargs) -> None:
    """Note what hangs on the record as it is stored, if the write makes a difference to that."""
    instance._hung = None
    if leading_to(sender) and (raw or not instance._state.adding):
        columns = watched(sender)
        stored = sender._default_manager.filter(pk=instance.pk).values_list(*columns).first()
        if stored and stored != tuple(getattr(instance, name) for name in columns):
            instance._hung = entries.dependents(sender, [instance.pk])


def _saved(sender: type[Model], instance: Any, created: bool, **kwargs) -> None:
    index.touch(entries.keys(sender, [instance.pk]))
    if created or instance._hung is not None:
        index.touch_dependents(sender, [instance.pk])
        index.touch(instance._hung or ())


def _deleting(sender: type[Model], instance: Any, **kwargs) -> None:
    instance._hung = entries.dependents(sender, [instance.pk])


def _deleted(sender: type[Model], instance: Any, **kwargs) -> None:
    index.touch(entries.keys(sender, [instance.pk]) | instance._hung)


def _related(sender, instance: Any, action: str, reverse: bool, model, pk_set, **kwargs) -> None:
    if not reverse:
        if action.startswith("post_"):
            index.touch(entries.keys(type(instance), [instance.pk]))
    elif action == "pre_clear":
        instance._hung = entries.dependents(type(instance), [instance.pk])
    elif action == "post_clear":
        index.touch(instance._hung)
    elif action.startswith("post_"):
        index.touch(entries.keys(model, pk_set))


def _migrated(**kwargs) -> None:
    """The tables came, changed, or were emptied."""
    if {"clusters_searchentry", *(model._meta.db_table for model in KINDS)} <= set(
        connection.introspection.table_names()
    ):
        index.settle()
