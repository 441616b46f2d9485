"""Tables on HTML pages, among them those that portals serve under the name of XLS."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from django.utils.translation import gettext as _

from .encoding import encoding_note, find_encoding, first_bad
from .grids import Grid
from .headers import Line, Span
from .tables import (
    Limits,
    Source,
    UnreadableFile,
    cell_in_words,
    sound,
    too_large,
    too_many_columns,
    too_many_rows,
)

_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,30})", re.I)
_CHARSETS = {
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "cp949": "cp949",
    "ms949": "cp949",
    "utf-8": "utf-8-sig",
}
# A tag of bounded length, so that reading takes time in proportion to the page whatever it holds.
_TAG = re.compile(
    r"<(/?)(table|tr|td|th|br|p|div|li|script|style|title|textarea)\b([^<>]{0,4000})>|<!--", re.I
)
_ANY_TAG = re.compile(r"<[/!?a-zA-Z][^<>]{0,4000}>")
_SPAN = re.compile(r"\b(rowspan|colspan)\s*=\s*[\"']?\s*([0-9]{1,5})", re.I)
_SKIPPED = ("script", "style", "textarea")


@dataclass
class _Table:
    """A table being read: finished cells by (row, column), and where the next one goes."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Span] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)  # column: last row that a cell from above covers
    row: int = 0
    column: int = 0
    width: int = 0
    open_cell: tuple[int, int] | None = None
    pieces: list[str] = field(default_factory=list)
    layout: bool = False  # holds other tables


def read_html(source: Source, limits: Limits) -> list[Grid]:
    """The tables of a page that hold data: two rows and two columns at least, no tables inside."""
    size = source.path.stat().st_size
    if size > limits.whole_bytes:
        raise too_large(_("The page"), size, limits.whole_bytes)
    encoding = _encoding(source, limits)
    with source.path.open(encoding=encoding, errors="strict") as stream:
        text = stream.read()
    tables, title = _tables(text, limits)
    data = [table for table in tables if not table.layout and table.row > 1 and table.width > 1]
    if not data:
        raise UnreadableFile(
            _("This is an HTML page, not a table: “%(title)s”.") % {"title": title}
            if title
            else _("This is an HTML page, not a table."),
            _("It may be a page of errors or of sign-in: open the address in a browser, then save the file."),
        )
    found = encoding_note(encoding)
    grids = []
    for number, table in enumerate(data, 1):
        name = str(number) if len(data) > 1 else ""
        grid = Grid(source.name, name, "html", partial(_lines, table), table.merges)
        grid.notes += [found] if found else []
        grids.append(grid)
    return grids


def _encoding(source: Source, limits: Limits) -> str:
    with source.path.open("rb") as stream:
        head = stream.read(4096)
    if not head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) and (match := _CHARSET.search(head)):
        declared = _CHARSETS.get(match[1].decode("ascii").lower(), "")
        if declared and first_bad(source.path, declared) is None:
            return declared
    return find_encoding(source, limits)


def _tables(text: str, limits: Limits) -> tuple[list[_Table], str]:
    done: list[_Table] = []
    stack: list[_Table] = []
    title, title_from = "", -1
    position, last = 0, 0
    while match := _TAG.search(text, position):
        if stack and stack[-1].open_cell:
            stack[-1].pieces.append(" ".join(text[last : match.start()].splitlines()))
        position = last = match.end()
        if match[2] is None:  # a comment
            position = last = _after(text, "-->", position)
            continue
        closing, name = bool(match[1]), match[2].lower()
        if name in _SKIPPED and not closing:
            position = last = _after_closing(text, name, position)
        elif name == "title":
            if closing and title_from >= 0 and not title:
                title = _plain(text[title_from : match.start()])[:100]
            title_from = match.end()
        elif name == "table":
            if not closing:
                if stack:
                    stack[-1].layout = True
                if len(stack) >= limits.depth or len(done) + len(stack) > limits.members:
                    raise UnreadableFile(
                        _("The page has too many nested tables."), _("Save the table as CSV.")
                    )
                stack.append(_Table())
            elif stack:
                _end_cell(stack[-1], limits)
                done.append(stack.pop())
        elif stack:
            _within_table(stack[-1], name, closing, match[3], limits)
    for table in reversed(stack):  # never closed
        _end_cell(table, limits)
        done.append(table)
    return done, title


def _within_table(table: _Table, name: str, closing: bool, attributes: str, limits: Limits) -> None:
    if name in {"td", "th"}:
        _end_cell(table, limits)
        if not closing:
            _begin_cell(table, attributes, limits)
    elif name == "tr":
        _end_cell(table, limits)
        if not closing:
            table.row += 1
            table.column = 0
            if table.row > limits.rows:
                raise too_many_rows(limits)
    elif table.open_cell and (name == "br" or closing):
        table.pieces.append("\n")


def _begin_cell(table: _Table, attributes: str, limits: Limits) -> None:
    table.row = table.row or 1
    spans = {name.lower(): max(1, int(number)) for name, number in _SPAN.findall(attributes)}
    down, across = min(spans.get("rowspan", 1), 65_534), spans.get("colspan", 1)
    table.column += 1
    while table.taken.get(table.column, 0) >= table.row:
        table.column += 1
    right, bottom = table.column + across - 1, table.row + down - 1
    if right > limits.columns:
        raise too_many_columns(right, limits)
    if down > 1 or across > 1:
        table.merges.append(Span(table.row, table.column, bottom, right))
    if down > 1:
        table.taken.update((column, bottom) for column in range(table.column, right + 1))
    table.open_cell = (table.row, table.column)
    table.column, table.width = right, max(table.width, right)


def _end_cell(table: _Table, limits: Limits) -> None:
    if table.open_cell:
        value = sound(_plain("".join(table.pieces)), limits, cell_in_words, *table.open_cell)
        if value is not None:
            table.cells[table.open_cell] = str(value)
        table.open_cell = None
        table.pieces.clear()


def _plain(markup: str) -> str:
    """A cell's text: tags dropped, entities decoded once, spaces single, line breaks kept."""
    text = html.unescape(_ANY_TAG.sub("", markup))
    return "\n".join(line for line in (" ".join(part.split()) for part in text.split("\n")) if line)


def _lines(table: _Table) -> Iterator[Line]:
    rows: dict[int, list] = {}
    for (row, column), value in table.cells.items():
        cells = rows.setdefault(row, [])
        cells += [None] * (column - len(cells))
        cells[column - 1] = value
    for row in range(1, table.row + 1):
        yield Line(row, rows.get(row, []))


def _after(text: str, end: str, position: int) -> int:
    found = text.find(end, position)
    return len(text) if found < 0 else found + len(end)


def _after_closing(text: str, name: str, position: int) -> int:
    match = re.compile(f"</{name}\\b", re.I).search(text, position)
    return len(text) if match is None else match.start()
