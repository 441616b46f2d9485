"""JSON: arrays of records, JSON Lines, answers of open APIs that wrap the array, Django fixtures."""

import json
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from .encoding import encoding_note, find_encoding, open_text
from .records import records_table
from .tables import Limits, Note, Source, Table, UnreadableFile, too_large

_CHUNK = 2**16
_DEEPEST_PATH = 6


def read_json(source: Source, limits: Limits) -> list[Table]:
    """One table; several, one a model, of a Django fixture."""
    encoding = find_encoding(source, limits)
    note = encoding_note(encoding)
    with open_text(source, encoding) as stream:
        first = _first_character(stream)
    if first == "[":
        return _array_tables(source, lambda: _array(source, encoding, limits), limits, note)
    if _is_lines(source, encoding, limits):
        records = lambda: _lines(source, encoding, limits)  # noqa: E731
        return [records_table(source.name, "", "jsonl", records, limits, notes=[note])]
    size = source.path.stat().st_size
    if size > limits.whole_bytes:
        raise too_large(_("The JSON document"), size, limits.whole_bytes)
    with open_text(source, encoding) as stream:
        document = _parsed(stream.read(), 1)
    path, found = _longest_list(document)
    if not path:
        raise UnreadableFile(
            _("This JSON document holds no list of records."),
            _("Check whether it is an error message of the portal: %(start)s")
            % {"start": json.dumps(document, ensure_ascii=False, default=str)[:200]},
        )
    told = Note(
        "path",
        _("The records were taken from “%(path)s” (%(count)s).") % {"path": path, "count": f"{len(found):,}"},
        path,
    )
    records = lambda: _numbered(found)  # noqa: E731
    return [records_table(source.name, "", "json", records, limits, notes=[note, told])]


def _array_tables(
    source: Source, records: Callable[[], Iterable[tuple[int, dict]]], limits: Limits, note: Note | None
) -> list[Table]:
    models: dict[str, None] = {}
    for _number, record in records():
        if not (isinstance(record.get("model"), str) and isinstance(record.get("fields"), dict)):
            return [records_table(source.name, "", "json", records, limits, notes=[note])]
        models.setdefault(record["model"])
    if not models:
        raise UnreadableFile(_("The list of records is empty."), _("There is nothing to import."))

    def of_model(model: str) -> Callable[[], Iterator[tuple[int, dict]]]:
        return lambda: (
            (
                number,
                ({"pk": record["pk"]} if record.get("pk") is not None else {})
                | {name: _one_column(value) for name, value in record["fields"].items()},
            )
            for number, record in records()
            if record["model"] == model
        )

    return [
        records_table(source.name, model, "fixture", of_model(model), limits, notes=[note])
        for model in list(models)[: limits.sheets]
    ]


def _one_column(value: Any) -> Any:
    """A field of a fixture is one column, whatever it holds."""
    return json.dumps(value, ensure_ascii=False, default=float) if isinstance(value, dict) else value


def _array(source: Source, encoding: str, limits: Limits) -> Iterator[tuple[int, dict]]:
    """The objects of a top-level array, one at a time."""
    decoder = json.JSONDecoder(**_RULES)
    with open_text(source, encoding) as stream:
        buffer, position = stream.read(_CHUNK).lstrip("\ufeff \t\r\n"), 1
        number = 0

        def more() -> bool:
            nonlocal buffer, position
            chunk = stream.read(max(_CHUNK, len(buffer) - position))
            buffer, position = buffer[position:] + chunk, 0
            return bool(chunk)

        def following() -> str:
            nonlocal position
            while True:
                while position < len(buffer) and buffer[position] in " \t\r\n":
                    position += 1
                if position < len(buffer):
                    return buffer[position]
                if not more():
                    raise _cut_off(number)

        if following() == "]":
            return
        while True:
            number += 1
            if following() != "{":
                raise UnreadableFile(
                    _("Entry %(number)s of the list is not a record with named fields.") % {"number": number},
                    _("Only lists of records can be read from JSON."),
                )
            while True:
                try:
                    record, position = decoder.raw_decode(buffer, position)
                    break
                except json.JSONDecodeError as problem:
                    # Whether the text ends early or is broken shows only when there is more of it.
                    if len(buffer) - position > limits.line_length or not more():
                        raise _broken(problem, number, source, ended=not stream.read(1)) from None
                except (ValueError, RecursionError) as problem:
                    raise _refused(problem, number) from None
            yield number, record
            separator = following()
            position += 1
            if separator == "]":
                break
            if separator != ",":
                raise UnreadableFile(
                    _("The JSON is broken after record %(number)s.") % {"number": number},
                    _("Request the file again."),
                )
        rest = buffer[position:] + stream.read(1000)
        if rest.strip():
            raise UnreadableFile(
                _("Text follows the end of the list: %(text)s") % {"text": rest.strip()[:50]},
                _("Remove what does not belong to the data."),
            )


