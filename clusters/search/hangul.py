"""Hangul taken apart: the initial consonants of syllables, and the letters in the order in which they are typed."""

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
# Letters that take two keys.
_COMPOUNDS = dict(
    pair.split("=")
    for pair in [
        "ㅘ=ㅗㅏ",
        "ㅙ=ㅗㅐ",
        "ㅚ=ㅗㅣ",
        "ㅝ=ㅜㅓ",
        "ㅞ=ㅜㅔ",
        "ㅟ=ㅜㅣ",
        "ㅢ=ㅡㅣ",
        "ㄳ=ㄱㅅ",
        "ㄵ=ㄴㅈ",
        "ㄶ=ㄴㅎ",
        "ㄺ=ㄹㄱ",
        "ㄻ=ㄹㅁ",
        "ㄼ=ㄹㅂ",
        "ㄽ=ㄹㅅ",
        "ㄾ=ㄹㅌ",
        "ㄿ=ㄹㅍ",
        "ㅀ=ㄹㅎ",
        "ㅄ=ㅂㅅ",
    ]
)
_FIRST, _LAST = ord("가"), ord("힣")


def _typed(place: int) -> str:
    """The keys of the syllable at a place among all 11,172."""
    parts = (_INITIALS[place // 588], _VOWELS[place % 588 // 28], _FINALS[place % 28].strip())
    return "".join(_COMPOUNDS.get(part, part) for part in parts)


_TO_INITIALS = {_FIRST + place: _INITIALS[place // 588] for place in range(11172)}
_TO_LETTERS = {
    **{_FIRST + place: _typed(place) for place in range(11172)},
    **{ord(letter): keys for letter, keys in _COMPOUNDS.items()},
}
# Normalization turns letters that stand alone into parts of syllables (U+1100 and after); this turns them back.
STANDING_ALONE = {
    **{0x1100 + place: letter for place, letter in enumerate(_INITIALS)},
    **{0x1161 + place: letter for place, letter in enumerate(_VOWELS)},
    **{0x11A7 + place: letter for place, letter in enumerate(_FINALS) if place},
}


def is_syllable(character: str) -> bool:
    return "가" <= character <= "힣"


def is_letter(character: str) -> bool:
    return "ㄱ" <= character <= "ㅣ"


def has_syllables(text: str) -> bool:
    return any(map(is_syllable, text))


def initials(text: str) -> str:
    """판교 is ㅍㄱ; everything but syllables stays."""
    return text.translate(_TO_INITIALS)


def letters(text: str) -> str:
    """마곡 is ㅁㅏㄱㅗㄱ, so that what was typed so far, 마고, is how it begins."""
    return text.translate(_TO_LETTERS)


def is_initials(word: str) -> bool:
    """Whether a word can be read as initials: consonants, perhaps with signs, and no syllable."""
    return any("ㄱ" <= one <= "ㅎ" for one in word) and not any(
        is_syllable(one) or "ㅏ" <= one <= "ㅣ" for one in word
    )


def beginning_with(word: str) -> list[str]:
    """Every word of one or two syllables that may become of one whose last key was just typed: of 고 also 곡 and 과."""
    complete, last = word[:-1], word[-1]
    begun = [chr(one) for one, keys in _TO_LETTERS.items() if keys.startswith(letters(last))]
    before, key = unfinished(last)
    if before:
        begun += [before + chr(one) for one, keys in _TO_LETTERS.items() if keys.startswith(key)]
    return [complete + one for one in begun]


def unfinished(word: str) -> tuple[str, str]:
    """A word without its last key, which may be the beginning of the next syllable; and that key: 막 is 마 and ㄱ."""
    place = ord(word[-1]) - _FIRST
    final = _FINALS[place % 28].strip() if is_syllable(word[-1]) else ""
    keys = _COMPOUNDS.get(final, final)
    if not keys:
        return "", ""
    rest = _FINALS.index(keys[0]) if len(keys) > 1 else 0
    return word[:-1] + chr(_FIRST + place - place % 28 + rest), keys[-1]


def closed(word: str) -> str:
    """A word whose last letter may stand in the syllable before it, with the letter there: 마ㄱ is 막, 달ㄱ is 닭."""
    if len(word) < 2 or not is_syllable(word[-2]):
        return word
    place = (ord(word[-2]) - _FIRST) % 28
    keys = _FINALS[place].strip() + word[-1]
    final = next((one for one, two in _COMPOUNDS.items() if two == keys), keys)
    if len(final) > 1 or final not in _FINALS[1:]:
        return word
    return word[:-2] + chr(ord(word[-2]) - place + _FINALS.index(final))


def is_half_typed(word: str) -> bool:
    """Whether a word may end in a syllable that is still being typed."""
    return has_syllables(word) and (is_syllable(word[-1]) or is_letter(word[-1]))
