"""Pulls the calls that a portal lists, through the importer; safe to run from cron every hour."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from clusters.curation import syncing
from clusters.curation.importing import reporting
from clusters.models import Portal


class Command(BaseCommand):
    help = (
        "Pull a portal's open API and bring its calls in. Ends with status 1 and writes nothing when the pull "
        "failed, or when the portal returned nothing twice in a row."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("portal", choices=Portal.values)
        parser.add_argument("--dry-run", action="store_true", help="pull and rehearse only; write nothing")
        parser.add_argument(
            "--as",
            dest="publication",
            default="",
            choices=["draft", "published"],
            help="how new records arrive",
        )
        parser.add_argument("--by", default="", metavar="USER", help="who pulls; their permissions hold")
        parser.add_argument(
            "--strict", action="store_true", help="write nothing when one of the entries has an error"
        )
        parser.add_argument("--language", choices=["ko", "en"], default="ko")

    def handle(self, *args, **options) -> None:
        with translation.override(options["language"]):
            self._sync(**options)

    def _sync(self, *, portal, publication, by, dry_run, strict, verbosity, **options) -> None:
        user = None
        if by:
            user = get_user_model().objects.filter(username=by, is_active=True).first()
            if user is None:
                raise CommandError(_("There is no user %(name)s.") % {"name": by})
        wishes = syncing.Wishes(user, publication, dry_run, strict)
        try:
            outcome = syncing.sync(portal, wishes)
        except syncing.NotConfigured as problem:
            raise CommandError(str(problem)) from problem
        if outcome.run is None:
            if verbosity > 1:
                self.stdout.write(_("Another pull from this portal is still running."))
            return
        if outcome.plan is not None and verbosity:
            for line in reporting.text(outcome.plan):
                self.stdout.write(line)
        if outcome.trouble:
            raise CommandError(outcome.trouble)
        if not verbosity:
            return
        if outcome.run.message:
            self.stdout.write(outcome.run.message)
        if dry_run:
            self.stdout.write(_("This was a rehearsal; nothing was written."))
        elif outcome.run.batch is not None:
            self.stdout.write(
                _("Applied as import %(number)d; undo it with undo_import %(number)d.")
                % {"number": outcome.run.batch.pk}
            )
