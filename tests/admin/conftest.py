"""Owns the people of the admin tests."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def person(name: str, group: str) -> User:
    if not Group.objects.exists():  # tests with transactions of their own empty every table
        import_module("clusters.migrations.0002_groups").make_groups(
            apps, SimpleNamespace(connection=connection)
        )
    user = User.objects.create_user(name, password="a long enough password", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hashing a password slowly is the point of it, but not of these tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def curator(db) -> User:
    return person("mina", "curator")


@pytest.fixture
def editor(db) -> User:
    return person("jun", "editor")


@pytest.fixture
def administrator(db) -> User:
    return person("sora", "administrator")


@pytest.fixture
def as_curator(curator) -> Client:
    return signed_in(curator)


@pytest.fixture
def as_editor(editor) -> Client:
    return signed_in(editor)


@pytest.fixture
def as_administrator(administrator) -> Client:
    return signed_in(administrator)
