"""Owns how a test reads a page: its sections, rows, findings and links."""

from datetime import UTC, datetime

from tests import markup


def at(text: str) -> datetime:
    """A moment on the clock of Seoul."""
    return datetime.fromisoformat(f"{text}+09:00").astimezone(UTC)


def read(client, address: str) -> markup.Element:
    response = client.get(address)
    assert response.status_code == 200, address
    return markup.read(response.content.decode())[0]


def section(client, address: str, name: str) -> markup.Element:
    found = read(client, address).by_id(name)
    assert found is not None, f"{address} has no section {name!r}"
    return found


def findings(element: markup.Element) -> list[str]:
    return [one.attributes["data-s"] for one in element.walk() if "data-s" in one.attributes]


def links(element: markup.Element) -> dict[str, str]:
    return {one.attributes["href"]: one.text for one in element.all("a")}


def row_of(element: markup.Element, words: str, *tags: str) -> markup.Element:
    rows = [one for one in element.all(*(tags or ("tr", "li", "article"))) if words in one.text]
    assert rows, f"{words!r} is not there: {element.text[:500]}"
    return rows[-1]
