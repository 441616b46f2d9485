"""Feeds: entries as an Atom document (RFC 4287), whose pages lead to one another (RFC 5005)."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
SINCE = datetime(
    2026, 1, 1, tzinfo=UTC
)  # the feeds exist since then: the date in every tag, and of empty feeds


@dataclass(frozen=True)
class Entry:
    id: str
    title: str
    url: str
    updated: datetime
    published: datetime | None = None
    summary: str = ""
    kind: tuple[str, str] = ("", "")  # a code and its name: what the entry is about


@dataclass(frozen=True)
class Feed:
    """A feed; addresses are absolute, those of further pages empty where there is none."""

    id: str
    title: str
    subtitle: str
    language: str
    author: str
    url: str  # of this document
    page: str  # where people read the same
    rights: str = ""
    rights_url: str = ""
    next: str = ""
    previous: str = ""


def tag(site: str, *parts: str) -> str:
    """A name that stays when addresses change (RFC 4151); `site` is the address of the site."""
    return f"tag:{urlsplit(site).hostname or 'localhost'},{SINCE:%Y}:{'/'.join(parts)}"


def written(feed: Feed, entries: Iterable[Entry]) -> bytes:
    entries = list(entries)
    out = io.StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    root = {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.language}
    xml.startElement("feed", AttributesImpl(root))
    xml.addQuickElement("id", feed.id)
    xml.addQuickElement("title", feed.title)
    if feed.subtitle:
        xml.addQuickElement("subtitle", feed.subtitle)
    xml.addQuickElement("updated", rfc3339_date(max((one.updated for one in entries), default=SINCE)))
    _author(xml, feed)
    for relation, address, kind in (
        ("self", feed.url, "application/atom+xml"),
        ("alternate", feed.page, "text/html"),
        ("next", feed.next, "application/atom+xml"),
        ("previous", feed.previous, "application/atom+xml"),
        ("license", feed.rights_url, "text/html"),
    ):
        if address:
            xml.addQuickElement("link", attrs={"rel": relation, "href": address, "type": kind})
    if feed.rights:
        xml.addQuickElement("rights", feed.rights)
    for entry in entries:
        _entry(xml, entry)
    xml.endElement("feed")
    xml.endDocument()
    return out.getvalue().encode()


def _author(xml: SimplerXMLGenerator, feed: Feed) -> None:
    xml.startElement("author", AttributesImpl({}))
    xml.addQuickElement("name", feed.author)
    xml.endElement("author")


def _entry(xml: SimplerXMLGenerator, entry: Entry) -> None:
    xml.startElement("entry", AttributesImpl({}))
    xml.addQuickElement("id", entry.id)
    xml.addQuickElement("title", entry.title)
    xml.addQuickElement("link", attrs={"rel": "alternate", "href": entry.url, "type": "text/html"})
    xml.addQuickElement("updated", rfc3339_date(entry.updated))
    if entry.published:
        xml.addQuickElement("published", rfc3339_date(entry.published))
    code, name = entry.kind
    if code:
        xml.addQuickElement("category", attrs={"term": code, "label": name})
    if entry.summary:
        xml.addQuickElement("summary", entry.summary, {"type": "text"})
    xml.endElement("entry")
