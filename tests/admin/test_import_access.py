"""Who may import and export, and what hostile files and addresses get for an answer."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from clusters.models import Company, ImportBatch, SavedProfile, Upload
from tests import factories
from tests.admin.conftest import signed_in
from tests.admin.imports import NEW, apply, at, batch_url, file, rehearsed, rows, send, step, table, uploaded
from tests.admin.pages import form_of, list_url
from tests.curation.importing import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_in")]

DRAFTS = table([("made", "새 이름")], ("slug", "name_ko"))


@pytest.fixture
def as_stranger(db) -> Client:
    """Staff without any permission."""
    return signed_in(User.objects.create_user("stranger", is_staff=True))


def test_without_the_permission_no_page_opens(as_stranger, as_curator):
    upload = rehearsed(as_curator, table(rows(1)))
    for address in (NEW, "/en/admin/imports/export/", at(upload, "mapping"), at(upload, "rehearsal")):
        assert as_stranger.get(address).status_code == 403, address
        assert as_stranger.post(address).status_code == 403, address
    assert as_stranger.get(f"/en/admin/imports/{upload.pk}/report.csv").status_code == 403
    batch = factories.import_batch()
    for page in ("change", "undo"):
        assert as_stranger.get(batch_url(batch, page)).status_code == 403
    assert as_stranger.post(f"/en/admin/imports/{upload.pk}/discard/").status_code == 403
    assert Upload.objects.count() == 1


def test_visitors_are_sent_to_sign_in_and_leave_no_file(client, db, uploads_in):
    response = send(client, file(DRAFTS))
    assert response.status_code == 302 and "/login/" in response["Location"]
    assert not Upload.objects.exists() and not uploads_in.exists()


def test_forms_from_elsewhere_are_refused(curator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(curator, backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, file(DRAFTS)).status_code == 403
    assert not Upload.objects.exists()


def test_the_pages_are_linked_from_where_curators_look(as_curator, as_stranger):
    listed = as_curator.get(list_url(ImportBatch)).content.decode()
    assert f'href="{NEW}"' in listed and 'href="/en/admin/imports/export/"' in listed
    assert f'href="{NEW}"' in as_curator.get("/en/admin/").content.decode()
    assert "imports/new" not in as_stranger.get("/en/admin/").content.decode()


def test_curators_import_drafts_only(as_curator, as_editor):
    factories.company(slug="made", name_ko="옛 이름")
    upload = rehearsed(as_curator, DRAFTS, "companies.csv")
    assert upload.result["parts"]["error"] == 1 and upload.result["written"] == 0
    response = step(as_curator, uploaded(as_curator, table(rows(1))), "rehearse", publication="published")
    assert response.context["errors"]["publication"] == "Only an editor may publish. Import as drafts."
    apply(as_editor, rehearsed(as_editor, DRAFTS, "companies.csv"))
    assert Company.objects.get().name_ko == "새 이름"


def test_what_a_curator_rehearsed_an_editor_sees_anew_before_it_is_written(as_curator, as_editor):
    factories.company(slug="made", name_ko="옛 이름")
    upload = rehearsed(as_curator, DRAFTS, "companies.csv")
    page = as_editor.get(at(upload, "rehearsal"))
    form = {**form_of(page, "apply-form"), "step": "apply", "good_rows_only": "on"}
    assert "There is nothing to write." in as_editor.post(at(upload, "rehearsal"), form).content.decode()
    as_editor.post(at(upload, "rehearsal"), {**form, "step": "again"})
    upload.refresh_from_db()
    assert upload.result["written"] == 1


def test_only_those_who_may_publish_undo_what_is_public(as_curator, as_editor):
    factories.company(slug="made", name_ko="옛 이름")
    apply(as_editor, rehearsed(as_editor, DRAFTS, "companies.csv"))
    batch = ImportBatch.objects.get()
    page = as_curator.get(batch_url(batch, "undo"))
    assert page.context["careful"].restored == 0 and "Only an editor may do this." in page.content.decode()
    as_curator.post(batch_url(batch, "undo"), {"force": "on"})
    assert Company.objects.get().name_ko == "새 이름"
    as_editor.post(batch_url(batch, "undo"))
    assert Company.objects.get().name_ko == "옛 이름"


def test_hostile_files_are_refused_on_the_first_page(as_curator, tmp_path, uploads_in):
    folder = tmp_path / "hostile"
    folder.mkdir()
    chosen = {
        "nul.csv",
        "page.xlsx",
        "truncated.xlsx",
        "traversal.zip",
        "laughs.xml",
        "deep.json",
        "prose.txt",
    }
    chosen |= {"empty.csv", "locked.zip", "mixed.csv", "picture.xlsx", "endless_number.json"}
    for name, content, words in hostile.FILES:
        if name not in chosen:
            continue
        path = folder / name
        if callable(content):
            content(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        response = send(as_curator, file(path.read_bytes(), name))
        assert response.status_code == 200, name
        said = response.context["form"].errors["files"]
        assert said and (words or name), name
    assert not Upload.objects.exists() and not list(uploads_in.iterdir())


def test_too_much_at_once_is_refused(as_curator, monkeypatch, uploads_in):
    monkeypatch.setattr("clusters.admin.imports.sending.MOST_BYTES", 2**20)
    response = send(as_curator, file(b"a,b\n" + b"1,2\n" * 400_000))
    assert "too large" in str(response.context["form"].errors)
    response = send(as_curator, *(file(DRAFTS, f"{n}.csv") for n in range(60)))
    assert "At most 50 files" in str(response.context["form"].errors)
    with translation.override("en"):
        assert "Choose at least one file." in str(send(as_curator).context["form"].errors)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.csv", "..\\..\\a.csv", "a\x00b.csv", "가" * 200 + ".csv", ".csv", "a\u202egpj.csv"],
)
def test_no_name_of_a_file_leads_anywhere(as_curator, name, uploads_in):
    upload = uploaded(as_curator, DRAFTS, name)
    (kept,) = uploads_in.glob("*/files/*")
    assert kept.read_bytes() == DRAFTS and kept.name.isprintable() and not kept.name.startswith(".")
    assert as_curator.get(at(upload, "mapping")).status_code == 200


@pytest.mark.parametrize(
    "address", ["0/mapping/", f"{10**30}/mapping/", "999/rehearsal/", "999/report.csv", "999/", f"{2**63}/"]
)
def test_uploads_that_are_not_there(as_curator, address):
    assert as_curator.get(f"/en/admin/imports/{address}").status_code == 404


@pytest.mark.parametrize(
    "query", ["show=nonsense", "page=-1", f"page={10**30}", "page=²", "show=create&page=99"]
)
def test_odd_addresses_of_a_rehearsal(as_curator, query):
    upload = rehearsed(as_curator, table(rows(1)))
    assert as_curator.get(f"{at(upload, 'rehearsal')}?{query}").status_code == 200


def test_odd_forms_of_a_mapping(as_curator):
    upload = uploaded(as_curator, table(rows(1)))
    for odd in (
        {},
        {"turn": "x"},
        {"turn": upload.turn},
        {"turn": upload.turn, "step": "nonsense", "target": "User"},
    ):
        assert as_curator.post(at(upload, "mapping"), odd).status_code in (200, 302)
    odd = {"name": "\x00", "source": "\x00", "source-url": "javascript:alert(1)", "start_row": "9" * 5000}
    assert step(as_curator, upload, "rehearse", **odd).status_code in (200, 400)
    assert step(as_curator, upload, "look", table="no such table").status_code == 200


def test_pages_ask_no_more_for_more_rows(as_curator, django_assert_max_num_queries):
    counts = []
    for number in (3, 40):
        names = table([(f"made-{number}-{n}", "이름") for n in range(number)], ("slug", "name_ko"))
        upload = rehearsed(as_curator, table(rows(number, name=f"(주)회사{number}-")))
        apply(as_curator, upload)
        batch = ImportBatch.objects.latest("pk")
        with django_assert_max_num_queries(100) as asked:
            as_curator.get(batch_url(batch))
            as_curator.get(batch_url(batch, "undo"))
            as_curator.get(at(rehearsed(as_curator, names, "companies.csv"), "rehearsal"))
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


def test_a_saved_profile_is_read_before_it_is_kept(as_editor):
    add = list_url(SavedProfile, "add/")
    form = form_of(as_editor.get(add), "savedprofile_form")
    for body in ("not toml", 'title = "x"', "a = " + "[" * 3000, 'title = "x"\nheader = []\ntarget = 5'):
        response = as_editor.post(add, {**form, "name": "ours", "body": body})
        assert response.status_code == 200 and "cannot be read" in response.content.decode(), body
    body = 'title = "명단"\nheader = ["이름"]\n[[target]]\nmodel = "Company"\n[target.fields]\nname_ko = "이름"\n'
    assert as_editor.post(add, {**form, "name": "krx", "body": body}).status_code == 200
    assert as_editor.post(add, {**form, "name": "ours", "body": body}).status_code == 302
    assert SavedProfile.objects.get().by.username == "jun"
