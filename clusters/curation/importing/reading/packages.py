"""ZIP archives opened safely: sizes, ratio and names are checked before unpacking and held to during it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from .tables import Limits, UnreadableFile, too_large

_CHUNK = 2**16
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)


class Package:
    """An opened archive whose directory has been found harmless."""

    def __init__(self, path: Path, limits: Limits) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except _BROKEN:
            raise _damaged() from None
        try:
            self.members = {info.filename: info for info in self._archive.infolist() if not info.is_dir()}
            self._check(limits)
        except BaseException:
            self._archive.close()
            raise
        self._limits = limits

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._archive.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """A member's bytes; more than its directory entry promised is refused."""
        info, total = self.members[name], 0
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    total += len(chunk)
                    if total > info.file_size:
                        raise _damaged()
                    yield chunk
        except UnreadableFile:
            raise
        except (*_BROKEN, zipfile.zlib.error) as problem:  # type: ignore[attr-defined]
            raise _damaged() from problem

    def read(self, name: str, limit: int) -> bytes:
        """A small member whole."""
        if self.members[name].file_size > limit:
            raise too_large(_("The part %(name)s") % {"name": name}, self.members[name].file_size, limit)
        return b"".join(self.chunks(name))

    def _check(self, limits: Limits) -> None:
        if len(self._archive.infolist()) > limits.members:
            raise UnreadableFile(
                _("The archive holds more than %(limit)s files.") % {"limit": f"{limits.members:,}"},
                _("Pack only the files of data."),
            )
        if len({info.filename for info in self._archive.infolist()}) < len(self._archive.infolist()):
            raise UnreadableFile(_("The archive holds the same file name twice."), _("Pack it again."))
        total = 0
        for info in self._archive.infolist():
            total += info.file_size
            if info.flag_bits & 1:
                raise UnreadableFile(_("The archive is encrypted."), _("Unpack it with its password first."))
            if _is_unsafe(info.filename):
                raise UnreadableFile(
                    _("The archive holds a file name that leads outside of it: %(name)s")
                    % {"name": shown_name(info)[:100]},
                    _("Do not use this archive; ask its publisher."),
                )
            if (
                info.file_size > limits.ratio_from
                and info.file_size > max(1, info.compress_size) * limits.ratio
            ):
                raise UnreadableFile(
                    _("%(name)s would unpack from %(packed)s to %(unpacked)s bytes: a decompression bomb.")
                    % {
                        "name": shown_name(info)[:100],
                        "packed": f"{info.compress_size:,}",
                        "unpacked": f"{info.file_size:,}",
                    },
                    _("Save the table as CSV."),
                )
        if total > limits.unpacked_bytes:
            raise too_large(_("The unpacked content"), total, limits.unpacked_bytes)


def shown_name(info: zipfile.ZipInfo) -> str:
    """A member's name as it was meant: Korean Windows writes CP949 where the standard says CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp949")
    except UnicodeError:
        return info.filename


def _is_unsafe(name: str) -> bool:
    path = name.replace("\\", "/")
    return (
        path.startswith("/")
        or ".." in PurePosixPath(path).parts
        or path[1:2] == ":"
        or "\0" in path
        or len(path) > 500
    )


def _damaged() -> UnreadableFile:
    return UnreadableFile(_("The archive is truncated or damaged."), _("Download it again."))
