"""How alike two records are: a score from 0 to 100 and its reasons, computed from plain values."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import Indel

from clusters.curation.importing.lookup import address_key, key_of
from clusters.curation.importing.names import PLACES, split_branch

WORTH_A_LOOK = 45
STRONG = 80

# What each thing in common is worth by itself; what they are worth together is what none of them leaves in doubt.
_WORTH = {
    "business_number": 0.99,
    "stock_code": 0.97,
    "same_document": 0.95,
    "name": 0.72,
    "page": 0.7,
    "shared_page": 0.3,
    "other_name": 0.6,
    "site": 0.35,
    "phone": 0.4,
    "address": 0.3,
    "publisher": 0.3,
    "operator": 0.3,
    "district": 0.1,
}
_IN_WORDS = {
    "business_number": _("same business number"),
    "stock_code": _("same stock code"),
    "same_document": _("same document"),
    "name": _("same name"),
    "page": _("same web address"),
    "shared_page": _("same web address"),
    "other_name": _("same former or other name"),
    "near_name": _("similar name"),
    "site": _("same website"),
    "phone": _("same phone number"),
    "address": _("same address"),
    "publisher": _("same publisher"),
    "operator": _("same operator"),
    "district": _("same district"),
    "unlike_business_number": _("but the business numbers differ"),
    "unlike_stock_code": _("but the stock codes differ"),
    "unlike_site": _("but the websites differ"),
    "unlike_page": _("but the web addresses differ"),
}
# What speaks against it: the share of the score that it leaves.
_DOUBT = {"unlike_business_number": 0.15, "unlike_stock_code": 0.3, "unlike_site": 0.75, "unlike_page": 0.5}

# A near name is worth little where it is barely near, and nearly what an equal one is where only spelling differs.
NEAREST = 0.8
_SHORTEST = 6  # jamo or letters; shorter names are near too many others
_MOST_NAMES = 12  # of one record

# Sites on which many have a page, so that only the whole address tells them apart.
_SHARED_SITES = re.compile(
    r"(?:^|\.)(?:naver\.com|daum\.net|tistory\.com|notion\.site|notion\.so|github\.com|github\.io|facebook\.com"
    r"|instagram\.com|linkedin\.com|youtube\.com|google\.com|modoo\.at|go\.kr|wixsite\.com|cafe24\.com|medium\.com)$"
)
_TRACKING = re.compile(r"^(?:utm_.*|fbclid|gclid|NaPm|ref|spm)$")

_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅔㅔㅑㅖㅓㅔㅕㅖㅗㅘㅚㅚㅛㅜㅝㅚㅟㅠㅡㅢㅣ"
_TAILS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_PLACE = re.compile(PLACES)
_GENERIC = re.compile(
    r"(?:소프트|테크(?:놀로지스?)?|랩스?|시스템즈?|바이오|솔루션즈?|네트웍스?|네트워크|로보틱스|ai|데이터|모빌리티"
    r"|헬스케어|인터내셔널|엔지니어링|전자|산업|코리아|글로벌|그룹|홀딩스|파트너스|인베스트먼트|벤처스?|캐피탈"
    r"|연구[원소]|센터|재단|협회|진흥원|대학교?|창업|지원|기술|정보|과학|사업"
    r"|soft|tech(?:nology|nologies)?|labs?|systems?|bio|solutions?|networks?|robotics|data|korea|global|group"
    r"|holdings?|partners|ventures?|capital|institute|center|foundation|university)"
)


class Reason(NamedTuple):
    """One thing two records have in common, or in which they differ, with both values as written."""

    kind: str
    mine: str
    theirs: str

    def __str__(self) -> str:
        values = self.mine if self.mine == self.theirs else f"{self.mine} ↔ {self.theirs}"
        return f"{_IN_WORDS[self.kind]}: {values}"

    @property
    def against(self) -> bool:
        return self.kind in _DOUBT


class Likeness(NamedTuple):
    score: int
    reasons: list[Reason]


@dataclass(frozen=True)
class Entry:
    """What is compared of one record."""

    names: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    business_number: str = ""
    stock_code: str = ""
    address_on_web: str = ""
    phone: str = ""
    addresses: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    publisher: str = ""
    operator: str = ""
    # Several records of this kind may share a page of the web: programs of one body, sections of one site.
    page_is_shared: bool = False
    # The names may hold words for a branch, which name no other company.
    may_name_branches: bool = False
    is_document: bool = False

    @cached_property
    def keys(self) -> dict[str, str]:
        """The name behind each key."""
        return _keyed(self.names, self.may_name_branches)

    @cached_property
    def other_keys(self) -> dict[str, str]:
        return _keyed(self.other_names, self.may_name_branches)

    @cached_property
    def page(self) -> str:
        return page_key(self.address_on_web)

    @cached_property
    def site(self) -> str:
        """The website that is the record's own; "" where many records share one."""
        return "" if self.is_document or self.page_is_shared else own_site(self.address_on_web)


