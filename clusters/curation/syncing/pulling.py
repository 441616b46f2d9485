"""Pulls all pages of a portal's list: asks again after failures, and takes nothing that is not whole."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from django.utils.translation import gettext as _

from clusters.curation.fetching import Answer, Bounds, Unreachable, fetch

from .portals import PAGE, Api, BadAnswer

ATTEMPTS = 4
FIRST_PAUSE = 2.0  # seconds; four times as long after each further failure
LONGEST_PAUSE = 120.0
PASSES = 3
MOST_PAGES = 300
MOST_BYTES = 200 * 2**20
BOUNDS = Bounds(seconds=60, wait=20, bytes=20 * 2**20)
REDIRECTS = 3

Sleep = Callable[[float], None]


class PullFailed(Exception):
    """Why a pull brought nothing that may be used, as a sentence."""


@dataclass
class Pulled:
    """All entries of a list, each once, and the answers as they came."""

    entries: list[dict] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)


@dataclass
class Puller:
    api: Api
    service_key: str
    sleep: Sleep = time.sleep
    bounds: Bounds = BOUNDS
    answers: list[bytes] = field(default_factory=list)

    def pull(self) -> Pulled:
        """The whole list. Raises PullFailed; what came until then stays in `answers`.

        A list that changes while it is read may hide entries between two pages: it is then read again.
        """
        why = ""
        for number in range(1, PASSES + 1):
            self.answers.clear()
            found, rows, totals = self._pass()
            if len(totals) > 1:
                why = _("The list kept changing while it was read.")
                continue
            total = next(iter(totals), None)
            # A list that repeats entries every time repeats them itself: then nothing was missed.
            if total is None or len(found) == total or (number == PASSES and rows == total):
                return Pulled(list(found.values()), list(self.answers))
            why = _("The portal announced %(total)s entries and gave %(number)s.") % {
                "total": f"{total:,}",
                "number": f"{len(found):,}",
            }
        raise PullFailed(f"{self.api.host}: {why}")

    def _pass(self) -> tuple[dict[str, dict], int, set[int]]:
        found: dict[str, dict] = {}
        totals: set[int] = set()
        rows = 0
        for number in range(1, MOST_PAGES + 1):
            entries, total = self._page(number)
            if total is not None and (entries or number == 1):
                totals.add(total)
            known = len(found)
            for entry in entries:
                found[str(entry[self.api.key])] = entry
            rows += len(entries)
            if len(totals) > 1:
                break
            if not entries or (total is None and len(entries) < PAGE):
                break
            if (total is not None and rows >= total) or len(found) == known:
                break
        else:
            raise PullFailed(_("The list has more than %(number)d pages.") % {"number": MOST_PAGES})
        return found, rows, totals

    def _page(self, number: int) -> tuple[list[dict], int | None]:
        pause, why = FIRST_PAUSE, ""
        for attempt in range(1, ATTEMPTS + 1):
            wanted = 0.0
            try:
                answer = self._ask(self.api.url(number, self.service_key))
                if answer.status == 200:
                    self._keep(answer.body)
                    return self.api.entries(answer.body)
                why = _("The portal answered with HTTP status %(status)d.") % {"status": answer.status}
                if answer.status < 500 and answer.status not in {408, 425, 429}:
                    break
                given = answer.headers.get("retry-after", "")
                wanted = float(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0.0
            except BadAnswer as problem:
                why = str(problem)
                if problem.final:
                    break
            except Unreachable as problem:
                why = str(problem)
                if problem.refused:
                    break
            if attempt < ATTEMPTS:
                self.sleep(min(max(pause, wanted), LONGEST_PAUSE))
                pause *= 4
        where = _("page %(number)d") % {"number": number}
        raise PullFailed(f"{self.api.host}, {where}: {self.without_key(why)}")

    def _keep(self, body: bytes) -> None:
        for form in self._forms_of_key():
            body = body.replace(form.encode(), b"***")
        self.answers.append(body)
        if sum(map(len, self.answers)) > MOST_BYTES:
            raise PullFailed(_("The list is longer than %(size)s bytes.") % {"size": f"{MOST_BYTES:,}"})

    def _ask(self, url: str) -> Answer:
        """The operator names the portal's address, so it may lie anywhere; but the key goes to no other host."""
        home = urlsplit(url)
        for _hop in range(REDIRECTS + 1):
            answer = fetch(url, bounds=self.bounds, anywhere=True)
            if not answer.is_redirect:
                return answer
            url = answer.leads_to()
            there = urlsplit(url)
            if (there.scheme, there.hostname, there.port) != (home.scheme, home.hostname, home.port):
                raise Unreachable(
                    _("It sends us on to another host (%(host)s); the key does not go there.")
                    % {"host": there.hostname or "?"},
                    refused=True,
                )
        raise Unreachable(_("It sends us in a circle."), refused=True)

    def without_key(self, text: str) -> str:
        for form in self._forms_of_key():
            text = text.replace(form, "***")
        return text

    def _forms_of_key(self) -> set[str]:
        key = self.service_key
        return {form for form in (key, quote(key, safe=""), unquote(key)) if form}
