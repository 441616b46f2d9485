"""Opens a file, a folder or a ZIP archive and hands each file to the reader of its kind."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from .delimited import read_delimited
from .detection import kind_of
from .grids import Grid, to_table
from .html import read_html
from .jsons import read_json
from .packages import Package, shown_name
from .tables import LIMITS, Limits, Note, Reading, Source, Table, UnreadableFile, too_large
from .xls import read_xls
from .xlsx import read_xlsx
from .xmls import read_xml

_ASIDE = re.compile(
    r"메타|설명|안내|작성|유의|참고|표지|개요|목차|이력|readme|metadata|\binfo\b|\bnotes?\b", re.I
)
_NOT_DATA = re.compile(
    r"(^|/)(readme|license|licence)[^/]*$|\.(pdf|hwpx?|docx?|pptx?|md|png|jpe?g|gif)$", re.I
)
_HIDDEN = re.compile(r"(^|/)(\.|__MACOSX/|Thumbs\.db$|desktop\.ini$|~\$)", re.I)


def read(
    path: Path,
    *,
    limits: Limits = LIMITS,
    name: str = "",
    sheet: str | None = None,
    start_row: int | None = None,
    header_rows: int | None = None,
) -> Reading:
    """All tables at a path: a file, a folder or a ZIP archive.

    name: what to call the file in messages, where the path is that of an upload; else the path's last part
    sheet: only the sheet (table, fixture's model) of this name, even a hidden one or one of explanations
    start_row: the row the column names start in (1-based); header_rows: how many rows they take.
        Both override the guess, for sheets, text and HTML tables.

    Raises UnreadableFile, its text in the current language. Of a folder or archive, files that cannot be
    read are named in Reading.notes instead (error=True) as long as one can.
    """
    path, name = Path(path), name or Path(path).name
    choice = _Choice(limits, sheet, start_row, header_rows)
    reading = Reading()
    try:
        if path.is_dir():
            _read_several(reading, list(_in_folder(path, limits)), choice)
        else:
            source = Source(path, name)
            kind = _kind(source, limits)
            if kind == "zip":
                _read_several(reading, _unpacked(source, reading, limits), choice)
            else:
                _read_one(reading, source, kind, choice)
    except UnreadableFile as refusal:
        reading.close()
        refusal.file = refusal.file or name
        raise
    except BaseException:
        reading.close()
        raise
    return reading


class _Choice:
    """What the caller asked for."""

    def __init__(
        self, limits: Limits, sheet: str | None, start_row: int | None, header_rows: int | None
    ) -> None:
        self.limits, self.sheet, self.start_row, self.header_rows = limits, sheet, start_row, header_rows


def _kind(source: Source, limits: Limits) -> str:
    try:
        if not source.path.is_file():
            raise UnreadableFile(_("There is no such file."), _("Check the path."))
        return kind_of(source, limits)
    except OSError as problem:
        raise UnreadableFile(
            _("The file cannot be opened: %(problem)s") % {"problem": problem.strerror},
            _("Check the path and its permissions."),
        ) from None


def _read_one(reading: Reading, source: Source, kind: str, choice: _Choice) -> None:
    limits = choice.limits
    if kind == "xlsx":
        found = _sheets(reading, source, read_xlsx(source, limits), choice)
    elif kind == "xls":
        found = _sheets(reading, source, read_xls(source, limits), choice)
    elif kind == "html":
        found = _sheets(reading, source, [(grid, False) for grid in read_html(source, limits)], choice)
    elif kind == "text":
        found = _sheets(reading, source, [(read_delimited(source, limits), False)], choice)
    else:
        tables = read_json(source, limits) if kind == "json" else read_xml(source, limits)
        found = [table for table in tables if choice.sheet in (None, table.sheet)]
    if not found:
        if choice.sheet is not None:
            raise UnreadableFile(
                _("There is no sheet “%(sheet)s” with a table.") % {"sheet": choice.sheet[:100]},
                _("Check its name."),
            )
        raise UnreadableFile(
            _("No row of column names was found."), _("Name the row the column names start in.")
        )
    reading.tables.extend(found)


def _sheets(reading: Reading, source: Source, grids: list[tuple[Grid, bool]], choice: _Choice) -> list[Table]:
    """The tables of the sheets asked for; without a wish, of those that are visible and hold data."""
    if choice.sheet is not None:
        grids = [(grid, False) for grid, _hidden in grids if grid.sheet == choice.sheet]
    several = len(grids) > 1
    found = []
    for grid, hidden in grids:
        place = f"{source.name} [{grid.sheet}]"
        if choice.sheet is None and several and (hidden or _ASIDE.search(grid.sheet)):
            message = (
                _("The sheet “%(sheet)s” is hidden and was left out.")
                if hidden
                else _("The sheet “%(sheet)s” seems to hold explanations and was left out.")
            )
            reading.notes.append(Note("sheet", message % {"sheet": grid.sheet}, place))
            continue
        try:
            table = to_table(grid, choice.limits, start_row=choice.start_row, header_rows=choice.header_rows)
        except UnreadableFile as refusal:
            if not several or choice.start_row is None:
                raise
            # The row asked for need not be on every sheet.
            reading.notes.append(Note("sheet", str(refusal), place))
            continue
        if table:
            found.append(table)
        elif several:
            message = _("The sheet “%(sheet)s” has no row of column names and was left out.")
            reading.notes.append(Note("sheet", message % {"sheet": grid.sheet}, place))
    return found


def _read_several(reading: Reading, sources: list[Source], choice: _Choice) -> None:
    first_refusal = None
    for source in sources:
        if _NOT_DATA.search(source.name):
            reading.notes.append(
                Note("skipped", _("This is a document, not data. It was left out."), source.name)
            )
            continue
        try:
            kind = _kind(source, choice.limits)
            if kind == "zip":
                raise UnreadableFile(
                    _("This is an archive within an archive or folder, which is not opened."),
                    _("Unpack it first."),
                )
            _read_one(reading, source, kind, choice)
        except UnreadableFile as refusal:
            refusal.file = source.name
            first_refusal = first_refusal or refusal
            reading.notes.append(Note("skipped", str(refusal), source.name, error=True))
    if not reading.tables:
        raise first_refusal or UnreadableFile(
            _("It contains no table."), _("CSV, XLSX, XLS, HTML, JSON and XML files are read.")
        )


def _in_folder(folder: Path, limits: Limits) -> Iterator[Source]:
    """Files in and below a folder in the order of their names; links are not followed."""
    count = total = 0
    for parent, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for file in sorted(files):
            path = Path(parent, file)
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file() or _HIDDEN.search(name):
                continue
            count += 1
            total += path.stat().st_size
            if count > limits.members:
                raise UnreadableFile(
                    _("The folder holds more than %(limit)s files.") % {"limit": f"{limits.members:,}"},
                    _("Choose a folder that holds only files of data."),
                )
            if total > limits.unpacked_bytes:
                raise too_large(_("The folder"), total, limits.unpacked_bytes)
            yield Source(path, name)


def _unpacked(source: Source, reading: Reading, limits: Limits) -> list[Source]:
    """The archive's files, written under numbers of our own: no name of the archive becomes a path."""
    reading.unpacked = TemporaryDirectory(prefix="import-")
    sources = []
    with Package(source.path, limits) as package:
        for number, (member, info) in enumerate(sorted(package.members.items())):
            name = shown_name(info).replace("\\", "/")
            if _HIDDEN.search(name):
                continue
            path = Path(reading.unpacked.name, str(number))
            with path.open("wb") as stream:
                for chunk in package.chunks(member):
                    stream.write(chunk)
            sources.append(Source(path, name))
    return sources
