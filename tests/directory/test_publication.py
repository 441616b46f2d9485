"""Published means published everywhere: rows, related names, choices, counts, files and search."""

import pytest
from django.urls import reverse
from django.utils import translation

from clusters.directory.registry import DIRECTORIES
from tests import factories

pytestmark = pytest.mark.django_db
NAMES = [directory.name for directory in DIRECTORIES]
MARK = "planted"


def planted(**given) -> dict:
    return {"publication": "draft", **given}


@pytest.fixture
def world():
    """Public records that refer to hidden ones in every way there is; every hidden text holds the mark."""
    names = {"name_ko": MARK, "name_en": MARK}
    source = factories.source(
        **planted(slug=f"{MARK}-source", title=MARK, publisher=MARK, url=f"https://{MARK}.example/")
    )
    district = factories.district(
        **planted(slug=f"{MARK}-district", short_name_ko=MARK, short_name_en=MARK, **names)
    )
    operator = factories.institution(**planted(slug=f"{MARK}-operator", **names))

    open_district = factories.district(slug="pangyo", source=source)
    company = factories.company(slug="open-company", source=source)
    factories.office(company=company, district=district, kind="hq")
    factories.office(company=company, district=open_district, source=source, kind="lab")
    factories.office(company=company, **planted(district=open_district, kind="branch", address_ko=MARK))
    institution = factories.institution(slug="open-institution", district=district, source=source)
    program = factories.program(
        slug="open-program",
        operator=operator,
        coverage="districts",
        districts=[district, open_district],
        source=source,
    )
    program.partners.add(operator)
    factories.call(program=program, **planted(slug=f"{MARK}-call", label_ko=MARK, label_en=MARK))
    factories.call(program=program, slug="open-call", source=source, period_kind="announced_later")
    factories.event(slug="open-event", district=district, organizer=operator, source=source)
    factories.station(district=open_district, **planted(name_ko=MARK, name_en=MARK))

    factories.company(**planted(slug=f"{MARK}-company", **names))
    factories.office(company=factories.company(**planted(**names)), district=open_district)
    factories.program(**planted(slug=f"{MARK}-program", districts=[open_district], **names))
    factories.institution(**planted(slug=f"{MARK}-institution", district=open_district, **names))
    factories.event(
        **planted(slug=f"{MARK}-event", district=open_district, starts_on="2031-05-05", ends_on=None, **names)
    )
    factories.source(**planted(published="1901", title=MARK))
    for publication in ("in_review", "archived"):
        factories.company(publication=publication, slug=f"{MARK}-{publication.replace('_', '-')}", **names)
    return institution


@pytest.mark.parametrize("language", ["ko", "en"])
def test_hidden_records_show_nowhere(client, world, language):
    with translation.override(language):
        addresses = [reverse(name + suffix) for name in NAMES for suffix in ("", ".csv", ".json")]
        addresses += [
            f"{reverse(name)}?district=pangyo" for name in ("companies", "institutions", "programs", "events")
        ]
        addresses.append(f"{reverse('search')}?q=open")
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert MARK not in answer.getvalue().decode().lower(), address


@pytest.mark.parametrize("name", NAMES)
def test_hidden_texts_are_not_found(client, world, name):
    assert client.get(reverse(f"{name}.json"), {"q": MARK}).json()["count"] == 0


def test_search_does_not_find_hidden_texts(client, world):
    assert client.get(reverse("search"), {"q": MARK}).context["total"] == 0


@pytest.mark.parametrize("name", ["companies", "institutions", "programs", "events"])
def test_a_hidden_choice_is_as_unknown_as_none(client, world, name):
    hidden = client.get(reverse(f"{name}.json"), {"district": f"{MARK}-district"})
    unknown = client.get(reverse(f"{name}.json"), {"district": "nothing-district"})
    assert hidden.status_code == unknown.status_code == 400
    assert hidden.content.decode().replace(MARK, "nothing") == unknown.content.decode()


def test_years_come_from_public_records_only(client, world):
    assert client.get(reverse("events.json"), {"year": "2031"}).status_code == 400
    assert client.get(reverse("sources.json"), {"year": "1901"}).status_code == 400


def test_counts_leave_hidden_records_out(client, world):
    row = client.get(reverse("districts.json")).json()["results"][0]
    assert (row["companies"], row["institutions"], row["programs"]) == (1, 0, 1)
    offices = client.get(reverse("companies.json")).json()["results"][0]["offices"]
    assert [(one["district"], one["sources"]) for one in offices] == [("pangyo", [])]
    # The hidden call would be open at any time; the public one decides.
    program = client.get(reverse("programs.json")).json()["results"][0]
    assert (program["status"], program["operator"], program["partners"]) == ("announced_later", None, [])
    assert [call["slug"] for call in program["calls"]] == ["open-call"]


@pytest.mark.parametrize("name", ["companies", "institutions", "programs"])
def test_a_districts_counts_are_those_of_the_lists_they_lead_to(client, world, name):
    row = client.get(reverse("districts.json")).json()["results"][0]
    assert row[name] == client.get(reverse(f"{name}.json"), {"district": row["slug"]}).json()["count"]
