"""One pull from beginning to end: the lock, the list, the rehearsal, what is written, and the note of how it went."""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.curation.importing import applying, gathering, rehearsal, reporting
from clusters.curation.importing.applying import NotApplied
from clusters.curation.importing.drafts import Place, Problem
from clusters.curation.importing.plans import Item, Plan
from clusters.curation.locking import alone_with
from clusters.dates import seoul_now
from clusters.models import Call, Publication, SyncRun, SyncState
from clusters.programs.deadlines import RANK, CallStatus, status_rank

from . import storing
from .keeping import keep_edits
from .portals import APIS, printable
from .pulling import Puller, PullFailed, Sleep

MESSAGE_LENGTH = 4000


class NotConfigured(Exception):
    """The operator has to set something first: what, as a sentence."""


@dataclass
class Outcome:
    """run: the note of it, unsaved for a rehearsal; None when another pull of this portal is still running

    trouble: why the pull failed or is alarming, as a sentence; empty when all is well
    """

    run: SyncRun | None = None
    plan: Plan | None = None
    trouble: str = ""


@dataclass
class Wishes:
    """How the entries shall arrive; `strict`: refuse all when one of them has an error."""

    by: object | None = None
    publication: str = ""
    dry_run: bool = False
    strict: bool = False


def sync(portal: str, wishes: Wishes | None = None, *, sleep: Sleep = time.sleep) -> Outcome:
    """Pull once. Raises NotConfigured; everything else that can go wrong is told in the outcome and noted."""
    wishes = wishes or Wishes()
    puller = Puller(APIS[portal], service_key(portal), sleep=sleep)
    with alone_with(f"sync-{portal}") as alone:
        if not alone:
            return Outcome()
        run = SyncRun(portal=portal)
        if not wishes.dry_run:
            _end_interrupted(portal)
            run.save()
        try:
            outcome = _pull(run, puller, wishes)
        except BaseException as problem:
            _end(run, SyncState.FAILED, _("It broke off: %(problem)s") % {"problem": type(problem).__name__})
            raise
        return outcome


def service_key(portal: str) -> str:
    name = f"{portal.upper()}_API_KEY"
    key = getattr(settings, name)
    if not key and (path := getattr(settings, f"{name}_FILE")):
        try:
            key = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise NotConfigured(
                _("The file named in %(name)s_FILE cannot be read: %(problem)s")
                % {"name": name, "problem": type(problem).__name__}
            ) from problem
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise NotConfigured(
            _("Set %(name)s or %(name)s_FILE to the service key that the portal gave you.") % {"name": name}
        )
    return key


def _pull(run: SyncRun, puller: Puller, wishes: Wishes) -> Outcome:
    failed = ""
    try:
        pulled = puller.pull()
    except PullFailed as problem:
        failed = _("%(problem)s Nothing was written.") % {"problem": problem}
    if not wishes.dry_run:
        try:
            storing.keep(run.portal, puller.answers, run.started_at, failed=bool(failed))
        except OSError as problem:
            failed = failed or _("The answers could not be kept (%(problem)s). Nothing was written.") % {
                "problem": problem.strerror or type(problem).__name__
            }
    if failed:
        return Outcome(_end(run, SyncState.FAILED, failed), trouble=failed)
    run.pulled = len(pulled.entries)
    if not pulled.entries:
        return _nothing(run)
    return _bring_in(run, pulled.entries, wishes)


def _nothing(run: SyncRun) -> Outcome:
    """The portal returned nothing: once may happen, twice in a row is an alarm, and neither closes a call."""
    earlier = SyncRun.objects.filter(portal=run.portal).exclude(pk=run.pk)
    before = earlier.exclude(state__in=(SyncState.FAILED, SyncState.RUNNING)).first()
    again = before is not None and before.state in (SyncState.EMPTY, SyncState.ALARM)
    if again and earlier.filter(pulled__gt=0).exists():
        text = _(
            "The portal returned nothing twice in a row. Nothing was changed; look whether its API moved."
        )
        return Outcome(_end(run, SyncState.ALARM, text), trouble=text)
    return Outcome(_end(run, SyncState.EMPTY, _("The portal returned nothing. Nothing was changed.")))


