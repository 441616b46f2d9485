"""The bytes of uploads, in folders of their own below DATA_DIR; what nobody finished is cleared away in time."""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone

from clusters.models import Upload, UploadState

MOST_FILES = 50
LONGEST_NAME = 150  # bytes; file systems take 255
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')


class Sent(Protocol):
    """A file as it was sent: its name and its bytes."""

    name: Any

    def chunks(self) -> Iterable[bytes]: ...


def folder_of(upload: Upload) -> Path:
    return Path(settings.DATA_DIR) / upload.folder


def paths_of(upload: Upload) -> list[Path]:
    """The files as they were sent, in the order of their names."""
    return sorted((folder_of(upload) / "files").iterdir())


@contextmanager
def kept(files: Iterable[Sent]) -> Iterator[Upload]:
    """Write files below DATA_DIR and give an upload that is not stored yet; what fails leaves nothing behind."""
    name = f"uploads/{timezone.now():%Y%m%d}-{secrets.token_hex(8)}"
    folder = Path(settings.DATA_DIR) / name
    try:
        inner = folder / "files"
        inner.mkdir(parents=True, mode=0o700)
        digest, size, names = hashlib.sha256(), 0, []
        for file in sorted(files, key=lambda one: str(one.name)):
            path = _free(inner, safe_name(str(file.name)))
            names.append(path.name)
            with path.open("xb") as stream:
                for chunk in file.chunks():
                    digest.update(chunk)
                    size += len(chunk)
                    stream.write(chunk)
        yield Upload(name=", ".join(names)[:255], folder=name, sha256=digest.hexdigest(), size=size)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def safe_name(name: str) -> str:
    """The last part of a name, without what no file system or page should see."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = " ".join(_UNSAFE.sub(" ", name).split()).lstrip(".- ") or "file"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = name, "", ""
    while len(f"{stem}{dot}{ending}".encode()) > LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem}{dot}{ending}"


def _free(folder: Path, name: str) -> Path:
    path, number = folder / name, 2
    while path.exists():
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
        number += 1
    return path


def write_json(upload: Upload, name: str, content: Any) -> None:
    """A file beside the upload's own, whole or not at all for whoever reads it meanwhile."""
    path = folder_of(upload) / name
    fresh = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
    fresh.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


def read_json(upload: Upload, name: str) -> Any:
    """What write_json wrote; None where there is nothing."""
    try:
        return json.loads((folder_of(upload) / name).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def remove(upload: Upload) -> None:
    """Drop an upload with its bytes."""
    shutil.rmtree(folder_of(upload), ignore_errors=True)
    upload.delete()


def clear_away() -> int:
    """Drop unfinished uploads that nobody touched for UPLOADS_KEPT_DAYS, and the bytes of those applied."""
    since = timezone.now() - timedelta(days=settings.UPLOADS_KEPT_DAYS)
    count = 0
    for upload in Upload.objects.filter(moved_at__lt=since).exclude(state=UploadState.APPLIED)[:100]:
        if not (upload.is_working and is_locked(upload)):
            remove(upload)
            count += 1
    for upload in Upload.objects.filter(moved_at__lt=since, state=UploadState.APPLIED).order_by("moved_at"):
        if folder_of(upload).exists():
            shutil.rmtree(folder_of(upload), ignore_errors=True)
            count += 1
    return count


def lock(upload: Upload) -> int | None:
    """Take the lock that says somebody works on this; a descriptor to close at the end, None when it is taken.

    The lock belongs to the opened file, so that a process started with the descriptor holds it too, and it goes
    with the last process that has it, however that process ends.
    """
    descriptor = os.open(folder_of(upload) / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def is_locked(upload: Upload) -> bool:
    """Whether some process works on an upload at this moment."""
    try:
        descriptor = lock(upload)
    except OSError:  # its folder is gone
        return False
    if descriptor is None:
        return True
    os.close(descriptor)
    return False
