"""From a mapping to a profile, in the shape of those in fixtures/imports.toml."""

import re
from pathlib import Path
from typing import Any

from django.db import models

from .mapping import Column, Mapping
from .offers import companion, model_named, offers
from .words import NOTHING, Words, known_values

# Fields by which a record is known wherever it stands, before the code made from its row.
OWN_KEYS = ("business_number", "stock_code")
BY_NAME = frozenset({"Company", "Institution"})
# The one way in which some fields can be read.
CONVERTERS = {"business_number": "business_number", "stock_code": "stock_code"}
HEADER_COLUMNS = 3  # as many as tell the file from others; the rest may be renamed from year to year


def body_of(mapping: Mapping, words: Words, *, file: str = "") -> dict[str, Any]:
    """The profile that a sound mapping says; `file` is the name of the file it was made for."""
    model = model_named(mapping.target)
    assert model is not None
    body: dict[str, Any] = {"title": mapping.title or mapping.name}
    if pattern := _pattern(file):
        body["files"] = [pattern]
    body["header"] = _header(mapping)
    if mapping.source:
        body["source"] = {"slug": mapping.name, **mapping.source}
    body["target"] = [_target(mapping, model, words)]
    if mapping.has_companion():
        body["target"].append(_companion(mapping, words))
    return body


def _pattern(file: str) -> str:
    """Files of the same name count, whatever numbers stand in it."""
    words = re.sub(r"[0-9*?\[\]_\W]+", "*", Path(file).stem).strip("*")
    return f"*{words}*" if words else ""


def _header(mapping: Mapping) -> list[str]:
    filled = mapping.filled()
    naming = [filled[name] for name in ("name_ko", "title", "slug") if name in filled]
    wanted = dict.fromkeys([*naming, *mapping.keys(), *filled.values()])
    return list(wanted)[: max(HEADER_COLUMNS, len(mapping.keys()) + len(naming))]


def _target(mapping: Mapping, model: type[models.Model], words: Words) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if _coded(model) and "slug" not in mapping.filled():
        fields["slug"] = _slug(mapping)
    known = {offer.name: offer for offer in offers(mapping.target)}
    for name, column in mapping.columns.items():
        if "." in column.field or column.field in ("", "period", "opens", "closes"):
            continue
        if not _is_wordless(known[column.field].field, words):
            fields[column.field] = _rule(
                name, column, known[column.field].field, words, mapping.values.get(name, {})
            )
    if (period := _period(mapping, "")) is not None:
        fields["period"] = period
    defaults = {name: value for name, value in mapping.defaults.items() if value}
    if model.__name__ == "Call":
        defaults = {"period_kind": "announced_later", **defaults}
    target: dict[str, Any] = {"model": model.__name__, "keys": _keys(mapping, model)}
    if model.__name__ in BY_NAME:
        target["by_name"] = True
    if model.__name__ == "Company" and "office.address_ko" in mapping.filled():
        fields["_address"] = {"column": mapping.filled()["office.address_ko"]}
    if lacking := _may_be_blank(model, {*fields, *defaults}):
        target["may_be_blank"] = lacking
    if defaults:
        target["defaults"] = defaults
    return {**target, "fields": fields}


def _companion(mapping: Mapping, words: Words) -> dict[str, Any]:
    found = companion(mapping.target)
    assert found is not None
    model, relation, _names = found
    prefix = f"{model.__name__.lower()}."
    known = {offer.name: offer for offer in offers(mapping.target)}
    fields: dict[str, Any] = {relation: {"target": mapping.target.lower()}}
    for name, column in mapping.columns.items():
        plain = column.field.removeprefix(prefix)
        if not column.field.startswith(prefix) or plain in ("period", "opens", "closes"):
            continue
        if not _is_wordless(known[column.field].field, words):
            fields[plain] = _rule(
                name, column, known[column.field].field, words, mapping.values.get(name, {})
            )
    if model.__name__ == "Office":
        return _office(mapping, fields, words)
    fields["slug"] = _slug(mapping)
    if (period := _period(mapping, prefix)) is not None:
        fields["period"] = period
    return {
        "model": "Call",
        "may_be_blank": ["label_en"],
        "constants": {"label_ko": "공고"},
        "defaults": {"period_kind": "announced_later", "status": "unverified"},
        "fields": fields,
    }


