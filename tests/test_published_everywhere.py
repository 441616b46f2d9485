"""Unpublished records appear nowhere: every public page is the same, to the byte, with them and without them.

Hidden records of every kind, in every state, are hung on published ones in every way the models allow, every text of
theirs marked, and what stands on them is published. Then everything public is visited again.
"""

import re
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from urllib.parse import quote

import pytest
import time_machine
from django.db import models, transaction
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from clusters.directory.registry import DIRECTORIES
from clusters.models import District, Fact, Record
from clusters.models.fields import LineField, PartialDateField, ProseField, TextListField, WebAddressField
from tests import addresses, factories, world
from tests.test_completeness import HIDDEN, RECORDS, make

pytestmark = pytest.mark.django_db

MARK, UNKNOWN = "새는글자", "없는글자"
WORD = re.compile(r"leak(\d+)")


def relations() -> list[tuple[type[Record], models.Field, type[Record]]]:
    """Every way one record can refer to another."""
    return [
        (model, field, field.related_model)
        for model in RECORDS
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.is_relation and issubclass(field.related_model, Record)
    ]


def is_gate(model: type[Record], field: models.Field) -> bool:
    return field.name in (*model.gates, *model.optional_gates)


class Plantation:
    """Published records that will refer to hidden ones, and the hidden ones."""

    def __init__(self) -> None:
        self.years = count(1900)  # a series has one value for a year
        self.world = world.build()
        world.grow(self.world, 1)
        self.world.series = factories.series(district=self.world.district, indicator=self.world.indicator)
        self.holders = [
            (self.held(model, field), field, wanted)
            for model, field, wanted in relations()
            if not is_gate(model, field)
        ]
        for name in ("technology", "industry", "support_kind"):
            setattr(self.world, name, getattr(factories, name)())
        self.hidden: list[Record] = []
        self.words: dict[str, str] = {}

    def around(self, model: type[Record]) -> dict:
        """The main records for the relations of a new record, so that it stands where readers look."""
        fields = {field.name: field for field in model._meta.concrete_fields}
        main = {**vars(self.world), "operator": self.world.institution, "organizer": self.world.institution}
        found = {name: main[name] for name in fields if name in main and fields[name].is_relation}
        return {**found, "period": str(next(self.years))} if "period" in fields else found

    def held(self, model: type[Record], field: models.Field) -> Record:
        """A published record with nothing in one relation, until a hidden record comes there."""
        given = self.around(model)
        if issubclass(model, Fact):
            given = {"status": "unverified", **given}
        if field.name in given:
            given[field.name] = None
        return make(model, **given)

    def plant(self) -> None:
        """Hidden records of every kind in every state, published ones that stand on them, and all the relations."""
        by_model: dict[type[Record], list[Record]] = {}
        for model in RECORDS:
            for state in HIDDEN:
                record = make(model, **{**self.around(model), "publication": state})
                self.fill_relations(record)
                by_model.setdefault(model, []).append(record)
                self.mark(record, state)
                self.plant_upon(record)
        self.hidden = [record for records in by_model.values() for record in records]
        for place, (holder, field, wanted) in enumerate(self.holders):
            if isinstance(field, models.ManyToManyField):
                getattr(holder, field.name).add(*by_model[wanted])
            else:
                type(holder).objects.filter(pk=holder.pk).update(
                    **{field.name: by_model[wanted][place % len(HIDDEN)]}
                )

    def plant_upon(self, below: Record) -> None:
        """Published records that stand on a hidden one, and again on those."""
        for model, field, wanted in relations():
            if wanted is type(below) and is_gate(model, field):
                record = make(model, **{**self.around(model), field.name: below})
                self.fill_relations(record)
                self.mark(record, f"published, on {type(below).__name__}")
                self.plant_upon(record)

    def fill_relations(self, record: Record) -> None:
        """Let a new record name the main records, and be named by the facets that they are in."""
        main = {
            "technologies": self.world.technology,
            "industries": self.world.industry,
            "support_kinds": self.world.support_kind,
            "provinces": self.world.district.province,
            "partners": self.world.institution,
            "districts": self.world.district,
        }
        for field in record._meta.many_to_many:
            getattr(record, field.name).add(main.get(field.name, self.world.source))

    def mark(self, record: Record, how: str) -> None:
        """Put a word of its own into every text of a record, and make it the latest of all."""
        word = f"leak{len(self.words)}"
        self.words[word] = f"{type(record).__name__} ({how})"
        values = {"updated_at": timezone.now() + timedelta(days=400)}
        for field in record._meta.concrete_fields:
            if field.name == "slug":
                values[field.name] = word
            elif isinstance(field, WebAddressField):
                values[field.name] = f"https://{word}.example/"
            elif isinstance(field, TextListField):
                values[field.name] = [f"{MARK} {word}"]
            elif isinstance(field, LineField | ProseField):
                values[field.name] = f"{MARK} {word}"
            elif isinstance(field, PartialDateField) and field.blank:
                values[field.name] = "2099"
        type(record).objects.filter(pk=record.pk).update(**values)
        record.refresh_from_db()


def everything(directory: SimpleNamespace) -> list[str]:
    others = District.objects.published().exclude(pk=directory.district.pk)
    compared = [directory.district.slug, *others.values_list("slug", flat=True)[:3]]
    return [
        *addresses.simple_pages(),
        *(
            address
            for suffix in addresses.LIST_FORMATS
            for address in addresses.lists(suffix, "per_page=100")
        ),
        *addresses.lists(query="q=1&per_page=100"),
        *addresses.all_profiles(),
        *(
            address
            for suffix in ("", *addresses.COMPARED)
            for address in addresses.comparison(compared, suffix)
        ),
        *(address for suffix in ("", *addresses.COMPARED) for address in addresses.side_by_side(suffix, 30)),
        *(address for suffix in (".csv", ".json") for address in addresses.both(f"locate{suffix}")),
        *addresses.both("locate", query="stage=growth&d=main-district&technology=llm"),
        *addresses.both("search", query="q=1"),
        *addresses.both("suggest", query="q=1"),
        *("/sitemap.xml", "/robots.txt", "/no-such-page/", "/en/no-such-page/"),
    ]


