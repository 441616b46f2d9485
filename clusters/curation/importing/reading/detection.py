"""What a file is, told from its content; what cannot be read is refused by its name."""

import re
import zipfile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .tables import Limits, Source, UnreadableFile, too_large

# What opens a file, and the sentence that names it.
_SIGNATURES = (
    (b"%PDF", gettext_noop("This is a PDF document, not a table.")),
    (b"\x89PNG", gettext_noop("This is a picture, not a table.")),
    (b"\xff\xd8\xff", gettext_noop("This is a picture, not a table.")),
    (b"GIF8", gettext_noop("This is a picture, not a table.")),
    (b"II*\0", gettext_noop("This is a picture, not a table.")),
    (b"MM\0*", gettext_noop("This is a picture, not a table.")),
    (b"BM", gettext_noop("This is a picture, not a table.")),
    (b"RIFF", gettext_noop("This is a picture or a sound, not a table.")),
    (b"\x1f\x8b", gettext_noop("This is a GZIP archive, which is not opened here.")),
    (b"7z\xbc\xaf\x27\x1c", gettext_noop("This is a 7z archive, which is not opened here.")),
    (b"Rar!", gettext_noop("This is a RAR archive, which is not opened here.")),
    (b"\xfd7zXZ", gettext_noop("This is an XZ archive, which is not opened here.")),
    (b"BZh", gettext_noop("This is a BZIP2 archive, which is not opened here.")),
    (b"EGGA", gettext_noop("This is an EGG archive, which is not opened here.")),
    (b"SQLite format 3\0", gettext_noop("This is a database, not a table.")),
    (b"PAR1", gettext_noop("This is a Parquet file, which cannot be read here.")),
    (b"HWP Document File", gettext_noop("This is an HWP document, not a table.")),
    (b"{\\rtf", gettext_noop("This is an RTF document, not a table.")),
    (b"MZ", gettext_noop("This is a program, not a table.")),
    (b"\x7fELF", gettext_noop("This is a program, not a table.")),
    (b"\x80\x02", gettext_noop("This is a Python pickle, which is never opened.")),
    (b"\x80\x03", gettext_noop("This is a Python pickle, which is never opened.")),
    (b"\x80\x04", gettext_noop("This is a Python pickle, which is never opened.")),
    (b"\x80\x05", gettext_noop("This is a Python pickle, which is never opened.")),
)
_SHORT_SIGNATURES = {b"BM", b"MZ", b"BZh"}  # text may begin with these letters too
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_HEAD = 2**16

_HTML = re.compile(r"<(!doctype\s+html|html|head|body|table|meta|div|style|script|p|center)\b", re.I)
_SVG = re.compile(r"<svg\b", re.I)
_JSON = re.compile(r"""\[\s*(\{|\[|"|-?[0-9]|\]|true|false|null|$)|\{\s*(["}]|$)""")
_YAML = re.compile(r"%YAML|---\s*\n|[^!]*!!python/")


def kind_of(source: Source, limits: Limits) -> str:
    """One of xlsx, xls, zip, html, xml, json, text; anything else raises UnreadableFile."""
    size = source.path.stat().st_size
    if size > limits.file_bytes:
        raise too_large(_("The file"), size, limits.file_bytes)
    with source.path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip():
        raise UnreadableFile(_("The file is empty."), _("Download it again."))
    if head.startswith(b"PK"):
        return _kind_of_zip(source, head)
    if head.startswith(_OLE):
        return _kind_of_ole(source, size, limits)
    if head.startswith(_OLD_BIFF):
        return "xls"
    _refuse_signature(head)
    return _kind_of_text(source, head)


def _refuse_signature(head: bytes) -> None:
    for signature, sentence in _SIGNATURES:
        if head.startswith(signature) and (signature not in _SHORT_SIGNATURES or b"\0" in head[:512]):
            raise UnreadableFile(_(sentence), _save_as_table())
    if head[257:262] == b"ustar":
        raise UnreadableFile(_("This is a TAR archive, which is not opened here."), _save_as_table())


def _kind_of_text(source: Source, head: bytes) -> str:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n\0")
    if text.startswith("<"):
        start = text[:8192]
        if "urn:schemas-microsoft-com:office:spreadsheet" in start:
            raise UnreadableFile(
                _("This is an XML spreadsheet of Excel 2003."), _("Open it in Excel and save it as XLSX.")
            )
        if not re.match(r"<\?xml\b", start):
            return "html" if _HTML.search(start) else "xml"
        root = re.search(r"<[A-Za-z_]", start)
        if root and _SVG.match(start, root.start()):
            raise UnreadableFile(_("This is a picture, not a table."), _save_as_table())
        return "html" if root and _HTML.match(start, root.start()) else "xml"
    if _JSON.match(text):
        return "json"
    if text[:13].lower() == "mime-version:":
        raise UnreadableFile(_("This is a web archive (MHTML)."), _("Open it in Excel and save it as XLSX."))
    yaml_name = source.name.lower().endswith((".yaml", ".yml"))
    if yaml_name or _YAML.match(text[:8192]):
        raise UnreadableFile(
            _("This is a YAML file, which is never read."), _("Save the data as CSV or JSON.")
        )
    return "text"


def _kind_of_zip(source: Source, head: bytes) -> str:
    try:
        with zipfile.ZipFile(source.path) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:100] if _small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        workbook = b"[Content_Types].xml" in head or b"xl/" in head
        raise UnreadableFile(
            _("This is a truncated or damaged XLSX workbook.")
            if workbook
            else _("This is a truncated or damaged ZIP archive."),
            _("Download it again."),
        ) from None
    if any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names):
        return "xlsx"
    sentence = ""
    if any(name.startswith("xl/workbook") for name in names):
        sentence = _("This is a binary Excel workbook (XLSB).")
    elif b"opendocument.spreadsheet" in mimetype:
        sentence = _("This is an OpenDocument spreadsheet (ODS).")
    elif b"hwp+zip" in mimetype or "Contents/content.hpf" in names:
        sentence = _("This is an HWP document, not a table.")
    elif "word/document.xml" in names or mimetype:
        sentence = _("This is a text document, not a table.")
    elif "ppt/presentation.xml" in names:
        sentence = _("This is a presentation, not a table.")
    if sentence:
        raise UnreadableFile(sentence, _save_as_table())
    return "zip"


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size < 1000


def _kind_of_ole(source: Source, size: int, limits: Limits) -> str:
    if size > limits.whole_bytes:
        raise too_large(_("The file"), size, limits.whole_bytes)
    data = source.path.read_bytes()

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise UnreadableFile(
            _("This is an encrypted workbook."), _("Open it with its password and save it without one.")
        )
    if holds("HwpSummaryInformation") or b"HWP Document File" in data:
        raise UnreadableFile(_("This is an HWP document, not a table."), _save_as_table())
    if holds("Workbook") or holds("Book"):
        return "xls"
    if holds("WordDocument"):
        raise UnreadableFile(_("This is a Word document, not a table."), _save_as_table())
    if holds("PowerPoint Document"):
        raise UnreadableFile(_("This is a presentation, not a table."), _save_as_table())
    raise UnreadableFile(_("This is a damaged or unknown Office document."), _save_as_table())


def _save_as_table() -> str:
    return _("Save its table as XLSX or CSV, or look for such a file at the publisher.")
