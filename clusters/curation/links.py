"""Checks whether the addresses that records send readers to still answer, gently and never inside the own network."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from clusters.dates import SEOUL, seoul_now
from clusters.models import LinkCheck, LinkState, Publication, Source

from .fetching import Answer, Bounds, Resolver, Unreachable, fetch, resolve
from .importing.lookup import chunks
from .quality.upkeep import ADDRESSES

BOUNDS = Bounds(seconds=20, wait=10, bytes=2**16, cut=True)
REDIRECTS = 5
PAUSE = 2.0  # seconds between two requests to one host
MOST_PER_HOST = 40  # addresses of one host in one run
PERMANENT = {301, 308}
# Answers that turn machines away, not readers.
NOT_FOR_MACHINES = {401, 403, 406, 429, 451, 999}
RETRY_FAILED = timedelta(hours=20)  # cron runs once a day, never at quite the same second


@dataclass(frozen=True)
class Verdict:
    state: LinkState
    status: int | None = None
    moved_to: str = ""
    message: str = ""


@dataclass
class Checker:
    """Asks one address after another. Every hop of a redirect is looked at like an address of its own."""

    resolver: Resolver = resolve
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    bounds: Bounds = BOUNDS
    pause: float = PAUSE
    asked_at: dict[str, float] = field(default_factory=dict)

    def check(self, url: str) -> Verdict:
        try:
            verdict = self._follow(url, "HEAD")
            if verdict.state is not LinkState.FAILS:
                return verdict
        except Unreachable as problem:
            if problem.refused:
                return Verdict(LinkState.FAILS, message=str(problem))
        # Many servers answer HEAD wrongly or not at all.
        try:
            return self._follow(url, "GET")
        except Unreachable as problem:
            return Verdict(LinkState.FAILS, message=str(problem))

    def _follow(self, url: str, method: str) -> Verdict:
        at, moved_to, for_good = url, "", True
        for _hop in range(REDIRECTS + 1):
            answer = self._ask(at, method)
            if not answer.is_redirect:
                return _verdict(answer, moved_to)
            at = answer.leads_to()
            for_good = for_good and answer.status in PERMANENT
            moved_to = at if for_good else moved_to
        raise Unreachable(_("It sends us in a circle."))

    def _ask(self, url: str, method: str) -> Answer:
        host = host_of(url)
        if host in self.asked_at and (early := self.asked_at[host] + self.pause - self.clock()) > 0:
            self.sleep(early)
        try:
            return fetch(
                url,
                method=method,
                bounds=self.bounds,
                resolver=self.resolver,
                anywhere=not settings.LINK_CHECKS_STAY_PUBLIC,
            )
        finally:
            self.asked_at[host] = self.clock()


def _verdict(answer: Answer, moved_to: str) -> Verdict:
    status = answer.status
    if status in NOT_FOR_MACHINES:
        return Verdict(LinkState.WORKS, status, message=_("It answers, but turns machines away."))
    if 200 <= status < 300:
        # An address too long for a field is no use as a suggestion.
        if moved_to and len(moved_to) <= 500:
            return Verdict(LinkState.MOVED, status, moved_to)
        return Verdict(LinkState.WORKS, status)
    return Verdict(
        LinkState.FAILS, status, message=_("It answers with HTTP status %(status)d.") % {"status": status}
    )


def host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # whatever it is, the check says that it is no web address
        return ""


def in_use() -> set[str]:
    """Every address that a record sends readers to."""
    found: set[str] = set()
    for model, name in ADDRESSES.items():
        records = model._default_manager.exclude(publication=Publication.ARCHIVED)
        found.update(records.order_by().values_list(name, flat=True))
    return found - {""}


def due(*, older_than: int, limit: int, host: str = "", now: datetime | None = None) -> list[str]:
    """Addresses to check now: new ones first, then those that failed, then the ones checked longest ago.

    Those of one host are spread over the run, and no host gets too many at once.
    """
    now = now or seoul_now()
    checks = {check.url: check for check in LinkCheck.objects.all()}

    def rank(url: str) -> tuple[int, float, str]:
        check = checks.get(url)
        if check is None:
            return 0, 0.0, url
        return (1 if check.failures else 2), check.checked_at.timestamp(), url

    def is_due(url: str) -> bool:
        check = checks.get(url)
        if check is None:
            return True
        return check.checked_at <= now - (RETRY_FAILED if check.failures else timedelta(days=older_than))

    by_host: dict[str, list[str]] = defaultdict(list)
    for url in sorted(filter(is_due, in_use()), key=rank):
        name = host_of(url)
        if (not host or name == host.lower()) and len(by_host[name]) < MOST_PER_HOST:
            by_host[name].append(url)
    turns = sorted((place, *rank(url)) for urls in by_host.values() for place, url in enumerate(urls))
    return [turn[-1] for turn in turns][:limit]


def check_all(urls: list[str], checker: Checker | None = None) -> Iterator[LinkCheck]:
    """Check and note one address after the other, so that what was found stays when the run is stopped."""
    checker = checker or Checker()
    for url in urls:
        yield note(url, checker.check(url))


def note(url: str, verdict: Verdict, now: datetime | None = None) -> LinkCheck:
    """Keep what was found. Days count, not attempts: twice within an hour is one bad day."""
    now = now or seoul_now()
    check = LinkCheck.objects.filter(url=url).first() or LinkCheck(url=url)
    check.state, check.status, check.checked_at = verdict.state, verdict.status, now
    check.final_url, check.message = verdict.moved_to, verdict.message[:300]
    today = now.astimezone(SEOUL).date()
    if verdict.state is not LinkState.FAILS:
        check.failures, check.failed_on = 0, None
    elif check.failed_on is None or check.failed_on < today:
        check.failures, check.failed_on = min(check.failures + 1, 30_000), today
    check.save()
    # A note of the machine, not of a person: no version, no history.
    Source.objects.filter(url=url).update(link_checked_at=now)
    return check


def forget_unused() -> int:
    """Let go of notes on addresses that no record has any more."""
    used = in_use()
    gone = [pk for pk, url in LinkCheck.objects.values_list("pk", "url") if url not in used]
    for part in chunks(gone):
        LinkCheck.objects.filter(pk__in=part).delete()
    return len(gone)
