"""Owns the people of the admin tests."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import person

PASSWORD = "a long enough password"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hashing a password slowly is the point of it, but not of these tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def curator(db) -> User:
    return person("mina", "curator", PASSWORD)


@pytest.fixture
def editor(db) -> User:
    return person("jun", "editor", PASSWORD)


@pytest.fixture
def administrator(db) -> User:
    return person("sora", "administrator", PASSWORD)


@pytest.fixture
def as_curator(curator) -> Client:
    return signed_in(curator)


@pytest.fixture
def as_editor(editor) -> Client:
    return signed_in(editor)


@pytest.fixture
def as_administrator(administrator) -> Client:
    return signed_in(administrator)


@pytest.fixture
def uploads_in(settings, tmp_path):
    """Uploads of a test are kept in a folder of its own."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "uploads"
