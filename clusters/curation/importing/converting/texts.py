"""Texts, codes, lists and yes or no: cleaned of what no page can show, otherwise as the source has them."""

import html
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clusters.text import validate_line, validate_text

from .problems import Unconvertible, is_blank, shown

# Marks that show nothing and mean nothing here: byte order, zero width, direction, soft hyphen.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

# Separators of lists; ㆍ is U+318D, which K-Startup writes where others write ·.
SEPARATORS = ",，、;；/／|ㆍ·・‧∙•⋅\n"
_ADDRESS_SEPARATORS = ",;\n "

_YES_WORDS = "y yes true t 1 o ○ ◯ 〇 ● v ✓ ✔ √ ☑ 예 네 여 유 있음 해당 해당됨 가능 보유 참 대상"
_NO_WORDS = (
    "n no false f 0 x × ✗ ✘ ☐ 아니오 아니요 부 무 없음 미해당 해당없음 비해당 불가 불가능 미보유 거짓 비대상"
)
_YES, _NO = frozenset(_YES_WORDS.split()), frozenset(_NO_WORDS.split())


def to_line(value: Any, max_length: int = 200) -> str | None:
    """One line of text: entities decoded once, syllables composed, single spaces; None for blank."""
    text = _text(value)
    if text is None:
        return None
    text = " ".join(text.split())
    return _checked(text, max_length, validate_line) or None


def to_prose(value: Any, max_length: int = 4000) -> str | None:
    """Text of several lines, otherwise as to_line."""
    text = _text(value)
    if text is None:
        return None
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return _checked(text, max_length, validate_text) or None


def fold_width(text: str) -> str:
    """Full-width letters, digits and signs as ordinary ones, Hangul composed; ㈜ and ㆍ stay."""
    return unicodedata.normalize("NFC", text).translate(_WIDE)


def to_code(value: Any, width: int | None = None) -> str | None:
    """An identifier, its leading zeros kept.

    Only when the profile knows the `width` are zeros put back that a spreadsheet took.
    """
    if is_blank(value):
        return None
    if isinstance(value, float):
        if not value.is_integer() or abs(value) >= 2**53:
            raise _lost_digits(value)
        value = int(value)
    text = fold_width(to_line(value) or "")
    if match := re.fullmatch(r"=\"([\w-]+)\"|'([\w-]+)", text):
        text = match[1] or match[2]
    if re.fullmatch(r"[0-9](\.[0-9]+)?E\+?[0-9]+", text, re.I):
        raise _lost_digits(value)
    if width is not None:
        if len(text) > width:
            raise Unconvertible(
                _("“%(value)s” is longer than %(width)s characters.")
                % {"value": shown(value), "width": width},
                _("Correct the code."),
            )
        if text.isascii() and text.isdigit():
            text = text.zfill(width)
    return text or None


def to_list(value: Any, separators: str | None = None, max_length: int = 200, most: int = 100) -> list[str]:
    """The items of a list in one cell, each once; separators inside brackets do not part."""
    text = _text(value)
    if text is None:
        return []
    if separators is None:
        separators = _ADDRESS_SEPARATORS if "://" in text else SEPARATORS
    items: dict[str, None] = {}
    for piece in _pieces(text, separators):
        item = _checked(" ".join(piece.split()), max_length, validate_line)
        if item and not is_blank(item):
            items.setdefault(item)
    if len(items) > most:
        raise Unconvertible(
            _("The list has %(count)s items; %(limit)s are allowed.") % {"count": len(items), "limit": most},
            _("Check whether the right column was chosen."),
        )
    return list(items)


def to_yes_no(value: Any) -> bool | None:
    """Yes or no in the words and signs of tables: Y, ○, 예, 있음, 해당; None for blank."""
    if is_blank(value):
        return None
    word = "".join(unicodedata.normalize("NFKC", str(value)).casefold().split())
    if isinstance(value, float) and value.is_integer():
        word = str(int(value))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unconvertible(
        _("“%(value)s” is neither yes nor no.") % {"value": shown(value)}, _("Write 예 or 아니오.")
    )


def _text(value: Any) -> str | None:
    if is_blank(value):
        return None
    if isinstance(value, bool):
        raise Unconvertible(
            _("“%(value)s” is yes or no, not a text.") % {"value": value}, _("Choose another column.")
        )
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, (int, float, Decimal)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = html.unescape(str(value))
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _checked(text: str, max_length: int, validate) -> str:
    if len(text) > max_length:
        raise Unconvertible(
            _("The text has %(length)s characters; %(limit)s are allowed.")
            % {"length": f"{len(text):,}", "limit": f"{max_length:,}"},
            _("Shorten it."),
        )
    try:
        validate(text)
    except ValidationError:
        raise Unconvertible(
            _("The text holds a control character or one that was lost: %(text)s")
            % {"text": ascii(text)[:60]},
            _("Type it again."),
        ) from None
    return text


def _pieces(text: str, separators: str) -> list[str]:
    depth = 0
    balanced = text.count("(") == text.count(")")
    pieces, start = [], 0
    for at, character in enumerate(text):
        if character in "([（":
            depth += 1
        elif character in ")]）":
            depth = max(0, depth - 1)
        elif character in separators and not (depth and balanced):
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


def _lost_digits(value: Any) -> Unconvertible:
    return Unconvertible(
        _("“%(value)s” has lost digits of its code.") % {"value": shown(value)},
        _("Format the column as text in the spreadsheet and enter the code again."),
    )