def _bring_in(run: SyncRun, entries: list[dict], wishes: Wishes) -> Outcome:
    now = seoul_now()
    with TemporaryDirectory(prefix="sync-") as temporary:
        path = Path(temporary, f"{run.portal}.json")
        content = json.dumps(entries, ensure_ascii=False).encode()
        path.write_bytes(content)
        read, _used = gathering.gather([path], profile=run.portal, given={"confirmed_on": now.date()})  # type: ignore[dict-item]
        plan = rehearsal.rehearse(read, by=wishes.by, publication=wishes.publication)
    kept = keep_edits(plan, profile=run.portal, today=now.date())
    vanished = _vanished(plan, run.portal)
    counts = plan.counts()
    run.created, run.changed, run.unchanged = counts["create"], counts["change"], counts["unchanged"]
    run.left_out = counts["refused"] + counts["held"] + counts["waiting"]
    run.vanished = vanished
    trouble = ""
    if plan.errors and wishes.strict:
        trouble = _("Some entries have errors. Nothing was written.")
    elif not any(_is_sound(item) for item in plan.items):
        trouble = _("Not one of the entries could be used. Nothing was written.")
    elif not wishes.dry_run:
        try:
            run.batch = applying.apply(
                plan,
                file_name=f"{run.portal}.json",
                sha256=hashlib.sha256(content).hexdigest(),
                profile=run.portal,
                by=wishes.by,
                good_rows_only=True,
            )
        except NotApplied as problem:
            trouble = str(problem)
    if trouble:
        run.created = run.changed = 0
    state = SyncState.FAILED if trouble else SyncState.DONE
    message = " ".join(filter(None, [trouble, *_remarks(plan, run, kept)]))
    return Outcome(_end(run, state, message), plan, trouble)


def _is_sound(item: Item) -> bool:
    return item.draft.model is Call and item.action in {"create", "change", "unchanged"}


def _vanished(plan: Plan, portal: str) -> int:
    """Report calls that should still be open and that the list lacks, instead of all that ever came from it."""
    plan.problems = [problem for problem in plan.problems if problem.kind != "missing"]
    listed = {item.record.pk for item in plan.items if item.draft.model is Call and item.record.pk}
    calls = (
        Call.objects.filter(slug__startswith=f"{portal}-")
        .exclude(publication=Publication.ARCHIVED)
        .annotate(rank=status_rank(seoul_now()))
        .exclude(rank=RANK[CallStatus.CLOSED])
        .select_related("program")
    )
    gone = [call for call in calls.iterator() if call.pk not in listed]
    reason = _("It should still be open, but the portal no longer lists it; it stays as it is.")
    plan.problems += [Problem("missing", Place(f"{portal}.json"), "", str(call), reason) for call in gone]
    return len(gone)


def _remarks(plan: Plan, run: SyncRun, kept: int) -> list[str]:
    """What the note of a pull says beside its counts."""
    remarks = []
    if run.left_out and plan.errors:
        remarks.append(_("Left out, for example: %(problem)s") % {"problem": reporting.line(plan.errors[0])})
    if kept:
        remarks.append(
            ngettext(
                "%(count)d field was left as edited here.", "%(count)d fields were left as edited here.", kept
            )
            % {"count": kept}
        )
    return remarks


def _end_interrupted(portal: str) -> None:
    """Pulls that were killed left no word; nothing runs while we hold the lock."""
    SyncRun.objects.filter(portal=portal, state=SyncState.RUNNING).update(
        state=SyncState.FAILED, ended_at=timezone.now(), message=_("It was interrupted.")
    )


def _end(run: SyncRun, state: SyncState, message: str) -> SyncRun:
    run.state, run.message, run.ended_at = state, printable(message)[:MESSAGE_LENGTH], timezone.now()
    if run.pk:
        run.save()
    return run
