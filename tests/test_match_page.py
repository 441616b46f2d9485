"""The program matcher as a visitor uses it: answers in the address, verdicts with clauses, nothing stored."""

from datetime import UTC, datetime

import pytest
import time_machine

from clusters.curation import history
from clusters.models import Call, Company, Program
from clusters.programs import moves
from tests import addresses, factories
from tests.reader import read, section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-25 12:00 +0900", tick=False):
        yield


def call(name, dimension, terms, **given):
    made = factories.call(
        program=factories.program(name_ko=name, name_en=f"{name} in English"),
        **{"period_kind": "always", **given},
    )
    factories.criterion(
        call=made,
        order=1,
        dimension=dimension,
        terms=terms,
        quote=f"{name}의 조항",
        source=factories.source(title="공고문"),
    )
    return made


def test_calls_stand_in_groups_with_their_clauses(client):
    call("맞는 것", "business_age", {"max_years": 7})
    call("안 맞는 것", "business_age", {"max_years": 3})
    call("봐야 하는 것", "other", {})
    call("나중 것", "business_age", {"max_years": 7}, period_kind="upcoming")
    address = "/en/programs/match/?founded=2020-05"
    shown = {key: section(client, address, key) for key in ("can", "check", "later", "cannot")}
    for key, name in (
        ("can", "맞는 것"),
        ("check", "봐야 하는 것"),
        ("later", "나중 것"),
        ("cannot", "안 맞는 것"),
    ):
        assert f"{name} in English" in shown[key].text and f"{name}의 조항" in shown[key].text
        assert shown[key].attributes["data-total"] == "1"
    assert "6 full years" in shown["cannot"].text
    assert "공고문" in read(client, address).text


def test_nothing_is_judged_before_something_is_said(client):
    call("맞는 것", "size", {"sizes": ["sme"]})
    for address in addresses.both("match"):
        assert read(client, address).by_id("check") is None
        assert read(client, f"{address}?form=&size=").by_id("check") is None


def test_a_company_of_the_directory_fills_the_form(client):
    company = factories.company(slug="known", founded="2024-02", kind="startup")
    call("맞는 것", "business_age", {"max_years": 3})
    assert "맞는 것" in section(client, "/programs/match/?company=known", "can").text
    assert "맞는 것" in section(client, "/programs/match/?company=known&founded=2019", "cannot").text
    Company.objects.filter(pk=company.pk).update(publication="draft")
    page = read(client, "/en/programs/match/?company=known")
    assert "There is no such company" in page.text and "2024-02" not in page.text
    assert client.get("/programs/match.json?company=known").status_code == 400


@pytest.mark.parametrize(
    "query",
    ["founded=soon", "size=huge", "province=atlantis", "technology=magic", "investment=-1", "investment=²"],
)
def test_what_cannot_be_read_is_said_and_not_used(client, query):
    call("맞는 것", "size", {"sizes": ["sme"]})
    page = read(client, f"/en/programs/match/?{query}")
    assert page.all("p") and any("err" in one.attributes.get("class", "") for one in page.all("p"))
    assert page.by_id("cannot") is None
    response = client.get(f"/en/programs/match.json?{query}")
    assert response.status_code == 400 and response.json()["errors"]


def test_the_file_says_the_same_as_the_page(client):
    call("맞는 것", "size", {"sizes": ["sme"]})
    call("안 맞는 것", "size", {"sizes": ["large"]})
    data = client.get("/programs/match.json?size=sme").json()
    assert data["counts"] == {"can": 1, "cannot": 1}
    assert [(one["group"], one["name"], one["conditions"][0]["clause"]) for one in data["results"]] == [
        ("can", "맞는 것", "맞는 것의 조항"),
        ("cannot", "안 맞는 것", "안 맞는 것의 조항"),
    ]


def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries):
    for n in range(12):
        call(f"사업 {n}", "size", {"sizes": ["sme"]})
    with django_assert_max_num_queries(24):
        client.get("/programs/match/?size=sme&province=seoul")
    for n in range(12, 24):
        call(f"사업 {n}", "size", {"sizes": ["sme"]})
    with django_assert_max_num_queries(24):
        client.get("/programs/match/?size=sme&province=seoul")


