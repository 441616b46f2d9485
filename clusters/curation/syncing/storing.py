"""The portals' answers as they came, kept compressed; the oldest go as new ones come."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

KEPT = 48  # of each portal: two days of hourly pulls


def folder() -> Path:
    path = Path(settings.DATA_DIR) / "sync"
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep(portal: str, answers: list[bytes], moment: datetime, *, failed: bool = False) -> Path | None:
    """Write the answers, one after another, and let the oldest of the portal go."""
    if not answers:
        return None
    name = f"{portal}-{moment.astimezone(UTC):%Y%m%dT%H%M%S%f}{'-failed' if failed else ''}.json.gz"
    path = folder() / name
    begun = path.with_suffix(".part")
    try:
        with gzip.open(begun, "wb") as stream:
            for answer in answers:
                stream.write(answer.rstrip() + b"\n")
        os.replace(begun, path)
    finally:
        begun.unlink(missing_ok=True)
    for old in sorted(folder().glob(f"{portal}-*.json.gz"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path
