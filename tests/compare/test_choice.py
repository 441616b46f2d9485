"""What an address may name, for every kind: the same complaints, moves, links and files."""

import json
import re
from html import unescape

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters.compare.kinds import BY_NAME, KINDS
from clusters.curation import history
from clusters.views import compare
from tests import factories as make

from .served import address, document, page, rows_of, table, values

pytestmark = pytest.mark.django_db

NAMES = list(BY_NAME)
every_kind = pytest.mark.parametrize("name", NAMES)


def some(name: str, number: int = 3) -> list[str]:
    noun = BY_NAME[name].noun
    return [getattr(make, noun)(slug=f"{noun}-{letter}").slug for letter in "abcdef"[:number]]


def complaints(html: str) -> list[str]:
    warned = re.search(r'<div class="msg warn">(.*?)</div>', html, re.S)
    return re.findall(r"<p>(.*?)</p>", warned[1]) if warned else []


def problems(client, name, *slugs) -> list[str]:
    """What the file's answer says is wrong; it must be the JSON problem, for the CSV as well."""
    told = []
    for suffix in (".json", ".csv"):
        response = client.get(address(name, *slugs, suffix=suffix))
        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        told.append(json.loads(response.content)["errors"][BY_NAME[name].parameter])
    assert told[0] == told[1]
    return told[0]


@every_kind
def test_two_of_them_stand_side_by_side_in_the_order_of_the_address(client, name):
    first, second, _third = some(name)
    html = page(client, name, second, first)
    heads = re.findall(r'<th scope="col"[^>]*>.*?<a href="([^"]+)"', html)
    assert heads[:2] == [f"/en/{name}/{second}/", f"/en/{name}/{first}/"]
    assert not complaints(html) and "<h1>" in html
    data = document(client, name, second, first)
    assert [one["slug"] for one in data[name]] == [second, first]


@every_kind
def test_page_csv_and_json_list_the_same_rows(client, name):
    slugs = some(name)
    for differences in ({}, {"diff": "1"}):
        shown = rows_of(page(client, name, *slugs, **differences))
        data = document(client, name, *slugs, **differences)
        lines = table(client, name, *slugs, **differences)
        assert shown == [found["slug"] for found in data["results"]]
        assert [(line["row"], line["slug"]) for line in lines] == [
            (found["slug"], slug) for found in data["results"] for slug in slugs
        ]


@every_kind
def test_what_is_the_same_everywhere_can_be_left_out(client, name):
    slugs = some(name, 2)
    html = page(client, name, *slugs)
    same = re.findall(r'<tr class="same" data-row="([^"]+)"', html)
    assert same, "Records of one making are alike in something."
    only = page(client, name, *slugs, diff="1")
    assert not set(same) & set(rows_of(only))
    assert "left out" in only or "do not differ" in only


@every_kind
@pytest.mark.parametrize("how", ["unknown", "draft", "archived"])
def test_one_that_is_not_published_is_left_out_and_it_says_so(client, name, how):
    first, second, third = some(name)
    if how == "unknown":
        third = "no-such-thing"
    else:
        BY_NAME[name].model.objects.filter(slug=third).update(publication=how)
    html = page(client, name, first, third, second)
    assert len(complaints(html)) == 1 and "not in this directory" in complaints(html)[0]
    assert f"/en/{name}/{third}/" not in html
    assert any("not in this directory" in told for told in problems(client, name, first, third, second))


@every_kind
def test_one_that_is_named_twice_is_shown_once_and_it_says_so(client, name):
    first, second, _third = some(name)
    html = page(client, name, first, second, first)
    assert len(complaints(html)) == 1 and "more than once" in complaints(html)[0]
    assert len(re.findall(r'<th scope="col"', html)) % 2 == 0
    assert problems(client, name, first, second, first)


@every_kind
def test_of_five_the_first_four_are_shown_and_it_says_so(client, name):
    slugs = some(name, 5)
    html = page(client, name, *slugs)
    assert len(complaints(html)) == 1 and "first four" in complaints(html)[0]
    assert f"/en/{name}/{slugs[3]}/" in html and f"/en/{name}/{slugs[4]}/" not in html
    assert problems(client, name, *slugs)


@every_kind
@pytest.mark.parametrize("number", [0, 1])
def test_fewer_than_two_lead_to_the_choice(client, name, number):
    slugs = some(name)[:number]
    html = page(client, name, *slugs)
    assert len(complaints(html)) == number
    for other in KINDS:
        assert f'href="/en{other.url.removeprefix("/en")}"' in html, "The other comparisons are a step away."
    assert problems(client, name, *slugs)


@every_kind
def test_renamed_and_merged_records_are_found_by_their_old_slugs(client, name):
    noun = BY_NAME[name].noun
    first, second, _third = some(name)
    make.redirect(kind=noun, old_slug="old-name", new_slug=second)
    make.redirect(kind="source", old_slug="elsewhere", new_slug=second)
    html = page(client, name, first, "old-name")
    assert not complaints(html) and f"/en/{name}/{second}/" in html
    assert "old-name" not in unescape(html).split('id="share"')[1].split('id="refs"')[0]
    assert [one["slug"] for one in document(client, name, "old-name", first)[name]] == [second, first]
    assert len(complaints(page(client, name, first, second, "old-name"))) == 1, "It is named twice."
    assert complaints(page(client, name, first, second, "elsewhere")), "Sources went their own way."
    BY_NAME[name].model.objects.filter(slug=second).update(publication="draft")
    assert "not in this directory" in complaints(page(client, name, first, "old-name"))[0]


