"""Writes the directory back into fixture files."""

from pathlib import Path

from django.core.management.base import BaseCommand

from clusters.curation import fixtures


class Command(BaseCommand):
    help = "Write all records into fixtures, sorted by natural key."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="another folder than fixtures/")

    def handle(self, *args, **options) -> None:
        for path in fixtures.dump(options["folder"]):
            self.stdout.write(str(path))
