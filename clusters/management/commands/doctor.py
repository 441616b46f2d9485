"""Examines the installation and says what to do about what it finds."""

import json
from collections import Counter

from django.core.management.base import BaseCommand
from django.utils import translation

from clusters.management import checkup
from clusters.management.checkup import Finding, State


class Command(BaseCommand):
    help = (
        "Examine database, settings, machine and site; each finding says what to do. Ends with status 1 when "
        "something is broken or unsafe, with --strict also when something is not as it should be."
    )
    requires_system_checks = ()  # they are part of the examination

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
        parser.add_argument("--strict", action="store_true", help="warnings end with status 1 as well")
        parser.add_argument("--language", choices=["ko", "en"], default="ko")

    def handle(self, *args, **options) -> None:
        with translation.override(options["language"]):
            found = []
            for finding in checkup.run():
                found.append(finding)
                if not options["json"]:
                    self._tell(finding)
            counts = Counter(finding.state for finding in found)
            if options["json"]:
                findings = [
                    {"name": one.name, "state": one.state, "said": one.said, "advice": one.advice}
                    for one in found
                ]
                self.stdout.write(json.dumps({"findings": findings}, ensure_ascii=False, indent=1))
            else:
                words = self._words()
                self.stdout.write(", ".join(f"{words[state]} {counts[state]}" for state in State))
        if counts[State.ERROR] or (options["strict"] and counts[State.WARNING]):
            self.stdout.flush()
            raise SystemExit(1)

    def _words(self) -> dict[State, str]:
        return {
            State.OK: translation.pgettext("checkup", "in order"),
            State.NOTE: translation.pgettext("checkup", "to know"),
            State.WARNING: translation.pgettext("checkup", "to improve"),
            State.ERROR: translation.pgettext("checkup", "to repair"),
        }

    def _tell(self, finding: Finding) -> None:
        style = {
            State.OK: self.style.SUCCESS,
            State.WARNING: self.style.WARNING,
            State.ERROR: self.style.ERROR,
        }
        word = style.get(finding.state, str)(self._words()[finding.state])
        self.stdout.write(f"{word}  {finding.name}: {finding.said}")
        if finding.advice:
            self.stdout.write(f"    → {finding.advice}")
