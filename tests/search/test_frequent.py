"""PostgreSQL knows which words are in many entries, and asks for them in another way."""

import pytest
from django.db import connection

from clusters.search import index, postgres
from clusters.search.grams import numbers_of_word
from clusters.search.question import Question
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a way of PostgreSQL"),
]


def frequent(text: str) -> bool:
    return postgres._is_frequent(Question.of(text).holds, 0.2)


@pytest.fixture
def counted():
    for letter in "각낙닥락막박삭악작착칵탁팍학곡녹독록목복속옥족촉콕톡폭혹국눅":
        factories.company(name_ko=f"이름{letter}", summary_ko="제품을 만듭니다")
    index.rebuild()
    postgres._common.cache_clear()
    yield
    postgres._common.cache_clear()


def test_a_word_is_frequent_when_all_its_pairs_are(counted):
    assert frequent("제품을")
    assert frequent("제품을 만듭니다")
    assert not frequent("이름곡")
    assert not frequent("제품을 이름곡")
    assert not frequent("없는말")


def test_two_frequent_words_may_be_rare_together(monkeypatch):
    monkeypatch.setattr(postgres, "_common", lambda period: dict.fromkeys(_pairs("소프트", "루션"), 0.3))
    assert frequent("소프트") and frequent("루션")
    assert not frequent("소프트 루션")


def _pairs(*words: str) -> list[tuple[str, int]]:
    return [("body_tokens", number) for word in words for number in numbers_of_word(word)]


def test_the_beginning_of_a_name_is_not_frequent_because_its_pairs_are(counted):
    assert not postgres._is_frequent(Question.of("이름").is_a_name, 0.2)