def read(visited: list[str]) -> dict[str, tuple[int, str]]:
    client = Client()
    responses = {address: client.get(address) for address in visited}
    return {address: (r.status_code, r.getvalue().decode()) for address, r in responses.items()}


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker):
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        time_machine.travel("2026-11-25 03:00 +0000", tick=False),
        override_settings(SIMPLE_HISTORY_ENABLED=False),
    ):
        plantation = Plantation()
        visited = everything(plantation.world)
        plantation.before = read(visited)
        plantation.plant()
        plantation.after = read(visited)
        yield plantation
        transaction.set_rollback(True)


def test_everything_is_visited_and_answers(planted):
    assert len(planted.before) > 100
    bad = {
        a: status for a, (status, _) in planted.before.items() if status != (404 if "no-such" in a else 200)
    }
    assert not bad


def test_hidden_records_of_every_kind_are_attached(planted):
    assert {type(record) for record in planted.hidden} == set(RECORDS)
    assert {record.publication for record in planted.hidden} == set(HIDDEN)
    assert not any(type(record).objects.published().filter(pk=record.pk) for record in planted.hidden)
    assert len(planted.words) > len(planted.hidden), "Published records stand on hidden ones."
    for holder, field, _ in planted.holders:
        assert type(holder).objects.published().filter(pk=holder.pk).exclude(**{field.name: None}), field


def test_no_word_of_a_hidden_record_is_anywhere(planted):
    leaks = {
        f"{planted.words[found[0]]} in {address}: {text[max(0, found.start() - 60) : found.end() + 20]!r}"
        for address, (_, text) in planted.after.items()
        for found in WORD.finditer(text)
    }
    assert not leaks, "\n".join(sorted(leaks))
    assert not [address for address, (_, text) in planted.after.items() if MARK in text]
    # A factory may have come to this number by itself.
    years = {address: text.count("2099") for address, (_, text) in planted.before.items()}
    assert {address: text.count("2099") for address, (_, text) in planted.after.items()} == years


def test_pages_counts_and_files_are_the_same_without_them(planted):
    changed = []
    for address, (_, before) in planted.before.items():
        _, after = planted.after[address]
        if after != before:
            place = next(i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
            changed.append(
                f"{address}: {before[place - 60 : place + 40]!r} became {after[place - 60 : place + 40]!r}"
            )
    assert not changed, "\n".join(changed)


def test_pages_of_hidden_records_are_not_found(planted, client):
    hidden = [record for record in planted.hidden if record._meta.model_name in addresses.PROFILES]
    assert len(hidden) == len(addresses.PROFILES) * len(HIDDEN)
    for record in hidden:
        old = factories.redirect(kind=record._meta.model_name, new_slug=record.slug).old_slug
        for slug in (record.slug, old):
            for address in addresses.both(record._meta.model_name, slug):
                response = client.get(address)
                assert response.status_code == 404, address
                assert MARK not in response.content.decode()


def same_as_unknown(client, address: str, word: str, unknown: str) -> None:
    """An address that names something hidden answers like one that names nothing there is."""
    hidden, none = client.get(address), client.get(address.replace(word, unknown))
    text = hidden.getvalue().decode().replace(word, unknown).replace(quote(word), quote(unknown))
    assert (hidden.status_code, text) == (none.status_code, none.getvalue().decode()), address


@pytest.mark.parametrize("suffix", addresses.LIST_FORMATS)
def test_filters_by_something_hidden_are_filters_by_something_unknown(planted, client, suffix):
    slugs = [record.slug for record in planted.hidden if type(record) in (District, factories.m.Institution)]
    assert len(slugs) == 2 * len(HIDDEN)
    for entry in DIRECTORIES:
        names = [name for name in entry.filters.base_filters if name != "q"]
        for slug in slugs[::2]:
            query = "&".join(f"{name}={slug}" for name in names)
            address = addresses.both(entry.name + suffix, query=query)[0]
            same_as_unknown(client, address, slug, slug.replace("leak", "none"))


@pytest.mark.parametrize("suffix", addresses.FORMATS)
def test_a_comparison_with_something_hidden_is_one_with_something_unknown(planted, client, suffix):
    shown = list(District.objects.published().values_list("slug", flat=True)[:2])
    slugs = [record.slug for record in planted.hidden if type(record) is District]
    for address in (a for slug in slugs for a in addresses.comparison([slug, *shown], suffix)):
        slug = WORD.search(address)[0]
        same_as_unknown(client, address, slug, slug.replace("leak", "none"))


@pytest.mark.parametrize("suffix", addresses.FORMATS)
def test_a_hidden_district_is_as_unknown_to_the_finder_as_none(planted, client, suffix):
    for slug in (record.slug for record in planted.hidden if type(record) is District):
        address = addresses.both(f"locate{suffix}", query=f"d={slug}")[0]
        same_as_unknown(client, address, slug, slug.replace("leak", "none"))


def test_a_search_does_not_find_what_is_hidden(planted, client):
    for suffix in addresses.LIST_FORMATS:
        for address in addresses.lists(suffix, f"q={MARK}"):
            same_as_unknown(client, address, MARK, UNKNOWN)
    for address in addresses.both("search", query=f"q={MARK}"):
        same_as_unknown(client, address, MARK, UNKNOWN)
