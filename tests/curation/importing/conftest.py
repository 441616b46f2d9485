"""Messages are compared in English."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True, scope="module")
def in_english():
    with translation.override("en"):
        yield
