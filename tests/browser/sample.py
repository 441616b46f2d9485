"""Owns which addresses the browser tests visit: every kind of page, and a sample of the records of each."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from urllib.request import urlopen

RECORDS = ("districts", "companies", "institutions", "programs", "sources")
EVERY_ONE = ("districts",)
SAMPLE = 6

# States of the lists, the search and the comparison that have an address of their own.
LISTS = (
    "/companies/?district=gangnam&district=pangyo&relevance=core&technology=llm&sort=-founded",
    "/companies/?q=판교",
    "/companies/?q=없는+이름&district=magok",
    "/companies/?page=1000&kind=nonsense&q=가",
    "/programs/?status=always&status=until_exhausted&support=grant&page=1",
    "/events/?district=gangnam&sort=name",
    "/institutions/?kind=agency&district=pangyo",
    "/sources/?per_page=50&page=2",
)
OTHERS = (
    "/corrections/new/",
    "/corrections/new/?about=company:naver",
    "/corrections/new/?about=district:pangyo",
    "/corrections/thanks/2345-6789/",
    "/search/",
    "/search/?q=판교",
    "/search/?q=없는+이름",
    "/compare/?d=pangyo",
    "/compare/?d=gangnam&d=magok&diff=1",
    "/compare/?d=pangyo&d=gangnam&d=magok",
    "/compare/?d=daedeok&d=yangjae&d=seongsu&d=songdo",
    "/compare/?d=pangyo&d=gangnam&as_of=2026-11-25",
    "/compare/?d=pangyo&d=gangnam&d=magok&embed=1",
    "/compare/companies/?c=naver&q=ai",
    "/compare/companies/?c=nota&c=rebellions&c=upstage",
    "/compare/companies/?c=nota&c=rebellions&c=upstage&embed=1",
    "/compare/institutions/?i=sba&i=seoul-ai-hub&i=no-such-institution&diff=1",
    "/compare/programs/?p=gyeonggi-ai-cluster&p=ai-voucher&p=seoul-rnd&p=sba-dmc-residency",
    "/compare/programs/?p=ai-voucher&q=없는+이름",
    "/districts/pangyo/?as_of=2026-11-25",
    "/companies/naver/?as_of=nonsense",
    "/changes/?kind=company&kind=office&district=pangyo&since=2026-09-01",
    "/changes/?record=company:naver",
    "/changes/?kind=nonsense&since=nonsense&before=2026-01-01",
    "/programs/calendar/",
    "/programs/calendar/?month=2026-01&support=space",
    "/programs/calendar/?month=2026-13&q=없는+이름",
    "/locate/?who=research&technology=robotics&technology=llm&d=magok&rent=x",
    "/locate/?peers=0&customers=0&space=0&programs=0&investors=0&testbeds=0&talent=0&rent=0&transit=0",
)


def sitemap(site: str) -> list[str]:
    """The Korean address of every page in the sitemap."""
    with urlopen(f"{site}/sitemap.xml") as answer:
        listed = re.findall(r"<loc>([^<]+)</loc>", answer.read().decode())
    paths = [urlsplit(address).path for address in listed]
    return [path for path in paths if not path.startswith("/en/")]


def in_english(address: str) -> str:
    return "/en" + address


def chosen(site: str) -> dict[str, list[str]]:
    """The addresses to visit by kind of page, the largest of each kind first."""
    pages: dict[str, list[str]] = {"pages": [*OTHERS], "lists": [*LISTS]}
    for path in sitemap(site):
        if path in OTHERS:
            continue
        kind, *record = path.strip("/").split("/")
        if record and kind in RECORDS:
            pages.setdefault(kind, []).append(path)
        else:
            pages["pages" if kind in ("", "compare", "locate", "changes", "about") else "lists"].append(path)
    with ThreadPoolExecutor(4) as pool:
        for kind in RECORDS:
            sizes = list(pool.map(lambda path: _size(site + path), pages[kind]))
            largest = pages[kind][sizes.index(max(sizes))]
            others = [path for path in pages[kind] if path != largest]
            if kind not in EVERY_ONE:
                others = others[:: len(others) // (SAMPLE - 1)][: SAMPLE - 1]
            pages[kind] = [largest, *others]
    return pages


def _size(address: str) -> int:
    with urlopen(address) as answer:
        return len(answer.read())
