"""Proposals in the admin: curators make them by editing, editors decide them field by field, proposers see why."""

import pytest
from django.contrib.messages import get_messages

from clusters.curation import history, proposals
from clusters.curation.merging import applying as merging
from clusters.curation.merging import plans
from clusters.curation.merging.undoing import undo
from clusters.models import Company, Office, Proposal, Source
from tests import factories
from tests.admin.conftest import signed_in
from tests.admin.pages import change_form, change_url, form_of, list_url

pytestmark = pytest.mark.django_db


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def public_proposal(record, *entries, **given) -> Proposal:
    made = [{"field": name, "shown": shown, "proposed": proposed} for name, shown, proposed in entries]
    return proposals.propose(record, by=None, entries=made, **given)


def review(client, proposal, **changed):
    """Send the form of a proposal's page as a browser would."""
    response = client.get(change_url(proposal))
    assert response.status_code == 200
    data = {**form_of(response, "review_form"), **changed}
    return client.post(
        change_url(proposal), {name: value for name, value in data.items() if value is not None}
    )


# ---- making, by curators ---------------------------------------------------------------------------


def test_a_curators_edit_of_a_published_record_becomes_a_proposal(as_curator, curator):
    llm = factories.technology()
    company = factories.company(name_en="Old Name", stage="seed")
    page = as_curator.get(change_url(company)).content.decode()
    assert "is sent to the editors as a proposal" in page
    data = change_form(
        as_curator, company, name_en="New Name", technologies=[llm.pk], reason="공시에서 보았습니다"
    )
    response = as_curator.post(change_url(company), data)
    assert response.status_code == 302
    proposal = Proposal.objects.get()
    assert f"sent to the editors as a proposal: {proposal.reference}" in told(response)
    assert "was changed successfully" not in told(response)
    assert (proposal.by, proposal.from_public, proposal.comment) == (curator, False, "공시에서 보았습니다")
    assert {entry["field"]: entry["proposed"] for entry in proposal.changes} == {
        "name_en": "New Name",
        "technologies": [llm.pk],
    }
    company.refresh_from_db()
    assert (company.name_en, company.version, company.technologies.count()) == ("Old Name", 1, 0)
    assert not company.history.exclude(history_type="+").exists()
    assert proposal.reference in as_curator.get(change_url(company)).content.decode()


def test_curators_propose_no_publication_and_nothing_without_a_change(as_curator):
    company = factories.company()
    response = as_curator.post(
        change_url(company), change_form(as_curator, company, publication="archived", reason="왜")
    )
    assert response.status_code == 302
    company.refresh_from_db()
    assert company.is_public
    assert not Proposal.objects.exists()


def test_what_is_not_valid_is_no_proposal(as_curator):
    company = factories.company()
    response = as_curator.post(
        change_url(company), change_form(as_curator, company, website="javascript:alert(1)")
    )
    assert response.status_code == 200
    assert not Proposal.objects.exists()


def test_rows_are_proposed_one_by_one_and_drafts_are_saved(as_curator):
    company = factories.company()
    public = factories.office(company=company, address_en="1 Old Street")
    draft = factories.office(company=company, publication="draft", kind="lab")
    data = change_form(as_curator, company)
    rows = {data[f"offices-{i}-id"][0]: i for i in range(2)}
    data |= {
        f"offices-{rows[str(public.pk)]}-address_en": "2 New Street",
        f"offices-{rows[str(draft.pk)]}-address_en": "3 Draft Street",
    }
    response = as_curator.post(change_url(company), data)
    assert response.status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.model, proposal.record_pk) == ("office", public.pk)
    assert proposal.changes == [{"field": "address_en", "shown": "1 Old Street", "proposed": "2 New Street"}]
    public.refresh_from_db()
    draft.refresh_from_db()
    assert (public.address_en, draft.address_en) == ("1 Old Street", "3 Draft Street")


def test_rows_added_to_a_published_record_are_drafts(as_curator):
    company = factories.company()
    data = change_form(as_curator, company)
    new = {"kind": "lab", "address_ko": "서울 강남구", "publication": "draft", "status": "unverified"}
    data |= {"offices-TOTAL_FORMS": "1", **{f"offices-0-{name}": value for name, value in new.items()}}
    assert as_curator.post(change_url(company), data).status_code == 302
    office = Office.objects.get()
    assert (office.publication, office.company) == ("draft", company)
    assert not Proposal.objects.exists()


def test_archived_records_stay_closed_to_curators(as_curator):
    company = factories.company(publication="archived")
    assert as_curator.post(change_url(company), {"version": 1}).status_code == 403


