"""Curators find possible duplicates, merge two records field by field, and take a merge back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.curation import duplicates, fixtures, history
from clusters.curation.importing import canonical
from clusters.models import Company, DistinctPair, Institution, Merge, Office, SuspectedPair
from tests import factories
from tests.admin.pages import change_url, form_of, list_url

PAIRS = list_url(SuspectedPair)


def merge_url(kept, merged) -> str:
    return change_url(kept, f"merge/{merged.pk}")


def undo_url(done) -> str:
    return change_url(done, "undo")


def alike(**given) -> tuple[Company, Company]:
    kept = factories.company(
        slug="one", name_ko="업스테이지", name_en="Upstage", summary_en="First.", **given
    )
    merged = factories.company(
        slug="two", name_ko="㈜업스테이지", name_en="UPSTAGE", summary_en="Second.", **given
    )
    return kept, merged


def do_merge(client, kept, merged, **changed):
    data = form_of(client.get(merge_url(kept, merged)), "merge-form")
    return client.post(merge_url(kept, merged), {**data, "merge": "Merge", **changed})


def everything() -> dict:
    return {model.__name__: list(canonical.rows(model)) for model in fixtures.fixture_models()}


# ---- the pairs -------------------------------------------------------------------------------------


def test_pairs_are_listed_with_their_reasons(as_curator):
    kept, merged = alike()
    assert as_curator.post(PAIRS + "find/", follow=True).status_code == 200
    page = as_curator.get(PAIRS).content.decode()
    for text in ("업스테이지 ↔ ㈜업스테이지", "possible (", "Upstage", "UPSTAGE", merge_url(kept, merged)):
        assert text in page
    assert "Possible duplicates" in as_curator.get(list_url(Company)).content.decode()
    assert merge_url(kept, merged) not in as_curator.get(PAIRS + "?kind__exact=institution").content.decode()


def test_more_pairs_take_no_more_queries(as_curator):
    counts = []
    for _ in range(2):
        for number in range(6):
            name = f"{chr(0xAC00 + len(counts) * 5000 + number * 601)}빛나라기술{chr(0xB000 + number * 333)}"
            factories.company(name_ko=name, name_en=name)
            factories.office(company=factories.company(name_ko=f"㈜{name}", name_en=name))
        duplicates.find("company")
        with CaptureQueriesContext(connection) as queries:
            assert as_curator.get(PAIRS).status_code == 200
        counts.append(len(queries))
    assert SuspectedPair.objects.count() > 6
    assert counts[0] == counts[1]


def test_the_page_of_a_pair_is_where_it_is_decided(as_curator):
    kept, merged = alike()
    duplicates.find("company")
    pair = SuspectedPair.objects.get()
    assert as_curator.get(change_url(pair)).url == merge_url(kept, merged)


def test_a_record_shows_those_most_like_it(as_curator):
    kept, merged = alike()
    other = factories.company()
    assert change_url(kept, "duplicates") in as_curator.get(change_url(kept)).content.decode()
    page = as_curator.get(change_url(kept, "duplicates")).content.decode()
    assert merge_url(kept, merged) in page
    assert merge_url(kept, other) not in page
    assert "No other record" in as_curator.get(change_url(other, "duplicates")).content.decode()


def test_a_pair_that_is_none_is_remembered_with_who_and_why(as_curator, curator):
    kept, merged = alike()
    duplicates.find("company")
    data = form_of(as_curator.get(merge_url(kept, merged)), "apart-form")
    as_curator.post(merge_url(kept, merged), {**data, "apart": "1", "reason": "다른 법인"})
    pair = DistinctPair.objects.get()
    assert (pair.by, pair.reason) == (curator, "다른 법인")
    as_curator.post(PAIRS + "find/")
    assert not SuspectedPair.objects.exists()
    assert "다른 법인" in as_curator.get(list_url(DistinctPair)).content.decode()
    assert as_curator.post(change_url(pair, "delete"), {"post": "yes"}).status_code == 302
    assert SuspectedPair.objects.count() == 1


def test_several_pairs_are_told_apart_from_the_list(as_curator):
    alike()
    duplicates.find("company")
    data = {"action": "tell_apart", "_selected_action": [SuspectedPair.objects.get().pk], "reason": "둘"}
    as_curator.post(PAIRS, data)
    assert DistinctPair.objects.get().reason == "둘"
    assert not SuspectedPair.objects.exists()


def test_large_directories_are_searched_by_the_command(as_curator, monkeypatch):
    monkeypatch.setattr("clusters.admin.duplicates.MOST_SEARCHED_HERE", 1)
    alike()
    page = as_curator.post(PAIRS + "find/", follow=True).content.decode()
    assert "find_duplicates" in page
    assert not SuspectedPair.objects.exists()


# ---- merging ---------------------------------------------------------------------------------------


def test_two_records_become_one_as_chosen_and_two_again(as_editor, editor):
    kept, merged = alike()
    office = factories.office(company=merged)
    before = everything()
    page = as_editor.get(merge_url(kept, merged)).content.decode()
    for text in ("First.", "Second.", "Record that stays", "Offices (1)"):
        assert text in page
    response = do_merge(
        as_editor, kept, merged, **{f"company-{merged.pk}-summary_en": "merged", "reason": "같은 회사"}
    )
    done = Merge.objects.get()
    assert response.url == change_url(done)
    kept.refresh_from_db()
    office.refresh_from_db()
    assert (kept.summary_en, kept.aliases, office.company) == ("Second.", ["㈜업스테이지", "UPSTAGE"], kept)
    assert (done.by, done.reason) == (editor, "같은 회사")
    page = as_editor.get(change_url(done)).content.decode()
    for text in ("Second.", "Merged away", "Undo this merge"):
        assert text in page
    assert "같은 회사" in as_editor.get(change_url(merged, "history")).content.decode()
    assert as_editor.post(undo_url(done), follow=True).status_code == 200
    assert everything() == before
    page = as_editor.get(change_url(done)).content.decode()
    assert "undo-form" not in page


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_old_address_leads_to_the_record_that_stays(as_editor, client, prefix):
    kept, merged = alike()
    do_merge(as_editor, kept, merged)
    answer = client.get(f"{prefix}/companies/two/")
    assert (answer.status_code, answer.url) == (301, f"{prefix}/companies/one/")
    for name in ("", ".csv", ".json"):
        body = client.get(f"{prefix}/companies{name or '/'}")
        text = b"".join(body.streaming_content) if body.streaming else body.content
        assert b"one" in text
        assert b"two" not in text
    as_editor.post(undo_url(Merge.objects.get()))
    assert client.get(f"{prefix}/companies/two/").status_code == 200


def test_equal_facts_are_chosen_from_on_the_same_page(as_editor):
    kept, merged = alike()
    stays = factories.funding_round(company=kept, date="2024", amount=111)
    goes = factories.funding_round(company=merged, date="2024", amount=222)
    page = as_editor.get(merge_url(kept, merged)).content.decode()
    assert "Funding round that both have" in page
    do_merge(as_editor, kept, merged, **{f"fundinground-{goes.pk}-amount": "merged"})
    stays.refresh_from_db()
    assert stays.amount == 222


def test_a_page_sent_twice_merges_once(as_editor):
    kept, merged = alike()
    data = {**form_of(as_editor.get(merge_url(kept, merged)), "merge-form"), "merge": "1"}
    as_editor.post(merge_url(kept, merged), data)
    again = as_editor.post(merge_url(kept, merged), data)
    assert again.url == change_url(Merge.objects.get())
    done = Merge.objects.get()
    as_editor.post(undo_url(done))
    assert "undone already" in as_editor.post(undo_url(done), follow=True).content.decode()
    assert Company.objects.count() == 2


def test_a_save_between_is_told_and_nothing_is_merged(as_editor, editor):
    kept, merged = alike()
    data = {**form_of(as_editor.get(merge_url(kept, merged)), "merge-form"), "merge": "1", "reason": "이유"}
    data[f"company-{merged.pk}-summary_en"] = "merged"
    merged.name_en = "Changed meanwhile"
    history.save(merged, by=editor)
    response = as_editor.post(merge_url(kept, merged), data)
    page = response.content.decode()
    assert "saved by somebody else meanwhile" in page
    assert "Changed meanwhile" in page
    assert Company.objects.count() == 2
    assert form_of(response, "merge-form")[f"company-{merged.pk}-summary_en"] == ["merged"], (
        "Choices are kept."
    )
    assert "이유" in page


def test_what_would_not_hold_is_told_beside_its_field(as_editor):
    kept, merged = alike()
    Company.objects.filter(pk=merged.pk).update(business_number="1208147520")
    response = do_merge(as_editor, kept, merged, **{f"company-{merged.pk}-business_number": "merged"})
    assert "The check digit of this business number is wrong." in response.content.decode()
    assert Company.objects.count() == 2


def test_a_choice_that_is_none_is_told(as_editor):
    kept, merged = alike()
    response = do_merge(as_editor, kept, merged, **{f"company-{merged.pk}-slug": "<script>"})
    page = response.content.decode()
    assert "choose what stays" in page
    assert "<script>" not in page.replace("<script ", "")
    assert Company.objects.count() == 2


def test_curators_merge_drafts_and_only_read_what_is_public(as_curator):
    kept, merged = alike()
    page = as_curator.get(merge_url(kept, merged)).content.decode()
    assert "Only an editor merges these two" in page
    assert as_curator.post(merge_url(kept, merged), {"merge": "1"}).status_code == 403
    Company.objects.update(publication="draft")
    assert do_merge(as_curator, kept, merged).status_code == 302
    done = Merge.objects.get()
    Company.objects.update(publication="published")
    assert as_curator.post(undo_url(done)).status_code == 403
    assert "Only an editor undoes it" in as_curator.get(change_url(done)).content.decode()


def test_strangers_see_none_of_it(client, as_editor):
    kept, merged = alike()
    do_merge(as_editor, *(factories.company(), factories.company()))
    for url in (
        PAIRS,
        merge_url(kept, merged),
        change_url(kept, "duplicates"),
        undo_url(Merge.objects.get()),
    ):
        assert client.get(url).status_code == 302
        assert client.post(url).status_code == 302
    assert Company.objects.count() == 3


def test_what_was_edited_since_is_told_before_it_is_left(as_editor, editor):
    kept, merged = alike()
    office = factories.office(company=merged)
    do_merge(as_editor, kept, merged)
    office.refresh_from_db()
    office.company = factories.company(name_en="Third")
    history.save(office, by=editor)
    done = Merge.objects.get()
    page = as_editor.get(change_url(done)).content.decode()
    assert "Company was edited since: " in page
    assert "nothing was undone" in as_editor.post(undo_url(done), follow=True).content.decode().lower()
    assert Company.objects.count() == 2
    as_editor.post(undo_url(done), {"leave_edited": "on"})
    assert Company.objects.count() == 3
    assert Office.objects.get(pk=office.pk).company.name_en == "Third"


@pytest.mark.parametrize("one", ["abc", "0", "9" * 30, "1%00", "²", "-1"])
def test_ids_that_are_none_are_not_found(as_editor, one):
    company = factories.company()
    for url in (
        list_url(Company, f"{one}/merge/{company.pk}/"),
        list_url(Company, f"{company.pk}/merge/{one}/"),
        list_url(Company, f"{one}/duplicates/"),
        list_url(Merge, f"{one}/undo/"),
        list_url(Merge, f"{one}/change/"),
        list_url(SuspectedPair, f"{one}/change/"),
    ):
        assert as_editor.get(url).status_code in {302, 400, 404}, url
        assert as_editor.post(url).status_code in {302, 400, 403, 404}, url


def test_a_record_and_itself_are_refused_in_words(as_editor):
    company = factories.company()
    assert (
        "cannot be merged with itself"
        in as_editor.get(merge_url(company, company), follow=True).content.decode()
    )


def test_institutions_programs_and_sources_have_the_same_pages(as_editor):
    for make in (factories.institution, factories.program, factories.source):
        kept, merged = make(), make()
        assert as_editor.get(change_url(kept, "duplicates")).status_code == 200
        assert do_merge(as_editor, kept, merged).status_code == 302
    assert Merge.objects.count() == 3
    assert Institution.objects.count() == 1