def compare(mine: Entry, theirs: Entry) -> Likeness:
    """What the two have in common; the score is 0 where nothing is."""
    reasons: list[Reason] = []
    doubt_left = 1.0
    for reason, worth in _in_common(mine, theirs):
        reasons.append(reason)
        doubt_left *= 1 - worth
    score = 1 - doubt_left
    if reasons:
        for reason in _against(mine, theirs):
            reasons.append(reason)
            score *= _DOUBT[reason.kind]
    return Likeness(round(score * 100), reasons)


def _in_common(mine: Entry, theirs: Entry) -> Iterator[tuple[Reason, float]]:
    for kind in ("business_number", "stock_code"):
        if getattr(mine, kind) and getattr(mine, kind) == getattr(theirs, kind):
            yield Reason(kind, getattr(mine, kind), getattr(theirs, kind)), _WORTH[kind]
    yield from _names(mine, theirs)
    if mine.page and mine.page == theirs.page:
        kind = "same_document" if mine.is_document else "shared_page" if mine.page_is_shared else "page"
        yield Reason(kind, mine.address_on_web, theirs.address_on_web), _WORTH[kind]
    elif mine.site and mine.site == theirs.site:
        yield Reason("site", mine.address_on_web, theirs.address_on_web), _WORTH["site"]
    for kind, key in (("phone", _digits), ("publisher", key_of), ("operator", str)):
        a, b = getattr(mine, kind), getattr(theirs, kind)
        if a and key(a) and key(a) == key(b):
            yield Reason(kind, a, b), _WORTH[kind]
    yield from _shared("address", mine.addresses, theirs.addresses, address_key)
    yield from _shared("district", mine.districts, theirs.districts, str)


def _names(mine: Entry, theirs: Entry) -> Iterator[tuple[Reason, float]]:
    """At most one reason: the two languages of a name do not count twice."""
    for key, name in mine.keys.items():
        if key in theirs.keys:
            yield Reason("name", name, theirs.keys[key]), _WORTH["name"]
            return
    all_mine, all_theirs = {**mine.other_keys, **mine.keys}, {**theirs.other_keys, **theirs.keys}
    for key, name in all_mine.items():
        if key in all_theirs:
            yield Reason("other_name", name, all_theirs[key]), _WORTH["other_name"]
            return
    if mine.is_document:
        return
    if near := _near(mine.keys, theirs.keys):
        how_near, name, other = near
        yield Reason("near_name", name, other), 0.3 + (how_near - NEAREST) * 2


@lru_cache(maxsize=20_000)
def _key(name: str, may_name_branches: bool) -> str:
    return key_of(split_branch(name)[0] if may_name_branches else name).replace("에이아이", "ai")


