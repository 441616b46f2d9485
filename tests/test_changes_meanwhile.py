"""What is told of changes while somebody else's import is being written, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection

from clusters.curation import history
from clusters.curation.importing import applying
from tests import factories
from tests.curation.importing.engine import plan, table
from tests.test_changes import all_told, happened

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]


def test_an_edit_saved_during_an_import_is_told_before_and_after_it_is_there(client, monkeypatch, tmp_path):
    monkeypatch.setattr("clusters.curation.telling.reading.WINDOW", 10)
    editor = factories.person("ed", "editor")
    event = factories.event(name_en="Event")
    rows = {
        "institutions.csv": [factories.institution(slug=f"institution-{n}") for n in range(12)],
        "companies.csv": [factories.company(slug=f"company-{n}") for n in range(24)],
    }
    tables = [
        table(tmp_path / name, [{"slug": one.slug, "website": f"https://{one.slug}.example"} for one in made])
        for name, made in rows.items()
    ]
    prepared = plan(*tables)
    half_written, go_on = Event(), Event()

    def wait(_done: int, _of: int) -> None:
        half_written.set()
        assert go_on.wait(timeout=20)

    def bring_in() -> None:
        try:
            applying.apply(prepared, file_name="two.csv", progress=wait)
        finally:
            connection.close()

    meant = ("event", "Edited meanwhile", "changed")
    with ThreadPoolExecutor(1) as pool:
        importing = pool.submit(bring_in)
        assert half_written.wait(timeout=20)
        try:
            event.name_en = "Edited meanwhile"
            history.save(event, by=editor)
            during = all_told(client)
        finally:
            go_on.set()
        importing.result()
    after = all_told(client)
    assert happened(during).count(meant) == happened(after).count(meant) == 1
    assert [entry["act"] for entry in during + after].count("import") == 1
    assert after[0]["act"] == "import" and happened(after[1:])[0] == meant
