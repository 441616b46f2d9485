"""The rows of long files are there before anybody asks for them, and short lists are left alone."""

import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict

from clusters.directory import formats, lines, rows, selection, warming
from clusters.directory.reading import Reading
from clusters.directory.registry import BY_NAME
from clusters.directory.selection import Selection
from tests import factories
from tests.directory.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobody_waits(monkeypatch):
    monkeypatch.setattr("os.nice", lambda by: None)
    monkeypatch.setattr(warming, "AT_ONCE", 5)
    monkeypatch.setattr("django.db.connection.close", lambda: None)  # the test's own


def asked_for(client, addresses: list[str], monkeypatch) -> list[bytes]:
    """The files, none of whose rows is read again."""
    with monkeypatch.context() as patch:
        patch.setattr(Selection, "records", lambda self, pks: pytest.fail("Their rows were not written."))
        return [client.get(address).getvalue() for address in addresses]


def test_long_files_are_sent_without_reading_their_rows(client, monkeypatch, capsys, nobody_waits):
    World().fill("companies")
    call_command("write_rows")
    said = capsys.readouterr().out
    assert "companies (ko): page " in said and "companies (en): page " in said
    assert " csv " in said and "xlsx" not in said
    kept = asked_for(client, ["/companies.csv", "/en/companies.csv?kind=startup"], monkeypatch)
    assert kept[0].count(b"\n") > 5
    call_command("write_rows", kind=["xlsx", "ndjson"])
    asked_for(client, ["/companies.xlsx", "/en/companies.ndjson"], monkeypatch)


def test_pages_of_long_lists_are_shown_without_reading_their_rows(client, monkeypatch, nobody_waits):
    World().fill("companies")
    monkeypatch.setattr(selection, "AT_ONCE", 5)
    monkeypatch.setattr(rows, "KEPT", 0)  # this process itself remembers none
    call_command("write_rows")
    shown = asked_for(
        client, ["/companies/?per_page=5&page=2", "/en/companies/?status=confirmed"], monkeypatch
    )
    assert all(b"<tr data-slug=" in page for page in shown)


def test_an_edit_meanwhile_leaves_no_row_unwritten(client, monkeypatch, nobody_waits):
    World().fill("companies")
    monkeypatch.setattr(formats, "FIRST_CHUNK", 3)
    monkeypatch.setattr(formats, "CHUNK", 3)
    rows, asked = warming.ROWS["csv"], []

    def edited(selection, pks):
        asked.append(pks)
        if len(asked) in {2, 5}:
            factories.event()
        return rows(selection, pks)

    monkeypatch.setitem(warming.ROWS, "csv", edited)
    size = warming.write_rows(BY_NAME["companies"], ["csv"], "ko")["csv"]
    chunks = list(formats.chunks(Selection(BY_NAME["companies"], QueryDict())))
    assert len(chunks) > 4
    assert asked == chunks[:2] + chunks[1:4] + chunks[3:] + chunks[:3], "It goes on from where an edit came."
    whole = asked_for(client, ["/companies.csv"], monkeypatch)[0]
    assert size == len(whole) - len(whole.partition(b"\n")[0]) - 1


def test_edits_that_never_end_are_told(monkeypatch, capsys, nobody_waits):
    World().fill("companies")
    rows = warming.ROWS["csv"]
    monkeypatch.setitem(warming.ROWS, "csv", lambda *asked: factories.source() and rows(*asked))
    call_command("write_rows", kind=["csv"])
    assert "companies (ko): not all of them" in capsys.readouterr().out


@pytest.fixture
def nowhere_to_keep(settings, tmp_path):
    (tmp_path / "taken").write_text("A file where the folder should be")
    settings.LINES_ROOT = tmp_path / "taken"
    lines.shelf.cache_clear()
    yield
    lines.shelf.cache_clear()


@pytest.mark.usefixtures("nobody_waits", "nowhere_to_keep")
def test_rows_that_cannot_be_kept_are_not_written_for_nothing(monkeypatch):
    World().fill("companies")
    monkeypatch.setattr(formats, "FIRST_CHUNK", 3)
    rows, asked = warming.ROWS["csv"], []
    monkeypatch.setitem(warming.ROWS, "csv", lambda *given: asked.append(given) or rows(*given))
    with pytest.raises(CommandError, match="taken"):
        call_command("write_rows", kind=["csv"])
    assert len(asked) == 1


def test_a_new_source_leaves_the_rows_of_pages_as_they_are(client, monkeypatch, nobody_waits):
    World().fill("companies")
    monkeypatch.setattr(selection, "AT_ONCE", 5)
    monkeypatch.setattr(rows, "KEPT", 0)  # this process itself remembers none
    call_command("write_rows")
    factories.source()
    assert b"<tr data-slug=" in asked_for(client, ["/companies/"], monkeypatch)[0]


def test_records_are_read_once_for_all_kinds(monkeypatch, nobody_waits):
    World().fill("companies")
    read, records = [], Reading.records
    monkeypatch.setattr(Reading, "records", lambda self, found: read.append(1) or records(self, found))
    warming.write_rows(BY_NAME["companies"], ["csv"], "en")
    for_one = len(read)
    sizes = warming.write_rows(BY_NAME["companies"], warming.ROWS, "ko")
    assert set(sizes) == set(warming.ROWS) and len(read) == 2 * for_one


def test_short_lists_are_left_to_who_asks(capsys, nobody_waits):
    World().fill("companies")
    names = [one.name for one in warming.long_lists()]
    assert names[0] == "companies" and "events" not in names and warming.lists_are_long()
    assert BY_NAME["events"].model.objects.count() <= 5


def test_a_server_starts_when_the_database_does_not_answer(monkeypatch, caplog):
    def no_database():
        raise OSError("could not connect")

    monkeypatch.setattr("django.db.connection.close", lambda: None)  # the test's own
    monkeypatch.setattr(warming, "long_lists", no_database)
    assert not warming.lists_are_long() and "could not be written beforehand" in caplog.text
