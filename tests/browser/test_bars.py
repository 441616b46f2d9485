"""The bars of every public page: accessible in every state, light to load, quiet, and never wider than a phone."""

from collections.abc import Iterator

import pytest

from . import sample
from .watching import Watched

DESKTOP, PHONE, NARROWEST = 1440, 360, 320
MOST_REQUESTS, MOST_BYTES = 6, 60 * 1024


@pytest.fixture(scope="module")
def addresses(site: str) -> dict[str, list[str]]:
    return sample.chosen(site)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", ["pages", "lists", *sample.RECORDS])
def test_every_page_holds_the_bars(
    watched: Watched, addresses: dict[str, list[str]], kind: str, language: str
) -> None:
    found = []
    for number, address in enumerate(addresses[kind]):
        address = address if language == "ko" else sample.in_english(address)
        found += [f"{address}: {problem}" for problem in problems(watched, address, in_full=number == 0)]
    assert not found, "\n".join(found)
    assert not watched.complaints, "\n".join(watched.complaints)


def problems(watched: Watched, address: str, in_full: bool) -> Iterator[str]:
    """What keeps a page from the bars; in full, every width in both schemes, else the two most unlike states."""
    watched.visit(address)
    yield from too_heavy(watched)
    yield from (f"axe, as loaded: {broken}" for broken in watched.axe())
    if in_full:
        watched.look(PHONE)
        yield from (f"axe, phone: {broken}" for broken in watched.axe())
    yield from too_wide(watched, "as loaded")
    watched.open_all()
    yield from too_wide(watched, "all opened")
    watched.look(PHONE, "dark")
    yield from (f"axe, phone, dark, all opened: {broken}" for broken in watched.axe())
    if in_full:
        watched.look(DESKTOP, "dark")
        yield from (f"axe, dark, all opened: {broken}" for broken in watched.axe())


def too_wide(watched: Watched, state: str) -> Iterator[str]:
    watched.look(NARROWEST)
    if (width := watched.content_width) > NARROWEST:
        yield f"{state}: {width} px of content on {NARROWEST} px"


def too_heavy(watched: Watched) -> Iterator[str]:
    if strangers := watched.strangers:
        yield f"asks strangers: {strangers}"
    if len(set(watched.requests)) > MOST_REQUESTS:
        yield f"more than {MOST_REQUESTS} requests: {sorted(set(watched.requests))}"
    if watched.received > MOST_BYTES:
        yield f"{watched.received / 1024:.1f} KiB received"
