"""Comparisons in frames of other sites: only bare pages, only where the setting says so, on every kind of answer."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
import time_machine

from clusters.compare.kinds import KINDS
from tests import factories
from tests.test_headers import check, policy_of

pytestmark = pytest.mark.django_db

NEWS = "https://news.example"
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def slugs_of(kind) -> str:
    return "&".join(f"{kind.parameter}={getattr(factories, kind.noun)().slug}" for _ in range(2))


def path_of(kind) -> str:
    return "/en/compare/" if kind.route == "compare" else f"/en/compare/{kind.name}/"


def may_frame(response) -> str:
    return policy_of(response)["frame-ancestors"]


@every_kind
def test_nobody_may_frame_anything_unless_the_setting_says_so(client, kind):
    address = f"{path_of(kind)}?{slugs_of(kind)}"
    for query in ("", "&embed=1"):
        check(client.get(address + query))
    assert 'id="embed"' not in client.get(address).content.decode()


@every_kind
def test_the_origins_that_are_named_may_frame_the_bare_page_and_nothing_else(client, kind, settings):
    settings.EMBED_ORIGINS = [NEWS, "https://*.press.example"]
    address = f"{path_of(kind)}?{slugs_of(kind)}"
    bare = client.get(f"{address}&embed=1")
    assert may_frame(bare) == f"{NEWS} https://*.press.example"
    assert "X-Frame-Options" not in bare.headers
    assert {name: value for name, value in policy_of(bare).items() if name != "frame-ancestors"} == {
        name: value for name, value in policy_of(client.get(address)).items() if name != "frame-ancestors"
    }
    for other in (
        address,
        f"{address}&embed=0",
        f"{address}&embed=yes",
        f"/en/{kind.name}/?embed=1",
        "/en/?embed=1",
        "/en/no-such-page/?embed=1",
        f"{path_of(kind).rstrip('/')}.json?{slugs_of(kind)}&embed=1",
        f"{path_of(kind).rstrip('/')}.json?embed=1",
        "/admin/login/?embed=1",
    ):
        check(client.get(other))


def test_every_site_may_where_the_setting_says_so(client, settings):
    settings.EMBED_ORIGINS = ["*"]
    response = client.get(f"/compare/?{slugs_of(KINDS[0])}&embed=1")
    assert may_frame(response) == "*" and "X-Frame-Options" not in response.headers


@time_machine.travel("2026-11-27T09:00:30+09:00", tick=False)  # a comparison is drawn anew with each minute
def test_what_is_kept_of_a_page_says_the_same(client, settings):
    """A browser takes over the headers of the answer that nothing changed."""
    settings.EMBED_ORIGINS = [NEWS]
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    }
    address = f"/en/compare/companies/?{slugs_of(KINDS[1])}&embed=1"
    first, kept = client.get(address), client.get(address)
    unchanged = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert [one.status_code for one in (first, kept, unchanged)] == [200, 200, 304]
    assert kept.content == first.content
    for response in (first, kept, unchanged):
        assert may_frame(response) == NEWS and "X-Frame-Options" not in response.headers


@every_kind
def test_the_bare_page_has_the_rows_and_one_line_that_leads_to_the_whole(client, kind, settings):
    slugs = slugs_of(kind)
    factories.source()  # its date is that of the data
    whole = client.get(f"{path_of(kind)}?{slugs}").content.decode()
    bare = client.get(f"{path_of(kind)}?{slugs}&embed=1").content.decode()
    rows = re.compile(r'data-row="([^"]+)"')
    assert rows.findall(bare) == rows.findall(whole)
    for furniture in ("<header", "<nav", 'id="share"', 'id="cite"', 'class="mv'):
        assert furniture in whole and furniture not in bare
    footer = unescape(re.search(r"<footer.*?</footer>", bare, re.S)[0])
    assert "Seoul AI Clusters" in footer and "data as of" in footer
    assert f'href="{settings.SITE_URL}{path_of(kind)}?{slugs}"' in footer
    assert '<base target="_blank">' in bare, "A profile must not open inside the frame."
    assert '<meta name="robots" content="noindex">' in bare


@pytest.mark.parametrize("query", ["", "c=no-such-company", "c=a&c=b&as_of=nonsense"])
def test_a_bare_page_that_cannot_be_made_is_bare_all_the_same(client, query, settings):
    settings.EMBED_ORIGINS = [NEWS]
    response = client.get(f"/en/compare/companies/?{query}&embed=1")
    html = response.content.decode()
    assert response.status_code == 200 and "<header" not in html and "<form" not in html
    assert may_frame(response) == NEWS


class Frame(HTMLParser):
    def handle_starttag(self, tag, attrs):
        self.tag, self.attributes = tag, dict(attrs)


def test_the_markup_to_copy_frames_the_bare_page(client, settings):
    settings.EMBED_ORIGINS = [NEWS]
    one = factories.company(name_en='"Quoted" & <Co>')
    two = factories.company()
    html = client.get(f"/en/compare/companies/?c={one.slug}&c={two.slug}").content.decode()
    frame = Frame()
    frame.feed(unescape(re.search(r'<pre class="code" id="embed-code"[^>]*>(.*?)</pre>', html, re.S)[1]))
    assert frame.tag == "iframe"
    assert frame.attributes["title"].startswith('"Quoted" & <Co> and ')
    assert frame.attributes["src"].startswith(settings.SITE_URL)
    shown = client.get(frame.attributes["src"].removeprefix(settings.SITE_URL))
    assert shown.status_code == 200 and may_frame(shown) == NEWS
