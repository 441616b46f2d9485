"""The list page: its marks for readers and machines, and what htmx replaces in it."""

import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from clusters.compare.kinds import KINDS
from clusters.directory import controls
from clusters.directory.registry import BY_NAME, DIRECTORIES
from clusters.directory.selection import Selection
from tests import factories

from .world import World

pytestmark = pytest.mark.django_db
NAMES = [directory.name for directory in DIRECTORIES]


def html_of(client, address: str, **headers) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_heads_sort_and_say_so(name):
    directory = BY_NAME[name]
    columns, sorts = directory.table.base_columns, directory.table.sorts()
    for code in ("", *sorts, *(f"-{code}" for code in sorts)):
        heads = controls.heads(Selection(directory, QueryDict(f"sort={code}")))
        assert [head.code for head in heads] == list(columns)
        for head in heads:
            assert bool(head.state) == bool(head.address) == (head.code in sorts)
        in_use = code or directory.default_sort
        expected = {in_use.removeprefix("-"): "descending" if in_use.startswith("-") else "ascending"}
        states = {head.code: head.state for head in heads if head.state not in ("", "none")}
        assert states == {code: state for code, state in expected.items() if code in columns}


def test_only_columns_that_sort_have_a_state(client):
    factories.company()
    heads = re.findall(r"<th scope=\"col\"[^>]*>.*?</th>", html_of(client, "/companies/"))
    assert len(heads) == 6
    assert ["aria-sort" in head for head in heads] == ["<a " in head for head in heads]
    assert sum("aria-sort" in head for head in heads) == 3


@pytest.mark.parametrize("name", NAMES)
def test_tables_are_read_without_eyes(client, name):
    World().fill(name)
    html = html_of(client, reverse(name))
    columns = len(BY_NAME[name].table.base_columns)
    rows = re.findall(r"<tr data-slug=.*?</tr>", html, re.S)
    assert rows and "<caption>" in html
    for row in rows:
        assert row.count('<th scope="row">') == 1
        assert row.count("data-l=") == columns - 1


def test_sort_links_turn_around_and_keep_the_filter(client):
    factories.company(founded="2016")
    html = html_of(client, "/en/companies/?kind=startup&page=1")
    assert 'href="/en/companies/?kind=startup&amp;sort=-name"' in html
    assert 'href="/en/companies/?kind=startup&amp;sort=-founded"' in html
    html = html_of(client, "/en/companies/?kind=startup&sort=-founded")
    assert 'href="/en/companies/?kind=startup&amp;sort=founded"' in html


def test_missing_values_come_last_in_either_direction(client):
    for slug, founded in (("old", "1999"), ("new", "2020-05"), ("unknown", "")):
        factories.company(slug=slug, founded=founded)
    for sort, slugs in (("founded", ["old", "new", "unknown"]), ("-founded", ["new", "old", "unknown"])):
        rows = client.get(reverse("companies.json"), {"sort": sort}).json()["results"]
        assert [row["slug"] for row in rows] == slugs


def test_names_are_sorted_without_regard_to_capitals(client):
    for slug, name in (("a", "kt nasmedia"), ("b", "LG CNS"), ("c", "i-Scream"), ("d", "Zum")):
        factories.company(slug=slug, name_en=name)
    rows = client.get("/en/companies.json").json()["results"]
    assert [row["slug"] for row in rows] == ["c", "a", "b", "d"]


def test_hits_in_the_name_go_first_unless_an_order_is_asked_for(client):
    factories.company(slug="text", name_en="Aaa", summary_en="Makes robots.")
    factories.company(slug="name", name_en="Robot works", summary_en="Makes things.")
    slugs = lambda query: [row["slug"] for row in client.get(f"/en/companies.json?{query}").json()["results"]]  # noqa: E731
    assert slugs("q=robot") == ["name", "text"]
    assert slugs("q=robot&sort=name") == ["text", "name"]
    html = html_of(client, "/en/companies/?q=robot")
    assert not re.search(r'aria-sort="(ascending|descending)"', html)


def test_options_show_counts_marks_and_what_is_chosen(client):
    district = factories.district(slug="pangyo", mark="square")
    factories.district(slug="magok", mark="triangle")
    factories.office(company=factories.company(), district=district)
    html = html_of(client, "/companies/?district=pangyo")
    assert re.search(
        r'<label class="opt" data-facet="district:pangyo" data-count="1"><input type="checkbox" '
        r'id="district-pangyo" name="district" value="pangyo" checked>',
        html,
    )
    assert re.search(r'<label class="opt none" data-facet="district:magok" data-count="0">', html)
    assert html.count('<svg class="mk" data-d="triangle"') == 1


def test_many_options_fold_away_but_not_a_chosen_one(client):
    technologies = [
        factories.technology(f"t{n}", name_ko=f"기술{n}", name_en=f"Technology {n}") for n in range(9)
    ]
    factories.company(technologies=technologies)
    assert '<details class="more" id="technology-more"><summary>' in html_of(client, "/companies/")
    assert '<details class="more" id="technology-more"><summary>' in html_of(
        client, "/companies/?technology=t0"
    )
    assert '<details class="more" id="technology-more" open><summary>' in html_of(
        client, "/companies/?technology=t8"
    )


