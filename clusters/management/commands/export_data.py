"""Writes the directory in the canonical format: one CSV file for each kind of record."""

from pathlib import Path

from django.core.management.base import BaseCommand

from clusters.curation.importing import canonical


class Command(BaseCommand):
    help = "Write all records into a folder of CSV files, which import_data reads back without a change."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args, **options) -> None:
        for path in canonical.export(options["folder"]):
            self.stdout.write(str(path))
