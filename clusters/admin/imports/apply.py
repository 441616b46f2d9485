"""The third page: what the import would do, everything wrong with it, and the button that does it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from clusters.curation.importing.looking import Look
from clusters.curation.importing.uploads import background, rehearsals, steps, storing
from clusters.models import Upload, UploadState
from clusters.text import validate_line

from .access import go_on, is_current, moved_on, needs, page, upload_at

PARTS = {
    "error": gettext_lazy("Errors"),
    "suspicious": gettext_lazy("Suspicious"),
    "create": gettext_lazy("New"),
    "change": gettext_lazy("Changed"),
    "waiting": gettext_lazy("Waiting for a refused row"),
    "missing": gettext_lazy("Not in the file"),
    "unchanged": gettext_lazy("Unchanged"),
    "note": gettext_lazy("Notes"),
}
ALWAYS = frozenset({"error", "create", "change", "unchanged"})


class ApplyForm(forms.Form):
    """What is to be done with doubtful and faulty rows, and why the import is made."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=200,
        validators=[validate_line],
        help_text=gettext_lazy("In a few words; it is kept in the history."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    suspicious = forms.BooleanField(required=False)
    good_rows_only = forms.BooleanField(required=False)

    def __init__(self, *args, result: dict[str, Any], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.result = result
        held, refused = result["held"], result["parts"]["error"]
        self.fields["suspicious"].label = ngettext(
            "Write the %(number)d suspicious row too; the reason says why it is right.",
            "Write the %(number)d suspicious rows too; the reason says why they are right.",
            held,
        ) % {"number": held}
        self.fields["good_rows_only"].label = _("Leave out the rows with errors and write the good ones.")
        if not held:
            del self.fields["suspicious"]
        if not refused:
            del self.fields["good_rows_only"]

    def clean(self):
        chosen = super().clean() or {}
        if chosen.get("suspicious") and not chosen.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why the suspicious rows are right."))
        if "good_rows_only" in self.fields and not chosen.get("good_rows_only"):
            self.add_error(
                "good_rows_only",
                _("Correct the file and upload it again, or leave the rows with errors out."),
            )
        elif not self.result["written"] and not chosen.get("suspicious"):
            raise forms.ValidationError(_("There is nothing to write."))
        return chosen


@needs("import_data")
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    upload = upload_at(pk)
    if upload.is_working and request.method != "POST":
        return _working(request, upload)
    if upload.state != UploadState.REHEARSED:
        return moved_on(request, upload) if request.method == "POST" else go_on(upload)
    form = ApplyForm(result=upload.result)
    if request.method == "POST":
        if not is_current(request, upload):
            return moved_on(request, upload)
        step = request.POST.get("step", "")
        if step == "map":
            steps.move(upload, UploadState.MAPPING)
            return go_on(upload)
        if step == "again":
            return _start(request, upload, UploadState.REHEARSING)
        form = ApplyForm(request.POST, result=upload.result)
        if form.is_valid():
            return _start(request, upload, UploadState.APPLYING, apply=form.cleaned_data)
    return page(
        request,
        "rehearsal",
        _("Rehearsal"),
        step="rehearsal",
        form=form,
        **_context(request, upload),
    )


def _start(request: HttpRequest, upload: Upload, to: UploadState, **choices: Any) -> HttpResponse:
    seen = Look.from_json(storing.read_json(upload, "look.json") or {})
    at_once = not seen.more and seen.rows <= settings.IMPORT_AT_ONCE_UP_TO
    wanted = {**upload.choices, **choices, "by": request.user.pk, "language": get_language()}
    if not background.start(upload, to, at_once=at_once, choices=wanted):
        return moved_on(request, upload)
    if upload.state == UploadState.APPLIED:
        messages.success(request, _("The import was applied."))
    return go_on(upload)


def _working(request: HttpRequest, upload: Upload) -> HttpResponse:
    progress = steps.progress_of(upload)
    done, of = progress.get("done"), progress.get("of")
    return page(
        request,
        "working",
        _("Applying") if upload.state == UploadState.APPLYING else _("Rehearsing"),
        step="rehearsal",
        upload=upload,
        phase=progress.get("phase", ""),
        done=done,
        of=of,
    )


def _context(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    counts = upload.result["parts"]
    shown = [part for part in PARTS if counts.get(part) or part in ALWAYS]
    part = request.GET.get("show", "")
    if part not in shown:
        part = next((one for one in shown if counts.get(one)), shown[0])
    found = rehearsals.page(upload, part, _page_number(request))
    language = upload.result.get("language", "")
    return {
        "upload": upload,
        "parts": [(name, PARTS[name], counts.get(name, 0)) for name in shown],
        "part": part,
        "part_label": PARTS[part],
        "part_count": counts.get(part, 0),
        "is_problem": part in rehearsals.PROBLEMS,
        "found": found,
        "not_listed": counts["unchanged"] - counts.get("unchanged_listed", 0) if part == "unchanged" else 0,
        "several": len({row["file"] for row in found.rows} - {upload.name}) > 0,
        "first": (found.number - 1) * rehearsals.PAGE,
        "told_in": get_language_info(language)["name_translated"]
        if language and language != get_language()
        else "",
    }


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


@needs("import_data")
def report(request: HttpRequest, pk: int) -> FileResponse:
    upload = upload_at(pk)
    try:
        file = rehearsals.report_path(upload).open("rb")
    except OSError:
        raise Http404 from None
    return FileResponse(
        file, as_attachment=True, filename=f"import-{upload.pk}.csv", content_type="text/csv; charset=utf-8"
    )
