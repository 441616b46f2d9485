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
    "query", ["q=" + "a+" * 9, "q=" + "a" * 101, "q=a&q=b", "q=%01", "q=" + "%F0%9F%98%80" * 30]
)
def test_odd_questions_are_answered_in_words(client, query):
    factories.company()
    answer = client.get(f"/en/search/?{query}")
    assert answer.status_code == 200
    assert answer.context["total"] == 0


def test_nothing_found_is_said_and_the_text_escaped(client):
    html = client.get("/en/search/", {"q": "<b>zzz"}).content.decode()
    assert "Nothing in the directory holds “&lt;b&gt;zzz”." in html
