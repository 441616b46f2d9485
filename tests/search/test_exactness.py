"""The index finds exactly what reading every text finds: random texts, random pieces of them, both databases."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import search
from clusters.models import Company, Technology
from clusters.search import index, query
from clusters.search.fields import KINDS
from clusters.search.normalizing import squeezed, words_of
from clusters.search.question import Question
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frequent")]

# Few characters, so that pieces occur often, near one another and across values; and signs that mean something
# to one database or another.
LETTERS = "가나강ㄱㅏ가나aAbＡ %_\\'\"*:^-+(){}[]<>&|!~.,ㆍ🙂é"
LINES = st.text(LETTERS, min_size=1, max_size=12).filter(str.strip)
NUMBER = 12


@pytest.fixture
def technologies():
    return [factories.technology(f"t{number}") for number in range(3)]


def values(company: Company) -> list[str]:
    own = [company.name_ko, company.name_en, company.summary_ko, company.summary_en, *company.aliases]
    return own + [name for one in company.technologies.all() for name in (one.name_ko, one.name_en)]


@pytest.mark.parametrize("seed", range(4))
def test_any_piece_of_any_text_finds_exactly_the_records_that_hold_it(technologies, seed):
    @settings(max_examples=1, deadline=None, derandomize=False, database=None)
    @given(st.data())
    def fill(data):
        for one in technologies:
            Technology.objects.filter(pk=one.pk).update(name_ko=data.draw(LINES), name_en=data.draw(LINES))
        for _ in range(NUMBER):
            factories.company(
                name_ko=data.draw(LINES),
                name_en=data.draw(LINES),
                summary_ko=data.draw(LINES),
                summary_en=data.draw(st.text(LETTERS, max_size=40)),
                aliases=data.draw(st.lists(LINES.map(str.strip), max_size=2)),
                technologies=data.draw(st.lists(st.sampled_from(technologies), max_size=2, unique=True)),
                publication=data.draw(st.sampled_from(["published"] * 3 + ["draft"])),
            )
        index.rebuild()

    with index.deferred():
        fill()
    held = {
        company.pk: [squeezed(value) for value in values(company)]
        for company in Company.objects.filter(publication="published").prefetch_related("technologies")
    }
    names = {
        company.pk: [squeezed(name) for name in (company.name_ko, company.name_en, *company.aliases)]
        for company in Company.objects.filter(publication="published")
    }
    base = KINDS[Company].base

    def by_name(text: str) -> dict[int, int]:
        """By company how well its names fit: 0 for a whole name, 1 for its beginning, 2 for words in names."""
        words, whole, found = words_of(text), "".join(words_of(text)), {}
        for pk, own in names.items():
            if whole in own:
                found[pk] = 0
            elif any(name.startswith(whole) for name in own):
                found[pk] = 1
            elif all(any(word in name for name in own) for word in words):
                found[pk] = 2
        return found

    pieces = [
        value[start : start + length]
        for pk in held
        for value in held[pk]
        for start in range(0, len(value), 3)
        for length in (1, 2, 3, 5)
    ]
    assert pieces

    @settings(max_examples=150, deadline=None, database=None)
    @given(
        st.one_of(
            st.sampled_from(pieces),
            st.lists(st.sampled_from(pieces), min_size=2, max_size=3).map(" ".join),
            st.text(LETTERS, min_size=1, max_size=4),
        )
    )
    def exact(text):
        words = words_of(text)
        wanted = {
            pk for pk, texts in held.items() if all(any(word in value for value in texts) for word in words)
        }
        if not words or not wanted:
            return
        assert {company.pk for company in search.find(Company.objects.published(), text)} == wanted
        classes = search.matching(Company, text)
        assert sorted(pk for pks in classes for pk in pks) == sorted(wanted)
        places = by_name(text)
        assert classes == [[pk for pk in sorted(wanted) if places.get(pk, 3) == place] for place in range(4)]
        if not Question.of(text).guess_at_the_beginning:
            suggested = sorted(places, key=lambda pk: (places[pk], pk))[: query.SUGGESTIONS]
            assert list(search.suggest(text, [Company])) == [base + pk for pk in suggested]

    exact()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_no_question_breaks_the_database(text):
    list(
        search.find(Company.objects.published(), text).order_by(
            search.rank(Company, text) if words_of(text) else "pk"
        )
    )
    search.records(search.suggest(text, [Company]))
    search.similar(text, [Company])


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "a\x00b",
        "\ud800",
        "가\udfff나",
        '"',
        "' OR 1=1 --",
        "NEAR(a b)",
        "names:가",
        "{names} : 가",
        "가*",
        "^가",
        "가 AND 나",
        "NOT",
        "-가",
        "가" * 10_000,
        "가 " * 5_000,
        "🙂",
        "👨‍👩‍👧",
        "ㅏ",
        "ㄱ",
        "ㄳ",
        "ᄀ",
        "שלום",
        "\u202eabc",
        "%",
        "_",
        "\\",
        "{}",
        "%s",
        "%(a)s",
    ],
)
def test_hostile_questions_are_questions(text):
    factories.company()
    assert search.find(Company.objects.published(), text).count() in (0, 1)
    assert len(search.matching(Company, text)) == 4
    search.suggest(text, [Company])
    search.similar(text, [Company])
