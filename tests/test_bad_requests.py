"""No question, however bad, breaks the site: pages answer with a message, files with 400, nothing with a 5xx."""

import json
import re

import pytest
from django.urls import reverse

from clusters.compare.kinds import KINDS
from clusters.compare.locate.criteria import CRITERIA
from clusters.directory.registry import DIRECTORIES
from clusters.models import District
from tests import addresses, world
from tests.hostile import HOSTILE, UNREADABLE, ask, is_a_page, messages, query

pytestmark = pytest.mark.django_db

NAMES = [entry.name for entry in DIRECTORIES]
SOME = list(HOSTILE)[::3]  # for pages that read fewer parameters


@pytest.fixture(scope="module")
def directory(django_db_setup, django_db_blocker):
    with world.standing(django_db_blocker, 1) as made:
        yield made


def parameters(name: str) -> list[str]:
    """Every parameter a list reads, and some it does not."""
    filters = next(entry.filters for entry in DIRECTORIES if entry.name == name)
    return [*filters.base_filters, "sort", "page", "per_page", "id", "pk__in", "publication", "unknown"]


@pytest.mark.parametrize(("place", "value"), list(enumerate(HOSTILE)), ids=HOSTILE)
def test_lists(directory, client, place, value):
    """All parameters bad at once: two lists as pages, one in each language, and all of them as files."""
    for language, name in enumerate((NAMES[place % len(NAMES)], NAMES[(place + 3) % len(NAMES)])):
        page = ask(client, addresses.both(name)[language], query(parameters(name), HOSTILE[value])[:8000])
        assert page.status_code == 200 and is_a_page(page), name
    expected = 200 if value in ("empty", "blank") else 400
    for name in NAMES:
        sent = query(parameters(name), HOSTILE[value])[:8000]
        data = ask(client, reverse(f"{name}.json"), sent)
        assert data.status_code == expected, data.content[:300]
        assert ask(client, reverse(f"{name}.csv"), sent).status_code == expected
        assert ask(client, reverse(f"{name}.atom"), sent).status_code == expected
        if expected == 400:
            problem = json.loads(data.content)
            assert data["Content-Type"] == "application/problem+json"
            assert problem["status"] == 400 and problem["errors"]


@pytest.mark.parametrize("name", NAMES)
def test_each_bad_parameter_says_so_and_filters_nothing(directory, client, name):
    untouched = ask(client, reverse(name)).content.decode()
    total = re.search(r'data-total="\d+"', untouched)[0]
    for parameter in parameters(name)[1:-4]:
        page = ask(client, reverse(name), f"{parameter}=no-such-thing").content.decode()
        assert total in page, parameter
        assert messages(page) > messages(untouched), f"{parameter}: nothing is said about it"
        problem = json.loads(ask(client, reverse(f"{name}.json"), f"{parameter}=no-such-thing").content)
        assert list(problem["errors"]) == [parameter]


@pytest.mark.parametrize(
    "number", ["0", "-1", "1000000000000000000", "%C2%B2", "%EF%BC%91%EF%BC%92", "1.0", "0x1", "%2B1"]
)
def test_page_numbers(directory, client, number):
    response = ask(client, "/companies/", f"page={number}")
    assert response.status_code == 200
    assert b"data-slug" in response.content, "Some page of the list is shown."
    response = ask(client, "/companies.json", f"page={number}")
    assert response.status_code == 400
    assert list(json.loads(response.content)["errors"]) == ["page"]


@pytest.mark.parametrize("per_page", ["0", "-5", "101", "1000000000", "%C2%B2", "ten"])
def test_page_lengths(directory, client, per_page):
    response = ask(client, "/sources/", f"per_page={per_page}")
    assert response.status_code == 200
    assert 0 < response.content.count(b"data-slug") <= 100
    assert ask(client, "/sources.json", f"per_page={per_page}").status_code == 400


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("value", HOSTILE)
def test_compare(directory, client, value, kind):
    bad = query([kind.parameter, "diff", "pair", "q"], HOSTILE[value])
    for place, sent in enumerate((bad[:8000], f"{kind.parameter}=main-{kind.noun}&{bad}"[:8000])):
        page = ask(client, addresses.both(kind.route)[place], sent)
        assert page.status_code == 200 and is_a_page(page)
        for suffix in (".json", ".csv"):
            assert ask(client, reverse(f"{kind.route}{suffix}"), sent).status_code == 400


@pytest.mark.parametrize("value", SOME)
def test_compare_with_enough_districts_and_something_bad(directory, client, value):
    good = "&".join(f"d={slug}" for slug in District.objects.values_list("slug", flat=True)[:2])
    page = ask(client, "/compare/", f"{good}&{query(['diff', 'pair'], HOSTILE[value])}"[:8000])
    assert page.status_code == 200 and is_a_page(page)


