"""The recorder: one row for one write, signed, never over somebody else's."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import translation

from clusters.curation import changes, history
from clusters.models import Company, EditConflict, Office, Publication, Redirect, Technology
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return User.objects.create_superuser("jun")


def test_a_new_record_begins_its_history_with_its_relations(by):
    technology = factories.technology()
    company = Company(slug="new", name_ko="새", name_en="New", kind="startup", ai_relevance="core")
    history.save(company, by=by, reason="처음", relations={"technologies": [technology]})
    row = company.history.get()
    assert (row.history_type, row.history_user, row.history_change_reason) == ("+", by, "처음")
    assert [kept.technology for kept in row.technologies.all()] == [technology]


def test_a_save_over_a_newer_version_writes_nothing(by):
    company = factories.company(name_en="Original", technologies=[factories.technology()])
    stale = Company.objects.get(pk=company.pk)
    company.name_en = "Newer"
    history.save(company, by=by)
    stale.name_en = "Stale"
    with pytest.raises(EditConflict):
        history.save(stale, by=by, relations={"technologies": []})
    company.refresh_from_db()
    assert company.name_en == "Newer"
    assert company.technologies.count() == 1


def test_a_save_over_a_deletion_brings_nothing_back(by):
    company = factories.company()
    stale = Company.objects.get(pk=company.pk)
    history.delete(company, by=by)
    with pytest.raises(EditConflict):
        history.save(stale, by=by)
    assert not Company.objects.exists()


def test_words_of_a_vocabulary_are_written_as_well(by):
    term = factories.technology(name_en="Before")
    term.name_en = "After"
    history.save(term, by=by)
    assert Technology.objects.get().name_en == "After"


def test_a_protected_record_and_all_that_names_it_stay_as_they_are(by):
    office = factories.office()
    other = factories.office()
    other.further_sources.set([office.source])
    with pytest.raises(ProtectedError):
        history.delete(office.source, by=by)
    assert list(other.further_sources.all()) == [office.source]
    other.refresh_from_db()
    assert other.version == 1


def test_a_deleted_word_leaves_a_trace_where_it_was_used(by):
    term, company = factories.technology(), factories.company()
    company.technologies.set([term])
    history.delete(term, by=by, reason="합침")
    company.refresh_from_db()
    assert company.version == 2
    assert company.history.first().history_change_reason == "합침"


def test_publishing_checks_the_record_and_the_person(by):
    fine, broken = factories.company(publication="draft"), factories.company(publication="draft")
    Company.objects.filter(pk=broken.pk).update(hq_country="korea"[:2])
    outcome = history.publish([fine, broken], by=by)
    assert outcome.changed == [fine]
    assert [record for record, _reason in outcome.failed] == [broken]
    nobody = User.objects.create_user("nobody")
    outcome = history.archive([fine], by=nobody)
    assert outcome.failed
    fine.refresh_from_db()
    assert fine.publication == Publication.PUBLISHED


def test_restoring_refuses_what_no_longer_holds(by):
    source = factories.source()
    office = factories.office(source=source)
    row = office.history.first()
    office.source = factories.source()
    history.save(office, by=by)
    history.delete(source, by=by)
    with pytest.raises(ValidationError):
        history.restore(Office.objects.get(pk=office.pk), row=row, by=by)


def test_a_name_given_up_twice_leads_to_the_last_owner(by):
    first = factories.company(slug="one")
    first.slug = "two"
    history.save(first, by=by)
    second = factories.company(slug="one")
    second.slug = "three"
    history.save(second, by=by)
    assert Redirect.objects.get(old_slug="one").new_slug == "three"


def test_differences_are_told_in_words():
    before = factories.company(kind="startup", aliases=["하나", "둘"])
    after = factories.company(kind="sme", technologies=[factories.technology()])
    with translation.override("en"):
        told = {label: (old, new) for label, old, new in changes.between(before, after, Company)}
    assert told["Size"] == ("Startup", "Small or medium-sized")
    assert told["Other names"] == ("하나, 둘", "(empty)")
    assert told["Technologies"] == ("(empty)", "Language models")
