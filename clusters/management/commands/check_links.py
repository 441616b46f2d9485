"""Checks links; what is broken or moved then waits in the queues of the admin's first page."""

from collections import Counter

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from clusters.curation import links
from clusters.curation.locking import alone_with
from clusters.models import LinkState


class Command(BaseCommand):
    help = (
        "Ask whether the addresses of sources, websites and notices still answer. An address counts as broken "
        "after it failed on two days. Addresses inside private networks are not asked."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--limit", type=int, default=200, metavar="N", help="at most so many addresses")
        parser.add_argument(
            "--older-than",
            type=int,
            default=30,
            metavar="DAYS",
            help="leave out those that worked so many days ago or less",
        )
        parser.add_argument("--host", default="", metavar="HOST", help="only addresses of this host")
        parser.add_argument("--language", choices=["ko", "en"], default="ko")

    def handle(self, *args, **options) -> None:
        with translation.override(options["language"]), alone_with("check-links") as alone:
            if not alone:
                if options["verbosity"] > 1:
                    self.stdout.write(_("Another check of links is still running."))
                return
            self._check(**options)

    def _check(self, *, limit, older_than, host, verbosity, **options) -> None:
        links.forget_unused()
        counts: Counter[str] = Counter()
        urls = links.due(older_than=max(older_than, 0), limit=max(limit, 0), host=host)
        for check in links.check_all(urls):
            counts[check.state] += 1
            if verbosity > 1 or (verbosity and check.state != LinkState.WORKS):
                said = check.final_url and f"→ {check.final_url}"
                parts = (check.get_state_display(), check.url, said, check.message)
                self.stdout.write("  ".join(part for part in parts if part))
        if verbosity:
            states = ", ".join(f"{state.label} {counts[state]:,}" for state in LinkState)
            told = _("Links checked: %(number)s (%(states)s)") % {
                "number": f"{len(urls):,}",
                "states": states,
            }
            self.stdout.write(told)
