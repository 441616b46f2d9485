"""Words: cleaning what enters, Korean particles, sentences with slots, slugs and addresses."""

import re
import unicodedata
from collections.abc import Sequence
from operator import mul
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# C0 and C1 controls, zero-width and bidirectional marks, the replacement character and lone surrogates:
# feeds and addresses break on them, and no reader can see them. Line feeds are allowed in long texts.
_UNPRINTABLE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd\ud800-\udfff"
_BAD_IN_LINE = re.compile(f"[{_UNPRINTABLE}\n\t]")
_BAD_IN_TEXT = re.compile(f"[{_UNPRINTABLE}]")

validate_slug = RegexValidator(
    r"\A[a-z0-9]+(?:[-_][a-z0-9]+)*\Z", _("Use small letters, digits and single hyphens only."), code="slug"
)


def validate_line(value: str) -> None:
    """Refuse control and invisible characters in a one-line text."""
    if _BAD_IN_LINE.search(value):
        raise ValidationError(
            _("This holds a control or invisible character. Type the text again."), code="unprintable"
        )


def validate_text(value: str) -> None:
    """Refuse control and invisible characters in a text of several lines."""
    if _BAD_IN_TEXT.search(value):
        raise ValidationError(
            _("This holds a control or invisible character. Type the text again."), code="unprintable"
        )


def validate_web_address(value: str) -> None:
    """Accept http and https addresses with a dotted host and nothing hidden in them."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if (
        parts.scheme not in {"http", "https"}
        or "." not in host.strip(".")
        or parts.username is not None
        or (port is not None and not 0 < port < 65536)
        or re.search(r"[\s\\<>\"]", value)
        or _BAD_IN_LINE.search(value)
    ):
        raise ValidationError(
            _("Write a full web address that starts with http:// or https://."), code="web_address"
        )


def validate_business_number(value: str) -> None:
    """Check a Korean business registration number: ten digits, the last one a check digit."""
    if not re.fullmatch(r"[0-9]{10}", value):
        raise ValidationError(_("A business number has ten digits, without hyphens."), code="business_number")
    digits = list(map(int, value))
    total = sum(map(mul, digits, (1, 3, 7, 1, 3, 7, 1, 3, 5))) + digits[8] * 5 // 10
    if (10 - total % 10) % 10 != digits[9]:
        raise ValidationError(_("The check digit of this business number is wrong."), code="business_number")


def has_final_consonant(word: str) -> bool | None:
    """Whether a word's last sound is a consonant, as Korean particles need it; None when it cannot be told."""
    for character in reversed(unicodedata.normalize("NFC", word)):
        if "가" <= character <= "힣":
            return (ord(character) - 0xAC00) % 28 != 0
        if character.isascii() and character.isdigit():
            return character in "013678"  # 영 일 삼 육 칠 팔 end in a consonant
        if character.isascii() and character.isalpha():
            return character.lower() in "lmnr"  # read letter by letter: 엘, 엠, 엔, 알
    return None


def particle(word: str, pair: str) -> str:
    """The right one of two particles after a word: particle("판교", "을/를") is "를".

    After 로/으로 words ending in ㄹ take 로.
    """
    after_consonant, after_vowel = pair.split("/")
    closed = has_final_consonant(word)
    if after_consonant == "으로" and closed:
        last = next((c for c in reversed(word) if "가" <= c <= "힣"), "")
        closed = not (last and (ord(last) - 0xAC00) % 28 == 8)
    return after_vowel if closed is False or closed is None else after_consonant


def with_particles(sentence: str, word: str) -> str:
    """Resolve tokens such as [을/를] in the text that follows a word."""
    return re.sub(r"\[([^\]/]+/[^\]]+)\]", lambda match: particle(word, match[1]), sentence)


def join_words(words: Sequence[str], conjunction: str) -> str:
    """Words as a list in prose: "a, b or c" for conjunction " or "."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + conjunction + words[-1]


def escape_formula(value: str) -> str:
    """Keep spreadsheet programs from running a cell as a formula: a quote goes before =, +, -, @, tab and CR."""
    if value[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return "'" + value
    return value
