"""The whole directory as a ZIP archive of the canonical format, drafts included."""

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clusters.curation.importing import canonical
from clusters.dates import seoul_now

from .access import needs, page


@needs("export_data")
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    if request.method != "POST":
        return page(request, "export", _("Export the directory"))
    archive = TemporaryFile()  # noqa: SIM115 closed by the response
    with (
        TemporaryDirectory(prefix="export-") as folder,
        zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for path in canonical.export(Path(folder)):
            packed.write(path, path.name)
    archive.seek(0)
    name = f"seoul-ai-clusters-{seoul_now():%Y%m%d}.zip"
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")
