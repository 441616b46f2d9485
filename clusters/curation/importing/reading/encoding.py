"""How the bytes of a text file are decoded: by its mark, else UTF-8, else CP949, always strictly."""

import codecs
import re
from pathlib import Path
from typing import NamedTuple, TextIO

from django.utils.translation import gettext as _

from .tables import Limits, Note, Source, UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF32_BE, ""),
)
_CHUNK = 2**20
_HANGUL_TWICE = re.compile("[가-힣].*[가-힣]")


class Bad(NamedTuple):
    offset: int
    line: int
    at_end: bool


def find_encoding(source: Source, limits: Limits, *, lines: bool = False) -> str:
    """The encoding of a text file, proven by decoding all of it.

    `lines` also refuses lines that are longer than a table's line can be.
    """
    mark = _mark(source.path)
    _refuse_oddities(source.path, limits, nul=mark != "utf-16", lines=lines)
    if mark:
        if bad := first_bad(source.path, mark):
            raise _undecodable(mark, bad)
        return mark
    utf8 = first_bad(source.path, "utf-8")
    if utf8 is None:
        return "utf-8-sig"
    cp949 = first_bad(source.path, "cp949")
    if cp949 is None:
        _refuse_mixture(source.path)
        return "cp949"
    if utf8.at_end:
        raise UnreadableFile(
            _("The file ends in the middle of a character: it was cut off."), _("Download it again.")
        )
    raise _undecodable("utf-8", utf8) if utf8.offset >= cp949.offset else _undecodable("cp949", cp949)


def open_text(source: Source, encoding: str) -> TextIO:
    """The file as text, line ends untouched."""
    return source.path.open(encoding=encoding, errors="strict", newline="")


def encoding_note(encoding: str) -> Note | None:
    """What to say of an encoding that is not the usual one."""
    if encoding == "cp949":
        return Note("encoding", _("The text was read as CP949, the encoding of Korean Windows."))
    if encoding == "utf-16":
        return Note("encoding", _("The text was read as UTF-16."))
    return None


def first_bad(path: Path, encoding: str) -> Bad | None:
    """Where the first bytes stand that do not belong to an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    position = 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as problem:
                offset = position - pending + problem.start
                return Bad(offset, _line_of(path, offset), not chunk)
            if not chunk:
                return None
            position += len(chunk)


def _mark(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(4)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            if not encoding:
                raise UnreadableFile(_("The text is in UTF-32."), _("Save it as UTF-8."))
            return encoding
    return ""


def _refuse_oddities(path: Path, limits: Limits, *, nul: bool, lines: bool) -> None:
    run = position = 0
    with path.open("rb") as stream:
        while chunk := stream.read(min(_CHUNK, limits.line_length)):
            if nul and (found := chunk.find(b"\0")) >= 0:
                offset = position + found
                raise UnreadableFile(
                    _("Line %(line)s holds a NUL byte (at byte %(offset)s): this is not plain text.")
                    % {"line": f"{_line_of(path, offset):,}", "offset": f"{offset:,}"},
                    _("If it is UTF-16 text without its mark, save it as UTF-8."),
                )
            if lines:
                first = min((at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0), default=-1)
                run += len(chunk) if first < 0 else first
                if run > limits.line_length:
                    raise UnreadableFile(
                        _("Line %(line)s is longer than %(limit)s bytes: this is not a table.")
                        % {
                            "line": f"{_line_of(path, position):,}",
                            "limit": f"{limits.line_length:,}",
                        },
                        _("Check the line ends of the file."),
                    )
                if first >= 0:
                    run = len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            position += len(chunk)


def _refuse_mixture(path: Path) -> None:
    """CP949 accepts some UTF-8 by accident; a line that is good Korean in UTF-8 shows two files in one."""
    offset = 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.isascii():
                try:
                    text = line.decode()
                except UnicodeDecodeError:
                    pass
                else:
                    if _HANGUL_TWICE.search(text):
                        raise _undecodable("cp949", Bad(offset, number, False))
            offset += len(line)


def _line_of(path: Path, offset: int) -> int:
    lines = 1
    with path.open("rb") as stream:
        while offset > 0 and (chunk := stream.read(min(_CHUNK, offset))):
            lines += chunk.count(b"\n")
            offset -= len(chunk)
    return lines


def _undecodable(encoding: str, bad: Bad) -> UnreadableFile:
    return UnreadableFile(
        _(
            "The encodings are mixed or unknown: line %(line)s (byte %(offset)s) is not %(encoding)s"
            " like the text before it."
        )
        % {
            "line": f"{bad.line:,}",
            "offset": f"{bad.offset:,}",
            "encoding": encoding.removesuffix("-sig").upper(),
        },
        _("Save the whole file as UTF-8."),
    )
