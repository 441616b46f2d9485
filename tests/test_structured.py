"""What machines are told: titles and descriptions, both languages of a page, structured data, sitemap, robots."""

import json
import re
import xml.etree.ElementTree as Tree
from collections import Counter
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from clusters.models import Company, Series
from clusters.views import sitemaps
from tests import addresses, factories, markup, world

pytestmark = pytest.mark.django_db

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


class Page:
    def __init__(self, address: str, html: str) -> None:
        self.address, self.html = address, html
        self.root, _ = markup.read(html)

    @property
    def title(self) -> str:
        return self.root.all("title")[0].text

    def meta(self, name: str) -> str:
        metas = (one.attributes for one in self.root.all("meta"))
        found = [given["content"] for given in metas if name in (given.get("name"), given.get("property"))]
        assert len(found) == 1, f"{name} on {self.address}"
        return found[0]

    def links(self, kind: str) -> dict[str, str]:
        return {
            one.attributes.get("hreflang", ""): one.attributes["href"]
            for one in self.root.all("link")
            if one.attributes["rel"] == kind and "type" not in one.attributes  # another format, not language
        }

    @property
    def data(self) -> dict[str, dict]:
        """The structured data of the page by type."""
        scripts = [s for s in self.root.all("script") if s.attributes.get("type") == "application/ld+json"]
        blocks = [json.loads("".join(script.children)) for script in scripts]
        assert all(block["@context"] == "https://schema.org" for block in blocks)
        return {block["@type"]: block for block in blocks}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """Every address of the sitemap, read once. Some records share their names."""
    with world.standing(django_db_blocker, 1) as directory:
        factories.institution(
            slug="namesake", name_ko="같은 이름", name_en="The same name", role_ko="역할입니다."
        )
        factories.program(
            slug="namesake", name_ko="같은 이름", name_en="The same name", summary_ko="사업입니다."
        )
        for date in ("2024", "2025"):
            factories.source(title="같은 보고서", publisher="같은 곳", published=date, url="")
        factories.company(slug="without-summary", summary_ko="", summary_en="")
        factories.district(slug="a-draft", publication="draft")
        client = Client()
        listing = client.get("/sitemap.xml").content.decode()
        entries = [entry.find("s:loc", SITEMAP).text for entry in Tree.fromstring(listing)]
        pages = {}
        for entry in entries:
            address = entry.removeprefix(settings.SITE_URL)
            response = client.get(address)
            assert response.status_code == 200, entry
            pages[address] = Page(address, response.content.decode())
        yield SimpleNamespace(directory=directory, listing=listing, entries=entries, pages=pages)


def test_the_sitemap_lists_every_public_page_once_and_nothing_else(site):
    wanted = [*addresses.pages_to_find(), *addresses.lists(), *addresses.all_profiles()]
    assert Counter(site.entries) == Counter(settings.SITE_URL + address for address in wanted)
    assert "a-draft" not in site.listing


def test_the_sitemap_names_the_other_language_of_each_page(site):
    for entry in Tree.fromstring(site.listing):
        place = entry.find("s:loc", SITEMAP).text.removeprefix(settings.SITE_URL).removeprefix("/en")
        alternates = {link.get("hreflang"): link.get("href") for link in entry.findall("x:link", SITEMAP)}
        assert alternates["ko"] == settings.SITE_URL + place
        assert alternates["en"] == f"{settings.SITE_URL}/en{place}"
    for kind in addresses.PROFILES:
        assert (
            entry_of(site, addresses.both(kind, getattr(site.directory, kind).slug)[0]).find(
                "s:lastmod", SITEMAP
            )
            is not None
        )


def entry_of(site, address: str) -> Tree.Element:
    return next(
        e
        for e in Tree.fromstring(site.listing)
        if e.find("s:loc", SITEMAP).text == settings.SITE_URL + address
    )


