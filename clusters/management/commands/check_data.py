"""Tells on the command line, or to cron, what waits for somebody."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from clusters.curation import proposals, quality
from clusters.dates import seoul_now


class Command(BaseCommand):
    help = (
        "Print the queues of the admin's first page. Ends with status 1 when something waits, in any queue or "
        "in those that --fail-on names. Also erases the e-mail addresses of proposals that are no longer needed."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
        parser.add_argument(
            "--fail-on",
            default="",
            metavar="QUEUE,…",
            help="only these queues decide the status; “none” for always 0",
        )
        parser.add_argument("--language", choices=["ko", "en"], default="ko")

    def handle(self, *args, **options) -> None:
        with translation.override(options["language"]):
            deciding = self._deciding(options["fail_on"])
            proposals.forget()  # cron runs this daily; nobody has to send a proposal for old addresses to go
            now = seoul_now()
            found = [(queue, queue.counts(now=now)) for queue in quality.QUEUES]
            self.stdout.write(self._json(found) if options["json"] else self._text(found))
            failing = [queue.name for queue, counts in found if counts and queue.name in deciding]
        if failing:
            self.stdout.flush()
            raise SystemExit(1)

    def _deciding(self, given: str) -> set[str]:
        known = {queue.name for queue in quality.QUEUES}
        names = {name.strip() for name in given.split(",") if name.strip()}
        if names == {"none"}:
            return set()
        if unknown := names - known:
            raise CommandError(
                _("There is no queue %(name)s. There are: %(names)s.")
                % {"name": ", ".join(sorted(unknown)), "names": ", ".join(sorted(known))},
                returncode=2,
            )
        return names or known

    def _json(self, found) -> str:
        queues = [
            {
                "name": queue.name,
                "title": str(queue.title),
                "why": str(queue.why),
                "count": sum(counts.values()),
                "records": {model._meta.model_name: count for model, count in counts.items()},
            }
            for queue, counts in found
        ]
        return json.dumps({"queues": queues}, ensure_ascii=False, indent=1)

    def _text(self, found) -> str:
        lines = []
        for queue, counts in found:
            if counts:
                parts = (f"{model._meta.verbose_name_plural} {count:,}" for model, count in counts.items())
                lines.append(f"{queue.title} ({queue.name}): {sum(counts.values()):,}")
                lines += [f"  {queue.why}", f"  {', '.join(parts)}"]
        return "\n".join(lines) or _("Nothing waits.")
