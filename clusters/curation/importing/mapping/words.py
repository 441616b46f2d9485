"""The words by which values are known: vocabularies of the directory, and names of choices in both languages."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import translation

from clusters.models import District, Industry, Province, SupportKind, Technology

from ..converting import is_blank, to_list
from ..looking import SeenColumn
from ..rules import fold

NOTHING = "-"  # what a text means that stands for no value

# By name of the model: a text as files write it, and the code of the record it means.
Words = Mapping[str, Mapping[str, str]]

_LONG_PROVINCES = {
    "충북": "충청북도",
    "충남": "충청남도",
    "전북": "전라북도",
    "전남": "전라남도",
    "경북": "경상북도",
    "경남": "경상남도",
}
_KINDS_OF_PROVINCE = ("시", "도", "특별시", "광역시", "특별자치시", "특별자치도")


def stored_words() -> dict[str, dict[str, str]]:
    """The names of the vocabularies' terms, the provinces in all their spellings, and the districts."""
    words: dict[str, dict[str, str]] = {}
    for model in (Technology, Industry, SupportKind):
        rows = model._default_manager.values_list("slug", "name_ko", "name_en")  # type: ignore[attr-defined]
        words[model.__name__] = {name: slug for slug, *names in rows for name in (*names, slug) if name}
    words["Province"] = {
        spelling: slug
        for slug, name_ko, name_en in Province.objects.values_list("slug", "name_ko", "name_en")
        for spelling in (*spellings(name_ko), name_en, slug)
    }
    words["District"] = {
        name: slug
        for slug, aliases, *names in District.objects.values_list(
            "slug", "aliases", "name_ko", "name_en", "short_name_ko", "short_name_en"
        )
        for name in (*aliases, *names, slug)
        if name
    }
    return words


def spellings(province: str) -> list[str]:
    long = _LONG_PROVINCES.get(province)
    return [province, *(f"{province}{ending}" for ending in _KINDS_OF_PROVINCE), *([long] if long else [])]


def known_values(field: Any, words: Words) -> dict[str, str]:
    """What the texts of a column may mean for a field with choices or a vocabulary; empty for any other field."""
    if field is None:
        return {}
    if field.is_relation:
        return dict(words.get(field.related_model.__name__, {}))
    if field.choices:
        return {text: value for value in _labels(field) for text in _labels(field)[value]}
    return {}


def unknown_values(column: SeenColumn, field: Any, words: Words) -> list[str]:
    """The few texts of a column that mean nothing to the directory yet, for a curator to say what they mean."""
    if field is None or not (field.choices or (field.is_relation and field.related_model.__name__ in words)):
        return []
    known = {fold(text) for text in known_values(field, words)}
    texts = [
        text
        for value in column.values
        if not is_blank(value)
        for text in (to_list(value) if field.many_to_many else [value])
    ]
    return [text for text in dict.fromkeys(texts) if fold(text) not in known]


def meanings(field: Any, words: Words) -> list[tuple[str, str]]:
    """What an unknown text may mean: the choices of a field, or the terms of its vocabulary, with their names."""
    if field.choices:
        return [(str(value), str(label)) for value, label in field.flatchoices if value]
    by_slug: dict[str, str] = {}
    for name, slug in words.get(field.related_model.__name__, {}).items():
        by_slug.setdefault(slug, name)
    return list(by_slug.items())


def _labels(field: models.Field) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for language in ("ko", "en"):
        with translation.override(language):
            for value, label in field.flatchoices:
                found.setdefault(str(value), [str(value)]).append(str(label))
    return {value: list(dict.fromkeys(texts)) for value, texts in found.items()}


def names_of(field: Any) -> set[str]:
    """A field's own names: its identifier, and its label in both languages."""
    found = {field.name}
    for language in ("ko", "en"):
        with translation.override(language):
            found.add(str(field.verbose_name))
    return found
