"""What must be true is held by the database itself, past all forms: each constraint refuses its bad row."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from clusters.models.base import NaturalKey
from tests import factories
from tests.test_completeness import make

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_app_config("clusters").get_models() if issubclass(model, NaturalKey)]
CONSTRAINTS = {
    constraint.name: (model, constraint) for model in MODELS for constraint in model._meta.constraints
}


def refused_by(problem: IntegrityError, model: type[models.Model], constraint) -> bool:
    """Whether it is this constraint that refused; SQLite names the columns of a unique one."""
    if connection.vendor == "postgresql":
        return problem.__cause__.diag.constraint_name == constraint.name
    if isinstance(constraint, models.CheckConstraint):
        return constraint.name in str(problem)
    return set(str(problem).removeprefix("UNIQUE constraint failed: ").split(", ")) == {
        f"{model._meta.db_table}.{model._meta.get_field(name).column}" for name in constraint.fields
    }


def choices_of(constraint) -> str:
    """The column that a constraint keeps to its choices; empty for constraints of another kind."""
    parts = constraint.condition.children if isinstance(constraint, models.CheckConstraint) else []
    if len(parts) == 1 and isinstance(parts[0], tuple) and parts[0][0].endswith("__in"):
        return parts[0][0].removesuffix("__in")
    return ""


def rejects(name: str, write) -> None:
    model, constraint = CONSTRAINTS[name]
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write(model)
    assert refused_by(caught.value, model, constraint), str(caught.value)


OF_CHOICES = {
    name: choices_of(constraint) for name, (_, constraint) in CONSTRAINTS.items() if choices_of(constraint)
}
OF_EVIDENCE = [name for name in CONSTRAINTS if name.endswith("_confirmed_has_source")]


@pytest.mark.parametrize("name", OF_CHOICES)
def test_a_column_keeps_to_its_choices(name):
    column = OF_CHOICES[name]
    record = make(CONSTRAINTS[name][0])
    rejects(name, lambda model: model.objects.filter(pk=record.pk).update(**{column: "x"}))


@pytest.mark.parametrize("name", OF_EVIDENCE)
def test_a_confirmed_statement_needs_a_source(name):
    record = make(CONSTRAINTS[name][0], status="confirmed")
    rejects(name, lambda model: model.objects.filter(pk=record.pk).update(source=None))
    record = make(CONSTRAINTS[name][0], status="unverified", source=None)
    rejects(name, lambda model: model.objects.filter(pk=record.pk).update(status="confirmed"))


def changed(**values):
    """A good record turned bad by one UPDATE."""

    def write(model: type[models.Model]) -> None:
        record = make(model)
        model.objects.filter(pk=record.pk).update(**values)

    return write


def twice(**values):
    """The same record made a second time."""

    def write(model: type[models.Model]) -> None:
        given = {name: value() if callable(value) else value for name, value in values.items()}
        make(model, **given)
        make(model, **given)

    return write


MORNING, EVENING = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 18, tzinfo=UTC)

# The constraint, and a row that it must refuse.
BAD_ROWS = [
    ("district_path_pair", changed(path_start=1, path_end=None)),
    ("district_path_pair", changed(path_start=None, path_end=2)),
    ("district_path_pair", changed(path_start=3, path_end=1)),
    ("district_in_korea", changed(latitude=32.9)),
    ("district_in_korea", changed(latitude=127.0, longitude=37.5)),
    ("district_in_korea", changed(longitude=132.1)),
    ("station_key", twice(district=factories.district, name_ko="역삼")),
    ("station_position_pair", changed(latitude=37.5, longitude=None)),
    ("station_position_pair", changed(latitude=None, longitude=127.0)),
    ("anchor_site_key", twice(district=factories.district, name_ko="허브")),
    ("designation_key", twice(district=factories.district, designated_on="2020-03", title_ko="지정")),
    ("claim_key", twice(district=factories.district, statement_ko="주장")),
    ("trait_key", twice(district=factories.district, kind="weakness", text_ko="비쌉니다.")),
    ("company_stock_code", twice(market="kosdaq", stock_code="123456")),
    ("company_business_number", twice(business_number="1208147521")),
    ("office_dates", changed(since="2021-05", until="2021-04")),
    ("office_dates", changed(since="2021", until="2020-12-31")),
    (
        "office_key",
        twice(company=factories.company, district=factories.district, kind="hq", address_ko="판교로 1"),
    ),
    ("office_key_outside", twice(company=factories.company, district=None, kind="hq", address_ko="판교로 1")),
    ("funding_round_key", twice(company=factories.company, date="2024", round="seed")),
    ("funding_round_amount_pair", changed(amount=None, currency="KRW")),
    ("funding_round_amount_pair", changed(amount=5, currency="")),
    ("call_dates", changed(opens_at=EVENING, closes_at=MORNING)),
    ("criterion_key", twice(call=factories.call, order=1)),
    ("series_one_place", changed(district=None, reference_area="")),
    ("series_one_place", changed(reference_area="seoul")),
    ("series_one_place", changed(district=None, reference_area="moon")),
    ("observation_key", twice(series=factories.series, period="2025", source=factories.source)),
    ("event_dates", changed(starts_on="2026-02-02", ends_on="2026-02-01")),
    ("event_dates", changed(starts_on=None, ends_on="2026-02-01")),
    ("event_month", changed(month=0)),
    ("event_month", changed(month=13)),
    ("source_url", twice(url="https://news.example/same")),
    ("redirect_key", twice(kind="company", old_slug="before")),
    ("redirect_leads_elsewhere", changed(old_slug="same", new_slug="same")),
]


@pytest.mark.parametrize(("name", "write"), BAD_ROWS, ids=[name for name, _ in BAD_ROWS])
def test_a_bad_row_is_refused(name, write):
    rejects(name, write)


def test_every_constraint_is_tried():
    assert {*OF_CHOICES, *OF_EVIDENCE, *(name for name, _ in BAD_ROWS)} == set(CONSTRAINTS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_natural_keys_are_unique(model):
    """A record is found by its natural key, so the database lets no second one have it."""
    fields = {name.removesuffix("__slug") for name in model.natural_key_fields}
    unique = [{field.name} for field in model._meta.concrete_fields if field.unique]
    unique += [set(c.fields) for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    assert fields in unique
    record = make(model)
    assert model._default_manager.get_by_natural_key(*record.natural_key()) == record


@pytest.mark.parametrize("model", [m for m in MODELS if hasattr(m, "slug")], ids=lambda model: model.__name__)
def test_slugs_are_unique(model):
    taken = make(model).slug
    other = make(model, slug="another-one")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=other.pk).update(slug=taken)


def test_good_rows_at_the_edges_are_taken():
    """The same constraints let through what is right, so that they refuse for the right reason."""
    factories.office(since="2021-05", until="2021-05")
    factories.office(since="2021", until="2021-05")
    factories.office(since="2021", until="")
    factories.call(opens_at=MORNING, closes_at=MORNING)
    factories.event(starts_on="2026-02-02", ends_on="2026-02-02", month=12)
    factories.district(path_start=2, path_end=2, latitude=33.0, longitude=132.0)
    factories.funding_round(amount=None, currency="")
    company = factories.company(market="kosdaq", stock_code="123456", business_number="1208147521")
    factories.company(market="kospi", stock_code="123456")
    factories.company(market="", stock_code="", business_number="")
    assert factories.office(company=company, district=None, address_ko="판교로 1").pk
    assert factories.office(company=company, address_ko="판교로 1", district=factories.district()).pk
    assert factories.source(url="") != factories.source(url="")