def test_no_program_takes_the_address_of_the_page():
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        factories.program(slug="match").full_clean()


def test_what_a_move_would_change(client):
    seoul, gyeonggi = factories.province("seoul"), factories.province("gyeonggi")
    factories.district(slug="gangnam", province=seoul, short_name_ko="강남", short_name_en="Gangnam")
    factories.district(slug="pangyo", province=gyeonggi, short_name_ko="판교", short_name_en="Pangyo")
    factories.district(slug="hidden", publication="draft", short_name_ko="숨김", short_name_en="Hidden")
    call("서울의 것", "region", {"provinces": ["seoul"]})
    call("경기의 것", "region", {"provinces": ["gyeonggi"]})
    call("어디나", "business_age", {"max_years": 7})
    move = section(client, "/en/programs/match/?founded=2022&from=gangnam&to=pangyo", "move")
    assert "Moving from Gangnam to Pangyo" in move.text
    assert "1 call is within reach in both" in move.text
    text = move.text
    gained, lost = text.index("Within reach there, and not now"), text.index("no longer there")
    assert gained < text.index("경기의 것 in English") < lost < text.index("서울의 것 in English")
    document = client.get("/en/programs/match.json?founded=2022&from=gangnam&to=pangyo").json()
    assert document["move"]["gained"]["count"] == document["move"]["lost"]["count"] == 1
    assert document["move"]["kept"] == 1
    verdicts = {one["name"]: one["verdict"] for one in document["results"]}
    assert verdicts["서울의 것 in English"] == "met", "The results are those of the place one moves from."
    assert verdicts["경기의 것 in English"] == "unmet"
    for query in ("from=gangnam&to=gangnam", "from=gangnam", "to=hidden", "from=&to="):
        response = client.get(f"/en/programs/match/?founded=2022&{query}")
        assert response.status_code == 200
        assert 'id="move"' not in response.content.decode() and "Hidden" not in response.content.decode()


def test_dates_from_before_a_program_was_public_are_not_told(client):
    editor = factories.person("editor", "editor")
    program = factories.program(publication="draft")
    made = factories.call(program=program, period_kind="window", closes_at=datetime(2026, 11, 20, tzinfo=UTC))
    for day in (20, 26):
        made = Call.objects.get(pk=made.pk)
        made.closes_at = datetime(2026, 11, day, 3, tzinfo=UTC)
        history.save(made, by=editor)
    program = Program.objects.get(pk=program.pk)
    program.publication = "published"
    history.save(program, by=editor)
    assert not moves.of_calls([made])[made.pk]["closes_at"]


def test_a_call_that_closes_is_gone_at_its_minute(client):
    """What is kept from one reader to the next ends with the clock."""
    closes = datetime(2026, 11, 25, 7, tzinfo=UTC)
    call(
        "네 시까지",
        "size",
        {"sizes": ["sme"]},
        period_kind="window",
        closes_at=closes,
        closes_precision="time",
    )
    call("늘", "size", {"sizes": ["sme"]})
    for minute, number in (("15:59", "2"), ("16:00", "2"), ("16:01", "1"), ("15:58", "2")):
        with time_machine.travel(f"2026-11-25 {minute} +0900", tick=False):
            shown = section(client, "/programs/match/?size=sme", "can")
            assert shown.attributes["data-total"] == number, minute
            assert ("네 시까지" in shown.text) == (number == "2")


def test_a_change_of_a_notice_shows_at_once(client):
    made = call("공고", "size", {"sizes": ["sme"]})
    address = "/programs/match/?size=sme"
    assert "공고의 조항" in section(client, address, "can").text
    criterion = made.criteria.get()
    criterion.quote = "고친 조항"
    criterion.save()
    assert "고친 조항" in section(client, address, "can").text
    made.program.name_ko = "새 이름"
    made.program.save()
    assert "새 이름" in section(client, address, "can").text


def test_addresses_in_the_file_do_not_depend_on_who_asked(client, settings):
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    call("맞는 것", "business_age", {"max_years": 7})
    text = client.get("/programs/match.json?founded=2022", headers={"host": "elsewhere.example"}).content
    assert b"elsewhere.example" not in text
