"""Folders and archives: every file a table set, unreadable ones named, nothing left behind."""

import zipfile
from pathlib import Path

import pytest

from clusters.curation.importing.reading import UnreadableFile, read

CSV = "이름,수\n가,1\n".encode("cp949")


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


def test_an_archive_is_read_like_a_folder(tmp_path):
    members = {
        "companies.csv": CSV,
        "하위/offices.json": b'[{"a": 1}]',
        "README.md": b"# about | it\n",
        "notes.pdf": b"%PDF-1.4",
        "__MACOSX/._companies.csv": b"\0\0",
    }
    folder = tmp_path / "folder"
    for name, content in members.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    packed = read(archive(tmp_path / "a.csv", members))
    for reading in (packed, read(folder)):
        assert [table.file for table in reading.tables] == ["companies.csv", "하위/offices.json"]
        assert [[row.values for row in table.rows()] for table in reading.tables] == [[["가", "1"]], [[1]]]
        assert {note.place for note in reading.notes} == {"README.md", "notes.pdf"}
        assert not any(note.error for note in reading.notes)
    unpacked = Path(packed.unpacked.name)
    assert unpacked.exists()
    packed.close()
    assert not unpacked.exists()


def test_a_file_that_cannot_be_read_is_named_beside_those_that_can(tmp_path):
    reading = read(
        archive(
            tmp_path / "a.zip", {"a.csv": CSV, "b.csv": b"a,b\n\x00,1\n", "c.zip": b"PK\5\6" + b"\0" * 18}
        )
    )
    assert [table.file for table in reading.tables] == ["a.csv"]
    assert [(note.place, note.error) for note in reading.notes] == [("b.csv", True), ("c.zip", True)]


def test_names_written_by_korean_windows_are_read(tmp_path):
    path = archive(tmp_path / "a.zip", {"xxxx.csv": CSV})
    path.write_bytes(path.read_bytes().replace(b"xxxx", "기업".encode("cp949")))
    assert [table.file for table in read(path).tables] == ["기업.csv"]


def test_links_are_not_followed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.csv").write_bytes(CSV)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (tmp_path / "secret.csv").write_bytes(CSV)
    (folder / "b.csv").symlink_to(tmp_path / "secret.csv")
    assert [table.file for table in read(folder).tables] == ["a.csv"]


def test_nothing_to_read_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="no table"):
        read(tmp_path)
    with pytest.raises(UnreadableFile, match="no such file"):
        read(tmp_path / "missing.csv")
