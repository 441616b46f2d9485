"""The comparison as one picture: what it says, that it is sound and safe, and that no words meet."""

import re
from xml.etree import ElementTree

import pytest

from clusters.compare import fitting, picture
from clusters.compare.kinds import KINDS
from clusters.compare.marks import COLORS, SHAPES
from clusters.models import Mark
from config.settings import BASE_DIR
from tests import factories

from . import served

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
LONG_KO = "이화여자대학교 의과대학·이대서울병원 인공지능융합연구센터와 여러 기관의 공동 연구단"
LONG_EN = "Ewha Womans University College of Medicine and Seoul Hospital WWWWWWWWWWWWWWWWWWWWWWWWW"


def drawn(client, name: str, *slugs: str, **more: str) -> ElementTree.Element:
    response = client.get(served.address(name, *slugs, suffix=".svg", **more))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def words(root: ElementTree.Element) -> str:
    return " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))


def figures(*values: int, survey: str = "Survey", extent: str = "whole"):
    """Districts of which one indicator is known; returns their slugs."""
    indicator = factories.indicator(slug="firms", name_en="Firms counted", kind="count", unit_en="firms")
    slugs = []
    marks = ("square", "diamond", "triangle", "wedge")
    for number, value in enumerate(values):
        district = factories.district(
            slug=f"d{number}",
            short_name_en=f"Place {number}",
            short_name_ko=f"곳{number}",
            mark=marks[number],
        )
        series = factories.series(
            district=district,
            indicator=indicator,
            survey_ko=f"{survey}{number if survey == 'Own' else ''}",
            survey_en=f"{survey}{number if survey == 'Own' else ''}",
            extent=extent,
        )
        factories.observation(
            series=series,
            value=value,
            period="2025",
            source=factories.source(publisher="Bureau of Numbers"),
        )
        slugs.append(district.slug)
    return slugs


def test_it_shows_names_marks_values_bars_and_what_stands_around(client):
    slugs = figures(100, 25, survey="Census")
    root = drawn(client, "districts", *slugs)
    assert (root.get("width"), root.get("height"), root.get("role")) == ("1200", "630", "img")
    assert root.find(f"{SVG}title").text == "Place 0 and Place 1 compared"
    told = root.find(f"{SVG}desc").text
    assert "Firms counted (Same survey: Census): Place 0 100 firms (2025" in told
    text = words(root)
    for part in (
        "Place 0",
        "Place 1",
        "100 firms",
        "25 firms",
        "2025",
        "Bureau of Numbers",
        "Seoul AI Clusters",
    ):
        assert part in text
    assert "as of" in text and "/en/compare/?d=d0&d=d1" in text
    colors = {path.get("fill") for path in root.iter(f"{SVG}path")}
    assert {COLORS["square"], COLORS["diamond"]} <= colors
    lengths = [
        float(bar.get("width")) for bar in root.iter(f"{SVG}rect") if bar.get("fill") in COLORS.values()
    ]
    assert lengths[:2] == pytest.approx([lengths[0], lengths[0] / 4], abs=0.1)
    korean = drawn(client, "districts", *slugs, language="ko")
    assert "곳0" in words(korean) and "기준" in words(korean) and korean.get("lang") == "ko"


def test_no_bars_where_the_values_cannot_be_compared_and_why(client):
    slugs = figures(100, 25, survey="Own")
    root = drawn(client, "districts", *slugs)
    text = words(root)
    assert "100 firms" in text and "Different surveys: Own0; Own1. No bars are drawn." in text
    assert "No bars are drawn." in root.find(f"{SVG}desc").text
    why = served.row(served.document(client, "districts", *slugs), "firms")["why_not"]
    assert why in text


def test_the_same_bars_as_on_the_page(client):
    slugs = figures(100, 25, 50)
    entries = served.document(client, "districts", *slugs)["results"]
    shown = drawn(client, "districts", *slugs)
    rows = [entry for entry in entries if entry["label"] in words(shown)]
    expected = sorted(
        cell["bar_percent"] for entry in rows for cell in entry["cells"] if cell["bar_percent"] is not None
    )
    tracks = [float(r.get("width")) for r in shown.iter(f"{SVG}rect") if r.get("fill") == "#e5e7e8"]
    bars = [float(r.get("width")) for r in shown.iter(f"{SVG}rect") if r.get("fill") in COLORS.values()]
    assert len(tracks) == len(bars)
    seen = sorted(100 * bar / track for bar, track in zip(bars, tracks, strict=True))
    assert set(map(round, seen)) <= set(map(round, expected))


