"""Writes the rows of long lists before anybody asks for them."""

import os
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clusters.directory import warming


class Command(BaseCommand):
    help = (
        "Write the rows of long lists, as pages and files show them, where all processes of the site find them, so that"
        " no reader waits for it. The server does this by itself when it starts; it is of use after a large import."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--kind", action="append", choices=warming.ROWS, help="page and csv if not given; may be repeated"
        )

    def handle(self, *args, **options) -> None:
        os.nice(19)  # readers go first
        for directory in warming.long_lists():
            for language in warming.LANGUAGES:
                start = time.monotonic()
                try:
                    sizes = warming.write_rows(directory, options["kind"] or ["page", "csv"], language)
                except warming.NotKept as error:
                    raise CommandError(
                        f"Rows of lists cannot be kept in {settings.LINES_ROOT}: the disk is full or fails, or the folder"
                        " cannot be written. The site works without them, only slower."
                    ) from error
                took = time.monotonic() - start
                said = "not all of them, since edits never ended"
                if sizes is not None:
                    said = ", ".join(f"{kind} {size:,} bytes" for kind, size in sizes.items())
                self.stdout.write(f"{directory.name} ({language}): {said}; {took:.1f} s")
