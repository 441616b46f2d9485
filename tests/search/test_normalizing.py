"""The form in which texts and questions meet, and Hangul taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.search import grams, hangul, mark, normalizing

TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("가각강마곡ㅁㅏᄆaAＡ ㆍ·()주ßİ\n\t🙂\u200b"), st.characters())
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("  ＬＧ   사이언스 ", "lg 사이언스"),
        ("㈜판교", "(주)판교"),
        ("R＆D ㆍ AI・반도체", "r&d · ai·반도체"),
        ("ㅍㄱ", "ㅍㄱ"),
        ("마ㄱ", "마ㄱ"),
        ("zero\u200bwidth", "zerowidth"),
        ("“말” — it’s", '"말" - it\'s'),
        ("10⁻⁹ ︱", "10-9 -"),
        ("STRASSE Straße", "strasse strasse"),
    ],
)
def test_one_form_for_all_ways_of_writing(written, plain):
    assert normalizing.plain(written) == plain


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("(주)네이버", ["네이버"]),
        ("네이버 주식회사", ["네이버"]),
        ("주식회사 카카오 엔터", ["카카오", "엔터"]),
        ("Lunit Inc.", ["lunit"]),
        ("Samsung Electronics Co., Ltd.", ["samsung", "electronics"]),
        ("주식회사", ["주식회사"]),
        ("inc", ["inc"]),
        ("a, inc", ["a,", "inc"]),
        ("주식회사 봄", ["봄"]),
        ("(주)봄", ["봄"]),
        ("주식회사 ㅂ", ["ㅂ"]),
        ("AI co", ["ai", "co"]),
        ("Kakao Co.", ["kakao"]),
        ("Coin", ["coin"]),
        ("가 나 가", ["가", "나"]),
        ("가" * 500, ["가" * 100]),
        (" \t\n", []),
    ],
)
def test_words_of_a_question(typed, words):
    assert normalizing.words_of(typed) == words


@given(TEXTS)
def test_the_form_is_final_and_holds_no_edge(text):
    once = normalizing.plain(text)
    assert normalizing.plain(once) == once
    assert normalizing.EDGE not in once
    assert "  " not in once and once == once.strip()


@pytest.mark.parametrize(
    ("word", "initials", "letters"),
    [
        ("판교", "ㅍㄱ", "ㅍㅏㄴㄱㅛ"),
        ("값ai", "ㄱai", "ㄱㅏㅂㅅai"),
        ("과학", "ㄱㅎ", "ㄱㅗㅏㅎㅏㄱ"),
        ("ㄳ", "ㄳ", "ㄱㅅ"),
    ],
)
def test_syllables_come_apart(word, initials, letters):
    assert (hangul.initials(word), hangul.letters(word)) == (initials, letters)


@pytest.mark.parametrize(
    ("word", "closed"),
    [
        ("마ㄱ", "막"),
        ("달ㄱ", "닭"),
        ("갑ㅅ", "값"),
        ("값ㅅ", "값ㅅ"),
        ("마ㄸ", "마ㄸ"),
        ("막ㄴ", "막ㄴ"),
        ("ㄱ", "ㄱ"),
        ("ㅁㄱ", "ㅁㄱ"),
        ("마ㅗ", "마ㅗ"),
    ],
)
def test_a_letter_that_stands_alone_goes_into_the_syllable_before_it(word, closed):
    assert hangul.closed(word) == closed


def test_what_was_typed_so_far_is_how_the_letters_begin():
    for so_far in ("ㅁ", "마", "막", "마고", "마곡"):
        assert hangul.letters("마곡").startswith(hangul.letters(so_far)), so_far


@given(TEXTS, TEXTS)
def test_pairs_follow_one_another_exactly_where_a_word_stands(text, word):
    """What an index of pairs can say is what a look at the text says."""
    text, word = normalizing.squeezed(text), normalizing.squeezed(word)
    if grams.is_single(word):
        return
    whole = normalizing.EDGE + text + normalizing.EDGE
    of_text, of_word = grams.tokens(whole), grams.tokens(word)
    places = range(len(of_text) - len(of_word) + 1)
    assert any(of_text[at : at + len(of_word)] == of_word for at in places) == (word in text)
    if word in text:
        assert set(grams.numbers_of_word(word)) <= set(grams.numbers(whole))


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("서울 AI 허브", "ai허브", "서울 <mark>AI 허브</mark>"),
        ("서울 ＡＩ 허브", "ai허브", "서울 <mark>ＡＩ 허브</mark>"),
        ("A &amp; B 연구소", "b연", "A &amp; <mark>B 연</mark>구소"),
        ("Straße 가나", "가나", "Straße <mark>가나</mark>"),
        ("가나다가나", "가나", "<mark>가나</mark>다<mark>가나</mark>"),
    ],
)
def test_marks_stand_where_the_words_are(text, words, marked):
    assert mark(text, words) == marked
