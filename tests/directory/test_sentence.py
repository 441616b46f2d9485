"""The chosen filters as a sentence: grammar in both languages, and a link that removes each."""

import pytest
from django.http import QueryDict
from django.utils import translation

from clusters.directory import sentence
from clusters.directory.facets import Phrase
from clusters.directory.registry import BY_NAME
from clusters.directory.selection import Selection
from clusters.directory.sentence import Part
from tests import factories

HANDLING = Phrase("{chips}[을/를] 다루고", "{chips}[을/를] 다루는")
IN_PLACE = Phrase("{chips}에 사업장이 있고", "{chips}에 사업장이 있는")
BEING = Phrase("{chips}이고", "{chips}인")
HOLDING = Phrase("{chips}[이/가] 들어 있고", "{chips}[이/가] 들어 있는")


def korean(*each: tuple[Phrase, list[str]]) -> str:
    def joint(context: str, text: str) -> str:
        return {", ": ", ", " or ": "[이나/나] "}[text]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentence, "pgettext", joint)
        inner = sentence.phrases([(wording, [Part(word) for word in words]) for wording, words in each])
    return sentence.plain(sentence.sentence("{phrases} 기업 {count}곳", "26", inner))


@pytest.mark.parametrize(
    ("each", "said"),
    [
        ([(IN_PLACE, ["강남"]), (BEING, ["AI가 핵심 사업"])], "강남에 사업장이 있고 AI가 핵심 사업인 기업 26곳"),
        ([(IN_PLACE, ["강남"])], "강남에 사업장이 있는 기업 26곳"),
        ([(HANDLING, ["언어모델"])], "언어모델을 다루는 기업 26곳"),
        ([(HANDLING, ["자연어 처리"])], "자연어 처리를 다루는 기업 26곳"),
        ([(HANDLING, ["언어모델", "음성"])], "언어모델이나 음성을 다루는 기업 26곳"),
        ([(HANDLING, ["음성", "자연어 처리"]), (BEING, ["대기업"])], "음성이나 자연어 처리를 다루고 대기업인 기업 26곳"),
        ([(HANDLING, ["로봇", "자연어 처리", "보안"])], "로봇, 자연어 처리나 보안을 다루는 기업 26곳"),
        ([(HOLDING, ["‘판교’"])], "‘판교’가 들어 있는 기업 26곳"),
        ([(HOLDING, ["‘비전’"])], "‘비전’이 들어 있는 기업 26곳"),
        ([(HOLDING, ["‘AI 2’"])], "‘AI 2’가 들어 있는 기업 26곳"),
        ([(HOLDING, ["‘GPU 3’"])], "‘GPU 3’이 들어 있는 기업 26곳"),
        ([(HANDLING, ["LLM"])], "LLM을 다루는 기업 26곳"),
        ([(HANDLING, ["XR"])], "XR을 다루는 기업 26곳"),
    ],
)  # fmt: skip
def test_korean_particles_and_forms(each, said):
    assert korean(*each) == said


def select(name: str, query: str) -> Selection:
    return Selection(BY_NAME[name], QueryDict(query))


@pytest.fixture
def company(db):
    factories.technology("vision", name_ko="컴퓨터 비전", name_en="Computer vision")
    factories.technology("chips", name_ko="AI 반도체", name_en="AI chips")
    district = factories.district(
        slug="gangnam", short_name_ko="강남", short_name_en="Gangnam", mark="diamond"
    )
    company = factories.company(technologies=[factories.technology("llm")])
    factories.office(company=company, district=district)
    return company


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "1 company in all"),
        ("district=gangnam", "1 company with an office in Gangnam"),
        ("technology=llm", "1 company working on language models"),
        (
            "district=gangnam&technology=llm&technology=vision&relevance=core",
            "1 company with an office in Gangnam, with AI as the core business, "
            "working on language models or computer vision",
        ),
        ("technology=chips&technology=llm&technology=vision",
         "1 company working on AI chips, language models or computer vision"),
        ("kind=large&q=Robot", "0 companies matching “robot”, classed as large"),
        ("status=disputed", "0 companies with office data marked disputed"),
        ("stage=series_a", "0 companies at the stage Series A"),
    ],
)  # fmt: skip
def test_english_sentences(company, query, said):
    with translation.override("en"):
        selection = select("companies", query)
        assert sentence.plain(selection.sentence) == selection.announcement == said


def test_every_phrase_of_every_directory_fills_in_both_languages(db):
    """No choice leaves a placeholder or a particle unresolved."""
    factories.district(slug="gangnam")
    factories.technology(), factories.industry(), factories.support_kind()
    (
        factories.event(month=3),
        factories.source(),
        factories.program(coverage="provinces", provinces=[factories.province()]),
    )
    for language in ("ko", "en"):
        with translation.override(language):
            for name in BY_NAME:
                for facet in select(name, "").filters.facets:
                    for value in list(facet.options)[:3]:
                        for more in ("", "&q=말"):
                            selection = select(name, f"{facet.name}={value}{more}")
                            said = selection.announcement + selection.caption
                            assert not set("{}[]") & set(said), said


def test_each_choice_can_be_removed_alone(company):
    with translation.override("en"):
        selection = select(
            "companies", "district=gangnam&technology=llm&technology=vision&q=a&sort=-name&per_page=50&page=3"
        )
        removals = {part.text: part.address for part in selection.sentence if part.address}
    rest = "sort=-name&per_page=50"
    assert removals == {
        "“a”": f"/en/companies/?district=gangnam&technology=llm&technology=vision&{rest}",
        "Gangnam": f"/en/companies/?q=a&technology=llm&technology=vision&{rest}",
        "language models": f"/en/companies/?q=a&district=gangnam&technology=vision&{rest}",
        "computer vision": f"/en/companies/?q=a&district=gangnam&technology=llm&{rest}",
    }


def test_removing_the_only_choice_leads_to_the_plain_list(company):
    with translation.override("ko"):
        (chip,) = [part for part in select("companies", "district=gangnam").sentence if part.address]
    assert (chip.address, chip.mark) == ("/companies/", "diamond")


def test_an_empty_list_says_what_to_drop(company):
    factories.company(kind="large")
    with translation.override("en"):
        selection = select("companies", "district=gangnam&kind=large")
        assert [(relief.words, relief.count, relief.address) for relief in selection.reliefs] == [
            ("Gangnam", 1, "/en/companies/?kind=large"),
            ("large", 1, "/en/companies/?district=gangnam"),
        ]
        assert select("companies", "district=gangnam").reliefs == []
        assert select("companies", "q=zz&kind=sme").reliefs == []
