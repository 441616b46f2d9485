"""Every public model is complete: admin, a place on the site, factory, fixture, words, gates."""

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from clusters.curation import fixtures
from clusters.directory.registry import DIRECTORIES
from clusters.models import Fact, Publication, Record
from clusters.models.base import NaturalKey
from clusters.models.fields import TextListField
from tests import factories

MODELS = [model for model in apps.get_app_config("clusters").get_models() if issubclass(model, NaturalKey)]
RECORDS = [model for model in MODELS if issubclass(model, Record)]
HIDDEN = [state for state in Publication.values if state != Publication.PUBLISHED]

# Models that have neither a directory nor a page of their own, and where the public meets them instead.
SHOWN_ELSEWHERE = {
    "AnchorSite": "A line of its district's profile, and of its institution's.",
    "Call": "A row of its program's profile; the programs' files hold every call.",
    "Claim": "A part of its district's profile; it means nothing without the district.",
    "Criterion": "A row of its program's profile, under the call that states it.",
    "Designation": "A point on the timeline of its district's profile.",
    "FundingRound": "A row of its company's profile.",
    "Indicator": "The head of a chart in districts' profiles and of a row in the comparison.",
    "Industry": "A word of a vocabulary: an option of the companies' filter.",
    "Observation": "A value in its district's charts and tables.",
    "Office": "A step on the timeline of its company's profile and a row of its district's.",
    "Province": "A word of a vocabulary: an option of the filters by region.",
    "Redirect": "Seen by nobody: it answers for an address that was given up.",
    "Series": "A line in its district's charts.",
    "Station": "A line of its district's profile.",
    "SupportKind": "A word of a vocabulary: an option of the programs' filter.",
    "Technology": "A word of a vocabulary: an option of the filters of companies and programs.",
    "Trait": "A line of its district's profile.",
}


def snake(model: type[models.Model]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def make(model: type[models.Model], **given):
    return getattr(factories, snake(model))(**given)


def label(model: type[models.Model]) -> str:
    return model.__name__


def has_place(model: type[models.Model]) -> bool:
    """Whether the model has a directory, or its records have pages."""
    if any(directory.model is model for directory in DIRECTORIES):
        return True
    try:
        return bool(reverse(model._meta.model_name, args=["some-slug"]))
    except NoReverseMatch:
        return False


def test_the_models_are_found():
    assert {"District", "Company", "Institution", "Program", "Event", "Source"} <= {
        m.__name__ for m in RECORDS
    }
    assert not any(model.__name__.startswith("Historical") for model in MODELS)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_has_admin(model):
    assert admin.site.is_registered(model)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_has_a_directory_or_a_page_or_a_reason(model):
    reason = SHOWN_ELSEWHERE.get(model.__name__, "")
    if has_place(model):
        assert not reason, "It has a place on the site by now: the exemption is not needed any more."
    else:
        assert len(reason.split()) >= 5, "Say where the public meets it, in words."


def test_exemptions_speak_of_models_that_exist():
    assert set(SHOWN_ELSEWHERE) <= {model.__name__ for model in MODELS}


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=label)
def test_has_a_factory_of_valid_published_records(model):
    first, second = make(model), make(model)
    assert type(first) is model
    first.full_clean()
    assert str(first)
    if model in RECORDS:
        assert first != second, "Each call makes another record."
        assert set(model.objects.published()) >= {first, second}


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_has_a_fixture(model):
    assert model in fixtures.fixture_models()
    path = Path(settings.BASE_DIR) / "fixtures" / fixtures.fixture_name(model)
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert {row["model"] for row in rows} <= {model._meta.label_lower}
    assert not any("pk" in row for row in rows), "Fixtures know records by natural key."


def test_every_fixture_belongs_to_a_model():
    files = {path.name for path in (Path(settings.BASE_DIR) / "fixtures").glob("*.json")}
    assert files == {fixtures.fixture_name(model) for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_has_names_in_words(model):
    assert isinstance(model._meta.verbose_name, Promise), "The name of the model can be translated."
    assert isinstance(model._meta.verbose_name_plural, Promise)
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if not field.primary_key:
            assert isinstance(field.verbose_name, Promise), f"{field.name} has no name of its own."
        assert not field.help_text or isinstance(field.help_text, Promise), field.name


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_fields_that_do_not_explain_themselves_have_help(model):
    for field in model._meta.concrete_fields:
        explained = isinstance(field, TextListField | models.JSONField) or field.name == "publication"
        assert not explained or field.help_text, field.name


# ---- published -----------------------------------------------------------------------------------


def gates(model: type[models.Model]) -> list[str]:
    return [*model.gates, *model.optional_gates]


GATES = [(model, path) for model in RECORDS for path in gates(model)]


def shown(record: Record) -> bool:
    return type(record).objects.published().filter(pk=record.pk).exists()


def set_publication(record: Record, state: str) -> None:
    type(record).objects.filter(pk=record.pk).update(publication=state)


def step(record: Record, name: str) -> Record:
    """The related record; where the relation is empty it is filled first."""
    if getattr(record, name) is None:
        setattr(record, name, make(record._meta.get_field(name).related_model))
        record.save()
    return getattr(record, name)


@pytest.mark.django_db
@pytest.mark.parametrize("model", RECORDS, ids=label)
def test_published_hides_what_is_not_published(model):
    record = make(model)
    assert shown(record)
    for state in HIDDEN:
        set_publication(record, state)
        assert not shown(record), state


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "path"), GATES, ids=lambda value: getattr(value, "__name__", value))
def test_published_hides_what_stands_on_something_unpublished(model, path):
    record = gate = make(model)
    for name in path.split("__"):
        gate = step(gate, name)
    assert shown(record)
    for state in HIDDEN:
        set_publication(gate, state)
        assert not shown(record), state
    set_publication(gate, Publication.PUBLISHED)
    assert shown(record)


@pytest.mark.django_db
def test_an_optional_gate_may_be_absent():
    assert shown(factories.office(district=None))
    assert shown(factories.series(reference_area="seoul"))
    assert shown(factories.observation(series=factories.series(reference_area="seoul")))


@pytest.mark.parametrize("model", RECORDS, ids=label)
def test_what_a_record_cannot_do_without_is_a_gate(model):
    for field in model._meta.concrete_fields:
        if field.is_relation and not field.null and issubclass(field.related_model, Record):
            assert field.name in model.gates


@pytest.mark.parametrize("model", RECORDS, ids=label)
def test_the_gates_of_gates_are_gates(model):
    for path in model.gates:
        gate = model
        for name in path.split("__"):
            gate = gate._meta.get_field(name).related_model
        assert {f"{path}__{further}" for further in gate.gates} <= set(model.gates)
        assert {f"{path}__{further}" for further in gate.optional_gates} <= set(model.optional_gates)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [model for model in RECORDS if issubclass(model, Fact)], ids=label)
def test_a_fact_gives_only_sources_that_readers_may_see(model):
    first, further, hidden = factories.source(), factories.source(), factories.source(publication="draft")
    fact = make(model, source=first)
    fact.further_sources.set([further, hidden])
    assert (fact.public_source, fact.public_sources) == (first, [first, further])
    set_publication(first, Publication.ARCHIVED)
    fact = model.objects.get(pk=fact.pk)
    assert (fact.public_source, fact.public_sources) == (None, [further])
