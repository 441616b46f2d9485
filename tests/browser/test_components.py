"""The gallery of components, which only a debugging site has, holds what axe asks for in both schemes."""

import pytest
from playwright.sync_api import Page

from tests import server

from .watching import Watched


def test_every_component_is_accessible(page: Page) -> None:
    with server.running(DEBUG="1") as address:
        watched = Watched(page, address)
        for language in ("", "/en"):
            watched.visit(f"{address}{language}/components/")
            assert watched.axe() == []
            watched.open_all()
            watched.look(360, "dark")
            assert watched.axe() == []
            assert watched.content_width <= 360
        assert watched.complaints == []


@pytest.mark.parametrize("path", ["/components/", "/en/components/"])
def test_the_gallery_is_not_part_of_the_public_site(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None and answer.status == 404
