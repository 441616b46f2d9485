"""The first page: files are taken in and looked at; what cannot be read is refused here, with the reason."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from clusters.curation.importing import looking
from clusters.curation.importing.reading import UnreadableFile
from clusters.curation.importing.uploads import storing
from clusters.models import Upload, UploadState

from .access import address, go_on, is_current, moved_on, needs, page, upload_at
from .mapping import propose_for
from .sending import MOST_BYTES, MOST_FILES, UploadForm, bound

SHOWN_UPLOADS = 20


@csrf_exempt  # the limits must stand before the body is read; the check follows at once
@needs("import_data")
def new(request: HttpRequest) -> HttpResponse:
    handler = bound(request) if request.method == "POST" else None
    return _new(request, handler)


@csrf_protect
def _new(request: HttpRequest, handler) -> HttpResponse:
    form = UploadForm()
    if request.method == "POST":
        files = request.FILES  # reads the body
        form = UploadForm(request.POST, files, refused=handler.refused)
        if form.is_valid() and (upload := _take_in(request, form)) is not None:
            return HttpResponseRedirect(reverse("admin:imports_mapping", args=[upload.pk]))
    unfinished = (
        Upload.objects.exclude(state=UploadState.APPLIED).select_related("by").defer("choices", "result")
    )
    return page(
        request,
        "new",
        _("Import files"),
        step="upload",
        form=form,
        unfinished=[(upload, address(upload)) for upload in unfinished[:SHOWN_UPLOADS]],
        megabytes=MOST_BYTES // 2**20,
        most_files=MOST_FILES,
        days=settings.UPLOADS_KEPT_DAYS,
    )


def _take_in(request: HttpRequest, form: UploadForm) -> Upload | None:
    """Keep the files and look into them. None when one cannot be read; the form then says why."""
    storing.clear_away()
    try:
        with storing.kept(form.cleaned_data["files"]) as upload:
            seen = looking.look(storing.paths_of(upload), count_to=settings.IMPORT_AT_ONCE_UP_TO)
            upload.by = request.user  # type: ignore[assignment]
            storing.write_json(upload, "look.json", seen.as_json())
            upload.choices = {"language": get_language(), **propose_for(upload, seen)}
            upload.save()
            return upload
    except UnreadableFile as refusal:
        form.add_error("files", f"{refusal.file}: {refusal}")
    except OSError:
        form.add_error("files", _("The files could not be kept: the disk may be full. Tell the operator."))
    return None


@needs("import_data")
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    return go_on(upload_at(pk))


@require_POST
@needs("import_data")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = upload_at(pk)
    if not is_current(request, found) or found.is_working or found.state == UploadState.APPLIED:
        return moved_on(request, found)
    storing.remove(found)
    messages.success(request, _("The upload was discarded. Nothing had been written."))
    return HttpResponseRedirect(reverse("admin:imports_new"))
