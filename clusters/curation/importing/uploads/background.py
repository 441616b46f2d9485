"""Starts a step: at once for small files, in a process of its own for large ones, with no service to be run."""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

from clusters.models import Upload, UploadState

from . import steps, storing

ATTEMPTS = 10  # somebody who only looks whether the lock is taken holds it for a moment

_started: list[subprocess.Popen] = []


def start(upload: Upload, to: UploadState, *, at_once: bool, **values) -> bool:
    """Take the next step. False when somebody else did so before, and this one is not taken."""
    held = _lock(upload)
    if held is None:
        return False
    try:
        if not steps.move(upload, to, **values):
            return False
        storing.write_json(upload, "progress.json", {})
        if at_once:
            steps.take(upload)
        else:
            _in_the_background(upload, held)
    finally:
        os.close(held)
    return True


def _lock(upload: Upload) -> int | None:
    for _attempt in range(ATTEMPTS):
        if (held := storing.lock(upload)) is not None:
            return held
        time.sleep(0.02)
    return None


def _in_the_background(upload: Upload, held: int) -> None:
    """A process that outlives this one; it holds the upload's lock for as long as it lives."""
    _started[:] = [process for process in _started if process.poll() is None]
    _started.append(
        subprocess.Popen(
            [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "carry_out", str(upload.pk)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(held,),
            start_new_session=True,
        )
    )
