"""The search page: the first hits of each directory, and the way to the rest."""

import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def test_hits_are_grouped_by_directory_with_the_way_to_all(client):
    for _ in range(7):
        factories.company(name_en="Robot maker")
    factories.institution(name_en="Robot institute")
    answer = client.get("/en/search/?q=robot")
    html = answer.content.decode()
    groups = {group.directory.name: (group.total, len(group.hits)) for group in answer.context["groups"]}
    assert groups == {"companies": (7, 5), "institutions": (1, 1)}
    assert 'id="results" data-total="8"' in html
    assert 'href="/en/companies/?q=robot"' in html
    assert client.get("/en/companies/?q=robot").context["selection"].total == 7
    assert len(re.findall(r"<li data-slug=", html)) == 6


@pytest.mark.parametrize("address", ["/search/?q=판교", "/en/search/?q=판교", "/en/search/?q=pangyo"])
def test_both_languages_find_both(client, address):
    factories.district(short_name_ko="판교", short_name_en="Pangyo")
    assert client.get(address).context["total"] == 1


@pytest.mark.parametrize("address", ["/search/", "/en/search/", "/search/?q=", "/en/search/?q=+"])
def test_without_a_word_the_page_shows_examples_that_lead_somewhere(client, address):
    answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["total"] == 0
    for _, example in answer.context["examples"]:
        assert client.get(example).status_code == 200
        assert example in html


def test_the_page_keeps_out_of_search_engines(client):
    assert '<meta name="robots" content="noindex">' in client.get("/search/?q=a").content.decode()


@pytest.mark.parametrize(
    "query", ["q=" + "+".join("abcdefghi"), "q=" + "a" * 101, "q=a&q=b", "q=%01", "q=" + "%F0%9F%98%80" * 30]
)
def test_odd_questions_are_answered_in_words(client, query):
    factories.company()
    answer = client.get(f"/en/search/?{query}")
    assert answer.status_code == 200
    assert answer.context["total"] == 0


def test_nothing_found_is_said_and_the_text_escaped(client):
    html = client.get("/en/search/", {"q": "<b>zzz"}).content.decode()
    assert "Nothing in the directory holds “&lt;b&gt;zzz”." in html


def test_what_was_found_is_marked(client):
    district = factories.district(name_ko="판교", short_name_ko="판교")
    company = factories.company(
        name_ko="판교 <b>랩", name_en="Pangyo Lab", summary_ko="새로운 판교랩의 설명입니다."
    )
    factories.office(company=company, district=district)
    for address in ("/search/?q=판교랩", "/companies/?q=판교랩"):
        html = client.get(address).content.decode()
        assert "새로운 <mark>판교랩</mark>의 설명입니다." in html
    html = client.get("/companies/?q=판교").content.decode()
    assert "<mark>판교</mark> &lt;b&gt;랩" in html
    assert html.count("<mark") == html.count("</mark>") > 0
    assert "<mark>" not in client.get("/companies/").content.decode()


@pytest.mark.parametrize(
    ("typed", "name", "marked"),
    [
        ("ai허브", "서울 AI 허브", "서울 <mark>AI 허브</mark>"),
        ("ㅍㄱ", "제2판교", "제2<mark>판교</mark>"),
        ("마고", "마곡 지구", "<mark>마곡</mark> 지구"),
        ("amp", "A&B amp", "A&amp;B <mark>amp</mark>"),
        ("ss", "Straße", "Stra<mark>ß</mark>e"),
    ],
)
def test_marks_follow_what_a_match_is(client, typed, name, marked):
    factories.institution(name_ko=name)
    assert marked in client.get("/institutions/", {"q": typed}).content.decode()


def test_names_that_come_near_are_a_list_of_their_own(client):
    factories.district(slug="pangyo", name_ko="판교테크노밸리", short_name_ko="판교")
    factories.company(slug="draft", name_ko="테크노벨트", publication="draft")
    answer = client.get("/search/?q=테크노벨리")
    html = answer.content.decode()
    assert answer.context["total"] == 0
    assert 'id="results" data-total="0"' in html
    similar = html.split('id="similar"')[1]
    assert re.findall(r'<li data-slug="([^"]+)"', similar) == ["pangyo"]
    assert "판교테크노밸리" in similar
    assert 'data-slug="pangyo"' in client.get("/districts/?q=테크노벨리").content.decode()


def test_a_filter_that_hides_what_was_found_brings_no_similar_names(client):
    factories.company(name_ko="리벨리온", kind="startup")
    factories.company(name_ko="리밸리온", kind="large")
    html = client.get("/companies/?q=리벨리온&kind=sme").content.decode()
    assert 'id="similar"' not in html


def test_suggestions_name_records_of_every_kind(client):
    factories.district(slug="pangyo", name_ko="판교", short_name_ko="판교", short_name_en="Pangyo")
    factories.company(slug="lab", name_ko="판교랩", name_en="Pangyo Lab")
    factories.company(name_ko="판교초안", publication="draft")
    found = client.get("/search/suggest.json?q=판교").json()["suggestions"]
    assert [(one["name"], one["url"]) for one in found] == [
        ("판교", "/districts/pangyo/"),
        ("판교랩", "/companies/lab/"),
    ]
    assert len({one["kind"] for one in found}) == 2
    found = client.get("/en/search/suggest.json?q=판교").json()["suggestions"]
    assert [(one["name"], one["other"], one["url"]) for one in found] == [
        ("Pangyo", "판교", "/en/districts/pangyo/"),
        ("Pangyo Lab", "판교랩", "/en/companies/lab/"),
    ]


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("마고", {"mago", "magok"}),
        ("ㅁㄱ", {"mago", "magok"}),
        ("마", {"mago", "magok", "lab"}),
        ("", set()),
        ("   ", set()),
        ("가" * 101, set()),
        ("없는이름", set()),
    ],
)
def test_suggestions_for_what_was_typed_so_far(client, typed, slugs):
    factories.company(slug="mago", name_ko="마고웍스")
    factories.company(slug="magok", name_ko="마곡상사")
    factories.company(slug="lab", name_ko="판교마당")
    answer = client.get("/search/suggest.json", {"q": typed})
    assert answer.status_code == 200
    assert {one["url"].split("/")[-2] for one in answer.json()["suggestions"]} == slugs


def test_suggestions_are_few_may_be_kept_and_cost_the_same(client, django_assert_max_num_queries):
    for number in range(30):
        factories.company(name_ko=f"판교{number}")
        factories.program(name_ko=f"판교사업{number}")
    with django_assert_max_num_queries(
        5
    ):  # the data version, three ways of asking the index, one for each kind
        answer = client.get("/search/suggest.json?q=판교")
    assert len(answer.json()["suggestions"]) == 8
    assert answer["Cache-Control"].startswith("public") and answer["ETag"]
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert client.post("/search/suggest.json").status_code == 405
