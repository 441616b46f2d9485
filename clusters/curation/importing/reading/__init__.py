"""Reads files as Korean portals publish them: what they are is told from their content."""

from .files import read
from .tables import LIMITS, Cell, Limits, Note, Reading, Row, Source, Table, UnreadableFile

__all__ = [
    "LIMITS",
    "Cell",
    "Limits",
    "Note",
    "Reading",
    "Row",
    "Source",
    "Table",
    "UnreadableFile",
    "read",
]
