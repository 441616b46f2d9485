"""Bounded parameters in admin lists: whatever an address or a form holds, no answer is a 5xx."""

import pytest
from django.contrib import admin

from clusters.models import Claim, Company, Office, Technology
from tests import factories
from tests.admin.pages import change_url, form_of, list_url

HUGE = str(10**30)
ADDRESSES = [
    f"id__in={HUGE}",
    "id__in=" + ",".join(map(str, range(10**9, 10**9 + 700))),
    f"id__exact={HUGE}",
    f"id={HUGE}",
    f"pk__in={HUGE}",
    "e=1",
    f"e=1&id__in={HUGE}",
    "p=1000000000000000000",
    f"p={HUGE}",
    "p=-1",
    "p=0",
    "p=²",
    "p=" + "9" * 5000,
    "q=%00",
    "q=%ED%A0%80",
    "q=%ff",
    "q=" + "a+" * 2000,
    "q=" + "가" * 500,
    'q="',
    "q='",
    "q=%25_%5C",
    "year__gte=" + HUGE,
    "created_at__year__gte=" + HUGE,
    "created_at__year=99999",
    "created_at__gte=nonsense",
    "updated_at__date=2026-99-99",
    "version__gte=" + HUGE,
    "version=nan",
    "o=999",
    "o=-999.5.abc",
    "o=" + ".".join(["1"] * 3000),
    "o=" + "9" * 4400,
    "o=--1",
    "slug__regex=(",
    "slug__iregex=(a%2B)%2B%24",
    "slug__nosuch=1",
    "nosuch__id__exact=1",
    "history__history_user__password__startswith=p",
    "source__publisher__startswith=a",
    f"source__id__exact={HUGE}",
    "publication__exact=nonsense",
    "publication__in=draft",
    "publication__isnull=perhaps",
    "publication__exact=draft&publication__exact=published",
    "&".join(["publication__exact=draft"] * 200),
    "source=nonsense",
    "missing=%F0%9F%92%A5",
    "_to_field=password",
    "_to_field=id",
    "_popup=1&_to_field=slug",
    "all=" + "x" * 900,
    "_facets=True",
    "&".join(f"x{i}=1" for i in range(700)),
]


@pytest.mark.parametrize("query", ADDRESSES, ids=lambda query: query[:40])
def test_bounded_parameters_in_admin_lists(as_administrator, query):
    factories.company()
    for url in (list_url(Company), list_url(Technology), "/admin/auth/user/", "/admin/axes/accesslog/"):
        response = as_administrator.get(f"{url}?{query}", follow=True)
        assert response.status_code in {200, 400}, url


def test_every_list_refuses_what_it_does_not_declare(as_administrator):
    for model in admin.site._registry:
        response = as_administrator.get(f"{list_url(model)}?id__in={HUGE}&o=1&q=a")
        assert response.status_code == 302
        assert response.url == f"{list_url(model)}?o=1&q=a"
    page = as_administrator.get(f"{list_url(Company)}?id__in={HUGE}", follow=True).content.decode()
    assert "Part of the address was not understood" in page


def test_declared_filters_keep_working(as_editor):
    technology = factories.technology()
    here = factories.company(technologies=[technology], publication="draft", name_ko="여기있음")
    factories.company(name_ko="다른기업")
    for query in (
        "publication__exact=draft",
        f"technologies__id__exact={technology.pk}",
        "publication__exact=draft&kind__exact=startup&o=-1&q=여기",
    ):
        response = as_editor.get(f"{list_url(Company)}?{query}")
        assert response.status_code == 200
        assert [found.pk for found in response.context["cl"].result_list] == [here.pk]
    assert as_editor.get(f"{list_url(Company)}?technologies__isnull=True&_facets=True").status_code == 200


def test_search_words_are_bounded_but_found(as_editor):
    company = factories.company(name_ko="길고 긴 이름의 기업")
    response = as_editor.get(list_url(Company), {"q": "기업 이름의 " + "긴 " * 50})
    assert [found.pk for found in response.context["cl"].result_list] == [company.pk]


@pytest.mark.parametrize("term", ["a " * 2000, '"', "%00", "가" * 900])
def test_bounded_parameters_in_choosers(as_editor, term):
    url = "/en/admin/autocomplete/"
    of = {"app_label": "clusters", "model_name": "office", "field_name": "company"}
    assert as_editor.get(url, {**of, "term": term}).status_code in {200, 400}
    for more in (
        {"page": HUGE},
        {"page": "x"},
        {"field_name": "nosuch"},
        {"model_name": "x"},
        {"field_name": "kind"},
    ):
        assert as_editor.get(url, {**of, **more}).status_code in {403, 404}


@pytest.mark.parametrize(
    "query",
    [
        f"company={HUGE}&district=abc&status=nonsense&since=x",
        "further_sources=1,abc,," + HUGE,
        "company=²",
        "publication=" + "x" * 900,
        "_to_field=nosuch",
        "opens_at=nonsense",
        "outline=%7B",
    ],
)
@pytest.mark.parametrize("model", ["office", "call", "district"])
def test_bounded_parameters_in_new_forms(as_editor, model, query):
    assert as_editor.get(f"/en/admin/clusters/{model}/add/?{query}").status_code in {200, 400}


