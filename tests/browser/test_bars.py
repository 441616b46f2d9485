"""The bars of every public page: accessible in every state, light to load, quiet, and never wider than a phone."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from . import sample
from .watching import Watched

DESKTOP, PHONE, NARROWEST = 1440, 360, 320
MOST_REQUESTS, MOST_BYTES = 6, 60 * 1024


class State(NamedTuple):
    """A way a page can be looked at."""

    width: int
    scheme: str
    all_opened: bool


# The two most unlike first.
STATES = (
    State(DESKTOP, "light", all_opened=False),
    State(PHONE, "dark", all_opened=True),
    State(PHONE, "light", all_opened=False),
    State(DESKTOP, "dark", all_opened=True),
)


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
        # Axe takes its time: the first page of a kind in every state, the others in one, each language in another.
        states = STATES if number == 0 else [STATES[(number + (language == "en")) % 2]]
        address = address if language == "ko" else sample.in_english(address)
        found += [f"{address}: {problem}" for problem in problems(watched, address, states)]
    assert not found, "\n".join(found)
    assert not watched.complaints, "\n".join(watched.complaints)


def problems(watched: Watched, address: str, states: Sequence[State]) -> Iterator[str]:
    """What keeps a page from the bars."""
    watched.visit(address)
    yield from too_heavy(watched)
    yield from too_wide(watched, "as loaded")
    for state in [state for state in states if not state.all_opened]:
        yield from inaccessible(watched, state)
    watched.open_all()
    yield from too_wide(watched, "all opened")
    for state in [state for state in states if state.all_opened]:
        yield from inaccessible(watched, state)


def inaccessible(watched: Watched, state: State) -> Iterator[str]:
    watched.look(state.width, state.scheme)
    yield from (f"axe, {state}: {broken}" for broken in watched.axe())


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
