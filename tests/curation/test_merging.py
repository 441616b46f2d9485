"""Merging two records: everything moves, nothing is lost, and undoing it leaves no trace."""

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from clusters.curation import duplicates, fixtures, history
from clusters.curation.importing import canonical
from clusters.curation.merging import plans
from clusters.curation.merging.applying import merge
from clusters.curation.merging.plans import NotMerged
from clusters.curation.merging.relations import relations_to
from clusters.curation.merging.undoing import edited_since, undo
from clusters.models import (
    Company,
    EditConflict,
    FundingRound,
    Institution,
    Merge,
    MergeableKind,
    Office,
    Proposal,
    Redirect,
    Source,
    SuspectedPair,
)
from clusters.models.base import NaturalKey
from tests import factories

pytestmark = pytest.mark.django_db
KINDS = [apps.get_model("clusters", kind) for kind in MergeableKind.values]


@pytest.fixture
def by() -> User:
    return User.objects.create_superuser("jun")


def one(kept, merged, by, **more) -> Merge:
    stamp = plans.make(type(kept).objects.get(pk=kept.pk), type(merged).objects.get(pk=merged.pk)).stamp
    return merge(kept, merged, by=by, stamp=stamp, **more)


def everything() -> dict[str, list[list[str]]]:
    """The whole directory as its canonical export has it, and the redirects."""
    return {model.__name__: list(canonical.rows(model)) for model in fixtures.fixture_models()}


def choose(merged, **sides) -> dict:
    return {(f"{merged._meta.model_name}-{merged.pk}", name): side for name, side in sides.items()}


# ---- everything moves ----------------------------------------------------------------------------


def referring() -> list[tuple[type[models.Model], str, type[models.Model]]]:
    """Every relation in the models that leads to a mergeable kind, found without the code under test."""
    found = []
    for holder in apps.get_app_config("clusters").get_models():
        if not issubclass(holder, NaturalKey):
            continue
        for field in (*holder._meta.concrete_fields, *holder._meta.many_to_many):
            if field.is_relation and field.related_model in KINDS:
                found.append((holder, field.name, field.related_model))
    return found


RELATIONS = referring()


def test_every_relation_is_known_to_the_merge():
    known = {(holder, field.name, kind) for kind in KINDS for holder, field in relations_to(kind)}
    assert known == {*RELATIONS, (Proposal, "source", Source)}
    assert len(known) > 20
    assert not [holder for holder, _name, kind in RELATIONS if holder is kind], "A kind refers to itself."


def make(model: type[models.Model], **given):
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in model.__name__).lstrip("_")
    return getattr(factories, name)(**given)


@pytest.mark.parametrize(
    ("holder", "name", "kind"), RELATIONS, ids=lambda value: getattr(value, "__name__", value)
)
def test_whatever_refers_to_the_merged_record_refers_to_the_kept_one(by, holder, name, kind):
    kept, merged = make(kind), make(kind)
    row = make(holder)
    several = holder._meta.get_field(name).many_to_many
    if several:
        getattr(row, name).set([merged])
    else:
        setattr(row, name, merged)
        row.save()
    before = everything()
    done = one(kept, merged, by, reason="같은 곳")
    row = holder.objects.get(pk=row.pk)
    assert (list(getattr(row, name).all()) if several else getattr(row, name)) == (
        [kept] if several else kept
    )
    assert row.history.first().history_user == by
    assert "같은 곳" in row.history.first().history_change_reason
    assert not kind.objects.filter(pk=merged.pk).exists()
    assert undo(done, by=by) == []
    assert everything() == before


