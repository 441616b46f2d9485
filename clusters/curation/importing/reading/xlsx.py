"""XLSX workbooks: their sheets, shared strings and date styles; rows come one at a time."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from .grids import Grid
from .headers import Line, Span
from .packages import Package
from .sheets import SheetCells, column_number, reference, unescaped
from .tables import Limits, Source, UnreadableFile, too_many_rows
from .xml_parts import XmlParser

_PART_LIMIT = 20 * 2**20
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]{0,200}?ref\s*=\s*[\"']([A-Z0-9:$]{1,30})[\"']")
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


def read_xlsx(source: Source, limits: Limits) -> list[tuple[Grid, bool]]:
    """The sheets that hold anything, each with whether it is hidden."""
    with Package(source.path, limits) as package:
        book = _Book(package, source, limits)
        found = []
        for name, part, hidden in book.sheets[: limits.sheets + 1]:
            if part in package.members:
                merges = _merges(package, part, limits)
                found.append((book.grid(name, part, merges), hidden))
    if len(found) > limits.sheets:
        raise UnreadableFile(
            _("The workbook has more than %(limit)s sheets.") % {"limit": limits.sheets},
            _("Keep only the sheets of data."),
        )
    return found


class _Book:
    def __init__(self, package: Package, source: Source, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.strings: list[str] | None = None
        part = next(name for name in package.members if re.fullmatch(r"xl/workbook\d*\.xml", name))
        self.base = PurePosixPath(part).parent
        relations = self._relations(package, part)
        self.sheets: list[tuple[str, str, bool]] = []
        self.epoch_1904 = False

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self.epoch_1904 = attributes.get("date1904", "0") in {"1", "true"}
            elif name == "sheet":
                target = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
                kind, path = relations.get(target, ("", ""))
                if kind.endswith("/worksheet"):
                    hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append((attributes.get("name", ""), path, hidden))

        self._parse(package, part, start)
        by_kind = {kind.rpartition("/")[2]: path for kind, path in relations.values()}
        self.strings_part = by_kind.get("sharedStrings", "")
        self.dates = self._date_styles(package, by_kind.get("styles", ""))

    def grid(self, name: str, part: str, merges: list[Span]) -> Grid:
        return Grid(self.source.name, name, "xlsx", lambda: self._lines(part), merges)

    def _lines(self, part: str) -> Iterator[Line]:
        with Package(self.source.path, self.limits) as package:
            if self.strings is None:
                self.strings = _shared_strings(package, self.strings_part, self.limits)
            sheet = SheetCells(self.limits, self.strings, self.dates, self.epoch_1904)
            parser = XmlParser(self.limits, start=sheet.start, end=sheet.end, text=sheet.text)
            for _step in parser.feed(package.chunks(part)):
                yield from sheet.take()

    def _parse(self, package: Package, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
        parser = XmlParser(self.limits, start=start, end=lambda name: None, text=lambda text: None)
        for _step in parser.feed([package.read(part, _PART_LIMIT)]):
            pass

    def _relations(self, package: Package, part: str) -> dict[str, tuple[str, str]]:
        path = PurePosixPath(part)
        relations_part = str(path.parent / "_rels" / (path.name + ".rels"))
        relations: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                full = target[1:] if target.startswith("/") else str(self.base / target)
                relations[attributes.get("Id", "")] = attributes.get("Type", ""), full

        if relations_part in package.members:
            self._parse(package, relations_part, start)
        return relations

    def _date_styles(self, package: Package, part: str) -> set[int]:
        """Numbers of the cell styles that show dates."""
        if part not in package.members:
            return set()
        custom: dict[int, str] = {}
        styles: list[int] = []
        inside = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "numFmt":
                custom[_integer(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                inside.append(name)
            elif name == "cellStyles":
                inside.clear()
            elif name == "xf" and inside:
                styles.append(_integer(attributes.get("numFmtId")))

        self._parse(package, part, start)
        return {
            at
            for at, number in enumerate(styles)
            if (_shows_date(custom[number]) if number in custom else number in _DATE_FORMATS)
        }


def _shows_date(code: str) -> bool:
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", code).lower()
    return bool(re.search(r"[ymdhs]", plain.replace("general", ""))) and "0.0" not in plain


def _shared_strings(package: Package, part: str, limits: Limits) -> list[str]:
    strings: list[str] = []
    pieces: list[str] = []
    state = {"collecting": False, "phonetic": False, "length": 0}

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            state["phonetic"] = True
        elif name == "t" and not state["phonetic"]:
            state["collecting"] = True

    def text(characters: str) -> None:
        if state["collecting"]:
            pieces.append(characters)

    def end(name: str) -> None:
        if name == "t":
            state["collecting"] = False
        elif name == "rPh":
            state["phonetic"] = False
        elif name == "si":
            strings.append(unescaped("".join(pieces)))
            state["length"] += len(strings[-1])
            if len(strings) > limits.strings or state["length"] > limits.strings_length:
                raise too_many_rows(limits)

    if part in package.members:
        for _step in XmlParser(limits, start=start, end=end, text=text).feed(package.chunks(part)):
            pass
    return strings


def _merges(package: Package, part: str, limits: Limits) -> list[Span]:
    """Merged ranges; they stand behind all rows, so the sheet is looked through for them first."""
    merges: dict[Span, None] = {}
    rest = b""
    for chunk in package.chunks(part):
        data = rest + chunk
        for match in _MERGE.finditer(data):
            first, _colon, last = match[1].decode().partition(":")
            start, end = reference(first), reference(last or first)
            if start and end:
                top, bottom = sorted((int(start[2]), int(end[2])))
                left, right = sorted((column_number(start[1]), column_number(end[1])))
                merges[Span(top, left, bottom, right)] = None
        if len(merges) > limits.merges:
            break  # the grid says so
        rest = data[max(data.rfind(b"<"), len(data) - 300) :]
    return list(merges)


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