def test_curators_restore_nothing_in_published_records(as_curator, editor):
    company = factories.company(name_en="First")
    company.name_en = "Second"
    history.save(company, by=editor)
    row = company.history.last()
    address = f"/en/admin/clusters/company/{company.pk}/history/{row.pk}/"
    assert "Restore this state" not in as_curator.get(address).content.decode()
    assert as_curator.post(address, {"version": "2"}).status_code == 403


# ---- deciding, by editors --------------------------------------------------------------------------


def test_editors_see_what_is_now_what_was_shown_and_what_is_proposed(as_editor):
    company = factories.company(name_en="Now Name")
    proposal = public_proposal(
        company,
        ("name_en", "Shown Name", "Proposed <b>Name</b>"),
        link="https://news.example/a",
        comment="<script>x</script>",
        email="reader@example.com",
    )
    page = as_editor.get(change_url(proposal)).content.decode()
    for text in ("Now Name", "Shown Name", "Proposed &lt;b&gt;Name", "Changed since", "reader@example.com"):
        assert text in page
    assert "<script>x" not in page and "A reader" in page
    assert form_of(as_editor.get(change_url(proposal)), "review_form").get("take_name_en") is None


def test_accepting_writes_the_field_and_records_the_source(as_editor, editor):
    office = factories.office(source=None, status="unverified", address_en="Old")
    proposal = public_proposal(office, ("address_en", "Old", "New"), link="https://news.example/moved")
    response = review(
        as_editor,
        proposal,
        _accept="1",
        source_title="기사 제목",
        source_publisher="한국신문",
        source_published="2026-11",
        reason="확인함",
    )
    assert response.status_code == 302, response.context["form"].errors
    office.refresh_from_db()
    proposal.refresh_from_db()
    source = Source.objects.get(url="https://news.example/moved")
    assert (office.address_en, office.source, source.publication) == ("New", source, "published")
    assert (proposal.state, proposal.decided_by, proposal.reason) == ("accepted", editor, "확인함")
    assert proposal.source == source and proposal.changes[0]["outcome"] == "accepted"
    row = office.history.first()
    assert (row.history_user, row.history_change_reason) == (editor, "확인함")
    assert source.history.get().history_user == editor


def test_a_source_that_is_there_already_is_used_beside_the_first(as_editor):
    there = factories.source(url="https://news.example/known")
    office = factories.office()
    first = office.source
    proposal = public_proposal(office, ("address_en", "", "New"), link="https://news.example/known")
    assert "already here as" in as_editor.get(change_url(proposal)).content.decode()
    assert review(as_editor, proposal, _accept="1", place="beside").status_code == 302
    office.refresh_from_db()
    assert office.source == first
    assert list(office.further_sources.all()) == [there]
    assert [kept.source_id for kept in office.history.first().further_sources.all()] == [there.pk]


def test_a_draft_source_may_be_recorded(as_editor):
    company = factories.company()
    proposal = public_proposal(company, ("name_en", company.name_en, "New"), link="https://a.example/x")
    review(as_editor, proposal, _accept="1", source_title="가", source_publisher="나", source_public=None)
    company.refresh_from_db()
    assert company.source.publication == "draft"


def test_a_record_without_a_place_for_sources_names_it_in_its_history(as_editor):
    there = factories.source(url="https://news.example/known")
    indicator = factories.indicator(name_en="Old")
    proposal = public_proposal(indicator, ("name_en", "Old", "New"), link=there.url)
    assert review(as_editor, proposal, _accept="1").status_code == 302
    assert there.url in indicator.history.first().history_change_reason


def test_some_fields_are_accepted_some_edited_some_left(as_editor):
    company = factories.company(name_en="Old", website="", stage="seed")
    proposal = public_proposal(
        company,
        ("name_en", "Old", "Newish"),
        ("website", "", "https://new.example/"),
        ("stage", "seed", "series_a"),
    )
    response = review(
        as_editor, proposal, _accept="1", take_website=None, value_name_en="New", evidence="none"
    )
    assert response.status_code == 302
    company.refresh_from_db()
    proposal.refresh_from_db()
    assert (company.name_en, company.website, company.stage) == ("New", "", "series_a")
    assert proposal.state == "partly"
    outcomes = {entry["field"]: entry["outcome"] for entry in proposal.changes}
    assert outcomes == {"name_en": "edited", "website": "left", "stage": "accepted"}


