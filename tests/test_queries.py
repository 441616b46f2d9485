"""Every public page asks the database a fixed number of questions, however many records there are."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import NamedTuple

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clusters.models import District
from clusters.templatetags import once
from tests import addresses, world

pytestmark = pytest.mark.django_db

# The most queries each page may take, in either language. One that comes to need more says here why.
MOST = {
    "/": 1,  # the version; the page is drawn once until the data or a deadline changes it
    "/about/": 1,
    "/api/": 20,  # the values of every filter
    "/search/": 1,
    "/search/?q=1": 14,
    "/districts/": 1,
    "/companies/": 1,
    "/companies/?district=main-district&q=1&sort=-name": 2,
    "/institutions/": 1,
    "/programs/": 1,
    "/events/": 1,
    "/sources/": 1,
    "/districts/main-district/": 2,  # the version and the district; the rest as it was drawn
    "/companies/main-company/": 8,
    "/institutions/main-institution/": 2,
    "/programs/main-program/": 11,
    "/sources/main-source/": 18,  # one for each kind of statement that cites it
    "/corrections/new/": 1,
    "/corrections/new/?about=company:main-company": 14,  # two vocabularies, each chosen, named and offered
    "/changes/": 27,  # each kind of record has a history of its own, and names
    "/changes.json": 25,
    "/changes.atom": 25,
    "/compare/": 2,
    "/compare/companies/": 1,
    "/compare/institutions/": 1,
    "/compare/programs/": 1,
    "/locate/": 1,  # the version; what is known is kept as long as neither the data nor a deadline changes
    "/locate/?who=research&d=main-district": 1,
    "/locate.csv": 1,
    "/locate.json": 1,
    "/compare/?d=": 2,
    "/compare.csv?d=": 19,
    "/compare.json?d=": 19,
    "/compare.svg?d=": 19,
    "/compare/companies/?c=": 2,
    "/compare/companies.csv?c=": 9,
    "/compare/companies.json?c=": 9,
    "/compare/companies.svg?c=": 9,
    "/compare/institutions/?i=": 2,
    "/compare/institutions.csv?i=": 9,
    "/compare/institutions.json?i=": 9,
    "/compare/institutions.svg?i=": 9,
    "/compare/programs/?p=": 2,
    "/compare/programs.csv?p=": 15,
    "/compare/programs.json?p=": 15,
    "/compare/programs.svg?p=": 15,
    "/programs/match/": 1,
    "/programs/match/?form=corporation&founded=2020&province=seoul": 1,
    "/programs/calendar/": 8,  # what has a day, what has none, what moved, what was withdrawn, other months; sources of both
    "/programs.ics": 4,
    "/districts.csv": 2,
    "/districts.json": 2,
    "/companies.csv": 6,
    "/companies.json": 6,
    "/institutions.csv": 3,
    "/institutions.json": 3,
    "/programs.csv": 9,
    "/programs.json": 9,
    "/events.csv": 3,
    "/events.json": 3,
    "/sources.csv": 2,
    "/sources.json": 2,
    "/districts.atom": 2,
    "/companies.atom": 6,
    "/institutions.atom": 3,
    "/programs.atom": 11,  # the history of the calls is read as well
    "/events.atom": 3,
    "/sources.atom": 2,
    "/sitemap.xml": 11,
    "/robots.txt": 0,
    "/healthz": 1,
}
# The same for pages that are drawn once until the data change, when somebody just wrote.
DRAWN_ANEW = {
    "/districts/main-district/": 34,  # eleven kinds of facts, each with its further sources
    "/institutions/main-institution/": 19,
}
SAME_LENGTH = {
    "/changes/",
    "/changes.json",
    "/changes.atom",
    "/compare/companies/",
    "/compare/institutions/",
    "/compare/programs/",
    "/programs.ics",
    "/about/",
    "/search/",
    "/corrections/new/",
    "/robots.txt",
    "/healthz",
}


class Visit(NamedTuple):
    queries: int
    length: int


def to_compare(directory: SimpleNamespace) -> list[str]:
    """The main district and two others."""
    others = District.objects.exclude(pk=directory.district.pk).order_by("pk")[:2]
    return [directory.district.slug, *(district.slug for district in others)]


def visit(visited: list[str]) -> dict[str, Visit]:
    client, found = Client(), {}
    for address in addresses.both("companies"):
        client.get(address)  # brings the snapshot up to date that other pages count from
    for address in visited:
        client.get(address).getvalue()  # what is read once until the data changes
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            content = response.getvalue()  # files are read while they are sent
        assert response.status_code == 200, address
        found[address] = Visit(len(queries), len(content))
    return found


def page_of(address: str) -> str:
    """An address's entry in MOST: without the language, and without what a comparison names."""
    return re.sub(r"(?<=\?[cdip]=).*", "", address.removeprefix("/en"))


def draw_anew(visited: list[str]) -> dict[str, Visit]:
    """The same of pages, with all forgotten that was drawn of them."""
    found = {}
    for address in visited:
        once.forget()
        with CaptureQueriesContext(connection) as queries:
            length = len(Client().get(address).content)
        found[address] = Visit(len(queries), length)
    return found


@pytest.fixture(scope="module")
def visits(django_db_setup, django_db_blocker):
    """Every address with 3 related records of each kind, and with 12; and some of them drawn anew.

    All in one moment: some parts are drawn anew with each minute.
    """
    now = time_machine.travel(datetime.now(UTC), tick=False)
    with now, world.standing(django_db_blocker, 3) as directory:
        compared = to_compare(directory)
        visited = [*addresses.pages(directory, compared), *addresses.files(compared)]
        drawn = [address for address in visited if page_of(address) in DRAWN_ANEW]
        few, few_anew = visit(visited), draw_anew(drawn)
        world.grow(directory, 9)
        yield (few, visit(visited)), (few_anew, draw_anew(drawn))


def test_every_page_has_its_limit(visits):
    assert {page_of(address) for address in visits[0][0]} == set(MOST)


def check(found: tuple[dict, dict], kind: str, most: int) -> None:
    few, many = ({a: visit for a, visit in one.items() if page_of(a) == kind} for one in found)
    assert few and {a: visit.queries for a, visit in many.items()} == {a: v.queries for a, v in few.items()}
    assert max(visit.queries for visit in many.values()) <= most
    grown = [a for a in few if many[a].length > few[a].length]
    assert kind in SAME_LENGTH or grown == list(few), "The further rows are not on the page."


@pytest.mark.parametrize("kind", MOST)
def test_queries_are_few_and_do_not_grow_with_rows(visits, kind):
    check(visits[0], kind, MOST[kind])


@pytest.mark.parametrize("kind", DRAWN_ANEW)
def test_nor_do_those_of_a_page_that_is_drawn_anew(visits, kind):
    check(visits[1], kind, DRAWN_ANEW[kind])
