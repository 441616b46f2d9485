"""How much room words take in a picture that nobody measures before it is drawn, and how they are made to fit."""

# Widths in parts of the font's size, on the wide side for the usual fonts: what is fitted here fits there as well.
_WIDE, _CAPITAL, _BROAD, _PLAIN, _NARROW = 0.98, 0.74, 0.95, 0.6, 0.34
_BOLD = 1.07
ELLIPSIS = "…"


def _room_of(character: str) -> float:
    if ord(character) > 0x2E80:
        return _WIDE
    if character in "mwMW@%&→—…":
        return _BROAD
    if character in " .,:;'|!iIjl·()[]/’‘":
        return _NARROW
    return _CAPITAL if character.isupper() else _PLAIN


def width(text: str, size: float, bold: bool = False) -> float:
    return sum(map(_room_of, text)) * size * (_BOLD if bold else 1)


def _beginning(text: str, room: float, size: float, bold: bool) -> int:
    """How many characters from the beginning there is room for."""
    left = room / size / (_BOLD if bold else 1)
    for number, character in enumerate(text):
        left -= _room_of(character)
        if left < 0:
            return number
    return len(text)


def fitted(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text on one line, shortened with an ellipsis where it would be longer than the room."""
    if _beginning(text, room, size, bold) == len(text):
        return text
    end = _beginning(text, room - width(ELLIPSIS, size, bold), size, bold)
    return text[:end].rstrip(" ,;:(·") + ELLIPSIS


def wrapped(text: str, room: float, size: float, *, most: int, bold: bool = False) -> list[str]:
    """The text on lines that break between words, or within one that is longer than a line; the last is shortened."""
    lines: list[str] = []
    rest = " ".join(text.split())
    while rest and len(lines) < most - 1:
        line = _first_line(rest, room, size, bold)
        lines.append(line)
        rest = rest[len(line) :].lstrip()
    return [*lines, fitted(rest, room, size, bold)] if rest else lines


def _first_line(text: str, room: float, size: float, bold: bool) -> str:
    end = max(1, _beginning(text, room, size, bold))
    if end == len(text):
        return text
    place = text.rfind(" ", 0, end + 1)
    if place < 1:  # an address breaks before one of its parts
        place = max(text.rfind(sign, 0, end) for sign in "&?")
    return text[:place] if place > 0 else text[:end]
