"""The one form in which texts and questions meet: width, case, spacing and legal forms make no difference."""

import re
import unicodedata
from functools import lru_cache

from .hangul import STANDING_ALONE, has_syllables, is_letter

MAX_LENGTH = 100
MAX_WORDS = 8
EDGE = "\n"  # stands before and after every value of an entry; no normalized text holds it

# Middle dots, quotation marks and dashes are written in many ways; the first would become something else by NFKC.
_SIGNS = str.maketrans("ㆍ・･‧•∙⋅’‘“”–—−‐‑", "·······''\"\"-----")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_KOREAN_FORM = r"(?:\((?:주|유|재|사)\)|주식회사|유한회사|재단법인|사단법인)"
_ENGLISH_FORM = r"(?:co\.?,? ?ltd\.?|(?:inc|incorporated|corp|corporation|ltd|limited|llc)\.?|co\.)"
_LEGAL_FORMS = re.compile(rf"^{_KOREAN_FORM} ?(?=.)|(?<=.) ?{_KOREAN_FORM}$|(?<=\w)[, ] ?{_ENGLISH_FORM}$")


def plain(text: str) -> str:
    """A text in ordinary width and small letters, its words one space apart."""
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold()
        text = unicodedata.normalize("NFKC", text).translate(_SIGNS).translate(STANDING_ALONE)
    return " ".join(_UNSEEN.sub("", text).split())


def without_legal_form(text: str) -> str:
    """A plain text without (주), Inc. and the like at its ends, as long as more than a Latin letter is left."""
    short = _LEGAL_FORMS.sub("", text)
    return short if len(short) > 1 or has_syllables(short) or is_letter(short) else text


@lru_cache(maxsize=4096)  # names of districts and technologies, in entry after entry
def squeezed(text: str) -> str:
    """A text as it is indexed: plain, without spaces."""
    return plain(text).replace(" ", "")


def asked(text: str) -> str:
    """What somebody typed, plain and never longer than a search may be."""
    return plain(text)[:MAX_LENGTH].strip()


def words_of(text: str) -> list[str]:
    """The words that must occur, each once."""
    return list(_words_of(text))


@lru_cache(maxsize=256)  # a page of hits asks for the same again and again
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(without_legal_form(asked(text)).split()))