def _near(mine: dict[str, str], theirs: dict[str, str]) -> tuple[float, str, str] | None:
    """How near names are in each script that both have, and the nearest two: all of a name must be alike."""
    nearest = []
    for is_hangul in (True, False):
        ours, others = ([key for key in keys if (key[0] >= "가") == is_hangul] for keys in (mine, theirs))
        if ours and others:
            nearest.append(max((nearness(a, b), mine[a], theirs[b]) for a in ours for b in others))
    if not nearest:
        return None
    how_near = sum(near for near, _name, _other in nearest) / len(nearest)
    _near, name, other = max(nearest)
    return (how_near, name, other) if how_near >= NEAREST else None


def _against(mine: Entry, theirs: Entry) -> Iterator[Reason]:
    for kind in ("business_number", "stock_code"):
        a, b = getattr(mine, kind), getattr(theirs, kind)
        if a and b and a != b:
            yield Reason(f"unlike_{kind}", a, b)
    if mine.site and theirs.site and mine.site != theirs.site:
        yield Reason("unlike_site", mine.address_on_web, theirs.address_on_web)
    if mine.is_document and mine.page and theirs.page and mine.page != theirs.page:
        yield Reason("unlike_page", mine.address_on_web, theirs.address_on_web)


def _shared(kind: str, mine: Iterable[str], theirs: Iterable[str], key) -> Iterator[tuple[Reason, float]]:
    known = {key(one): one for one in theirs if key(one)}
    for one in mine:
        if key(one) in known:
            yield Reason(kind, one, known[key(one)]), _WORTH[kind]
            return


# Names


def _keyed(names: Iterable[str], may_name_branches: bool) -> dict[str, str]:
    """Names by what their spellings have in common: no legal form, no spaces, AI in Latin letters."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        key = _key(name, may_name_branches)
        if key and len(found) < _MOST_NAMES:
            found.setdefault(key, name)
    return found


def bare(key: str) -> str:
    """The key without the words that many are called by."""
    return _GENERIC.sub("", key)


def jamo(key: str) -> str:
    """Hangul taken apart into its letters; vowels that sound alike become one: 내이버 is written like 네이버."""
    letters = []
    for character in key:
        place = ord(character) - 0xAC00
        if 0 <= place < 11172:
            letters += [_LEADS[place // 588], _VOWELS[place % 588 // 28], _TAILS[place % 28]]
        else:
            letters.append(character)
    return "".join(letters)


def nearness(mine: str, theirs: str) -> float:
    """From 0 to 1 for two keys of names; 0 where a number or a place makes two names of two things.

    Words that many are called by do not make a name near: the rest of it must be near as well.
    """
    near = _nearness(mine, theirs)
    if not near or _digits(mine) != _digits(theirs):
        return 0.0
    if set(_PLACE.findall(mine)) != set(_PLACE.findall(theirs)):
        return 0.0
    a, b = bare(mine), bare(theirs)
    return near if a == b or (a, b) == (mine, theirs) else min(near, _nearness(a, b))


def _nearness(mine: str, theirs: str) -> float:
    a, b = jamo(mine), jamo(theirs)
    if min(len(a), len(b)) < _SHORTEST:
        return 0.0
    return Indel.normalized_similarity(a, b, score_cutoff=NEAREST)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


# Addresses on the web


@lru_cache(maxsize=20_000)
def page_key(address: str) -> str:
    """What spellings of one address have in common: no scheme, www, tracking, fragment or closing slash."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    query = [(name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.match(name)]
    path = re.sub(r"/(?:index\.(?:html?|php|jsp|do|asp))?$", "", parts.path)
    if not host:
        return ""
    return host.removeprefix("www.").removeprefix("m.") + path + (f"?{urlencode(query)}" if query else "")


def own_site(address: str) -> str:
    """The host of an address, "" where many others have pages on the same one."""
    host = page_key(address).split("/")[0].split("?")[0]
    return "" if not host or _SHARED_SITES.search(host) else host
