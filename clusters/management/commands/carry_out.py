"""Carries out the step that an upload is in; started by the site itself for large files."""

from django.core.management.base import BaseCommand, CommandError

from clusters.curation.importing.uploads import steps
from clusters.models import Upload


class Command(BaseCommand):
    help = "Rehearse or apply an upload. The site starts this by itself; there is no need to run it by hand."

    def add_arguments(self, parser) -> None:
        parser.add_argument("upload", type=int, help="the number of the upload")

    def handle(self, *args, **options) -> None:
        upload = Upload.objects.filter(pk=options["upload"]).first()
        if upload is None:
            raise CommandError(f"There is no upload {options['upload']}.")
        if upload.is_working:
            steps.take(upload)
