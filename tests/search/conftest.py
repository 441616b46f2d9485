"""What is frequent PostgreSQL finds in another way: tests that use this fixture run twice there."""

import pytest
from django.db import connection

from clusters.search import postgres

COUNTED, ALL = "as counted", "all frequent"


class Everything:
    def get(self, number, otherwise) -> float:
        return 1.0


@pytest.fixture(params=[COUNTED, ALL] if connection.vendor == "postgresql" else [COUNTED])
def frequent(request, monkeypatch):
    if request.param == ALL:
        monkeypatch.setattr(postgres, "_common", lambda period: Everything())
