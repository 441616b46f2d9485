"""Owns reading a page as a tree of elements, and finding what a validator or a screen reader would trip over."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"br", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "use", "source", "col", "wbr"}
BLOCKS = {
    *(
        "article",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "nav",
        "ol",
    ),
    *("p", "section", "table", "ul", "h1", "h2", "h3", "h4", "h5", "h6"),
}
# Elements that hold words only, no blocks.
PHRASING = {
    "p",
    "span",
    "b",
    "i",
    "em",
    "strong",
    "small",
    "cite",
    "q",
    "label",
    "button",
    "time",
    "h1",
    "h2",
    "h3",
}
CHILDREN = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "tr": {"th", "td"}}
PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody", "tfoot", "table"},
}
NAMED_BY_ID = ("aria-labelledby", "aria-describedby", "aria-controls", "for")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def elements(self) -> "list[Element]":
        return [child for child in self.children if isinstance(child, Element)]

    @property
    def text(self) -> str:
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            yield from child._texts() if isinstance(child, Element) else [child]

    def walk(self) -> "Iterator[Element]":
        yield self
        for child in self.elements:
            yield from child.walk()

    def all(self, *tags: str) -> "list[Element]":
        return [element for element in self.walk() if element.tag in tags]

    def by_id(self, name: str) -> "Element | None":
        return next((one for one in self.walk() if one.attributes.get("id") == name), None)

    def inside(self, *tags: str) -> bool:
        return any(one.tag in tags for one in self.ancestors())

    def ancestors(self) -> "Iterator[Element]":
        one = self.parent
        while one is not None:
            yield one
            one = one.parent

    @property
    def language(self) -> str:
        return next(
            (one.attributes["lang"] for one in (self, *self.ancestors()) if "lang" in one.attributes), ""
        )

    def __str__(self) -> str:
        shown = {
            name: value[:40]
            for name, value in self.attributes.items()
            if name in ("id", "class", "href", "d")
        }
        return f"<{self.tag} {shown}> {self.text[:60]!r}"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Element("", {})
        self.problems: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(names) > len(set(names)):
            self.problems.append(f"an attribute twice: {self.get_starttag_text()}")
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open = self.open.parent

    def handle_endtag(self, tag):
        if self.open.tag != tag:
            self.problems.append(f"</{tag}> closes {self.open}, line {self.getpos()[0]}")
        elif self.open.parent is not None:
            self.open = self.open.parent

    def handle_data(self, data):
        self.open.children.append(data)


def read(html: str) -> tuple[Element, list[str]]:
    """The page as a tree, and what is wrong with how it was written."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open is not reader.root:
        reader.problems.append(f"never closed: {reader.open}")
    return reader.root, reader.problems


def problems(html: str) -> list[str]:
    """Everything wrong with a page, in words."""
    root, found = read(html)
    for check in (_ids, _nesting, _headings, _tables, _pictures, _names, _scripts, _gaps):
        found += check(root)
    return found


def _ids(root: Element) -> Iterator[str]:
    ids = Counter(one.attributes["id"] for one in root.walk() if "id" in one.attributes)
    yield from (f"id {name!r} stands {number} times" for name, number in ids.items() if number > 1)
    for one in root.walk():
        wanted = [name for attribute in NAMED_BY_ID for name in one.attributes.get(attribute, "").split()]
        if (href := one.attributes.get("href", "")).startswith("#"):
            wanted.append(href[1:])
        yield from (f"no element has the id {name!r}: {one}" for name in wanted if name not in ids)


def _nesting(root: Element) -> Iterator[str]:
    for one in root.walk():
        if one.tag in BLOCKS and one.inside(*PHRASING) and not one.inside("svg"):
            if one.tag in HEADINGS and one.parent.tag == "summary":
                continue
            yield f"a block inside words, {one.parent}: {one}"
        if one.tag in CHILDREN and {child.tag for child in one.elements} - CHILDREN[one.tag]:
            yield f"a child that does not belong there: {one}"
        if one.tag in PARENTS and one.parent.tag not in PARENTS[one.tag]:
            yield f"in no list or table: {one}"
        if one.tag in ("a", "button", "details", "input", "select") and one.inside("a", "button"):
            yield f"one control inside another: {one}"


def _headings(root: Element) -> Iterator[str]:
    levels = [HEADINGS.index(one.tag) + 1 for one in root.all(*HEADINGS)]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"headings do not begin with the one h1: {levels}"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"
    yield from (f"an empty heading: {one}" for one in root.all(*HEADINGS) if not one.text)


def _tables(root: Element) -> Iterator[str]:
    for table in root.all("table"):
        captions = [one for one in table.elements if one.tag == "caption"]
        if len(captions) != 1 or not captions[0].text or table.elements[0] is not captions[0]:
            yield f"a table without a caption: {table}"
        if not table.all("th"):
            yield f"a table without heads: {table}"
        yield from (f"a head without scope: {th}" for th in table.all("th") if "scope" not in th.attributes)


def _pictures(root: Element) -> Iterator[str]:
    yield from (f"a picture without words: {one}" for one in root.all("img") if "alt" not in one.attributes)
    for svg in root.all("svg"):
        named = {"aria-label", "aria-labelledby"} & set(svg.attributes) and svg.attributes.get("role")
        if not (svg.inside("svg") or named or svg.attributes.get("aria-hidden") == "true"):
            yield f"a drawing neither named nor hidden: {svg}"


def _names(root: Element) -> Iterator[str]:
    labels = {one.attributes.get("for") for one in root.all("label")}
    for one in root.all("input", "select", "textarea"):
        named = one.attributes.get("id") in labels or "aria-label" in one.attributes or one.inside("label")
        if one.attributes.get("type") != "hidden" and not named:
            yield f"a control without a name: {one}"
    for one in root.all("a", "button", "summary", "legend"):
        if not (one.text or one.attributes.get("aria-label")):
            yield f"nothing to read aloud: {one}"
    for one in root.all("nav", "section"):
        if not {"aria-label", "aria-labelledby"} & set(one.attributes):
            yield f"a landmark without a name: {one}"


def _scripts(root: Element) -> Iterator[str]:
    for one in root.walk():
        bad = [name for name in one.attributes if name == "style" or name.startswith("on")]
        yield from (f"inline {name}: {one}" for name in bad)
        if one.attributes.get("href", "").startswith("javascript:"):
            yield f"a script as a link: {one}"
    for one in root.all("script"):
        if one.attributes.get("type") != "application/ld+json" and "src" not in one.attributes:
            yield f"an inline script: {one}"
    yield from (f"an inline style sheet: {one}" for one in root.all("style"))


def _gaps(root: Element) -> Iterator[str]:
    """What a forgotten value, or a template tag in the wrong place, leaves behind."""
    words = [text for one in root.all("body")[0].walk() for text in one.children if isinstance(text, str)]
    words += [value for one in root.walk() for value in one.attributes.values()]
    yield from (f"{text!r} stands on the page" for text in words if text.strip() in ("None", "nan", "-", "—"))
    yield from (
        f"{text!r} stands on the page" for text in words if "{{" in text or "{%" in text or "%(" in text
    )


def foreign_texts(root: Element) -> list[str]:
    """Korean words on an English page that are not marked as Korean."""
    found = []
    for one in root.all("body")[0].walk():
        words = "".join(child for child in one.children if isinstance(child, str))
        if any("가" <= c <= "힣" for c in words) and one.language != "ko" and one.tag != "script":
            found.append(f"{one}")
    return found