@every_kind
def test_they_can_be_moved_and_removed(client, name):
    a, b, c = some(name)
    letter = BY_NAME[name].parameter
    html = unescape(page(client, name, a, b, c))
    path = address(name).split("?")[0]
    assert f'href="{path}?{letter}={b}&{letter}={a}&{letter}={c}"' in html
    assert f'href="{path}?{letter}={a}&{letter}={c}"' in html
    assert 'data-pair="2-3"' in page(client, name, a, b, c, pair="2-3")
    assert 'data-pair="1-2"' in page(client, name, a, b, c, pair="3-9")


@pytest.mark.parametrize("name", NAMES[1:])
def test_others_are_found_by_name_and_added_by_a_form(client, name):
    noun = BY_NAME[name].noun
    chosen = getattr(make, noun)(name_ko="첫째나루", name_en="Naru One")
    other = getattr(make, noun)(name_ko="둘째나루", name_en="Naru Two")
    getattr(make, noun)(name_ko="숨은나루", name_en="Naru Hidden", publication="draft")
    html = page(client, name, chosen.slug, q="naru")
    letter = BY_NAME[name].parameter
    boxes = re.findall(rf'<input type="checkbox" name="{letter}" value="([^"]+)">', html)
    assert boxes == [other.slug], "Neither what is in the comparison nor what is not published is offered."
    assert f'<input type="hidden" name="{letter}" value="{chosen.slug}">' in html
    assert "Hidden" not in html
    assert "Nothing was found" in page(client, name, chosen.slug, q="no+such+name")
    assert 'class="err"' in page(client, name, chosen.slug, q="x" * 3000)


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_full_comparison_offers_no_more(client, name):
    slugs = some(name, 4)
    assert 'name="q"' in page(client, name, *slugs[:3])
    assert 'name="q"' not in page(client, name, *slugs)


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_past_state_is_shown_as_it_was(client, name):
    noun = BY_NAME[name].noun
    with time_machine.travel("2026-03-01 10:00 +0900", tick=False):
        record = getattr(make, noun)(name_en="Once", name_ko="옛이름")
        other = getattr(make, noun)()
    with time_machine.travel("2026-05-01 10:00 +0900", tick=False):
        record.name_en = "Nowadays"
        history.save(record, by=make.person("editor", "editor"))
    with time_machine.travel("2026-07-01 10:00 +0900", tick=False):
        then = page(client, name, record.slug, other.slug, as_of="2026-04-01")
        assert "<h1>Once and " in then and "Nowadays" not in then
        assert "<h1>Nowadays and " in page(client, name, record.slug, other.slug)
        assert '<input type="hidden" name="as_of" value="2026-04-01">' in then
        assert document(client, name, record.slug, other.slug, as_of="2026-04-01")[name][0]["name"] == "Once"
        assert (
            client.get(address(name, record.slug, other.slug, suffix=".csv", as_of="2026-99-01")).status_code
            == 400
        )


@every_kind
def test_sharing_and_citing_hold_the_whole_address(client, name, settings):
    slugs = some(name, 2)
    html = unescape(page(client, name, *slugs))
    letter = BY_NAME[name].parameter
    path = address(name, *slugs)
    assert (settings.SITE_URL + path).replace("&", "%26").replace("?", "%3F").replace("=", "%3D").replace(
        ":", "%3A"
    ) in html
    assert f"{settings.SITE_URL}{path}&as_of=" in html
    for suffix in (".csv", ".json"):
        assert f'href="{address(name, *slugs, suffix=suffix)}"' in html
    assert letter in path


anything = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(
    st.sampled_from(NAMES),
    st.lists(st.one_of(anything, st.sampled_from(["a", "b", "c", "1" * 30, "²"])), max_size=7),
    anything,
    anything,
)
def test_no_address_breaks_the_page_or_the_files(client, name, slugs, text, pair):
    kind = BY_NAME[name]
    for letter in "abc":
        if not kind.model.objects.filter(slug=letter).exists():
            getattr(make, kind.noun)(slug=letter)
    for suffix in ("/", ".csv", ".json"):
        path = address(name, suffix="" if suffix == "/" else suffix).split("?")[0]
        response = client.get(
            path, {kind.parameter: slugs, "diff": text, "pair": pair, "q": text, "embed": pair}
        )
        assert response.status_code in ((200,) if suffix == "/" else (200, 400))


def test_values_read_from_a_page_are_those_of_the_files(client):
    """Every text of a cell in the file is on the page as well."""
    a, b = make.company(founded="2016-10", stage="series_a"), make.company(website="https://b.example/")
    html = page(client, "companies", a.slug, b.slug)
    data = document(client, "companies", a.slug, b.slug)
    assert values(data, "founded") == ["October 2016", "not surveyed"]
    for found in data["results"]:
        for cell in found["cells"]:
            if isinstance(cell.get("value"), str):
                assert cell["value"].split(" (")[0] in html


@pytest.mark.parametrize("suffix", ["/", ".csv", ".json"])
@pytest.mark.parametrize("name", ["companies", "institutions", "programs"])
def test_a_record_that_is_withdrawn_while_it_is_read_is_no_error(client, monkeypatch, name, suffix):
    kind = BY_NAME[name]
    made = [getattr(make, kind.noun)(slug=slug) for slug in ("aa", "bb")]
    chosen = compare.choose

    def withdrawn_meanwhile(*given, **more):
        choice = chosen(*given, **more)
        kind.model.objects.filter(pk=made[0].pk).update(publication="archived")
        return choice

    monkeypatch.setattr(compare, "choose", withdrawn_meanwhile)
    assert client.get(address(name, "aa", "bb", suffix=suffix)).status_code == 200
