"""Owns what a reader sees or hears of a page, as plain texts."""

from html.parser import HTMLParser

READ_ALOUD = {"aria-label", "title", "alt", "placeholder", "label", "data-l", "data-copy"}
DESCRIBING = {"description", "og:title", "og:description", "og:site_name"}


class Visible(HTMLParser):
    """Collects what a reader sees or hears of a page, but for codes and parts marked as English."""

    VOID = {"input", "br", "img", "meta", "link", "hr", "col", "source"}

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []  # each element, and whether its text counts

    @property
    def counts(self) -> bool:
        return not self.open or self.open[-1][1]

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        hidden = "hidden" in given or "hidden" in (given.get("class") or "").split()
        counts = (
            self.counts
            and tag not in {"script", "style", "textarea", "code"}
            and given.get("lang") != "en"
            and not hidden
        )
        if counts:
            self.found += [given[name] or "" for name in READ_ALOUD & set(given)]
            if tag == "meta" and (given.get("name") or given.get("property")) in DESCRIBING:
                self.found.append(given.get("content") or "")
            if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
                self.found.append(given.get("value") or "")
        if tag not in self.VOID:
            self.open.append((tag, counts))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.counts:
            self.found.append(data)


def visible(html: str) -> list[str]:
    parser = Visible()
    parser.feed(html)
    return [text for text in (" ".join(found.split()) for found in parser.found) if text]
