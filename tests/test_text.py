"""Words: what may enter, Korean particles, formulas in files."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from clusters import text


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("판교", "을/를", "를"),
        ("강남", "을/를", "을"),
        ("마곡", "이/가", "이"),
        ("상암 DMC", "은/는", "는"),
        ("LLM", "을/를", "을"),
        ("2025", "이/가", "가"),
        ("서울", "으로/로", "로"),
        ("강남", "으로/로", "으로"),
        ("판교", "으로/로", "로"),
        ("판교(성남)", "과/와", "과"),
    ],
)
def test_particle_follows_the_last_sound(word, pair, expected):
    assert text.particle(word, pair) == expected


def test_particles_are_resolved_inside_a_sentence():
    assert text.with_particles("[을/를] 다루는 기업", "언어모델") == "을 다루는 기업"
    assert text.with_particles("[을/를] 다루는 기업", "자연어 처리") == "를 다루는 기업"


@pytest.mark.parametrize("address", ["https://www.vuno.co", "http://서울.kr/길?q=1#a", "https://a.kr:8443/x"])
def test_web_addresses_that_may_enter(address):
    text.validate_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://a.kr",
        "www.vuno.co",
        "https://localhost",
        "https://user@a.kr",
        "https://a.kr:99999",
        "https://a.kr/ x",
        'https://a.kr/"><script>',
        "http://[::1",
        "https://a.kr/\x00",
        "",
    ],
)
def test_web_addresses_that_may_not(address):
    with pytest.raises(ValidationError):
        text.validate_web_address(address)


@pytest.mark.parametrize("bad", ["한\x00글", "a\u202eb", "\ufeffa", "a\u200bb", "a\ud800", "a\nb"])
def test_invisible_characters_may_not_enter_a_line(bad):
    with pytest.raises(ValidationError):
        text.validate_line(bad)


def test_line_feeds_may_enter_a_longer_text():
    text.validate_text("첫 줄\n둘째 줄")


@pytest.mark.parametrize("slug", ["pangyo", "gasan-guro", "computer_vision", "3billion"])
def test_slugs_that_may_enter(slug):
    text.validate_slug(slug)


@pytest.mark.parametrize("slug", ["Pangyo", "-a", "a--b", "판교", "a/b", "a\n", "", "a.b"])
def test_slugs_that_may_not(slug):
    with pytest.raises(ValidationError):
        text.validate_slug(slug)


def test_business_number_needs_its_check_digit():
    text.validate_business_number("1248100998")
    for wrong in ("1248100990", "124-81-00998", "12481009", "１２４８１００９９８"):
        with pytest.raises(ValidationError):
            text.validate_business_number(wrong)


@given(st.text())
def test_no_cell_begins_as_a_formula(value):
    cell = text.escape_formula(value)
    assert cell.endswith(value)
    assert cell[:1] not in ("=", "+", "@", "\t", "\r")


def test_negative_numbers_stay_numbers():
    assert text.escape_formula("-12.5") == "-12.5"
    assert text.escape_formula("-1+1") == "'-1+1"
