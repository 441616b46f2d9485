"""The offices of a district: their numbers and the first of them, the same from the snapshot and from the tables."""

from collections import Counter

import pytest

from clusters.directory import tenants
from clusters.directory.registry import BY_NAME
from clusters.directory.snapshot import Keeper, keeper
from clusters.models import Company, District, Office, version
from tests import factories

from .world import NOW, World

pytestmark = pytest.mark.django_db

ALL = 1000


def shown(district: District, most: int, language: str) -> tuple:
    found = tenants.of_district(district, most, version.current(), language, NOW)
    numbers = {status: number for status, number in found.counts.items() if number}
    return numbers, [one.pk for one in found.current], [one.pk for one in found.past]


def listed(monkeypatch, districts, most: int) -> list:
    """What is shown of each district, and that it is the same with a snapshot and without."""
    asked = [(district, language) for district in districts for language in ("ko", "en")]
    found = [shown(district, most, language) for district, language in asked]
    assert keeper(BY_NAME["companies"]).snapshot.version == version.current()
    with monkeypatch.context() as patched:
        patched.setattr(Keeper, "at", lambda *anything: None)
        assert [shown(district, most, language) for district, language in asked] == found
    return found


def counted(district: District) -> Counter:
    """Counted one by one."""
    return Counter(
        office.status
        for office in Office.objects.filter(district=district, publication="published")
        if office.company.publication == "published"
    )


def test_both_ways_give_the_same_through_edits_publishing_and_archiving(monkeypatch):
    world = World().fill("companies")
    districts = list(District.objects.published())
    home = districts[0]
    for place in range(5):  # several offices of a company, alike but for the address
        factories.office(company=Company.objects.first(), district=home, address_ko=f"{place}층")
    most_of_one = 0
    for step in range(30):
        for most in (3, ALL):
            for district, found in zip(districts, listed(monkeypatch, districts, most)[::2], strict=True):
                assert found[0] == counted(district)
                if most == ALL:
                    assert len(found[1] + found[2]) == sum(found[0].values())
                most_of_one = max(most_of_one, len(found[1]))
        record = world.random.choice([*Office.objects.order_by("pk"), *Company.objects.order_by("pk")])
        change = step % 5
        if change == 0 and isinstance(record, Office):
            record.delete()
            continue
        if isinstance(record, Office):
            record.status = world.random.choice(tenants.BY_FINDING)
            record.source = world.sources[0]
            record.district = world.random.choice(world.districts)
            record.address_ko = f"{step}번지"
        else:
            record.name_ko, record.name_en = world.random.choice(["가", "힣", "abc"]), "Zeta"
            record.ai_relevance = world.random.choice(["core", "adjacent"])
        record.publication = world.random.choice(["published", "published", "archived", "draft"])
        record.save()
    assert most_of_one > 5


def test_the_settled_ones_come_first_and_among_them_those_whose_business_is_ai(monkeypatch):
    district = factories.district(slug="here")
    for name, relevance, status in (
        ("다", "core", "disputed"),
        ("나", "adjacent", "confirmed"),
        ("가", "adjacent", "confirmed"),
        ("하", "core", "confirmed"),
        ("라", "core", "unverified"),
        ("마", "core", "outdated"),
    ):
        company = factories.company(name_ko=name, ai_relevance=relevance)
        factories.office(company=company, district=district, status=status)
    listed(monkeypatch, [district], ALL)
    found = tenants.of_district(district, 3, version.current(), "ko", NOW)
    assert [office.company.name_ko for office in found.current] == ["하", "가", "나"]
    assert [office.company.name_ko for office in found.past] == ["마"]
    assert (found.current_total, found.past_total) == (5, 1)


def test_a_company_with_several_offices_of_a_kind_counts_each_and_fills_the_page(monkeypatch):
    district, company = factories.district(slug="here"), factories.company(name_ko="가")
    for place in range(4):
        factories.office(company=company, district=district, address_ko=f"{place}층")
    factories.office(company=factories.company(name_ko="나"), district=district)
    (numbers, first, _past), _english = listed(monkeypatch, [district], 3)
    assert numbers == {"confirmed": 5} and len(first) == 3
