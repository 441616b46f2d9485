"""XML made of repeated records, as open APIs and DART serve them."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from django.utils.translation import gettext as _

from .encoding import encoding_note, find_encoding, open_text
from .records import records_table
from .tables import Limits, Note, Source, Table, UnreadableFile
from .xml_parts import XmlParser

_CHUNK = 2**16
_DECLARATION = re.compile(r"\s*<\?xml[^<>]{0,200}\?>")
_MOST_PATHS = 5_000

Path = tuple[str, ...]


def read_xml(source: Source, limits: Limits) -> list[Table]:
    encoding = find_encoding(source, limits)
    path, count = _record_path(source, encoding, limits)
    if not path:
        raise UnreadableFile(
            _("This XML holds no repeated records."), _("Only simple lists of records can be read from XML.")
        )
    shown = "/".join(path)
    told = Note(
        "path",
        _("The records were taken from “%(path)s” (%(count)s).") % {"path": shown, "count": f"{count:,}"},
        shown,
    )
    records = lambda: _records(source, encoding, path, limits)  # noqa: E731
    notes = [encoding_note(encoding), told]
    return [records_table(source.name, "", "xml", records, limits, notes=notes)]


def _chunks(source: Source, encoding: str) -> Iterator[bytes]:
    """The file in UTF-8, its declaration of another encoding taken off."""
    with open_text(source, encoding) as stream:
        head = stream.read(_CHUNK)
        # Blank lines before the declaration, which portals send, are dropped with it.
        yield _DECLARATION.sub("", head, count=1).lstrip().encode()
        while chunk := stream.read(_CHUNK):
            yield chunk.encode()


def _record_path(source: Source, encoding: str, limits: Limits) -> tuple[Path, int]:
    """The element that repeats most among those with fields inside; of a single record, the fullest."""
    counts: Counter[Path] = Counter()
    fields: dict[Path, set[str]] = {}
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if path:
            fields.setdefault(tuple(path), set()).add(name)
        path.append(name)
        here = tuple(path)
        counts[here] += 1
        if attributes:
            fields.setdefault(here, set()).update(attributes)
        if len(counts) > _MOST_PATHS:
            raise UnreadableFile(
                _("The XML has more than %(limit)s kinds of elements.") % {"limit": f"{_MOST_PATHS:,}"},
                _("Only simple lists of records can be read from XML."),
            )

    def end(_name: str) -> None:
        path.pop()

    parser = XmlParser(limits, start=start, end=end, text=lambda text: None)
    for _step in parser.feed(_chunks(source, encoding)):
        pass
    candidates = [found for found in fields if len(found) > 1]
    repeated = [found for found in candidates if counts[found] > 1]
    if repeated:
        best = max(repeated, key=lambda found: (counts[found], -len(found)))
    elif candidates:
        best = max(candidates, key=lambda found: (len(fields[found]), -len(found)))
        if len(fields[best]) < 2:
            return (), 0
    else:
        return (), 0
    return best, counts[best]


def _records(source: Source, encoding: str, wanted: Path, limits: Limits) -> Iterator[tuple[int, dict]]:
    reader = _Records(wanted, limits)
    parser = XmlParser(limits, start=reader.start, end=reader.end, text=reader.text)
    for _step in parser.feed(_chunks(source, encoding)):
        yield from reader.take()


class _Records:
    """Gathers the fields of one record after the other; a field that repeats becomes a list."""

    def __init__(self, wanted: Path, limits: Limits) -> None:
        self.wanted, self.limits = wanted, limits
        self.path: list[str] = []
        self.number = 0
        self.ready: list[tuple[int, dict]] = []
        self.record: dict | None = None
        self.pieces: list[str] = []
        self.length = 0
        self.leaf = False

    def take(self) -> list[tuple[int, dict]]:
        ready, self.ready = self.ready, []
        return ready

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        self.pieces.clear()
        self.leaf = True
        if tuple(self.path) == self.wanted:
            self.record = {}
            self.number += 1
            self.length = 0
        if self.record is not None:
            for key, value in attributes.items():
                self._add([*self._inner(), key.rpartition(":")[2]], value)

    def text(self, characters: str) -> None:
        if self.record is not None and self.leaf:
            self.length += len(characters)
            if self.length > self.limits.line_length:
                raise UnreadableFile(
                    _("Record %(number)s is longer than %(limit)s characters.")
                    % {"number": self.number, "limit": f"{self.limits.line_length:,}"},
                    _("Only simple lists of records can be read from XML."),
                )
            self.pieces.append(characters)

    def end(self, _name: str) -> None:
        if self.record is not None:
            if tuple(self.path) == self.wanted:
                self.ready.append((self.number, self.record))
                self.record = None
            elif self.leaf:
                self._add(self._inner(), "".join(self.pieces).strip())
        self.leaf = False
        self.path.pop()

    def _inner(self) -> list[str]:
        return self.path[len(self.wanted) :]

    def _add(self, names: list[str], value: str) -> None:
        assert self.record is not None
        name = " / ".join(names)
        if name not in self.record:
            self.record[name] = value
        else:
            before = self.record[name]
            self.record[name] = list(chain(before if isinstance(before, list) else [before], [value]))
