"""The Korean of the site: complete, in one tone, compiled, and nothing left in English on a page."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from clusters.admin import borrowed
from tests import addresses, world
from tests.conftest import ROOT
from tests.visible_text import visible

PO = ROOT / "clusters" / "locale" / "ko" / "LC_MESSAGES" / "django.po"
ENTRIES = polib.pofile(str(PO))
CURRENT = [entry for entry in ENTRIES if not entry.obsolete]

# Words that a template may hold itself, and why.
ALLOWED_IN_TEMPLATES = {
    "Atom": "the format's name in both languages",
    "BibTeX": "the format's name in both languages",
    "iCal": "the format's name in both languages",
    "CSV": "the format's name in both languages",
    "JSON": "the format's name in both languages",
    "XLSX": "the format's name in both languages",
    "OpenAPI": "the format's name in both languages",
    "한국어": "the switch names each language in itself",
    "English": "the switch names each language in itself",
}
# What a library writes in English beyond the reach of a catalogue.
ALLOWED_ON_PAGES = {
    "Search": "the magnifying glass of the admin's search field has a fixed text",
    "Seoul": "the English name of a province, listed in the admin beside the Korean one",
}
PARTICLES = {"이/가", "을/를", "은/는", "과/와", "이나/나", "이고/고", "으로/로"}


def key(entry: polib.POEntry) -> tuple:
    return (entry.msgctxt, entry.msgid, entry.msgid_plural)


def korean(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def said(entry: polib.POEntry) -> str:
    return f"{entry.msgid!r} → {korean(entry)!r}"


# ---- the catalogue ---------------------------------------------------------------------------------


def test_every_text_has_its_korean():
    assert [e.msgid for e in CURRENT if not e.translated()] == []
    assert [e.msgid for e in CURRENT if e.fuzzy] == []
    assert [e.msgid for e in ENTRIES if e.obsolete] == []


def placeholders(text: str) -> set[str]:
    named = re.findall(r"%\(\w+\)[a-z]|\{\w*\}", text)
    return {*named, *re.findall(r"%[sd]", text)}


def test_placeholders_agree():
    """Korean has one form for all numbers, so it may use what either English form uses."""
    for entry in CURRENT:
        wanted = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
        for text in korean(entry):
            assert placeholders(text) == wanted, said(entry)
            assert set(re.findall(r"</?\w+", text)) == set(re.findall(r"</?\w+", entry.msgid)), said(entry)


def unquoted(text: str) -> str:
    return re.sub(r"‘[^’]*’", "", text)


def test_sentences_are_polite_and_formal():
    for entry in CURRENT:
        for text in map(unquoted, korean(entry)):
            casual = re.findall(r"[가-힣]+요(?=[.!?…]|$)", text)
            assert set(casual) <= {"아니요", "개요", "필요"}, said(entry)
            assert not re.search(r"(?<!니)다(?=[.!?…])", text), said(entry)


def test_particles_are_never_doubled():
    """A particle after a slot is chosen by the code, [을/를], or the sentence needs none."""
    for entry in CURRENT:
        for text in korean(entry):
            assert set(re.findall(r"\[([^\]]*/[^\]]*)\]", text)) <= PARTICLES, said(entry)
            rest = re.sub(r"\[[^\]]*\]", "", text)
            assert not re.search(r"\((을|를|이|가|은|는|과|와|으|으로)\)|[을은이과]/[를는가와]", rest), said(
                entry
            )


def test_a_name_never_meets_a_fixed_particle():
    """After a slot, 을 or 를 cannot both be right."""
    for entry in CURRENT:
        for text in korean(entry):
            assert not re.search(r"(\)[sd]|\})[’”]?(을|를|은|는|이|가|과|와|으로|로)(?![가-힣])", text), said(
                entry
            )


def test_compiled_file_is_the_catalogue():
    compiled = {key(e): korean(e) for e in polib.mofile(str(PO.with_suffix(".mo")))}
    assert compiled == {key(e): korean(e) for e in CURRENT}, "run make messages"


def test_catalogue_holds_every_text_of_the_sources_and_no_other(tmp_path):
    if shutil.which("xgettext") is None or shutil.which("msgmerge") is None:
        pytest.skip("gettext is not installed: texts are gathered by its programs")
    for name in ("clusters", "config", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    command = [
        "manage.py",
        "makemessages",
        "--locale",
        "ko",
        "--no-wrap",
        "--no-obsolete",
        "--add-location",
        "file",
    ]
    subprocess.run([sys.executable, *command], cwd=tmp_path, check=True, capture_output=True)
    gathered = {key(e) for e in polib.pofile(str(tmp_path / PO.relative_to(ROOT)))}
    known = {key(e) for e in CURRENT}
    assert gathered - known == set(), "run make messages, then translate"
    assert known - gathered == set(), "run make messages: these are used no longer"


def library_texts() -> str:
    """Everything the libraries of the borrowed texts hold, templates included."""
    import axes
    import django.contrib
    import django_otp
    import simple_history

    folders = [Path(module.__file__).parent for module in (axes, django_otp, simple_history)]
    files = [file for folder in folders for suffix in ("*.py", "*.html") for file in folder.rglob(suffix)]
    catalogues = [
        polib.pofile(str(file))
        for file in Path(django.contrib.__file__).parent.parent.rglob("locale/ko/**/django.po")
    ]
    texts = [file.read_text(encoding="utf-8") for file in files]
    return "\n".join([*texts, *(entry.msgid for catalogue in catalogues for entry in catalogue)])


def test_borrowed_texts_are_still_those_of_the_libraries():
    held = library_texts()
    for group in (borrowed.AXES, borrowed.OTP, borrowed.SIMPLE_HISTORY, borrowed.DJANGO):
        texts = [one for one in group if isinstance(one, str)]
        assert [text for text in texts if text not in held] == []


# ---- the templates ---------------------------------------------------------------------------------


def without_tags(template: str) -> str:
    template = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", template, flags=re.DOTALL)
    template = re.sub(r"{%\s*blocktranslate\b.*?endblocktranslate\s*%}", "", template, flags=re.DOTALL)
    template = re.sub(r"{%\s*block bodyclass\s*%}.*?{%\s*endblock\s*%}", "", template, flags=re.DOTALL)
    return re.sub(r"{%.*?%}|{{.*?}}", "", template, flags=re.DOTALL)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda p: p.stem)
def test_templates_hold_no_words_of_their_own(path):
    words = {
        word
        for text in visible(without_tags(path.read_text(encoding="utf-8")))
        for word in re.findall(r"[A-Za-z]{2,}|[가-힣]+", text)
    }
    assert words - set(ALLOWED_IN_TEMPLATES) == set()


# ---- the pages -------------------------------------------------------------------------------------

ENGLISH = {
    text
    for entry in CURRENT
    for text in (entry.msgid.strip(), entry.msgid_plural.strip())
    if re.search(r"[a-z]{2}", text) and not placeholders(text) and entry.msgid not in korean(entry)
}


def left_in_english(html: str) -> set[str]:
    """Texts of a page that our catalogue has Korean for."""
    texts = {text.rstrip(":").strip() for text in visible(html)}
    known = {text.rstrip(":") for text in ENGLISH} | {text[0].upper() + text[1:] for text in ENGLISH}
    long = [text for text in ENGLISH if text.count(" ") > 3]
    return (texts & known | {one for one in long if one in html}) - set(ALLOWED_ON_PAGES)


@pytest.fixture
def one_of_everything(db):
    made = world.build()
    world.grow(made, 2)
    return made


def test_public_pages_are_korean_throughout(client, one_of_everything):
    pages = [
        one for one in addresses.pages(one_of_everything, ["main-district"]) if not one.startswith("/en/")
    ]
    for address in [*pages, "/nowhere/", "/companies/?kind=zzz&page=9&sort=zzz"]:
        response = client.get(address)
        assert response.status_code in {200, 404}, address
        assert left_in_english(response.content.decode()) == set(), address


def admin_pages() -> Iterator[str]:
    yield reverse("admin:index")
    yield reverse("admin:password_change")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        if record := model._default_manager.first():
            yield from (
                reverse(f"{name}_{page}", args=[record.pk]) for page in ("change", "history", "delete")
            )


def test_admin_pages_are_korean_throughout(one_of_everything):
    client = Client()
    client.force_login(
        User.objects.create_superuser("kim"), backend="django.contrib.auth.backends.ModelBackend"
    )
    for address in admin_pages():
        response = client.get(address)
        assert response.status_code in {200, 403}, address
        assert left_in_english(response.content.decode()) == set(), address


def test_sign_in_pages_are_korean_throughout(client, db):
    login = reverse("admin:login")
    wrong = {"username": "kim", "password": "wrong"}
    for response in (
        client.get(login),
        client.post(login, {}),
        *(client.post(login, wrong) for _ in range(6)),
    ):
        assert left_in_english(response.content.decode()) == set()
    assert response.status_code == 429
