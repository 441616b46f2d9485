"""Loads the opening data."""

from pathlib import Path

from django.core.management.base import BaseCommand

from clusters.curation import fixtures


class Command(BaseCommand):
    help = "Load all fixtures of the opening data, in one transaction."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="another folder than fixtures/")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when the directory holds records"
        )

    def handle(self, *args, **options) -> None:
        if options["if_empty"] and not fixtures.directory_is_empty():
            self.stdout.write("The directory holds records already; they are kept.")
            return
        count = fixtures.load(options["folder"], options["verbosity"])
        self.stdout.write(f"Loaded: the directory holds {count:,} records.")