def test_the_sitemap_does_not_depend_on_the_name_it_was_asked_by(client):
    assert (
        client.get("/sitemap.xml", headers={"host": "localhost:1234"}).content
        == client.get("/sitemap.xml").content
    )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_titles_are_given_and_unique(site, language):
    pages = [page for page in site.pages.values() if page.root.all("html")[0].attributes["lang"] == language]
    assert len(pages) == len(site.pages) / 2
    assert all(len(page.title.split(" | ")[0]) >= 2 for page in pages)
    repeated = [title for title, number in Counter(page.title for page in pages).items() if number > 1]
    assert repeated == []


@pytest.mark.parametrize("name", ["description", "og:title", "og:description"])
def test_descriptions_are_given(site, name):
    assert [page.address for page in site.pages.values() if len(page.meta(name).strip()) < 2] == []


def test_descriptions_of_pages_differ(site):
    kinds = (
        "/about/",
        "/compare/",
        "/companies/",
        "/programs/",
        "/districts/main-district/",
        "/companies/main-company/",
    )
    descriptions = [
        site.pages[language + path].meta("description") for path in ("/", *kinds) for language in ("", "/en")
    ]
    assert len(set(descriptions)) == len(descriptions)


def test_each_page_knows_itself_in_both_languages(site):
    for address, page in site.pages.items():
        korean = address.removeprefix("/en") or "/"
        both = {"ko": settings.SITE_URL + korean, "en": f"{settings.SITE_URL}/en{korean}"}
        assert page.links("alternate") == {**both, "x-default": both["ko"]}, address
        own = both["en" if address.startswith("/en/") else "ko"]
        assert page.links("canonical") == {"": own}
        assert page.meta("og:url") == own


def test_pages_about_errors_are_not_to_be_kept(client):
    for address in ("/no-such-page/", "/en/no-such-page/", "/?q=%00"):
        page = Page(address, client.get(address).content.decode())
        assert page.meta("robots") == "noindex"
        assert not page.links("canonical") and not page.links("alternate")


@pytest.mark.parametrize(
    ("path", "types"),
    [
        ("/", {"WebSite"}),
        ("/districts/main-district/", {"Place", "Dataset", "BreadcrumbList"}),
        ("/companies/main-company/", {"Organization", "BreadcrumbList"}),
        ("/institutions/main-institution/", {"Organization", "BreadcrumbList"}),
        ("/programs/main-program/", {"GovernmentService", "BreadcrumbList"}),
        ("/sources/main-source/", {"BreadcrumbList"}),
    ],
)
def test_structured_data_says_what_the_page_is_about(site, path, types):
    for address in (path, f"/en{path}"):
        page = site.pages[address]
        assert set(page.data) == types
        for kind in types - {"BreadcrumbList"}:
            assert page.data[kind]["url"] == settings.SITE_URL + address
        if "BreadcrumbList" in types:
            steps = page.data["BreadcrumbList"]["itemListElement"]
            assert [step["position"] for step in steps] == [1, 2, 3]
            assert steps[-1]["item"] == settings.SITE_URL + address
            assert steps[1]["item"].removeprefix(settings.SITE_URL) in site.pages
        text = json.dumps(page.data)
        assert '""' not in text and "null" not in text and "[]" not in text, "What is not known is left out."


def test_structured_data_speaks_the_language_of_the_page(site):
    record = site.directory.company
    assert site.pages["/companies/main-company/"].data["Organization"]["name"] == record.name_ko
    assert site.pages["/en/companies/main-company/"].data["Organization"]["name"] == record.name_en


def test_a_data_set_offers_only_what_is_there(client, site):
    """It names its terms, and no file that would answer with an error."""
    data = site.pages["/districts/main-district/"].data["Dataset"]
    address, anchor = data["license"].removeprefix(settings.SITE_URL).split("#")
    assert site.pages[address].root.by_id(anchor)
    for file in data.get("distribution", []):
        assert client.get(file["contentUrl"].removeprefix(settings.SITE_URL)).status_code == 200


def test_a_district_without_indicators_has_no_data_set(client):
    district = factories.district()
    assert not Series.objects.filter(district=district).exists()
    page = Page("", client.get(f"/districts/{district.slug}/").content.decode())
    assert set(page.data) == {"Place", "BreadcrumbList"}


