"""Statements made once give what their querysets give, for any values, today and as of a past day."""

import pytest
from django.db.models import Count

from clusters import models as m
from clusters.directory.reading import Reading
from clusters.models.prepared import FEW, Prepared
from tests import factories

pytestmark = pytest.mark.django_db


def companies(slugs):
    return (
        m.Company.objects.published()
        .filter(slug__in=slugs)
        .order_by("-name_ko")
        .prefetch_related("technologies")
    )


def numbers(pks):
    links = m.Company.technologies.through._base_manager
    return links.filter(company__in=pks).order_by("technology").values_list("company_id", "technology_id")


@pytest.fixture
def some():
    found = [
        factories.company(slug=f"company-{place}", name_ko=f"이름 {place:02} 100% '\"", aliases=["가", "%s"])
        for place in range(FEW + 3)
    ]
    m.Company.objects.filter(pk=found[1].pk).update(publication="draft")
    return found


def test_it_gives_the_rows_of_its_queryset_for_any_number_of_values(some):
    statement = Prepared(companies, of=str)
    for _again in range(2):
        for number in (1, 2, 3, FEW, FEW + 1, len(some)):
            slugs = [one.slug for one in some[:number]]
            found, expected = statement.records(slugs), list(companies(slugs))
            assert found == expected
            assert [one.aliases for one in found] == [one.aliases for one in expected]
            assert [one.updated_at for one in found] == [one.updated_at for one in expected]
    assert statement.records([]) == []
    assert statement.records(["company-1"]) == []  # a draft
    assert statement.records(["no such", "a' OR 1=1 --", "%s"]) == []


def test_it_makes_its_sql_once_for_each_number_of_values(some):
    made = []

    def rows(slugs):
        made.append(len(slugs))
        return companies(slugs)

    statement = Prepared(rows, of=str)
    for one in some[:5]:
        statement.records([one.slug])
        statement.records([one.slug, some[7].slug])
    assert made.count(1) == made.count(2) == 1


def test_it_gives_numbers_alone_in_the_order_of_its_queryset(some):
    technologies = [factories.technology(slug=slug) for slug in ("vision", "llm", "robotics")]
    for place, one in enumerate(some):
        one.technologies.set(technologies[place % 3 :])
    statement = Prepared(numbers)
    for number in (1, 4, len(some)):
        pks = [one.pk for one in some[:number]]
        assert statement.pairs(pks) == list(numbers(pks))
    assert statement.pairs([]) == []


def test_a_reading_gives_its_records_with_what_belongs_to_them(some, django_assert_num_queries):
    technology = factories.technology(slug="llm")
    some[2].technologies.add(technology)
    (found,) = Reading().prepared(Prepared(companies, of=str), "company-2")
    with django_assert_num_queries(0):
        assert list(found.technologies.all()) == [technology]


def test_a_queryset_with_a_computed_column_is_refused():
    with pytest.raises(ValueError, match="computed"):
        Prepared(lambda pks: m.Company.objects.filter(pk__in=pks).annotate(n=Count("technologies"))).records(
            [1]
        )
