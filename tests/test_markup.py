"""Every public page is well written: valid nesting, headings in order, tables and pictures named, languages marked."""

import re

import pytest
from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.test import Client

from clusters import models as m
from clusters.compare.locate.criteria import CRITERIA
from tests import addresses, factories, markup, world
from tests.test_completeness import RECORDS

pytestmark = pytest.mark.django_db


def speak_korean_only() -> None:
    """Leave every text that need not be in English to the Korean one."""
    for model in RECORDS:
        names = [
            field.name for field in model._meta.concrete_fields if field.name.endswith("_en") and field.blank
        ]
        korean = [name.removesuffix("en") + "ko" for name in names]
        given = {name: Coalesce(NullIf(F(name), Value("")), Value("우리말")) for name in korean}
        model.objects.update(**dict.fromkeys(names, ""), **given)


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """Every kind of page in both languages, with many rows and with none, and the pages about errors."""
    with world.standing(django_db_blocker, 2) as directory:
        bare = factories.district(slug="bare", path_label_ko="")
        factories.company(slug="bare", summary_ko="", summary_en="")
        factories.institution(slug="bare", status="unverified", source=None)
        factories.program(slug="bare")
        factories.source(slug="bare", url="", published="")
        # Names of publishers and investors are the same in every language; the rest of the Korean must be marked.
        m.Source.objects.update(publisher="The Press")
        m.FundingRound.objects.update(investors=["Investor"])
        speak_korean_only()
        visited = [
            *addresses.pages(directory, [directory.district.slug, bare.slug]),
            *(address for kind in addresses.PROFILES for address in addresses.both(kind, "bare")),
            *addresses.both("companies", query="q=nothing-is-called-so&kind=startup"),
            *addresses.both("companies", query="district=nowhere&page=0&sort=nonsense"),
            *addresses.both("compare", query="d=nowhere"),
            *addresses.both("compare", query=f"d=main-district&d={bare.slug}&diff=1"),
            *addresses.both("locate", query="who=x&stage=x&technology=x&peers=9&d=bare"),
            *addresses.both("locate", query="&".join(f"{one.key}=0" for one in CRITERIA)),
            *addresses.both("search", query="q=%3Cb%3E"),
            "/no-such-page/",
            "/en/no-such-page/",
            "/?q=%00",
        ]
        client = Client()
        yield {address: client.get(address).content.decode() for address in visited}


def test_pages_are_well_formed(pages):
    found = {f"{address}: {problem}" for address, html in pages.items() for problem in markup.problems(html)}
    assert not found, "\n".join(sorted(found))


def test_korean_words_on_english_pages_are_marked_as_korean(pages):
    found = set()
    for address, html in pages.items():
        if address.startswith("/en/"):
            root, _ = markup.read(html)
            found |= {f"{address}: {text}" for text in markup.foreign_texts(root)}
    assert not found, "\n".join(sorted(found))


def test_the_reader_would_notice():
    """The checks above find what they are for."""
    bad = (
        "<body><h1>T</h1><p>a<details>b</details></p><h3>c</h3><i id=x></i><i id=x></i><a href='#y'>d</a>"
        "<table><tr><th>e</th></tr></table><svg></svg><input><section>None</section><b onclick='f'>g</b></body>"
    )
    found = "\n".join(markup.problems(bad))
    for said in (
        "inside words",
        "level 3 follows",
        "'x' stands 2 times",
        "no element has the id 'y'",
        "without a caption",
        "without scope",
        "neither named nor hidden",
        "control without a name",
        "landmark without a name",
        "inline onclick",
        "'None' stands on the page",
    ):
        assert said in found
    assert markup.foreign_texts(markup.read("<html lang=en><body><p>판교</p></body></html>")[0])
    assert not markup.foreign_texts(markup.read("<html lang=en><body><p lang=ko>판교</p></body></html>")[0])
    assert re.search("closes", "\n".join(markup.read("<p><b></p></b>")[1]))