def _is_lines(source: Source, encoding: str, limits: Limits) -> bool:
    with open_text(source, encoding) as stream:
        lines = [
            line for line in (stream.readline(limits.line_length) for _again in range(3)) if line.strip()
        ]
    if len(lines) < 2:
        return False
    try:
        return isinstance(json.loads(lines[0]), dict) and lines[1].lstrip().startswith("{")
    except (ValueError, RecursionError):
        return False


def _lines(source: Source, encoding: str, limits: Limits) -> Iterator[tuple[int, dict]]:
    with open_text(source, encoding) as stream:
        number = 0
        while line := stream.readline(limits.line_length + 1):
            number += 1
            if len(line) > limits.line_length:
                raise UnreadableFile(
                    _("Line %(line)s is longer than %(limit)s characters.")
                    % {"line": f"{number:,}", "limit": f"{limits.line_length:,}"},
                    _("JSON Lines has one record a line."),
                )
            if line.strip():
                record = _parsed(line.strip(), number)
                if not isinstance(record, dict):
                    raise UnreadableFile(
                        _("Line %(line)s is not a record with named fields.") % {"line": number},
                        _("JSON Lines has one record a line."),
                    )
                yield number, record


def _numbered(found: list) -> Iterator[tuple[int, dict]]:
    for number, record in enumerate(found, 1):
        if not isinstance(record, dict):
            raise UnreadableFile(
                _("Entry %(number)s of the list is not a record with named fields.") % {"number": number},
                _("Only lists of records can be read from JSON."),
            )
        yield number, record


def _longest_list(document: Any) -> tuple[str, list]:
    """The longest list that begins with a record, and the names that lead to it; the outermost of equals."""
    best: tuple[str, list] = ("", [])
    level: list[tuple[str, Any]] = [("", document)]
    for _depth in range(_DEEPEST_PATH):
        deeper = []
        for path, value in level:
            if isinstance(value, dict):
                deeper += [(f"{path}.{name}".lstrip("."), inner) for name, inner in value.items()]
            elif (
                isinstance(value, list) and value and isinstance(value[0], dict) and len(value) > len(best[1])
            ):
                best = (path, value)
        level = deeper
    return best


def _first_character(stream: Iterable[str]) -> str:
    for line in stream:
        if line.strip("\ufeff \t\r\n"):
            return line.strip("\ufeff \t\r\n")[0]
    return ""


def _parsed(text: str, number: int) -> Any:
    try:
        return json.loads(text, **_RULES)
    except json.JSONDecodeError as problem:
        line = number + problem.lineno - 1
        raise UnreadableFile(
            _("The JSON is broken or cut off in line %(line)s, character %(column)s.")
            % {"line": line, "column": problem.colno},
            _("Request the file again."),
        ) from None
    except (ValueError, RecursionError) as problem:
        raise _refused(problem, number) from None


def _refused(problem: Exception, number: int) -> UnreadableFile:
    if isinstance(problem, RecursionError):
        message = _("Record %(number)s is nested too deep.") % {"number": number}
    else:
        message = _("Record %(number)s: %(problem)s") % {"number": number, "problem": problem}
    return UnreadableFile(message, _("Only simple lists of records can be read."))


def _broken(problem: json.JSONDecodeError, number: int, source: Source, *, ended: bool) -> UnreadableFile:
    if ended:
        return _cut_off(number)
    return UnreadableFile(
        _("The JSON is broken in record %(number)s, or the record is too long.") % {"number": number},
        _("Request the file again."),
    )


def _cut_off(number: int) -> UnreadableFile:
    return UnreadableFile(
        _("The JSON is broken or cut off in record %(number)s.") % {"number": number}, _("Download it again.")
    )


def _fraction(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(_("a number is out of range.")) from None
    if number and abs(number.adjusted()) > 300:
        raise ValueError(_("a number is out of range."))
    return number


def _whole(text: str) -> int:
    if len(text) > 300:
        raise ValueError(_("a number is out of range."))
    return int(text)


def _no_number(text: str) -> None:
    raise ValueError(_("“%(text)s” is not a number.") % {"text": text})


def _unique(pairs: list[tuple[str, Any]]) -> dict:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(_("the field “%(name)s” appears twice.") % {"name": ascii(twice)[1:51]})
    return record


_RULES: dict[str, Any] = {
    "parse_float": _fraction,
    "parse_int": _whole,
    "parse_constant": _no_number,
    "object_pairs_hook": _unique,
}