def test_a_private_program_is_no_government_service(client):
    program = factories.program(private=True, operator=factories.institution(name_ko="액셀러레이터"))
    data = Page("", client.get(f"/programs/{program.slug}/").content.decode()).data
    assert "GovernmentService" not in data
    assert data["Service"]["provider"]["name"] == "액셀러레이터"


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!--<script>", "A & \" ' \\ B", "{{ 7|add:7 }}"]
)
def test_no_name_breaks_out(client, name):
    """Not out of the structured data, nor out of anything else."""
    given = {"name_ko": name, "name_en": name}
    source = factories.source(title=name, publisher=name)
    district = factories.district(
        **given, short_name_ko=name[:40], short_name_en=name[:40], source=source, featured=True
    )
    company = factories.company(**given, aliases=[name], summary_ko=name)
    institution = factories.institution(**given, source=source)
    program = factories.program(**given, operator=institution, districts=[district])
    factories.office(company=company, district=district, address_ko=name, source=source, note_ko=name)
    factories.event(**given, district=district, venue_ko=name)
    profiles = {
        "district": district,
        "company": company,
        "institution": institution,
        "program": program,
        "source": source,
    }
    for address in (*(f"/{kind}" for kind in profiles), "home", "events", "search"):
        kind = address.removeprefix("/")
        found = addresses.both(kind, profiles[kind].slug) if kind in profiles else addresses.both(kind)
        for place in found:
            html = client.get(place).content.decode()
            assert "<script>alert" not in html and "<!--<script" not in html, place
            assert markup.problems(html) == [] or "{{" in name, place
            page = Page(place, html)
            if kind in ("company", "institution", "program"):
                assert next(iter(page.data.values()))["name"] == name


def test_everything_a_page_needs_is_there(site, client):
    """Style sheet, scripts, icon and picture of every page can be fetched from this site."""
    needed = {
        value
        for page in site.pages.values()
        for one in page.root.all("link", "script", "img", "meta")
        for name, value in one.attributes.items()
        if name in ("src", "href", "content") and "/static/" in value
    }
    assert len(needed) >= 4
    for address in needed:
        path = address.removeprefix(settings.SITE_URL)
        assert re.match(r"/static/[a-z_]+/", path), "Nothing comes from elsewhere."
        assert client.get(path).status_code == 200, path


def test_a_large_directory_has_an_index_of_files_by_kind(client, monkeypatch):
    """Every published record stands once in the files that the index names, and drafts in none."""
    monkeypatch.setattr(sitemaps, "MOST_IN_ONE", 3)
    monkeypatch.setattr(sitemaps, "MOST_IN_A_FILE", 2)
    companies = {factories.company().get_absolute_url() for _ in range(5)}
    hidden = factories.company(slug="still-a-draft", publication="draft")
    index = Tree.fromstring(client.get("/sitemap.xml").content)
    assert index.tag.endswith("sitemapindex")
    files = [one.text.removeprefix(settings.SITE_URL) for one in index.iter(f"{{{SITEMAP['s']}}}loc")]
    published = Company.objects.published().count()
    assert len(files) == len(set(files)) and sum("company" in file for file in files) == (published + 1) // 2
    listed = []
    for file in files:
        answer = client.get(file)
        assert answer.status_code == 200 and answer["Content-Type"] == "application/xml"
        listed += [one.text for one in Tree.fromstring(answer.content).iter(f"{{{SITEMAP['s']}}}loc")]
    assert len(listed) == len(set(listed))
    assert {settings.SITE_URL + path for path in companies} < set(listed)
    assert {f"{settings.SITE_URL}/en/companies/", f"{settings.SITE_URL}/"} < set(listed)
    assert settings.SITE_URL + hidden.get_absolute_url() not in listed


@pytest.mark.parametrize(
    "name", ["company-2", "company-0", "pages-2", "user-1", "company-" + "9" * 40, "company-50001", "-1"]
)
def test_files_that_the_index_does_not_name(client, db, name):
    factories.company()
    assert client.get(f"/sitemap-{name}.xml").status_code == 404
