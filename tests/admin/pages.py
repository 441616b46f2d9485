"""Owns reading a form out of a page, as a browser would send it."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """All successful controls of every form of a page, by form id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, list[str]]] = {}
        self.form: dict[str, list[str]] | None = None
        self.select: str | None = None
        self.textarea: str | None = None
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        given = dict(attrs)
        if tag == "form":
            self.form = self.found.setdefault(given.get("id") or "", {})
        if self.form is None or "disabled" in given:
            return
        name = given.get("name")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in {"submit", "button"} or (kind in {"checkbox", "radio"} and "checked" not in given):
                return
            self.form.setdefault(name, []).append(given.get("value") or ("on" if kind == "checkbox" else ""))
        elif tag == "select" and name:
            self.select = name
            self.form.setdefault(name, [])
        elif tag == "option" and self.select and "selected" in given:
            self.form[self.select].append(given.get("value") or "")
        elif tag == "textarea" and name:
            self.textarea, self.text = name, ""

    def handle_data(self, data) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea:
            assert self.form is not None
            self.form.setdefault(self.textarea, []).append(self.text.removeprefix("\n"))
            self.textarea = None


def form_of(response, form_id: str) -> dict[str, list[str]]:
    """What a browser would send for a form of this page if nothing were touched."""
    sent = Forms(response.content.decode()).found[form_id]
    return {name: values for name, values in sent.items() if values and "__prefix__" not in name}


def change_form(client, record, **changed) -> dict:
    """The data of a record's own form, with some of it changed."""
    response = client.get(change_url(record))
    assert response.status_code == 200
    return {**form_of(response, f"{record._meta.model_name}_form"), **changed}


def change_url(record, page: str = "change") -> str:
    return f"/en/admin/{record._meta.app_label}/{record._meta.model_name}/{record.pk}/{page}/"


def list_url(model, page: str = "") -> str:
    return f"/en/admin/{model._meta.app_label}/{model._meta.model_name}/{page}"
