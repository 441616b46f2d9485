"""The description of every file and parameter of the site: read from the directories, so that it cannot differ from them.

As OpenAPI 3.1 for programs; `lists` gives the same to a page for people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters import search
from clusters.atom import CONTENT_TYPE as ATOM
from clusters.directory.fields import MAX_PER_PAGE
from clusters.directory.formats import Field
from clusters.directory.registry import DIRECTORIES, Directory
from clusters.models.fields import TextListField

from . import others
from .parameters import Parameter, read

VERSION = "1.0"
FILES = {  # suffix and content type of what every list can be had as
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".atom": ATOM.partition(";")[0],
}
PAGED = (".json", ".atom")  # the others hold the whole list
_SHAPES: dict[str, dict[str, Any]] = {
    "code": {"type": ["string", "null"]},
    "codes": {"type": "array", "items": {"type": "string"}},
    "object": {"type": "object"},
    "objects": {"type": "array", "items": {"type": "object"}},
}


# ---- the directories -----------------------------------------------------------------------------------


def parameters(directory: Directory, now: datetime) -> list[Parameter]:
    filters = directory.filters(QueryDict(), now=now)
    sorts = list(directory.table.sorts())
    found = [
        Parameter("q", str(filters.filters["q"].label), {"type": "string", "maxLength": search.MAX_LENGTH})
    ]
    for facet in filters.facets:
        items: dict[str, Any] = {"type": "string"}
        if codes := list(facet.options):  # an enumeration of nothing would forbid everything
            items["enum"] = codes
        found.append(Parameter(facet.name, str(facet.label), {"type": "array", "items": items}, repeats=True))
    order = [f"{sign}{code}" for code in sorts for sign in ("", "-")]
    return [
        *found,
        Parameter("sort", _("Order; a minus turns it round"), {"type": "string", "enum": order}),
        Parameter("page", _("Number of the page"), {"type": "integer", "minimum": 1, "default": 1}),
        Parameter(
            "per_page",
            _("Entries to a page"),
            {
                "type": "integer",
                "minimum": 1,
                "maximum": MAX_PER_PAGE,
                "default": directory.per_page,
            },
        ),
    ]


def value(field: Field, model: type[models.Model]) -> dict[str, Any]:
    """What the JSON of a field holds. Nothing is said of what cannot be known."""
    if field.shape:
        return _SHAPES[field.shape]
    try:
        of_model: Any = model._meta.get_field(str(field.read or field.code).partition(".")[0])
    except FieldDoesNotExist:
        return {}
    if of_model.is_relation:
        return _SHAPES["code"]
    kind: dict[str, Any] = {"type": "string"}
    if isinstance(of_model, TextListField):
        return _SHAPES["codes"]
    for kinds_of_field, described in (
        (models.BooleanField, {"type": "boolean"}),
        (models.IntegerField, {"type": "integer"}),
        (models.FloatField, {"type": "number"}),
        (models.DateTimeField, {"type": "string", "format": "date-time"}),
        (models.DateField, {"type": "string", "format": "date"}),
    ):
        if isinstance(of_model, kinds_of_field):
            kind = described
            break
    return {**kind, "type": [kind["type"], "null"]} if of_model.null else kind


def row(directory: Directory) -> dict[str, Any]:
    fields = {field.code: value(field, directory.model) for field in directory.fields if field.in_json}
    return {"type": "object", "required": list(fields), "properties": fields}


def _of_directory(directory: Directory, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    found = parameters(directory, now)
    for suffix, kind in FILES.items():
        schema: dict[str, Any] = {"type": "string"}
        if suffix == ".json":
            schema = {
                "type": "object",
                "required": ["count", "next", "results"],
                "properties": {
                    "count": {"type": "integer"},
                    "next": {"type": ["string", "null"]},
                    "results": {
                        "type": "array",
                        "items": {"$ref": f"#/components/schemas/{directory.model.__name__}"},
                    },
                },
            }
        taken = [one for one in found if suffix in PAGED or one.name not in ("page", "per_page")]
        yield (
            reverse(directory.name + suffix),
            read(f"{directory.title} ({suffix[1:].upper()})", taken, {kind: {"schema": schema}}),
        )


def document(site: str, now: datetime) -> dict[str, Any]:
    """All of it as OpenAPI 3.1, in the language in force; `site` is the address of the site."""
    paths: dict[str, Any] = {}
    for directory in DIRECTORIES:
        paths |= dict(_of_directory(directory, now))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Seoul AI Clusters"),
            "version": VERSION,
            "description": _("Every list as a file: the same filters, the same order as on the page."),
        },
        "servers": [{"url": site}],
        "paths": paths | dict(others.paths()),
        "components": {
            "schemas": {
                **{directory.model.__name__: row(directory) for directory in DIRECTORIES},
                "Problem": {
                    "type": "object",
                    "required": ["title", "status", "errors"],
                    "properties": {
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "errors": {
                            "type": "object",
                            "additionalProperties": {"type": "array", "items": {"type": "string"}},
                        },
                    },
                },
            }
        },
    }


@dataclass(frozen=True)
class Described:
    """A directory as the page for people tells of it."""

    directory: Directory
    files: list[tuple[str, str]]  # address and name
    parameters: list[Parameter]
    fields: list[str]


def lists(now: datetime) -> list[Described]:
    return [
        Described(
            one,
            [(reverse(one.name + suffix), suffix[1:].upper()) for suffix in FILES],
            parameters(one, now),
            [field.code for field in one.fields if field.in_json],
        )
        for one in DIRECTORIES
    ]
