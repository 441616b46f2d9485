"""Chooses what speaks to the database in use."""

from types import ModuleType

from django.db import connection


def backend() -> ModuleType:
    from . import postgres, sqlite

    return postgres if connection.vendor == "postgresql" else sqlite
