"""Reads of records what is compared: names, numbers, addresses on the web and in the city."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from clusters.curation.importing.lookup import chunks
from clusters.models import Company, Office, Program, Source

from .likeness import Entry

NAMES = ("name_ko", "name_en", "legal_name_ko", "legal_name_en", "title")
OTHER_NAMES = ("former_names", "aliases")
WEB = ("website", "url")
_PLAIN = ("business_number", "market", "stock_code", "phone", "publisher")


def model_of(kind: str) -> Any:
    return apps.get_model("clusters", kind)


@cache
def columns(kind: str) -> tuple[str, ...]:
    """The fields of a kind that are compared, of those that any kind may have."""
    stored = {field.name for field in model_of(kind)._meta.concrete_fields}
    return tuple(name for name in (*NAMES, *OTHER_NAMES, *WEB, *_PLAIN) if name in stored)


def entry(kind: str, values: Mapping[str, Any], **more: Any) -> Entry:
    model = model_of(kind)
    stock_code = values.get("stock_code", "")
    return Entry(
        names=tuple(values[name] for name in NAMES if values.get(name)),
        other_names=tuple(one for name in OTHER_NAMES for one in values.get(name, ())),
        business_number=values.get("business_number", ""),
        stock_code=f"{values['market']} {stock_code}" if stock_code else "",
        address_on_web=next((values[name] for name in WEB if values.get(name)), ""),
        phone=values.get("phone", ""),
        publisher=values.get("publisher", ""),
        page_is_shared=model is Program,
        is_document=model is Source,
        may_name_branches=model is Company,
        **more,
    )


def entries(kind: str, records: Mapping[int, Any]) -> dict[int, Entry]:
    """What is compared of some records or rows of values, with what other tables say of them."""
    more = _more(kind, records)
    names = columns(kind)
    return {
        pk: entry(
            kind,
            record if isinstance(record, dict) else {name: getattr(record, name) for name in names},
            **more.get(pk, {}),
        )
        for pk, record in records.items()
    }


def _more(kind: str, pks: Mapping[int, Any]) -> dict[int, dict[str, Any]]:
    model = model_of(kind)
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for part in chunks(pks):
        if model is Company:
            addresses: dict[int, list[str]] = defaultdict(list)
            districts: dict[int, list[str]] = defaultdict(list)
            offices = Office.objects.filter(company_id__in=part).order_by("pk")
            for pk, *written, district in offices.values_list(
                "company_id", "address_ko", "address_en", "district__short_name_ko"
            ):
                addresses[pk] += [address for address in written if address]
                districts[pk] += [district] if district else []
            for pk in addresses:
                found[pk] = {"addresses": tuple(addresses[pk]), "districts": tuple(districts[pk])}
            continue
        fields = {field.name: field for field in model._meta.concrete_fields}
        for name, path in (("district", "district__short_name_ko"), ("operator", "operator__name_ko")):
            if isinstance(fields.get(name), models.ForeignKey):
                rows = model._default_manager.filter(pk__in=part, **{f"{name}__isnull": False})
                for pk, value in rows.order_by().values_list("pk", path):
                    found[pk][name] = value
    for values in found.values():
        if "district" in values:
            values["districts"] = (values.pop("district"),)
    return found
