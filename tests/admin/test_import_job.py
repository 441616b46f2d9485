"""A curator brings in a file as a portal publishes it: upload, mapping, rehearsal, apply, undo."""

import io
import re
from zipfile import ZipFile

import pytest

from clusters.curation import history
from clusters.curation.importing.uploads import rehearsals
from clusters.models import Company, ImportBatch, Office, SavedProfile, Source, Upload
from tests import factories
from tests.admin.imports import (
    HEADER,
    apply,
    at,
    batch_url,
    rehearsed,
    rows,
    step,
    table,
    uploaded,
)
from tests.admin.pages import form_of
from tests.curation.importing.engine import content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_in")]


def text_of(response) -> str:
    return response.content.decode()


def told(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_the_whole_way_of_a_cp949_file(as_curator, curator):
    before = content()
    upload = uploaded(as_curator, table(rows(3)))
    page = text_of(as_curator.get(at(upload, "mapping")))
    assert "CP949" in page and "www.made-1.example.com" in page
    assert content() == before
    upload = rehearsed(as_curator, table(rows(3)))
    page = text_of(as_curator.get(at(upload, "rehearsal")))
    assert 'data-part="create" data-count="6"' in page
    assert "가나다2" in page and "http://www.made-2.example.com" in page
    assert content() == before and not ImportBatch.objects.exists()
    response = apply(as_curator, upload, reason="정기 갱신")
    batch = ImportBatch.objects.get()
    assert response.status_code == 302 and response["Location"] == batch_url(batch)
    assert (batch.created, batch.by, batch.reason, batch.sha256) == (6, curator, "정기 갱신", upload.sha256)
    company = Company.objects.get(name_ko="(주)가나다1")
    assert (company.publication, str(company.founded)) == ("draft", "2016-10-03")
    assert company.offices.get().address_ko == "서울특별시 강남구 테헤란로 1"
    assert company.history.get().history_user == curator
    page = text_of(as_curator.get(response["Location"]))
    assert f"/en/admin/clusters/company/{company.pk}/change/" in page
    assert batch_url(batch, "undo") in page
    undo = as_curator.get(batch_url(batch, "undo"))
    assert undo.context["careful"].deleted == 6 and undo.context["careful"].left == []
    response = as_curator.post(batch_url(batch, "undo"), {**form_of(undo, "undo-form"), "reason": "잘못"})
    assert response["Location"] == batch_url(batch)
    assert content() == before
    gone = Company.history.filter(name_ko="(주)가나다1").first()
    assert gone.history_change_reason == f"undo batch {batch.pk}: 잘못"
    assert "was undone on" in text_of(as_curator.get(batch_url(batch)))


def test_errors_are_told_and_only_the_good_rows_are_written_when_asked(as_curator):
    upload = rehearsed(
        as_curator, table([*rows(2), ["3", "(주)라", "서울 강남구 역삼로 3", "htp:/", "2016-13-40"]])
    )
    page = text_of(as_curator.get(at(upload, "rehearsal")))
    assert "row 4" in page and "2016-13-40" in page and "설립일자" in page
    response = apply(as_curator, upload)
    assert "good_rows_only" in response.context["form"].errors
    assert not Company.objects.exists()
    report = b"".join(as_curator.get(f"/en/admin/imports/{upload.pk}/report.csv").streaming_content)
    assert "2016-13-40" in report.decode("utf-8-sig")
    apply(as_curator, upload, good_rows_only="on")
    assert set(Company.objects.values_list("name_ko", flat=True)) == {"(주)가나다1", "(주)가나다2"}
    assert ImportBatch.objects.get().left_out == 2


def test_suspicious_rows_are_held_until_a_reason_is_typed(as_curator):
    factories.company(name_ko="가나다1", publication="draft")
    upload = rehearsed(as_curator, table(rows(2)))
    page = text_of(as_curator.get(f"{at(upload, 'rehearsal')}?show=suspicious"))
    assert "The directory has a record with this name" in page
    response = apply(as_curator, upload, suspicious="on")
    assert "reason" in response.context["form"].errors
    apply(as_curator, upload, suspicious="on", reason="다른 회사")
    assert Company.objects.filter(name_ko="(주)가나다1").exists()
    assert ImportBatch.objects.get().created == 4


def test_without_the_tick_a_reason_lets_no_suspicious_row_pass(as_curator):
    factories.company(name_ko="가나다1", publication="draft")
    upload = rehearsed(as_curator, table(rows(2)))
    apply(as_curator, upload, reason="갱신")
    assert not Company.objects.filter(name_ko="(주)가나다1").exists()
    assert Company.objects.filter(name_ko="(주)가나다2").exists()


def test_applying_twice_writes_once(as_curator):
    upload = rehearsed(as_curator, table(rows(1)))
    form = {**form_of(as_curator.get(at(upload, "rehearsal")), "apply-form"), "step": "apply"}
    as_curator.post(at(upload, "rehearsal"), form)
    response = as_curator.post(at(upload, "rehearsal"), form, follow=True)
    assert response.status_code == 200 and "had moved on already" in told(response)
    assert ImportBatch.objects.count() == 1


def test_a_form_opened_before_another_step_is_not_done(as_curator, as_editor):
    upload = rehearsed(as_curator, table(rows(1)))
    form = {**form_of(as_curator.get(at(upload, "rehearsal")), "apply-form"), "step": "apply"}
    step_back = {**form, "step": "map"}
    as_editor.post(at(upload, "rehearsal"), step_back)
    as_curator.post(at(upload, "rehearsal"), form)
    assert not ImportBatch.objects.exists()


def test_what_moved_since_the_rehearsal_is_shown_again(as_curator, as_editor):
    header = ("slug", "name_ko")
    company = factories.company(slug="made", name_ko="옛 이름", publication="draft")
    upload = rehearsed(as_curator, table([("made", "새 이름")], header), "companies.csv")
    company.name_ko = "그 사이의 이름"
    history.save(company, by=None)
    response = as_curator.post(
        at(upload, "rehearsal"),
        {**form_of(as_curator.get(at(upload, "rehearsal")), "apply-form"), "step": "apply"},
        follow=True,
    )
    page = text_of(response)
    assert "Records changed since the rehearsal" in page
    assert "그 사이의 이름" in page and not ImportBatch.objects.exists()
    apply(as_curator, upload)
    company.refresh_from_db()
    assert company.name_ko == "새 이름"


def test_an_unrelated_edit_meanwhile_does_not_stand_in_the_way(as_curator):
    company = factories.company(slug="made", name_ko="옛 이름", publication="draft")
    upload = rehearsed(as_curator, table([("made", "새 이름")], ("slug", "name_ko")), "companies.csv")
    company.name_en = "Another"
    history.save(company, by=None)
    apply(as_curator, upload)
    company.refresh_from_db()
    assert (company.name_ko, company.name_en) == ("새 이름", "Another")


def test_later_edits_are_left_unless_forced(as_editor):
    factories.company(slug="made", name_ko="옛 이름")
    upload = rehearsed(as_editor, table([("made", "새 이름")], ("slug", "name_ko")), "companies.csv")
    apply(as_editor, upload)
    company, batch = Company.objects.get(), ImportBatch.objects.get()
    company.name_ko = "세 번째"
    history.save(company, by=None)
    page = as_editor.get(batch_url(batch, "undo"))
    assert "It was edited since." in text_of(page)
    form = form_of(page, "undo-form")
    as_editor.post(batch_url(batch, "undo"), form)
    company.refresh_from_db()
    assert company.name_ko == "세 번째"
    as_editor.post(batch_url(batch, "undo"), {**form, "force": "on"})
    company.refresh_from_db()
    assert company.name_ko == "옛 이름"


def test_a_mapping_is_saved_and_knows_the_next_file(as_curator):
    upload = uploaded(as_curator, table(rows(2)), "입주사_2025.csv")
    response = step(
        as_curator,
        upload,
        "save",
        name="tenants-of-ours",
        **{"default-kind": "sme", "default-ai_relevance": "adjacent"},
    )
    assert response.status_code == 302, response.context["errors"]
    saved = SavedProfile.objects.get()
    assert saved.name == "tenants-of-ours" and 'converter = "slug"' in saved.body
    later = uploaded(as_curator, table(rows(3)), "입주사_2026.csv")
    assert later.choices["profile"] == ""
    assert "Recognized: 입주사_2025" in text_of(as_curator.get(at(later, "mapping")))
    step(as_curator, later, "rehearse")
    later.refresh_from_db()
    assert later.result["used"] == ["tenants-of-ours"] and later.result["written"] == 6


def test_bad_choices_are_said_beside_the_field(as_curator):
    upload = uploaded(as_curator, table(rows(1)))
    response = step(
        as_curator,
        upload,
        "rehearse",
        **{
            "column-1-field": "website",
            "column-2-converter": "won:원",
            "column-4-field": "no-such-field",
            "default-kind": "",
            "source": "no-such-source",
            "start_row": "x",
            "name": "Not A Name",
        },
    )
    assert response.status_code == 200
    errors = response.context["errors"]
    assert {"columns.누리집", "columns.소재지", "columns.설립일자", "target"} <= set(errors)
    assert {"defaults.kind", "source", "start_row", "name"} <= set(errors)
    assert "There is no source with this code." in text_of(response)
    assert not Upload.objects.exclude(state="mapping").exists()


def test_a_new_source_is_kept_with_the_rows(as_curator):
    upload = rehearsed(
        as_curator,
        table(rows(1)),
        **{
            "source-title": "입주기업 명단",
            "source-publisher": "성남시",
            "source-url": "https://data.example/1",
            "source-published": "2026-03",
            "name": "seongnam",
        },
    )
    apply(as_curator, upload)
    source = Source.objects.get(slug="seongnam")
    assert (source.publisher, str(source.published)) == ("성남시", "2026-03")
    assert Company.objects.get().source == source == Office.objects.get().source


def test_another_start_row_and_another_kind_are_proposed_anew(as_curator):
    lines = "2026년 행사 안내,,\n행사명,개최장소,행사시작일\n인공지능 전시,코엑스,2026-05-01\n".encode(
        "cp949"
    )
    upload = uploaded(as_curator, lines, "목록.csv")
    step(as_curator, upload, "look", start_row="2", header_rows="1")
    upload.refresh_from_db()
    mapping = upload.choices["mapping"]
    assert mapping["target"] == "Event"
    assert mapping["columns"]["개최장소"]["field"] == "venue_ko"
    step(as_curator, upload, "propose", target="Program")
    upload.refresh_from_db()
    assert upload.choices["mapping"]["target"] == "Program"
    response = step(as_curator, upload, "look", start_row="99")
    assert "start_row" in response.context["errors"]


def test_one_table_of_several_is_chosen(as_curator):
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", table(rows(1)))
        archive.writestr("b.csv", table([("판교", 1), ("마곡", 2)], ("이름", "수")))
    upload = uploaded(as_curator, stream.getvalue(), "묶음.zip")
    defaults = {"default-kind": "sme", "default-ai_relevance": "adjacent"}
    response = step(as_curator, upload, "rehearse", **defaults)
    assert "table" in response.context["errors"]
    step(as_curator, upload, "look", table="a.csv")
    step(as_curator, upload, "rehearse", **defaults)
    upload.refresh_from_db()
    assert upload.result["written"] == 2, text_of(as_curator.get(at(upload, "rehearsal")))
    assert upload.result["parts"]["error"] == 0, rehearsals.page(upload, "error", 1)


def test_an_export_comes_back_without_a_change(as_editor):
    factories.office()
    factories.call()
    response = as_editor.post("/en/admin/imports/export/")
    archive = b"".join(response.streaming_content)
    upload = rehearsed(as_editor, archive, "export.zip")
    assert upload.result["written"] == 0 and upload.result["parts"]["error"] == 0
    count = upload.result["parts"]["unchanged"]
    assert count > 3
    page = as_editor.get(at(upload, "rehearsal"), {"show": "unchanged"})
    listed = page.content.decode().count('<th scope="row">')
    told = re.search(r"([0-9]+) records? that (?:is|are) plainly as the file says", page.content.decode())
    assert listed + (int(told[1]) if told else 0) == count


def test_the_first_page_lists_what_is_unfinished_and_discards_it(as_curator, uploads_in):
    upload = uploaded(as_curator, table(rows(1)))
    page = text_of(as_curator.get("/en/admin/imports/new/"))
    assert "기업 명단.csv" in page
    assert len(list(uploads_in.iterdir())) == 1
    as_curator.post(f"/en/admin/imports/{upload.pk}/discard/", {"turn": upload.turn})
    assert not Upload.objects.exists() and list(uploads_in.iterdir()) == []


def test_values_and_names_are_escaped(as_curator):
    evil = "<script>alert(1)</script>"
    upload = rehearsed(
        as_curator, table(rows(1, name=f"{evil}(주)"), ("연번", "업체명", evil, *HEADER[3:])), f"{evil}.csv"
    )
    for address in (at(upload, "rehearsal"), "/en/admin/imports/new/"):
        assert evil not in text_of(as_curator.get(address))
    apply(as_curator, upload)
    assert evil not in text_of(as_curator.get(batch_url(ImportBatch.objects.get())))
