"""Compares the search index with the records, and makes it anew where they differ."""

import sys
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from clusters.models import statistics
from clusters.search import index
from clusters.search.fields import kind_of

SHOWN = 20


class Command(BaseCommand):
    help = "Verify the search index and rebuild it if anything is missing, left over or wrong."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only report; end with 1 if there is anything"
        )
        parser.add_argument("--force", action="store_true", help="rebuild without verifying first")

    def handle(self, *args, check: bool, force: bool, **options) -> None:
        try:
            wrong = set() if force else index.check()
        except DatabaseError as error:
            self.stdout.write(f"The index cannot be read: {error}")
            if check:
                sys.exit(1)
            wrong, force = set(), True
        if wrong:
            self.stdout.write(f"The index differs from the records in {len(wrong):,} entries:")
            for key in sorted(wrong)[:SHOWN]:
                self.stdout.write(f"  {self._said(key)}")
            if len(wrong) > SHOWN:
                self.stdout.write(f"  and {len(wrong) - SHOWN:,} more")
            if check:
                sys.exit(1)
        elif not force:
            self.stdout.write("The index is complete.")
            return
        start = time.monotonic()
        number = index.rebuild()
        statistics.refresh()
        self.stdout.write(f"Rebuilt: {number:,} entries in {time.monotonic() - start:.1f} s.")

    @staticmethod
    def _said(key: int) -> str:
        kind = kind_of(key)
        if kind is None:
            return f"no record has the number {key}"
        record = kind.model._default_manager.filter(pk=key - kind.base).first()
        return f"{kind.model._meta.model_name} {getattr(record, 'slug', 'deleted')}"
