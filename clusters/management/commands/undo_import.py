"""Takes an import back."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from clusters.curation.importing.applying import NotApplied
from clusters.curation.importing.undoing import undo
from clusters.models import ImportBatch


class Command(BaseCommand):
    help = (
        "Undo an import: records it made are deleted, records it changed are as before. Later edits are left."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("batch", type=int, help="the number of the import")
        parser.add_argument(
            "--force", action="store_true", help="undo records that were edited since as well"
        )
        parser.add_argument("--by", default="", metavar="USER")
        parser.add_argument("--language", choices=["ko", "en"], default="ko")

    def handle(self, *args, **options) -> None:
        with translation.override(options["language"]):
            batch = ImportBatch.objects.filter(pk=options["batch"]).first()
            if batch is None:
                raise CommandError(_("There is no such import."))
            user = get_user_model().objects.filter(username=options["by"]).first() if options["by"] else None
            if options["by"] and user is None:
                raise CommandError(_("There is no user %(name)s.") % {"name": options["by"]})
            try:
                outcome = undo(batch, by=user, force=options["force"])
            except NotApplied as problem:
                raise CommandError(str(problem)) from problem
            self.stdout.write(_("Deleted: %(number)d") % {"number": outcome.deleted})
            self.stdout.write(_("Restored: %(number)d") % {"number": outcome.restored})
            for change, why in outcome.left:
                self.stdout.write(f"{change}: {why}")
            if outcome.left:
                raise CommandError(_("Some records were left as they are."))
