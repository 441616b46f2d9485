"""Imports files as portals publish them: rehearses, reports everything, and writes all or nothing."""

import sys
import time
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from clusters.curation.importing import (
    applying,
    gathering,
    rehearsal,
    reporting,
    saved_profiles,
)
from clusters.curation.importing.applying import NotApplied
from clusters.curation.importing.rules import BadProfile


class Command(BaseCommand):
    help = "Import files or folders: CSV, XLSX, XLS, HTML tables, JSON, XML, fixtures, or a zip of these."

    def add_arguments(self, parser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--profile",
            default="",
            metavar="NAME",
            help="a profile of fixtures/imports.toml, or one saved in the admin",
        )
        parser.add_argument("--dry-run", action="store_true", help="rehearse only; write nothing")
        parser.add_argument(
            "--as",
            dest="publication",
            default="",
            choices=["draft", "published"],
            help="how new records arrive",
        )
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; lets suspicious rows pass")
        parser.add_argument(
            "--accept",
            dest="accepted",
            action="append",
            default=[],
            metavar="ROW=REASON",
            help="lets one suspicious row pass: companies.csv:12=REASON, or 12=REASON for a single table",
        )
        parser.add_argument("--by", default="", metavar="USER", help="who imports; their permissions hold")
        parser.add_argument(
            "--good-rows-only", action="store_true", help="leave out rows with errors instead of refusing all"
        )
        parser.add_argument(
            "--set",
            dest="given",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="a value for all rows",
        )
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="write the whole report as CSV")
        parser.add_argument("--language", choices=["ko", "en"], default="ko")

    def handle(self, *args, **options) -> None:
        with translation.override(options["language"]):
            self._import(**options)

    def _import(self, *, paths, profile, publication, reason, by, report, given, accepted, **options) -> None:
        user = self._user(by)
        for path in paths:
            if not path.exists():
                raise CommandError(_("There is no file %(path)s.") % {"path": path})
        used, plan = self._rehearse(paths, profile, given, user, publication, reason, accepted)
        for line in reporting.text(plan):
            self.stdout.write(line)
        if report:
            reporting.write_csv(plan, report)
        if plan.errors and not options["good_rows_only"]:
            raise CommandError(_("The import has errors; nothing was written."))
        if options["dry_run"]:
            self.stdout.write(_("This was a rehearsal; nothing was written."))
            return
        try:
            batch = applying.apply(
                plan,
                file_name=", ".join(path.name for path in paths),
                sha256=applying.checksum(paths),
                profile=", ".join(used),
                by=user,
                reason=reason,
                good_rows_only=options["good_rows_only"],
                progress=self._progress if sys.stderr.isatty() else None,
            )
        except NotApplied as problem:
            raise CommandError(str(problem)) from problem
        if batch is None:
            self.stdout.write(_("There was nothing to write."))
        else:
            self.stdout.write(
                self.style.SUCCESS(
                    _("Applied as import %(number)d; undo it with undo_import %(number)d.")
                    % {"number": batch.pk}
                )
            )

    def _rehearse(self, paths, profile, given, user, publication, reason, accepted):
        values = dict(pair.partition("=")[::2] for pair in given)
        try:
            read, used = gathering.gather(paths, profile=self._known(profile), given=values)
        except BadProfile as problem:
            raise CommandError(str(problem)) from problem
        reasons = self._reasons(accepted, [sheet.name for sheet in read.sheets])
        return used, rehearsal.rehearse(
            read, by=user, publication=publication, reason=reason, reasons=reasons
        )

    def _reasons(self, accepted: list[str], tables: list[str]) -> dict[str, str]:
        reasons = {}
        for given in accepted:
            row, separator, why = given.partition("=")
            if row.isascii() and row.isdigit() and len(tables) == 1:
                row = f"{tables[0]}:{int(row)}"
            table, _colon, number = row.rpartition(":")
            if not (separator and why.strip() and table in tables and number.isascii() and number.isdigit()):
                raise CommandError(
                    _("“%(given)s” names no row. Write TABLE:ROW=REASON; the tables are: %(tables)s.")
                    % {"given": given, "tables": ", ".join(tables)}
                )
            reasons[row] = why.strip()
        return reasons

    def _known(self, profile: str) -> str:
        known = saved_profiles.known()
        if profile and profile not in known:
            names = ", ".join(sorted(known))
            raise BadProfile(
                _("There is no profile %(name)s. There are: %(names)s.") % {"name": profile, "names": names}
            )
        return profile

    def _user(self, name: str):
        if not name:
            return None
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no user %(name)s.") % {"name": name})
        return user

    def _progress(self, done: int, of: int) -> None:
        """One line that is written over."""
        now = time.monotonic()
        if done < of and now - getattr(self, "_shown", 0.0) < 0.2:
            return
        self._shown = now
        bar = "█" * (30 * done // of)
        sys.stderr.write(f"\r{bar:░<30} {done:,}/{of:,}" + ("\n" if done >= of else ""))
        sys.stderr.flush()
