"""Looks for records that may be one and the same."""

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from clusters.curation import duplicates
from clusters.models import MergeableKind


class Command(BaseCommand):
    help = "Look through the records for possible duplicates; the admin lists them. Nothing else is changed."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--kind", action="append", choices=MergeableKind.values, help="only this kind; may be repeated"
        )
        parser.add_argument("--language", choices=["ko", "en"], default="ko")

    def handle(self, *args, **options) -> None:
        with translation.override(options["language"]):
            for kind in options["kind"] or MergeableKind.values:
                search = duplicates.find(kind)
                told = {"kind": MergeableKind(kind).label, "records": search.records, "pairs": search.pairs}
                self.stdout.write(_("%(kind)s: %(records)d records, %(pairs)d possible duplicates") % told)
                if search.cut:
                    self.stdout.write(_("There were too many; the least likely ones were left out."))
