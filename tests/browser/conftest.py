"""Owns what the browser tests share: the site as shipped, served once and only read, and a watched page."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests import server

from .watching import Watched


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the shipped configuration: real server, real static files, the opening data."""
    with server.running() as address:
        yield address


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict, site: str) -> dict:
    return {**browser_context_args, "base_url": site, "viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def watched(context: BrowserContext, site: str) -> Watched:
    """A page that remembers what it asked for and what the browser complained about."""
    return Watched(context.new_page(), site)


@pytest.fixture
def without_script(browser: Browser, browser_context_args: dict) -> Iterator[Callable]:
    """Pages of a browser that runs no script."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page
    context.close()
