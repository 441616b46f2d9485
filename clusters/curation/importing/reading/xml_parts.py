"""XML read safely: no document types, no entities, bounded depth, bounded names, one piece at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _

from .tables import Limits, UnreadableFile


class XmlParser:
    """Feeds expat and refuses what a file of data has no need for.

    `start(name, attributes)`, `end(name)` and `text(characters)` are called with names without prefixes.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> None:
        self._limits, self._depth = limits, 0
        self._start, self._end = start, end
        parser = self._parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.buffer_size = 2**16
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._refuse_document_type
        parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = self._refuse_document_type
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = text

    def feed(self, chunks: Iterable[bytes]) -> Iterator[None]:
        """Parse UTF-8 piece by piece; control returns after every piece."""
        fed = 0
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
                fed += len(chunk)
                # Expat reads an unfinished token again with every piece: without a bound, time grows squared.
                if fed - max(self._parser.CurrentByteIndex, 0) > self._limits.line_length + len(chunk):
                    raise UnreadableFile(
                        _("A tag or comment in line %(line)s never ends.")
                        % {"line": self._parser.CurrentLineNumber},
                        _("Request the file again, or save it in another format."),
                    )
                yield
            self._parser.Parse(b"", True)
            yield
        except expat.ExpatError as problem:
            if problem.code in _ENDED:
                raise UnreadableFile(
                    _("The XML ends too early, in line %(line)s: it was cut off.") % {"line": problem.lineno},
                    _("Download it again."),
                ) from None
            raise UnreadableFile(
                _("The XML is broken in line %(line)s, character %(column)s.")
                % {"line": problem.lineno, "column": problem.offset + 1},
                _("Request the file again, or save it in another format."),
            ) from None

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limits.depth:
            raise UnreadableFile(
                _("The elements are nested more than %(limit)s deep in line %(line)s.")
                % {"limit": self._limits.depth, "line": self._parser.CurrentLineNumber},
                _("Only simple lists of records can be read from XML."),
            )
        self._start(name.rpartition(":")[2], attributes)

    def _close(self, name: str) -> None:
        self._depth -= 1
        self._end(name.rpartition(":")[2])

    def _refuse_document_type(self, *_details: object) -> NoReturn:
        raise UnreadableFile(
            _("The XML declares a document type or entities, which are never followed."),
            _("Save the data as CSV or XLSX."),
        )


_ENDED = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
}
