"""The steps of an upload: rehearsing and applying, each taken once, and what becomes of one that broke off."""

import logging
import time
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clusters.models import Upload, UploadState

from .. import applying, gathering, rehearsal, saved_profiles
from ..applying import NotApplied
from ..looking import Choice
from ..plans import Plan
from ..profiles import BadProfile
from . import rehearsals, storing

_log = logging.getLogger(__name__)

OWN = "*"  # instead of a profile's name: the mapping made for this upload
BEFORE = {UploadState.REHEARSING: UploadState.MAPPING, UploadState.APPLYING: UploadState.REHEARSED}


def move(upload: Upload, to: UploadState, **values: Any) -> bool:
    """Bring an upload to another state, unless somebody else moved it since it was read."""
    values = {"trouble": "", **values, "state": to, "turn": upload.turn + 1, "moved_at": timezone.now()}
    if not Upload.objects.filter(pk=upload.pk, turn=upload.turn, state=upload.state).update(**values):
        return False
    for name, value in values.items():
        setattr(upload, name, value)
    return True


def take(upload: Upload) -> None:
    """Do what the upload's state says is being done; it is somewhere else afterwards, whatever happens."""
    with translation.override(upload.choices.get("language", "ko")):
        try:
            user = get_user_model().objects.filter(pk=upload.choices.get("by"), is_active=True).first()
            if user is None or not user.has_perm("clusters.import_data"):
                raise NotApplied(_("You may not import files any more."))
            if upload.state == UploadState.REHEARSING:
                _rehearse(upload, user)
            elif upload.state == UploadState.APPLYING:
                _apply(upload, user)
        except (NotApplied, BadProfile) as problem:
            _back(upload, str(problem))
        except Exception:
            _log.exception("Upload %s could not be brought on", upload.pk)
            _back(upload, _("Something went wrong that nobody foresaw. Nothing was written; it was logged."))


def recover(upload: Upload) -> None:
    """Bring back an upload whose process ended before it was through; a transaction cut off has written nothing."""
    if upload.is_working and not storing.is_locked(upload):
        upload.refresh_from_db()
        if upload.is_working:
            _back(
                upload, _("The process that worked on this ended before it was through. Nothing was written.")
            )
            upload.refresh_from_db()


def _back(upload: Upload, trouble: str) -> None:
    move(upload, BEFORE[UploadState(upload.state)], trouble=trouble)


def _rehearse(upload: Upload, user: Any) -> None:
    plan, used = _plan(upload, user)
    move(upload, UploadState.REHEARSED, result=_keep(upload, plan, used))


def _keep(upload: Upload, plan: Plan, used: list[str]) -> dict[str, Any]:
    _tell(upload, phase="keeping")
    counts = plan.counts()
    return {
        "parts": rehearsals.keep(upload, plan),
        "written": counts["create"] + counts["change"],
        "held": counts["held"],
        "refused": counts["refused"],
        "used": used,
        "language": translation.get_language(),
        "fingerprint": rehearsals.fingerprint(plan),
    }


def _apply(upload: Upload, user: Any) -> None:
    wish = upload.choices["apply"]
    reason = wish.get("reason", "")
    plan, used = _plan(upload, user, reason=reason if wish.get("suspicious") else "")
    if rehearsals.fingerprint(plan) != upload.result.get("fingerprint"):
        _show_anew(
            upload,
            user,
            _(
                "Records changed since the rehearsal, so that the import would do something else now. Nothing was "
                "written. This is the new rehearsal."
            ),
        )
        return
    try:
        with transaction.atomic():
            batch = applying.apply(
                plan,
                file_name=upload.name,
                sha256=upload.sha256,
                profile=", ".join(used)[:80],
                by=user,
                reason=reason,
                good_rows_only=bool(wish.get("good_rows_only")),
                progress=_Progress(upload),
            )
            if batch is None:
                raise NotApplied(_("There was nothing to write."))
            if not move(upload, UploadState.APPLIED, batch=batch):
                raise NotApplied(_("Somebody else moved this upload on meanwhile. Nothing was written."))
    except NotApplied as problem:
        upload.refresh_from_db()
        if upload.state == UploadState.APPLYING:
            _show_anew(upload, user, str(problem))


def _show_anew(upload: Upload, user: Any, trouble: str) -> None:
    plan, used = _plan(upload, user)
    move(upload, UploadState.REHEARSED, result=_keep(upload, plan, used), trouble=trouble)


def _plan(upload: Upload, user: Any, reason: str = "") -> tuple[Plan, list[str]]:
    _tell(upload, phase="reading")
    chosen = upload.choices
    known, profile = saved_profiles.known(), chosen.get("profile", "")
    if profile == OWN:
        profile = chosen["mapping"]["name"]
        known = {**known, profile: saved_profiles.read(profile, chosen["body"])}
    elif profile and profile not in known:
        raise BadProfile(_("There is no profile %(name)s any more. Choose another one.") % {"name": profile})
    read, used = gathering.gather(
        storing.paths_of(upload), profile=profile, known=known, choice=choice_of(upload)
    )
    _tell(upload, phase="comparing", of=len(read.drafts))
    return rehearsal.rehearse(read, by=user, publication=chosen.get("publication", ""), reason=reason), used


def choice_of(upload: Upload) -> Choice:
    chosen = upload.choices
    return Choice(chosen.get("table", ""), chosen.get("start_row"), chosen.get("header_rows"))


def _tell(upload: Upload, **progress: Any) -> None:
    storing.write_json(upload, "progress.json", progress)


def progress_of(upload: Upload) -> dict[str, Any]:
    return storing.read_json(upload, "progress.json") or {}


class _Progress:
    """Says how far writing has come, in a file: the database is busy with the import itself."""

    def __init__(self, upload: Upload) -> None:
        self.upload, self.last = upload, 0.0

    def __call__(self, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self.last > 0.5:
            self.last = now
            _tell(self.upload, phase="writing", done=done, of=of)