def test_relations_are_accepted(as_editor):
    llm, vision = factories.technology(), factories.technology("vision", name_ko="비전", name_en="Vision")
    company = factories.company(technologies=[llm])
    proposal = public_proposal(company, ("technologies", [llm.pk], [llm.pk, vision.pk]))
    assert review(as_editor, proposal, _accept="1").status_code == 302
    assert set(company.technologies.all()) == {llm, vision}
    assert company.history.first().technologies.count() == 2


def test_what_would_not_be_valid_is_said_beside_the_field(as_editor):
    company = factories.company(name_en="Old")
    proposal = public_proposal(company, ("website", "", "https://ok.example/"))
    response = review(as_editor, proposal, _accept="1", value_website="javascript:alert(1)")
    assert response.status_code == 200 and "errornote" in response.content.decode()
    factories.company(market="kosdaq", stock_code="123")
    taken = public_proposal(company, ("stock_code", "", "123"), ("market", "", "kosdaq"))
    response = review(as_editor, taken, _accept="1")
    assert "Another company has this stock code." in response.content.decode()
    company.refresh_from_db()
    assert company.version == 1 and Proposal.objects.waiting().count() == 2


def test_nothing_chosen_is_nothing_accepted(as_editor):
    company = factories.company(name_en="Old")
    proposal = public_proposal(company, ("name_en", "Old", "New"))
    response = review(as_editor, proposal, _accept="1", take_name_en=None)
    assert "Choose at least one field" in response.content.decode()


def test_sending_back_needs_a_reason(as_editor):
    company = factories.company(name_en="Old")
    proposal = public_proposal(company, ("name_en", "Old", "New"))
    assert review(as_editor, proposal, _send_back="1").status_code == 200
    assert review(as_editor, proposal, _send_back="1", reason="출처와 다릅니다").status_code == 302
    proposal.refresh_from_db()
    company.refresh_from_db()
    assert (proposal.state, proposal.reason, company.name_en) == ("sent_back", "출처와 다릅니다", "Old")


def test_a_comment_alone_is_accepted_as_done(as_editor):
    proposal = public_proposal(factories.company(), comment="폐업했습니다")
    assert review(as_editor, proposal, _accept="1", evidence="none").status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_a_proposal_is_decided_once(as_editor, administrator):
    company = factories.company(name_en="Old")
    proposal = public_proposal(company, ("name_en", "Old", "New"))
    data = form_of(as_editor.get(change_url(proposal)), "review_form")
    proposals.send_back(proposal, by=administrator, reason="먼저")
    response = as_editor.post(change_url(proposal), {**data, "_accept": "1"})
    assert "decided by somebody else before" in told(response)
    company.refresh_from_db()
    assert company.name_en == "Old"


def test_a_record_changed_since_the_page_was_opened_is_looked_at_again(as_editor, administrator):
    company = factories.company(name_en="Old")
    proposal = public_proposal(company, ("name_en", "Old", "New"))
    data = form_of(as_editor.get(change_url(proposal)), "review_form")
    company.name_en = "Meanwhile"
    history.save(company, by=administrator)
    response = as_editor.post(change_url(proposal), {**data, "_accept": "1"})
    page = response.content.decode()
    assert response.status_code == 200 and "changed meanwhile" in page and "Meanwhile" in page
    assert Proposal.objects.waiting().exists()
    again = form_of(response, "review_form") | {"_accept": "1", "take_name_en": "on"}
    assert as_editor.post(change_url(proposal), again).status_code == 302
    company.refresh_from_db()
    assert company.name_en == "New"


def test_proposals_about_deleted_records_can_only_be_sent_back(as_editor, editor):
    company = factories.company(name_en="Old")
    proposal = public_proposal(company, ("name_en", "Old", "New"))
    history.delete(company, by=editor)
    response = as_editor.get(change_url(proposal))
    assert "deleted since" in response.content.decode() and "_accept" not in response.content.decode()
    assert review(as_editor, proposal, _accept="1").status_code == 200
    assert review(as_editor, proposal, _send_back="1", reason="없음").status_code == 302


def join(kept, merged, by):
    kept, merged = (Company.objects.get(pk=one.pk) for one in (kept, merged))
    return merging.merge(kept, merged, by=by, stamp=plans.make(kept, merged).stamp)


