"""Owns how the tests open and send the public form of corrections."""

import re

from clusters.curation import correctable
from tests.admin.pages import Forms

LANGUAGES = ["", "/en"]


def form_url(record, language: str = "/en") -> str:
    return f"{language}/corrections/new/?about={correctable.key(record)}"


def opened(client, record, language: str = "/en") -> dict:
    """What a browser would send for the untouched form."""
    response = client.get(form_url(record, language))
    assert response.status_code == 200
    forms = Forms(response.content.decode()).found
    return next(form for form in forms.values() if "opened" in form)


def sent(client, record, language: str = "/en", **changed):
    given = {"link": "https://news.example/says-so", **changed}
    return client.post(form_url(record, language), {**opened(client, record, language), **given})


def errors(response) -> list[str]:
    return re.findall(r'class="err"[^>]*>([^<]+)<', response.content.decode())