def test_a_merge_and_its_undoing_leave_everything_as_it_was(by):
    kept = factories.company(
        slug="one", name_ko="업스테이지", name_en="Upstage", technologies=[factories.technology()]
    )
    merged = factories.company(
        slug="two",
        name_ko="(주)업스테이지",
        name_en="Upstage Co., Ltd.",
        business_number="1248100998",
        aliases=["업스"],
        technologies=[factories.technology("vision", name_ko="비전", name_en="Vision")],
    )
    factories.redirect(old_slug="zero", new_slug="two")
    district = factories.district()
    same = {"district": district, "kind": "hq", "address_ko": "서울 강남구 테헤란로 1"}
    stays = factories.office(company=kept, since="", **same)
    goes = factories.office(company=merged, since="2021-03", **same)
    moves = factories.office(company=merged, address_ko="다른 곳")
    factories.funding_round(company=merged)
    before = everything()
    old = {row.pk: (row.created_at, row.version) for row in Company.objects.all()}

    done = one(kept, merged, by, names_to="aliases", reason="같은 회사")

    kept.refresh_from_db()
    assert kept.business_number == "1248100998"
    assert kept.aliases == ["업스", "(주)업스테이지", "Upstage Co., Ltd."]
    assert {t.slug for t in kept.technologies.all()} == {"llm", "vision"}
    assert set(kept.offices.all()) == {stays, moves}
    stays.refresh_from_db()
    assert stays.since == "2021-03"
    assert set(stays.further_sources.all()) == {goes.source}
    assert dict(Redirect.objects.values_list("old_slug", "new_slug")) == {"zero": "one", "two": "one"}
    row = Company.history.filter(id=merged.pk).first()
    assert (row.history_type, row.history_user) == ("-", by)

    assert undo(done, by=by) == []
    assert everything() == before
    for company in Company.objects.all():
        created, version = old[company.pk]
        assert company.created_at == created
        assert company.version > version, "Whoever has it open must notice."
    with pytest.raises(NotMerged):
        undo(done, by=by)


def test_either_address_may_stay(by):
    kept, merged = factories.company(slug="one"), factories.company(slug="two")
    before = everything()
    done = one(kept, merged, by, sides=choose(merged, slug="merged"))
    kept.refresh_from_db()
    assert kept.slug == "two"
    assert dict(Redirect.objects.values_list("old_slug", "new_slug")) == {"one": "two"}
    undo(done, by=by)
    assert everything() == before


def test_a_draft_that_was_never_public_leaves_no_redirect(by):
    kept, merged = factories.company(), factories.company(publication="draft")
    one(kept, merged, by)
    assert not Redirect.objects.exists()


def test_what_is_public_stays_public(by):
    kept, merged = factories.company(publication="draft"), factories.company()
    one(kept, merged, by)
    kept.refresh_from_db()
    assert kept.is_public


def test_merges_in_a_row_are_undone_in_their_order(by):
    a, b, c = (factories.company(slug=slug) for slug in ("a", "b", "c"))
    factories.office(company=c)
    before = everything()
    first = one(b, c, by)
    second = one(a, b, by)
    assert dict(Redirect.objects.values_list("old_slug", "new_slug")) == {"b": "a", "c": "a"}
    with translation.override("en"), pytest.raises(NotMerged, match="undo that first"):
        undo(first, by=by, leave_edited=True)
    undo(second, by=by)
    undo(first, by=by)
    assert everything() == before


def test_a_program_with_two_partners_that_are_one_keeps_one(by):
    kept, merged, third = (factories.institution() for _ in range(3))
    program = factories.program(operator=merged)
    program.partners.set([kept, merged, third])
    one(kept, merged, by)
    program.refresh_from_db()
    assert program.operator == kept
    assert set(program.partners.all()) == {kept, third}
    assert program.version == 2, "One row moves once, however many of its fields lead there."


def test_a_source_that_is_not_the_first_any_more_is_kept_as_a_further_one(by):
    kept, merged = factories.institution(), factories.institution()
    one(kept, merged, by)
    assert list(kept.further_sources.all()) == [merged.source]


def test_equal_rounds_are_combined_as_chosen(by):
    kept, merged = factories.company(), factories.company()
    stays = factories.funding_round(company=kept, date="2024", amount=100)
    goes = factories.funding_round(company=merged, date="2024", amount=200)
    done = one(kept, merged, by, sides=choose(goes, amount="merged"))
    stays.refresh_from_db()
    assert (FundingRound.objects.count(), stays.amount) == (1, 200)
    undo(done, by=by)
    assert sorted(FundingRound.objects.values_list("amount", flat=True)) == [100, 200]


# ---- nothing is written ----------------------------------------------------------------------------


def test_nothing_is_merged_over_a_newer_save(by):
    kept, merged = factories.company(), factories.company()
    office = factories.office(company=merged)
    stamp = plans.make(kept, merged).stamp
    office.address_en = "Elsewhere"
    history.save(office, by=by)
    with pytest.raises(EditConflict):
        merge(kept, merged, by=by, stamp=stamp)
    assert Company.objects.count() == 2
    with pytest.raises(EditConflict):
        history.delete(Company.objects.get(pk=merged.pk), by=by)
        merge(kept, merged, by=by, stamp=stamp)


def test_a_result_that_does_not_hold_is_refused_whole(by):
    kept = factories.company(business_number="1208800767")
    merged = factories.company(business_number="1208147521")
    Company.objects.filter(pk=merged.pk).update(business_number="1208147520")  # the check digit is wrong
    factories.office(company=merged)
    before = everything()
    with pytest.raises(ValidationError):
        one(kept, merged, by, sides=choose(merged, business_number="merged"))
    assert everything() == before
    assert not Merge.objects.exists()


