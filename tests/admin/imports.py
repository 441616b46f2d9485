"""Owns the steps of an import as a curator takes them: pages fetched, forms sent as a browser would."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from clusters.models import Upload
from tests.admin.pages import form_of

NEW = "/en/admin/imports/new/"
HEADER = ("연번", "업체명", "소재지", "누리집", "설립일자")


def table(rows, header=HEADER, encoding="cp949") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def rows(count: int, name: str = "(주)가나다") -> list[list[str]]:
    return [
        [
            str(n),
            f"{name}{n}",
            f"서울특별시 강남구 테헤란로 {n}",
            f"www.made-{n}.example.com",
            "2016-10-03",
        ]
        for n in range(1, count + 1)
    ]


def file(content: bytes, name: str = "기업 명단.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(client, *files: SimpleUploadedFile):
    return client.post(NEW, {"files": list(files)})


def uploaded(client, content: bytes, name: str = "기업 명단.csv") -> Upload:
    response = send(client, file(content, name))
    assert response.status_code == 302, response.context["form"].errors
    return Upload.objects.latest("pk")


def at(upload: Upload, page: str) -> str:
    return f"/en/admin/imports/{upload.pk}/{page}/"


def step(client, upload: Upload, button: str, /, **changed):
    """Send the mapping page's form by one of its buttons, with some of it changed."""
    page = client.get(at(upload, "mapping"))
    assert page.status_code == 200
    return client.post(at(upload, "mapping"), {**form_of(page, "mapping-form"), "step": button, **changed})


def rehearsed(client, content: bytes, called: str = "기업 명단.csv", /, **changed) -> Upload:
    upload = uploaded(client, content, called)
    defaults = {"default-kind": "sme", "default-ai_relevance": "adjacent"}
    response = step(client, upload, "rehearse", **{**defaults, **changed})
    assert response.status_code == 302, response.context["errors"]
    upload.refresh_from_db()
    assert upload.state == "rehearsed", upload.trouble
    return upload


def apply(client, upload: Upload, **changed):
    page = client.get(at(upload, "rehearsal"))
    return client.post(at(upload, "rehearsal"), {**form_of(page, "apply-form"), "step": "apply", **changed})


def batch_url(batch, page: str = "change") -> str:
    return f"/en/admin/clusters/importbatch/{batch.pk}/{page}/"
