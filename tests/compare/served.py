"""Owns how the tests ask for a comparison of any kind, and how they read its rows."""

import csv
import io
import json
import re

from django.test import Client

from clusters.compare.kinds import BY_NAME


def address(name: str, *slugs: str, suffix: str = "", language: str = "en", **more: str) -> str:
    kind = BY_NAME[name]
    path = f"/compare/{name}" if kind.route != "compare" else "/compare"
    parts = [f"{kind.parameter}={slug}" for slug in slugs] + [f"{key}={value}" for key, value in more.items()]
    return f"{'/en' if language == 'en' else ''}{path}{suffix or '/'}?{'&'.join(parts)}"


def page(client: Client, name: str, *slugs: str, **more: str) -> str:
    response = client.get(address(name, *slugs, **more))
    assert response.status_code == 200
    return response.content.decode()


def document(client: Client, name: str, *slugs: str, **more: str) -> dict:
    response = client.get(address(name, *slugs, suffix=".json", **more))
    assert response.status_code == 200, response.content.decode()
    return json.loads(response.content)


def table(client: Client, name: str, *slugs: str, **more: str) -> list[dict[str, str]]:
    text = client.get(address(name, *slugs, suffix=".csv", **more)).content.decode()
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def row(data: dict, slug: str) -> dict:
    return next(found for found in data["results"] if found["slug"] == slug)


def values(data: dict, slug: str) -> list:
    """What each cell of a row says: its value, or its gap in words."""
    return [cell.get("value", cell.get("gap")) for cell in row(data, slug)["cells"]]


def rows_of(html: str) -> list[str]:
    return re.findall(r'data-row="([^"]+)"', html)
