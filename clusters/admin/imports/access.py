"""Who may see an import page, which upload it speaks of, and what all of these pages show."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.curation.importing.uploads import steps
from clusters.models import ImportBatch, Upload, UploadState

from ..choosers import MAX_ID

STEPS = (
    ("upload", gettext_lazy("Upload")),
    ("mapping", gettext_lazy("Mapping")),
    ("rehearsal", gettext_lazy("Rehearsal")),
    ("result", gettext_lazy("Result")),
)


def needs(permission: str) -> Callable:
    """A page for those with a permission of the directory."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.has_perm(f"clusters.{permission}"):  # type: ignore[union-attr]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


def upload_at(pk: int) -> Upload:
    """An upload as it stands now; one whose process broke off is brought back first."""
    upload = Upload.objects.select_related("by", "batch").filter(pk=pk).first() if pk <= MAX_ID else None
    if upload is None:
        raise Http404
    steps.recover(upload)
    return upload


def address(upload: Upload) -> str:
    """The page on which an upload goes on."""
    if upload.state == UploadState.APPLIED:
        if upload.batch_id is None:
            return reverse("admin:clusters_importbatch_changelist")
        return reverse("admin:clusters_importbatch_change", args=[upload.batch_id])
    if upload.state == UploadState.MAPPING:
        return reverse("admin:imports_mapping", args=[upload.pk])
    return reverse("admin:imports_rehearsal", args=[upload.pk])


def go_on(upload: Upload) -> HttpResponseRedirect:
    return HttpResponseRedirect(address(upload))


def moved_on(request: HttpRequest, upload: Upload) -> HttpResponseRedirect:
    """The answer to a form that was sent twice, or that somebody else was quicker with."""
    messages.warning(request, _("This upload had moved on already; what you sent was not done again."))
    upload.refresh_from_db()
    return go_on(upload)


def is_current(request: HttpRequest, upload: Upload) -> bool:
    """Whether a form was opened on the state the upload is still in."""
    return request.POST.get("turn") == str(upload.turn)


def page(
    request: HttpRequest, template: str, title: str, *, step: str = "", status: int = 200, **context: Any
) -> TemplateResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "opts": ImportBatch._meta,
        "step": step,
        "steps": STEPS if step else (),
        **context,
    }
    return TemplateResponse(request, f"admin/imports/{template}.html", context, status=status)