def _office(mapping: Mapping, fields: dict[str, Any], words: Words) -> dict[str, Any]:
    filled = mapping.filled()
    said = [name for name in ("address_ko", "address_en", "district", "province") if name in fields]
    fields["kind"] = {"column": filled["name_ko"], "converter": "office_kind"}
    if "province" not in fields and "address_ko" in fields and words.get("Province"):
        fields["province"] = {
            "column": filled["office.address_ko"],
            "converter": "first_word",
            "otherwise": "",
            "map": dict(words.get("Province", {})),
        }
    return {
        "model": "Office",
        "keys": [["company", "district", "kind", "address_ko"]],
        "when": said or ["since"],
        "defaults": {"status": "unverified"},
        "fields": fields,
    }


def _is_wordless(field: Any, words: Words) -> bool:
    """Whether a field takes words of a vocabulary that has none yet: every value of the column would be an error."""
    return field.is_relation and words.get(field.related_model.__name__) == {}


def _rule(name: str, column: Column, field: Any, words: Words, said: dict[str, str]) -> Any:
    rule: dict[str, Any] = {"column": name}
    kind, _colon, argument = column.converter.partition(":")
    if not kind and field.name in CONVERTERS:
        rule["converter"] = CONVERTERS[field.name]
    elif kind == "shorten":
        rule["shorten"] = True
    elif kind == "date":
        rule["order"] = argument
    elif kind:
        rule["converter"] = kind
        if argument:
            rule["unit"] = argument
        if kind == "html":
            rule["shorten"] = True
    if values := known_values(field, words):
        rule["map"] = values | {text: "" if code == NOTHING else code for text, code in said.items()}
        if field.many_to_many:
            rule["otherwise"] = []
        elif field.is_relation and field.null:
            rule["otherwise"] = ""
    return rule if len(rule) > 1 else name


def _period(mapping: Mapping, prefix: str) -> dict[str, Any] | None:
    filled = mapping.filled()
    orders = [
        column.converter.partition(":")[2]
        for column in mapping.columns.values()
        if column.field in {f"{prefix}{name}" for name in ("period", "opens", "closes")} and column.converter
    ]
    order = {"order": orders[0]} if orders else {}
    if whole := filled.get(f"{prefix}period"):
        return {"column": whole, "converter": "period", **order}
    ends = [filled.get(f"{prefix}{name}", "") for name in ("opens", "closes")]
    if any(ends):
        return {"columns": [[name] if name else [] for name in ends], "converter": "period", **order}
    return None


def _slug(mapping: Mapping) -> dict[str, Any]:
    keys = mapping.keys()
    if not keys:
        keys = [mapping.filled()["slug"]]
    return {"columns": [[name] for name in keys], "converter": "slug", "prefix": f"{mapping.name}-"}


def _keys(mapping: Mapping, model: type[models.Model]) -> list[list[str]]:
    if not _coded(model):
        return [[path.split("__")[0] for path in model.natural_key_fields]]  # type: ignore[attr-defined]
    return [[name] for name in OWN_KEYS if name in mapping.filled()] + [["slug"]]


def _may_be_blank(model: type[models.Model], said: set[str]) -> list[str]:
    """Texts that a record needs and the file lacks: a draft waits for somebody to write them."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not field.blank
        and not field.choices
        and not field.has_default()
        and field.name not in said
        and field.name not in {"slug", "name_ko", "title", "publication"}
    ]


def _coded(model: type[models.Model]) -> bool:
    return model.natural_key_fields == ("slug",)  # type: ignore[attr-defined]