HOSTILE = "<script>alert(1)</script> & \"q\" 'n'"


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_names_are_text_and_nothing_else(client, kind):
    make = {
        "districts": lambda n: factories.district(
            short_name_en=HOSTILE, short_name_ko=HOSTILE, mark="square"
        ),
        "companies": lambda n: factories.company(name_en=HOSTILE, name_ko=HOSTILE),
        "institutions": lambda n: factories.institution(name_en=HOSTILE, name_ko=HOSTILE),
        "programs": lambda n: factories.program(name_en=HOSTILE, name_ko=HOSTILE),
    }[kind]
    slugs = [make(number).slug for number in range(2)]
    for language in ("en", "ko"):
        root = drawn(client, kind, *slugs, language=language)
        assert {element.tag for element in root.iter()} <= {
            f"{SVG}{tag}" for tag in ("svg", "title", "desc", "rect", "path", "text", "a")
        }
        assert HOSTILE in root.find(f"{SVG}title").text
        assert all(not name.startswith("on") and name != "style" for e in root.iter() for name in e.attrib)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
@pytest.mark.parametrize("number", [2, 3, 4])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_long_names_are_shortened_and_no_words_meet(client, kind, number, language):
    names = {"name_ko": LONG_KO, "name_en": LONG_EN}
    make = {
        "districts": lambda n: factories.district(
            short_name_ko=LONG_KO[:40], short_name_en=LONG_EN[:40], mark=list(COLORS)[n]
        ),
        "companies": lambda n: factories.company(**names),
        "institutions": lambda n: factories.institution(
            role_ko=LONG_KO * 4, role_en=LONG_EN * 4, slug=f"{'long-name-' * 7}{n}", **names
        ),
        "programs": lambda n: factories.program(operator=factories.institution(**names), **names),
    }[kind]
    slugs = [make(n).slug for n in range(number)]
    root = drawn(client, kind, *slugs, language=language)
    boxes = []
    for text in root.iter(f"{SVG}text"):
        size, x, y = (float(text.get(name)) for name in ("font-size", "x", "y"))
        right = x + fitting.width(text.text, size, text.get("font-weight") == "700")
        assert x >= 48 and right <= 1152.5 and size <= y <= 622, text.text
        boxes.append((x, y - size * 0.75, right, y + size * 0.1, text.text))
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (one, other)
    if kind != "districts":  # their short names are short
        assert words(root).count("…") >= number


def test_the_address_is_whole_and_leads_to_the_comparison(client):
    slugs = [factories.company(slug=f"{'a-long-name-' * 6}{n}").slug for n in range(4)]
    root = drawn(client, "companies", *slugs)
    link = root.find(f"{SVG}a")
    expected = "/en/compare/companies/?" + "&".join(f"c={slug}" for slug in slugs)
    assert link.get("href").endswith(expected)
    two = drawn(client, "companies", *slugs[:2]).find(f"{SVG}a")
    assert "".join(two.itertext()).endswith("&".join(f"c={slug}" for slug in slugs[:2]))


def test_bad_parameters_are_answered_as_by_the_other_files(client):
    slugs = figures(1, 2)
    for query in (slugs[:1], [slugs[0], "nowhere"], [slugs[0], slugs[0], slugs[1]], []):
        picture_of, data = (
            client.get(served.address("districts", *query, suffix=suffix)) for suffix in (".svg", ".json")
        )
        assert picture_of.status_code == data.status_code == 400
        assert picture_of.content == data.content
    assert client.get(served.address("districts", *slugs, suffix=".svg", as_of="x")).status_code == 400
    assert client.post(served.address("districts", *slugs, suffix=".svg")).status_code == 405


def test_it_has_a_name_for_its_file_and_is_kept_like_a_page(client):
    slugs = figures(1, 2)
    address = served.address("districts", *slugs, suffix=".svg")
    response = client.get(address)
    assert response["Content-Disposition"] == 'inline; filename="compare-d0-d1.svg"'
    again = client.get(address, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    assert f'href="{address.replace("&", "&amp;")}">Picture (SVG)</a>' in served.page(
        client, "districts", *slugs
    )


def test_of_rows_that_differ_in_nothing_none_is_shown(client):
    slugs = [factories.institution(slug=f"same-{n}").slug for n in range(2)]
    root = drawn(client, "institutions", *slugs, diff="1")
    assert "Kind" not in words(root).split()


def test_the_colors_are_those_of_the_pages():
    style = (BASE_DIR / "clusters/static/clusters/style.css").read_text(encoding="utf-8")
    light = style.partition("@media (prefers-color-scheme: dark)")[0]
    assert {mark: re.search(rf"--{mark}: (#\w+)", light)[1] for mark in COLORS} == dict(COLORS)
    assert set(COLORS) == set(Mark.values) == set(SHAPES)


@pytest.mark.parametrize("room", [40, 90, 200, 500])
@pytest.mark.parametrize("text", [LONG_KO, LONG_EN, "W" * 80, "판교", "", "한" * 60])
def test_shortened_words_take_no_more_than_their_room(text, room):
    assert fitting.width(fitting.fitted(text, room, 18), 18) <= room
    for most in (1, 2, 3):
        lines = fitting.wrapped(text, room, 18, most=most)
        assert len(lines) <= most and all(fitting.width(line, 18) <= room for line in lines)
        if lines and not lines[-1].endswith("…"):
            assert "".join("".join(lines).split()) == "".join(text.split())


def test_every_kind_says_which_rows_it_shows():
    assert set(picture.CHOSEN) == {kind.name for kind in KINDS}