def test_options_go_by_count_then_name(client):
    both = [factories.technology(slug, name_ko=ko, name_en=slug) for slug, ko in (("x", "나"), ("y", "가"))]
    most = factories.technology("z", name_ko="하", name_en="z")
    factories.company(technologies=[*both, most])
    factories.company(technologies=[most])
    assert re.findall(r'data-facet="technology:(\w+)"', html_of(client, "/companies/")) == ["z", "y", "x"]


def test_the_part_for_htmx_comes_from_the_same_address(client):
    factories.company(slug="one")
    whole = client.get("/companies/")
    part = client.get("/companies/", headers={"HX-Request": "true"})
    restored = client.get("/companies/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    for answer in (whole, part, restored):
        assert {"HX-Request", "HX-History-Restore-Request"} <= set(answer["Vary"].split(", "))
    assert b"<html" in whole.content and b"<html" in restored.content
    assert b"<html" not in part.content and b'data-slug="one"' in part.content
    text = part.content.decode()
    for target in re.findall(r"#([\w-]+)", re.search(r'hx-select-oob="([^"]+)"', whole.content.decode())[1]):
        assert text.count(f'id="{target}"') == 1, target
        assert whole.content.decode().count(f'id="{target}"') == 1, target


def test_the_address_that_htmx_pushes_is_the_clean_one(client):
    factories.company()
    part = client.get("/en/companies/?q=&kind=startup&sort=", headers={"HX-Request": "true"})
    assert part["HX-Push-Url"] == "/en/companies/?kind=startup"
    bad = client.get("/en/companies/?kind=nope", headers={"HX-Request": "true"})
    assert "HX-Push-Url" not in bad


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique(client, name):
    World().fill(name)
    ids = re.findall(r' id="([^"]+)"', html_of(client, f"{reverse(name)}?q=a"))
    assert len(ids) == len(set(ids))


def test_pages_link_to_their_neighbors_and_keep_the_filter(client):
    for _ in range(45):
        factories.company()
    html = html_of(client, "/en/companies/?kind=startup&page=2")
    assert 'href="/en/companies/?kind=startup&amp;page=1" rel="prev"' in html
    assert 'href="/en/companies/?kind=startup&amp;page=3" rel="next"' in html
    assert 'aria-current="page"' in html
    assert "21–40 / 45" in html
    assert 'href="/en/companies.csv?kind=startup"' in html
    assert 'href="/en/companies.json?kind=startup"' in html
    assert 'href="/en/companies/?kind=startup&amp;per_page=50"' in html


def test_districts_of_a_company_are_shown_each_with_its_finding(client):
    company = factories.company()
    pangyo, magok = factories.district(short_name_ko="판교"), factories.district(short_name_ko="마곡")
    factories.office(company=company, district=pangyo, status="disputed")
    factories.office(company=company, district=magok, kind="lab", status="outdated")
    row = re.search(r"<tr data-slug=.*?</tr>", html_of(client, "/companies/"), re.S)[0]
    assert "판교" in row and 'data-s="disputed"' in row
    assert "마곡" not in row
    row = re.search(r"<tr data-slug=.*?</tr>", html_of(client, "/companies/?status=outdated"), re.S)[0]
    assert "마곡" in row and "판교" in row


def test_a_district_counts_only_offices_of_today_unless_the_finding_is_asked_for(client):
    company, district = factories.company(), factories.district(slug="pangyo")
    factories.office(company=company, district=district, status="outdated")
    factories.office(company=company, district=factories.district(slug="magok"), kind="lab")
    count = lambda query: client.get(f"/companies.json?{query}").json()["count"]  # noqa: E731
    assert count("district=pangyo") == 0
    assert count("district=pangyo&status=outdated") == 1
    # The finding and the district must be those of one office.
    assert count("district=pangyo&status=confirmed") == 0
    assert count("district=magok&status=confirmed") == 1


def test_events_can_be_pointed_at(client):
    event = factories.event()
    assert f'<tr data-slug="{event.slug}" id="{event.slug}">' in html_of(client, "/events/")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_rows_can_be_ticked_for_comparison_without_scripts(client, kind):
    record = getattr(factories, kind.noun)()
    html = html_of(client, reverse(kind.name))
    assert f'<input type="checkbox" name="{kind.parameter}" value="{record.slug}" form="compare">' in html
    assert f'<form id="compare" class="acts noprint" action="{reverse(kind.route)}">' in html
    profile = html_of(client, record.get_absolute_url())
    assert f'<a class="btn" href="{reverse(kind.route)}?{kind.parameter}={record.slug}">' in profile


@pytest.mark.parametrize("name", NAMES)
def test_form_and_links_work_without_scripts(client, name):
    World().fill(name)
    html = html_of(client, reverse(name))
    assert f'<form action="{reverse(name)}"' in html
    assert '<button class="main">' in html
    assert " style=" not in html and "<script>" not in html and " onclick" not in html
