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


def fitted(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text on one line, shortened with an ellipsis where it would be longer than the room."""
    if width(text, size, bold) <= room:
        return text
    end = len(text)
    while end and width(text[:end].rstrip() + ELLIPSIS, size, bold) > room:
        end -= 1
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
    if width(text, size, bold) <= room:
        return text
    end = len(text)
    while end > 1 and width(text[:end], size, bold) > room:
        end -= 1
    space = text.rfind(" ", 0, end + 1)
    if space < 1:  # an address breaks before one of its parts
        space = max(text.rfind(sign, 0, end) for sign in "&?")
    return text[:space] if space > 0 else text[:end]