def test_a_proposal_follows_its_record_into_the_one_it_was_merged_into_and_back(as_editor, editor):
    kept, merged = factories.company(name_en="Old"), factories.company(name_en="Older")
    proposal = public_proposal(merged, ("name_en", "Older", "New"))
    merge = join(kept, merged, editor)
    page = as_editor.get(change_url(proposal)).content.decode()
    assert "merged into another since" in page and change_url(kept) in page and "deleted since" not in page
    assert proposal.reference in as_editor.get(change_url(kept)).content.decode()

    undo(merge, by=editor)
    page = as_editor.get(change_url(proposal)).content.decode()
    assert "merged into another since" not in page and change_url(merged) in page
    assert proposal.reference not in as_editor.get(change_url(kept)).content.decode()

    join(kept, merged, editor)
    assert review(as_editor, proposal, take_name_en="on", _accept="1").status_code == 302
    kept.refresh_from_db()
    assert kept.name_en == "New"
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_a_proposal_follows_merges_one_after_the_other(editor):
    first, second, third = (factories.company() for _number in range(3))
    proposal = public_proposal(first, ("name_en", first.name_en, "New"))
    for kept, merged in ((second, first), (third, second)):
        join(kept, merged, editor)
    assert proposals.record_of(proposal) == third
    assert list(proposals.waiting_for(third)) == [proposal]


# ---- who sees what ---------------------------------------------------------------------------------


def test_curators_see_their_own_with_the_reason_and_no_others(as_curator, curator, editor):
    company = factories.company(name_en="Old")
    foreign = public_proposal(company, ("name_en", "Old", "X"), email="reader@example.com")
    own = proposals.propose(
        company, by=curator, entries=[{"field": "name_en", "shown": "Old", "proposed": "Mine"}]
    )
    proposals.send_back(own, by=editor, reason="출처가 없습니다")
    page = as_curator.get(list_url(Proposal)).content.decode()
    assert own.reference in page and foreign.reference not in page and "출처가 없습니다" in page
    page = as_curator.get(change_url(own)).content.decode()
    assert "출처가 없습니다" in page and "Sent back" in page and "review_form" not in page
    assert as_curator.get(change_url(foreign)).status_code == 404
    for proposal, status in ((own, 403), (foreign, 404)):
        assert as_curator.post(change_url(proposal), {"_accept": "1"}).status_code == status
    assert Company.objects.get().name_en == "Old"


def test_waiting_ones_come_first(as_editor, editor):
    company = factories.company(name_en="Old")
    waiting = public_proposal(company, ("name_en", "Old", "A"))
    done = public_proposal(company, ("name_en", "Old", "B"))
    proposals.send_back(done, by=editor, reason="아님")
    page = as_editor.get(list_url(Proposal)).content.decode()
    assert page.index(waiting.reference) < page.index(done.reference)
    for query in ("?state=waiting", "?from_public=1", "?model=company", "?o=1.2", f"?q={waiting.reference}"):
        assert waiting.reference in as_editor.get(list_url(Proposal) + query).content.decode()


def test_strangers_and_odd_addresses(as_editor, client):
    proposal = public_proposal(factories.company(), comment="x")
    assert client.get(change_url(proposal)).status_code == 302
    for odd in ("0", "x", "9" * 30):
        assert as_editor.get(f"/en/admin/clusters/proposal/{odd}/change/").status_code == 404
    nobody = signed_in(factories.User.objects.create_user("nobody", is_staff=True))
    assert nobody.get(change_url(proposal)).status_code in (403, 404)


def test_only_administrators_delete(as_editor, as_administrator):
    proposal = public_proposal(factories.company(), comment="광고")
    assert as_editor.post(change_url(proposal, "delete"), {"post": "yes"}).status_code == 403
    assert as_administrator.post(change_url(proposal, "delete"), {"post": "yes"}).status_code == 302
    assert not Proposal.objects.exists()


def test_the_list_asks_no_more_with_more_rows(as_editor, django_assert_max_num_queries):
    company = factories.company()
    for number in range(12):
        public_proposal(company, comment=str(number))
    with django_assert_max_num_queries(9):
        as_editor.get(list_url(Proposal))


# ---- the latest changes ----------------------------------------------------------------------------


def test_editors_see_who_changed_what(as_editor, as_curator, as_administrator, curator):
    address = "/en/admin/admin/logentry/"
    draft = factories.company(publication="draft", name_en="Touched")
    as_curator.post(change_url(draft), change_form(as_curator, draft, name_en="Touched Twice"))
    as_administrator.post(change_url(curator), change_form(as_administrator, curator, first_name="Mina"))
    page = as_editor.get(address).content.decode()
    assert "Touched Twice" in page and "mina" in page
    assert change_url(draft, "history") in page
    assert change_url(curator, "history") not in page
    assert change_url(curator, "history") in as_administrator.get(address).content.decode()
    assert as_curator.get(address).status_code == 403
    assert as_editor.get(f"{address}?action_flag__exact=2&q=mina").status_code == 200
