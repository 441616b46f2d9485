"""Takes the files of a request within their limits: what is over them is read past and never kept."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.curation.importing.reading import LIMITS
from clusters.curation.importing.uploads.storing import MOST_FILES

MOST_BYTES = LIMITS.file_bytes  # of all files of one request together


class Bounded(FileUploadHandler):
    """Stops taking in files once they are too many or too large; the rest of the form is still read."""

    def __init__(self, request=None) -> None:
        super().__init__(request)
        self.bytes = self.files = 0
        self.refused = ""

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.files > MOST_FILES:
            self.refused = _("At most %(number)d files are taken at once.") % {"number": MOST_FILES}
        if self.refused:
            raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        self.bytes += len(raw_data)
        if self.bytes > MOST_BYTES:
            self.refused = too_large()
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None


def too_large() -> str:
    return _("The files are too large: %(limit)d MB together are taken. Split them into parts.") % {
        "limit": MOST_BYTES // 2**20
    }


def bound(request) -> Bounded:
    """Put the limits before a request's upload handlers; its body must not have been read yet."""
    handler = Bounded(request)
    request.upload_handlers = [handler, TemporaryFileUploadHandler(request)]
    return handler


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    widget = SeveralFiles

    def clean(self, data, initial=None):
        files = (
            [file for file in data or [] if file]
            if isinstance(data, list | tuple)
            else [data]
            if data
            else []
        )
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """The files, and what was wrong with them while they came in."""

    files = FilesField(
        label=gettext_lazy("Files"),
        max_length=500,
        help_text=gettext_lazy(
            "CSV, TSV, XLSX, XLS, HTML tables, JSON and XML, one or several, or a ZIP archive of these."
        ),
        error_messages={
            "required": gettext_lazy("Choose at least one file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def __init__(self, *args, refused: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.refused = refused

    def clean(self):
        if self.refused:
            self.errors.pop("files", None)
            self.add_error("files", self.refused)
        return self.cleaned_data
