"""HTML that is drawn once and stands on many pages, each of which numbers sources, figures and tables its own way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.safestring import SafeString, mark_safe

MARK = "\0"  # stands in no text that was let in

DrawSources = Callable[[dict[int, int]], str]
DrawNumber = Callable[[int], str]


class References(Protocol):
    """What a page numbers."""

    def cite(self, sources: Sequence, draw: DrawSources) -> str: ...
    def count(self, kind: str, draw: DrawNumber) -> str: ...


@dataclass(frozen=True)
class Citation:
    """The place of sources' numbers; which these are depends on the page."""

    sources: Sequence
    draw: DrawSources

    def placed(self, references: References) -> str:
        return references.cite(self.sources, self.draw)


@dataclass(frozen=True)
class Count:
    """The place of the number of a figure or a table."""

    kind: str
    draw: DrawNumber

    def placed(self, references: References) -> str:
        return references.count(self.kind, self.draw)


@dataclass(frozen=True)
class Passage:
    """Drawn pieces, with the places of numbers between them."""

    pieces: tuple[str | Citation | Count, ...]

    def placed(self, references: References) -> str:
        """The passage as it stands on a page with these references."""
        return "".join(piece if isinstance(piece, str) else piece.placed(references) for piece in self.pieces)

    @property
    def html(self) -> str | None:
        """The passage itself where it is the same on every page."""
        return str(self.pieces[0]) if len(self.pieces) == 1 and isinstance(self.pieces[0], str) else None

    @property
    def size(self) -> int:
        return sum(len(piece) if isinstance(piece, str) else 1000 for piece in self.pieces)


class Cited:
    """Takes the place of a page's references while a passage is drawn."""

    def __init__(self) -> None:
        self.places: list[Any] = []

    def cite(self, sources: Sequence, draw: DrawSources) -> SafeString:
        return self._place(Citation(sources, draw))

    def count(self, kind: str, draw: DrawNumber) -> SafeString:
        return self._place(Count(kind, draw))

    def _place(self, place: Citation | Count) -> SafeString:
        self.places.append(place)
        return mark_safe(f"{MARK}{len(self.places) - 1}{MARK}")

    def passage(self, html: str) -> Passage:
        """What was drawn with it."""
        parts = html.split(MARK)
        return Passage(
            tuple(self.places[int(part)] if place % 2 else part for place, part in enumerate(parts))
        )
