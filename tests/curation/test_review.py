"""Review rules: each finds its bad example and not its good one, the same on one record as over all of a kind."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from clusters.curation import history, review
from clusters.models import Call, Company, FundingRound, Observation, Office, Publication, Source
from tests import factories

pytestmark = pytest.mark.django_db


def updated(record, **values):
    """A record as no form would let it be saved."""
    type(record).objects.filter(pk=record.pk).update(**values)
    record.refresh_from_db()
    return record


def days(number: int):
    return timezone.now() + timedelta(days=number)


def a_pair_of_names(name: str):
    factories.company(name_ko="㈜한빛소프트")
    return factories.company(name_ko=name)


# For each rule what breaks it and what does not; the bad ones that constraints keep out of the database are unsaved.
EXAMPLES = {
    "figure-without-date": (
        [
            lambda: updated(factories.observation(), period=""),
            lambda: updated(factories.funding_round(), date=""),
            lambda: factories.call(budget_krw=1, source=None, status="unverified"),
            lambda: factories.call(award_count=3, source=factories.source(published="")),
        ],
        [
            factories.observation,
            factories.funding_round,
            factories.call,
            lambda: factories.call(budget_krw=1),
            lambda: factories.call(award_count=3, as_of="2026", source=None, status="unverified"),
        ],
    ),
    "confirmed-without-source": ([lambda: Office(status="confirmed", kind="hq")], [factories.office]),
    "closing-before-opening": (
        [lambda: Call(opens_at=days(2), closes_at=days(1), period_kind="window")],
        [lambda: factories.call(opens_at=days(1), closes_at=days(2)), factories.event, factories.call],
    ),
    "no-source": (
        [factories.company, lambda: factories.office(source=None, status="unverified")],
        [factories.office, lambda: factories.company(source=factories.source())],
    ),
    "hidden-source": (
        [lambda: factories.office(source=factories.source(publication="draft"))],
        [factories.office, factories.company],
    ),
    "disputed-headquarters": (
        [lambda: factories.office(kind="hq", status="disputed")],
        [
            factories.office,
            lambda: factories.office(kind="lab", status="disputed"),
            lambda: factories.office(kind="hq", status="disputed", until="2020"),
        ],
    ),
    "deadline-in-the-past": (
        [
            lambda: factories.call(period_kind="always", closes_at=days(-3)),
            lambda: factories.call(period_kind="window", closes_at=days(-3), publication="draft"),
            lambda: factories.call(
                period_kind="until_exhausted",
                closes_at=timezone.now() - timedelta(seconds=5),
                closes_precision="time",
            ),
        ],
        [
            lambda: factories.call(period_kind="window", closes_at=days(-3)),
            lambda: factories.call(period_kind="window", closes_at=days(3), publication="draft"),
            factories.call,
        ],
    ),
    "same-name": (
        [lambda: a_pair_of_names("한빛 소프트 주식회사"), lambda: a_pair_of_names("한빛소프트")],
        [lambda: a_pair_of_names("한빛"), factories.company],
    ),
    "one-language-missing": (
        [lambda: factories.company(summary_en=""), lambda: factories.office(address_en="")],
        [factories.company, lambda: factories.office(address_ko="가", address_en="A")],
    ),
    "no-summary": (
        [lambda: factories.company(summary_ko="", summary_en="")],
        [factories.company, lambda: factories.company(summary_en="")],
    ),
    "company-without-office": ([factories.company], [lambda: factories.office().company]),
    "address-not-https": (
        [
            lambda: factories.company(website="http://a.example/"),
            lambda: factories.source(url="http://a.example/"),
        ],
        [factories.company, lambda: factories.company(website="https://a.example/")],
    ),
    "incomplete-source": ([lambda: factories.source(published="")], [factories.source]),
}


def test_every_rule_has_examples():
    assert set(EXAMPLES) == set(review.BY_NAME)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_rule_agrees_with_itself(name):
    rule = review.BY_NAME[name]
    bad, good = EXAMPLES[name]
    for make, broken in [(make, True) for make in bad] + [(make, False) for make in good]:
        record = make()
        assert rule.check(record) is broken, record
        assert (rule in review.findings(record)) is broken
        if record.pk:
            for model in rule.models:
                found = set(rule.find(model).values_list("pk", flat=True))
                assert found == {one.pk for one in model.objects.all() if rule.check(one)}


@pytest.mark.parametrize("rule", review.RULES, ids=lambda rule: rule.name)
def test_a_rule_explains_itself_and_can_be_asked_of_every_kind(rule):
    assert str(rule.title) and str(rule.why).endswith((".", "?"))
    for model in rule.models:
        assert rule.find(model).count() == 0
        assert rule in review.rules_for(model)


def test_what_blocks_keeps_a_record_from_being_published():
    editor = factories.person("jun", "editor")
    observation = factories.observation(publication="draft")
    updated(observation, period="")
    call = factories.call(publication="draft", budget_krw=5, source=factories.source(published=""))
    with translation.override("en"):
        outcome = history.publish([call], by=editor)
    assert [record for record, _why in outcome.failed] == [call]
    assert "without the date" in outcome.failed[0][1]
    call.refresh_from_db()
    assert call.publication == Publication.DRAFT


def test_open_points_are_told_with_what_was_published():
    editor = factories.person("jun", "editor")
    company = factories.company(publication="draft", summary_ko="", summary_en="")
    outcome = history.publish([company], by=editor)
    assert outcome.changed == [company]
    ((record, points),) = outcome.warned
    assert record == company and str(review.BY_NAME["no-summary"].title) in points


def test_findings_ask_little(django_assert_max_num_queries):
    for number in range(5):
        factories.office(company=factories.company(name_ko=f"한빛{number}"))
    company = Company.objects.first()
    with django_assert_max_num_queries(3):
        review.findings(company)
    for model in (Observation, FundingRound, Source, Office):
        for record in model.objects.select_related("source") if model is not Source else model.objects.all():
            with django_assert_max_num_queries(0):
                review.findings(record)