def test_compare_with_many_districts(directory, client):
    for sent in (
        "d=&" * 1000,
        "d=a&" * 1000,
        "d=main-district&" * 400,
        "&".join(f"d=d{n}" for n in range(800)),
    ):
        assert ask(client, "/compare/", sent).status_code == 200
        assert ask(client, "/compare.json", sent).status_code == 400


LOCATE = ["who", "stage", "technology", "missing", "d", *(criterion.key for criterion in CRITERIA)]


@pytest.mark.parametrize("value", HOSTILE)
def test_locate(directory, client, value):
    """Every parameter bad at once: the usual answer and a message for each; a file is refused."""
    sent = query([*LOCATE, "page", "unknown"], HOSTILE[value])[:8000]
    nothing_given = value in ("empty", "blank")
    for place, address in enumerate(addresses.both("locate")):
        page = ask(client, address, sent)
        text = page.content.decode()
        assert page.status_code == 200 and is_a_page(page), place
        assert "data-slug" in text or value == "zero", "Weights of 0 are weights."
        assert nothing_given or messages(text) > 1
    for suffix in (".json", ".csv"):
        expected = 200 if value in ("empty", "blank") else 400
        assert ask(client, reverse(f"locate{suffix}"), sent).status_code == expected


@pytest.mark.parametrize("name", LOCATE)
def test_each_bad_answer_is_named(directory, client, name):
    untouched = ask(client, "/locate/").content.decode()
    page = ask(client, "/locate/", f"{name}=no-such-thing").content.decode()
    assert messages(page) > messages(untouched)
    assert page.count("data-slug") == untouched.count("data-slug")
    problem = json.loads(ask(client, "/locate.json", f"{name}=no-such-thing").content)
    assert list(problem["errors"]) == [name]


@pytest.mark.parametrize(("place", "value"), list(enumerate(HOSTILE)), ids=HOSTILE)
def test_search(directory, client, place, value):
    address = addresses.both("search")[place % 2]
    page = ask(client, address, query(["q", "page", "kind"], HOSTILE[value])[:8000])
    assert page.status_code == 200 and is_a_page(page)


@pytest.mark.parametrize(("place", "value"), list(enumerate(SOME)), ids=SOME)
def test_pages_without_parameters_do_not_mind_any(directory, client, place, value):
    sent = query(["q", "page", "slug", "lang", "next"], HOSTILE[value])[:8000]
    visited = [
        *addresses.both("home"),
        *addresses.both("about"),
        *addresses.profiles(directory),
        "/robots.txt",
    ]
    for address in (visited[place % len(visited)], "/healthz"):
        assert ask(client, address, sent).status_code == 200, address


@pytest.mark.parametrize("value", SOME)
def test_the_sitemap_has_only_the_pages_it_has(directory, client, value):
    assert ask(client, "/sitemap.xml", query(["p", "section"], HOSTILE[value])[:8000]).status_code in (
        200,
        404,
    )


@pytest.mark.parametrize("value", UNREADABLE)
def test_what_no_page_can_hold_is_refused(directory, client, value):
    sent = UNREADABLE[value]
    visited = [
        *addresses.simple_pages(),
        *addresses.lists(),
        *addresses.lists(".json"),
        *addresses.lists(".csv"),
    ]
    for address in visited:
        response = ask(client, address, f"q={sent}")
        assert response.status_code == 400 and is_a_page(response), address
    for template in (
        "/companies/{}/",
        "/en/companies/x{}/",
        "/{}/",
        "/en/{}",
        "/companies{}.json",
        "/static/{}",
    ):
        response = client.get(template.format(sent))
        assert response.status_code in (400, 404), template


def test_raw_bytes_in_a_query_are_judged_like_escaped_ones(client, directory):
    assert ask(client, "/companies/", "q=\xff").status_code == 400
    assert ask(client, "/companies/", "q=판교".encode().decode("latin-1")).status_code == 200


@pytest.mark.parametrize(
    "sent",
    {
        "long-value": "q=" + "a" * 100_000,
        "many-parameters": "&".join(f"a{n}={n}" for n in range(10_000)),
        "one-name-often": "district=x&" * 5_000,
        "only-separators": "&" * 7_900,
        "deep-names": "a" + "[b]" * 2_000 + "=1",
        "deep-lookups": "district" + "__slug" * 1_000 + "=1",
    }.items(),
    ids=lambda item: item[0],
)
def test_endless_queries(directory, client, sent):
    visited = [
        "/",
        "/en/",
        "/companies/",
        "/en/programs/",
        "/companies.json",
        "/sources.csv",
        "/compare/",
        "/locate/",
        "/locate.json",
        "/search/",
    ]
    for address in visited:
        response = ask(client, address, sent[1])
        assert response.status_code in (200, 400), address
        assert response.status_code == 400 or len(sent[1]) <= 8000
