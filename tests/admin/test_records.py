"""Every record can be maintained, comfortably, and says what it wants."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse

from clusters.admin.lists import MissingLanguage, WithoutSource
from clusters.models import Record
from clusters.models.base import NaturalKey
from tests import factories
from tests.admin.pages import change_url, form_of, list_url

MODELS = [model for model in apps.get_app_config("clusters").get_models() if issubclass(model, NaturalKey)]
RECORDS = [model for model in MODELS if issubclass(model, Record)]


def of(model):
    return admin.site.get_model_admin(model)


@pytest.fixture
def request_of_editor(editor):
    request = RequestFactory().get("/admin/")
    request.user = editor
    return request


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_registered_and_searchable(model):
    assert of(model).search_fields


@pytest.mark.parametrize("model", MODELS)
def test_every_field_can_be_edited_in_the_form(model, request_of_editor):
    shown = flatten_fieldsets(of(model).get_fieldsets(request_of_editor))
    wanted = [f.name for f in (*model._meta.concrete_fields, *model._meta.many_to_many) if f.editable]
    assert sorted({*wanted, "version", "reason"} - {"id"}) == sorted(shown)


@pytest.mark.parametrize("model", MODELS)
def test_relations_are_found_by_typing(model):
    relations = {f.name for f in (*model._meta.concrete_fields, *model._meta.many_to_many) if f.is_relation}
    assert relations <= set(of(model).autocomplete_fields)


@pytest.mark.parametrize("model", RECORDS)
def test_lists_show_publication_and_finding_and_filter_by_them(model):
    names = {field.name for field in model._meta.fields}
    for name in {"publication", "status"} & names:
        assert name in of(model).list_display
        assert name in of(model).list_filter
    if "source" in names:
        assert WithoutSource in of(model).list_filter
    if any(name.endswith("_en") for name in names):
        assert MissingLanguage in of(model).list_filter


@pytest.mark.parametrize("model", RECORDS)
def test_every_group_of_fields_has_a_name_in_the_curators_words(model, request_of_editor):
    assert all(str(name) for name, _options in of(model).get_fieldsets(request_of_editor))


@pytest.mark.parametrize(
    ("parent", "rows"),
    [
        ("District", {"Station", "AnchorSite", "Designation", "Claim", "Trait", "Series"}),
        ("Company", {"Office", "FundingRound"}),
        ("Program", {"Call"}),
        ("Call", {"Criterion"}),
        ("Series", {"Observation"}),
        ("Indicator", {"Series"}),
    ],
)
def test_facts_are_rows_of_the_record_they_belong_to(parent, rows):
    inlines = of(apps.get_model("clusters", parent)).inlines
    assert {inline.model.__name__ for inline in inlines} == rows


def test_rows_hold_every_field_of_their_fact(request_of_editor):
    for model in RECORDS:
        for inline_class in of(model).inlines:
            inline = inline_class(model, admin.site)
            shown = set(flatten_fieldsets(inline.get_fieldsets(request_of_editor)))
            opts = inline.model._meta
            wanted = {f.name for f in (*opts.concrete_fields, *opts.many_to_many) if f.editable} - {"id"}
            assert wanted - shown <= {f.name for f in opts.fields if f.related_model is model} | {
                "reference_area"
            }


@pytest.fixture
def one_of_each(db):
    district = factories.district()
    company = factories.company(technologies=[factories.technology()], industries=[factories.industry()])
    program = factories.program(districts=[district], support_kinds=[factories.support_kind()])
    call = factories.call(program=program)
    series = factories.series(district=district)
    return [
        district,
        factories.station(district=district),
        factories.anchor_site(district=district),
        factories.designation(district=district),
        factories.claim(district=district),
        factories.trait(district=district),
        company,
        factories.office(company=company, district=district),
        factories.funding_round(company=company),
        factories.institution(district=district),
        program,
        call,
        factories.criterion(call=call),
        series.indicator,
        series,
        factories.observation(series=series),
        factories.event(district=district),
        factories.source(),
        factories.technology(),
        factories.industry(),
        factories.support_kind(),
        factories.province(),
        factories.redirect(),
    ]


def test_all_pages_open_in_both_languages(one_of_each, as_editor):
    assert {type(record) for record in one_of_each} == set(MODELS)
    for record in one_of_each:
        for page in ("change", "delete", "history"):
            for url in (change_url(record, page), change_url(record, page).removeprefix("/en")):
                assert as_editor.get(url).status_code == 200, url
        for page in ("", "add/"):
            assert as_editor.get(list_url(type(record), page)).status_code == 200


def test_saving_an_untouched_form_changes_nothing(one_of_each, as_editor):
    for record in one_of_each:
        rows = record.history.count() if isinstance(record, Record) else 0
        response = as_editor.get(change_url(record))
        data = form_of(response, f"{record._meta.model_name}_form")
        response = as_editor.post(change_url(record), data)
        assert response.status_code == 302, response.context["errors"]
        record.refresh_from_db()
        if isinstance(record, Record):
            assert record.version == 1
            assert record.history.count() == rows


def test_help_texts_explain_what_is_wanted(as_editor):
    page = as_editor.get(list_url(apps.get_model("clusters", "office"), "add/")).content.decode()
    for text in (
        "Only published records are visible to the public.",
        "The document that says so.",
        "Only where the move has happened, never from a plan.",
        "it is kept in the history",
        "When a company moves",
    ):
        assert text in page


def test_public_records_link_to_their_page(as_editor):
    company = factories.company()
    office = factories.office(company=company)
    for record in (company, office):
        assert f'href="{company.get_absolute_url()}"' in as_editor.get(
            change_url(record)
        ).content.decode().replace("/en/companies", "/companies")
    draft = factories.company(publication="draft")
    assert "viewsitelink" not in as_editor.get(change_url(draft)).content.decode()


def test_filters_find_what_is_incomplete(as_editor):
    from clusters.models import Company

    lonely = factories.company(name_ko="외톨이", source=None)
    cited = factories.company(name_ko="인용됨", source=factories.source(), summary_en="")
    page = as_editor.get(list_url(Company) + "?source=none").content.decode()
    assert lonely.name_ko in page
    assert cited.name_ko not in page
    page = as_editor.get(list_url(Company) + "?missing=en").content.decode()
    assert cited.name_ko in page
    assert lonely.name_ko not in page


def test_the_language_link_stays_on_the_page(as_editor):
    company = factories.company()
    page = as_editor.get(change_url(company) + "?_changelist_filters=q%3Da").content.decode()
    assert f'href="/admin/clusters/company/{company.pk}/change/?_changelist_filters=q%3Da" lang="ko"' in page
    page = as_editor.get("/admin/").content.decode()
    assert 'href="/en/admin/" lang="en"' in page
    assert '<html lang="ko"' in page


def test_the_first_page_lists_the_nouns_in_order(as_administrator):
    page = as_administrator.get(reverse("admin:index"))
    names = [entry["object_name"] for entry in page.context["app_list"][0]["models"]]
    assert names[0] == "District"
    assert names.index("Company") < names.index("Source") < names.index("Technology")


def test_lists_do_not_query_once_per_row(as_editor, django_assert_max_num_queries):
    from clusters.models import Observation, Office

    for model, factory in ((Office, factories.office), (Observation, factories.observation)):
        for _ in range(12):
            factory()
        with django_assert_max_num_queries(16):
            as_editor.get(list_url(model))


def test_groups_migrate_both_ways(transactional_db):
    from django.contrib.auth.models import Group

    call_command("migrate", "clusters", "0001", verbosity=0)
    assert not Group.objects.filter(name__in=["curator", "editor", "administrator"]).exists()
    call_command("migrate", "clusters", verbosity=0)
    call_command("migrate", "clusters", verbosity=0)
    curator, editor = Group.objects.get(name="curator"), Group.objects.get(name="editor")
    assert curator.permissions.filter(codename="change_company").exists()
    assert not curator.permissions.filter(codename__startswith="publish_").exists()
    deletes = curator.permissions.filter(codename__startswith="delete_")
    assert [one.codename for one in deletes] == ["delete_distinctpair"], "An opinion may be taken back."
    assert editor.permissions.filter(codename__startswith="publish_").count() == len(RECORDS)
    administrator = Group.objects.get(name="administrator")
    for codename in ("change_user", "change_group", "delete_accessattempt", "add_totpdevice"):
        assert administrator.permissions.filter(codename=codename).exists()