@pytest.mark.parametrize(
    "tail",
    [
        "abc/change/",
        HUGE + "/change/",
        "²/change/",
        "_5F/change/",
        HUGE + "/delete/",
        "abc/delete/",
        "abc/history/",
        HUGE + "/history/",
        "%FF/change/",
        "-1/change/",
    ],
)
def test_ids_that_are_none(as_editor, tail):
    for method in (as_editor.get, as_editor.post):
        assert method(f"/en/admin/clusters/company/{tail}", follow=True).status_code in {200, 400, 404, 409}


def test_history_pages_take_any_page_number(as_editor):
    company = factories.company()
    for page in ("0", "-1", HUGE, "x", "²"):
        assert as_editor.get(change_url(company, "history") + f"?p={page}").status_code == 200


@pytest.mark.parametrize("garbage", ["abc", HUGE, "-1", "²", ""])
def test_bounded_values_in_posted_forms(as_editor, garbage):
    company = factories.company(publication="draft")
    office = factories.office(company=company)
    form = form_of(as_editor.get(change_url(company)), "company_form")
    for name in (
        "technologies",
        "source",
        "version",
        "kind",
        "offices-TOTAL_FORMS",
        "offices-INITIAL_FORMS",
        "offices-0-id",
        "offices-0-company",
        "offices-0-district",
        "offices-0-further_sources",
        "offices-0-version",
        "offices-0-publication",
    ):
        assert as_editor.post(change_url(company), {**form, name: garbage}).status_code in {200, 302, 400}, (
            name
        )
    office.refresh_from_db()
    assert office.company == company


@pytest.mark.parametrize("garbage", ["abc", HUGE, "-1", "²", "1.5", ""])
def test_bounded_values_in_posted_lists(as_editor, garbage):
    claim = factories.claim(order=3)
    form = form_of(as_editor.get(list_url(Claim)), "changelist-form") | {"_save": "Save"}
    for name in ("form-0-id", "form-0-order", "form-0-version", "form-TOTAL_FORMS", "form-INITIAL_FORMS"):
        assert as_editor.post(list_url(Claim), {**form, name: garbage}).status_code in {200, 302, 400}, name
    assert as_editor.post(list_url(Claim), {"_save": "Save"}).status_code in {200, 302, 400}
    for data in (
        {"_selected_action": garbage, "action": "publish", "index": 0},
        {"_selected_action": claim.pk, "action": garbage, "index": 0},
        {"_selected_action": claim.pk, "action": "publish", "index": garbage},
        {"_selected_action": claim.pk, "action": "publish", "index": 0, "select_across": garbage},
        {"_selected_action": claim.pk, "action": "publish", "index": 0, "reason": "\x00" + "x" * 5000},
    ):
        assert as_editor.post(list_url(Claim), data).status_code in {200, 302, 400}, data
    claim.refresh_from_db()
    assert claim.order == 3


def test_rows_that_say_the_same_are_refused_and_kept(as_editor):
    company = factories.company()
    office = factories.office(company=company, address_ko="같은 주소")
    form = form_of(as_editor.get(change_url(company)), "company_form")
    new = {
        name.replace("offices-0-", "offices-1-"): value
        for name, value in form.items()
        if "offices-0-" in name
    }
    form |= {**new, "offices-TOTAL_FORMS": "2", "offices-1-id": "", "offices-1-version": ""}
    response = as_editor.post(change_url(company), form)
    assert response.status_code == 200
    assert response.context["errors"]
    # Both new: no query can find the one when it looks at the other, only the database.
    form |= {
        "offices-0-address_ko": "다른 주소",
        "offices-1-address_ko": "새 주소",
        "offices-TOTAL_FORMS": "3",
    }
    form |= {
        name.replace("offices-1-", "offices-2-"): value
        for name, value in form.items()
        if "offices-1-" in name
    }
    response = as_editor.post(change_url(company), form)
    assert response.status_code == 200
    assert "The database refused this" in response.content.decode()
    assert form_of(response, "company_form")["offices-2-address_ko"] == ["새 주소"]
    office.refresh_from_db()
    assert office.address_ko == "같은 주소"


def test_text_that_no_page_can_show_is_refused(as_editor):
    office = factories.office()
    form = form_of(as_editor.get(change_url(office)), "office_form")
    for name, value in (
        ("address_ko", "a\x00b"),
        ("address_ko", "a\u202eb"),
        ("reason", "a\u202eb"),
        ("note_ko", "\x07"),
    ):
        response = as_editor.post(change_url(office), {**form, name: value})
        assert response.status_code == 200, name
        assert response.context["errors"]
    assert Office.objects.get().version == 1


def test_links_to_the_site_and_devices_of_nobody(as_administrator):
    for path in (
        "r/1/abc/",
        f"r/{HUGE}/1/",
        f"r/1/{HUGE}/",
        "otp_totp/totpdevice/999/config/",
        "nosuch/",
        "auth/nosuch/",
    ):
        assert as_administrator.get(f"/en/admin/{path}", follow=True).status_code in {200, 404}


def test_rows_are_as_many_as_were_sent(as_editor):
    company = factories.company()
    factories.office(company=company)
    form = form_of(as_editor.get(change_url(company)), "company_form")
    response = as_editor.post(change_url(company), {**form, "offices-TOTAL_FORMS": HUGE, "name_en": ""})
    assert response.status_code == 200
    assert len(response.context["inline_admin_formsets"][0].formset.forms) == 1