def test_what_the_public_sees_is_merged_by_editors_only():
    mina = factories.person("mina", "curator")
    kept, merged = factories.company(publication="draft"), factories.company(publication="draft")
    program_of = factories.institution(publication="draft"), factories.institution(publication="draft")
    factories.program(operator=program_of[1])
    with pytest.raises(PermissionDenied):
        one(*program_of, mina)
    assert Institution.objects.count() == 2
    done = one(kept, merged, mina, names_to="aliases")
    Company.objects.filter(pk=kept.pk).update(publication="published")
    with pytest.raises(NotMerged):
        undo(done, by=mina)


def test_a_record_with_too_many_rows_is_the_one_to_stay(by, monkeypatch):
    monkeypatch.setattr(plans, "MOST_ROWS", 2)
    kept, merged = factories.source(), factories.source()
    for _ in range(3):
        factories.office(source=merged)
    with pytest.raises(NotMerged):
        plans.make(kept, merged)
    assert plans.make(merged, kept)


@pytest.mark.parametrize(
    "pair", [(factories.company, factories.institution), (factories.event, factories.event)]
)
def test_only_records_of_one_mergeable_kind_become_one(pair):
    with pytest.raises(NotMerged):
        plans.make(pair[0](), pair[1]())


def test_a_record_is_not_merged_with_itself():
    company = factories.company()
    with pytest.raises(NotMerged):
        plans.make(company, company)


# ---- edited since ----------------------------------------------------------------------------------


def test_undoing_tells_what_was_edited_since_and_leaves_it_only_when_asked(by):
    kept, merged = factories.company(summary_en=""), factories.company(summary_en="From the merged one")
    office = factories.office(company=merged)
    elsewhere = factories.company()
    done = one(kept, merged, by)
    kept.refresh_from_db()
    kept.summary_en, kept.website = "Edited since", "https://kept.example"
    history.save(kept, by=by)
    office.refresh_from_db()
    office.company = elsewhere
    history.save(office, by=by)
    with pytest.raises(NotMerged):
        undo(done, by=by)
    assert not Company.objects.filter(pk=merged.pk).exists()
    assert {left.change.record_pk for left in edited_since(done)} == {kept.pk, office.pk}
    assert len(undo(done, by=by, leave_edited=True)) == 2
    kept.refresh_from_db()
    office.refresh_from_db()
    assert (kept.summary_en, kept.website) == ("Edited since", "https://kept.example")
    assert office.company == elsewhere
    assert Company.objects.get(pk=merged.pk).summary_en == "From the merged one"


def test_edits_that_the_merge_did_not_touch_survive_its_undoing(by):
    kept, merged = factories.company(), factories.company(aliases=["둘"])
    office = factories.office(company=merged)
    done = one(kept, merged, by)
    kept.refresh_from_db()
    kept.aliases = [*kept.aliases, "셋"]
    history.save(kept, by=by)
    office.refresh_from_db()
    office.address_en = "Corrected since"
    history.save(office, by=by)
    assert undo(done, by=by) == []
    kept.refresh_from_db()
    office.refresh_from_db()
    assert kept.aliases == ["셋"]
    assert (office.company, office.address_en) == (merged, "Corrected since")


def test_a_record_whose_place_was_taken_does_not_come_back(by):
    kept, merged = factories.company(), factories.company(slug="two")
    done = one(kept, merged, by)
    factories.company(slug="two")
    before = everything()
    with pytest.raises(NotMerged):
        undo(done, by=by)
    assert everything() == before


def test_a_merged_record_is_not_suggested_any_more(by):
    kept, merged = factories.company(name_ko="업스테이지"), factories.company(name_ko="㈜업스테이지")
    duplicates.find("company")
    assert SuspectedPair.objects.count() == 1
    one(kept, merged, by)
    assert not SuspectedPair.objects.exists()


def test_many_rows_take_no_more_queries_than_few(by):
    used = []
    for number in (2, 40):
        kept, merged = factories.source(), factories.source()
        for _ in range(number):
            factories.office(source=merged)
        with CaptureQueriesContext(connection) as merging:
            done = one(kept, merged, by)
        assert Office.objects.filter(source=kept).count() == number
        with CaptureQueriesContext(connection) as undoing:
            undo(done, by=by)
        assert Office.objects.filter(source=merged).count() == number
        used.append((len(merging), len(undoing)))
    assert used[0] == used[1]
