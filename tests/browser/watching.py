"""Owns the watched page: its requests, its weight, its complaints, and axe run on it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

# A refused request leaves no trace in an answer; the browser tells the page, and the page tells the console.
TELL_OF_REFUSALS = """
document.addEventListener("securitypolicyviolation", event =>
  console.error(`refused by the content security policy: ${event.violatedDirective} ${event.blockedURI}`))
"""
# A color halfway between two is nobody's: transitions end first, by a sheet no content security policy refuses.
END_TRANSITIONS = """
() => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after { transition: none !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
}
"""
RUN_AXE = """
([part, rules]) => axe.run(part, {...(rules && {runOnly: {type: "tag", values: rules}}), resultTypes: ["violations"], preload: false})
  .then(found => found.violations.map(one =>
    `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(" | ")}`))
"""
# A browser without a window may not ask for a page's icon; it is asked for here, to be counted.
LOAD_ICON = "() => fetch(document.querySelector('link[rel=icon]').href).then(answer => answer.ok)"
# Everything that opens, as far as it can be open together: of the notes on sources one at a time.
OPEN_ALL = """
() => {
  document.querySelectorAll("details:not(.ev)").forEach(one => { one.open = true });
  const note = document.querySelector("main details.ev");
  if (note) note.open = true;
}
"""


def barriers(page: Page, part: str = "html", rules: list[str] | None = None) -> list[str]:
    """What axe finds in a part of the page as it stands now, against all its rules or those with one of these tags."""
    page.wait_for_load_state()  # a click returns when the next page's head has come: it may be empty yet
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT + ";0")
    page.evaluate(END_TRANSITIONS)
    return page.evaluate(RUN_AXE, [part, rules])


@dataclass
class Watched:
    page: Page
    site: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    received: int = 0

    def __post_init__(self) -> None:
        self.page.add_init_script(TELL_OF_REFUSALS)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        devtools = self.page.context.new_cdp_session(self.page)
        devtools.on("Network.loadingFinished", self._weigh)
        devtools.send("Network.enable")
        devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _weigh(self, finished: dict) -> None:
        self.received += finished["encodedDataLength"]

    def visit(self, address: str, width: int = 1440, scheme: str = "light") -> None:
        """Load an address as for the first time."""
        self.requests.clear()
        self.received = 0
        self.look(width, scheme)
        self.page.goto(address, wait_until="load")
        self.page.evaluate(LOAD_ICON)

    def look(self, width: int, scheme: str = "light") -> None:
        self.page.set_viewport_size({"width": width, "height": 900 if width > 768 else 800})
        self.page.emulate_media(color_scheme=scheme)

    def open_all(self) -> None:
        self.page.evaluate(OPEN_ALL)

    def axe(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA and good practice, as the page stands now."""
        return barriers(self.page, rules=AXE_RULES)

    @property
    def content_width(self) -> int:
        return self.page.evaluate("() => document.scrollingElement.scrollWidth")

    @property
    def strangers(self) -> list[str]:
        """Addresses asked for that are not on the site."""
        ours = urlsplit(self.site)[:2]
        return [url for url in self.requests if urlsplit(url)[:2] != ours and not url.startswith("data:")]
