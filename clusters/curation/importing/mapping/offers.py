"""What a row can become: the kinds of records, and for each the fields its columns may fill."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.curation import fixtures

from .. import canonical

# Kinds that are no rows of anybody's file: addresses given up are written by the recorder.
NOT_TARGETS = frozenset({"Redirect"})
# Fields that no column of a portal's file fills: they are settled by what is chosen for the whole file.
NOT_COLUMNS = frozenset({"publication", "source", "further_sources", "profile_sources", "status", "outline"})

# A row of a company's file often speaks of its office as well, a row of a program's of its call.
COMPANIONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Company": ("Office", "company", ("address_ko", "address_en", "province", "district", "since")),
    "Program": ("Call", "program", ("period", "opens", "closes", "notice_url", "budget_krw", "award_count")),
}
PERIOD = {
    "period": gettext_lazy("period of application"),
    "opens": gettext_lazy("beginning of applications"),
    "closes": gettext_lazy("end of applications"),
}
# The three ways to say a period stand in for the fields it is kept in.
KEPT_PERIOD = frozenset(
    {"period_kind", "opens_at", "opens_precision", "closes_at", "closes_precision", "wording_ko"}
)


@dataclass(frozen=True)
class Offer:
    """A field that a column may fill. `name` is that of the form: "website", or "office.address_ko"."""

    name: str
    label: str
    group: str
    model: type[models.Model]
    field: Any  # None for a period, which fills several fields

    @property
    def key(self) -> str:
        return f"{self.model.__name__}.{self.name.rpartition('.')[2]}"


def targets() -> list[type[models.Model]]:
    return [model for model in fixtures.fixture_models() if model.__name__ not in NOT_TARGETS]


def model_named(name: str) -> type[models.Model] | None:
    return next((model for model in targets() if model.__name__ == name), None)


def companion(target: str) -> tuple[type[models.Model], str, tuple[str, ...]] | None:
    """The record that goes with a row's main one, its relation to it, and its fields on offer."""
    if target not in COMPANIONS:
        return None
    name, relation, names = COMPANIONS[target]
    return apps.get_model("clusters", name), relation, names


def offers(target: str) -> list[Offer]:
    model = model_named(target)
    if model is None:
        return []
    found = list(_of(model, "", [f.name for f in canonical.fields(model) if f.name not in NOT_COLUMNS]))
    if (other := companion(target)) is not None:
        found += _of(other[0], f"{other[0].__name__.lower()}.", other[2])
    return found


def _of(model: type[models.Model], prefix: str, names: Iterable[str]) -> list[Offer]:
    group = capfirst(str(model._meta.verbose_name))
    names = list(names)
    if model.__name__ == "Call" and not prefix:
        names = [name for name in names if name not in KEPT_PERIOD]
        names[2:2] = [name for name in PERIOD if name not in names]
    fields: dict[str, Any] = {field.name: field for field in canonical.fields(model)}  # type: ignore[arg-type]
    return [
        Offer(
            f"{prefix}{name}",
            capfirst(str(PERIOD[name] if name in PERIOD else fields[name].verbose_name)),
            group,
            model,
            None if name in PERIOD else fields[name],
        )
        for name in names
    ]


def required_choices(target: str) -> list[Any]:
    """Fields with a choice that every record needs: what the file does not say is said once for all rows."""
    model = model_named(target)
    if model is None:
        return []
    return [
        f
        for f in canonical.fields(model)  # type: ignore[arg-type]
        if f.choices and not f.blank and not f.has_default() and f.name not in {"publication", "period_kind"}
    ]


def converters() -> dict[str, str]:
    """The ways to read a cell that a curator may choose, in words; "" is the way of the field."""
    return {
        "": _("as the field needs it"),
        "shorten": _("text, cut to the length of the field"),
        "html": _("text with HTML tags, which are removed"),
        "company_name": _("name of a company, without the words for a branch"),
        "code": _("code, its zeros kept"),
        "list": _("list in one cell"),
        "number": _("figure"),
        "count": _("whole number"),
        "share": _("percentage"),
        "won:원": _("amount in won"),
        "won:천원": _("amount in thousand won"),
        "won:백만원": _("amount in million won"),
        "won:억원": _("amount in hundred million won"),
        "area:㎡": _("area in square meters"),
        "area:평": _("area in pyeong"),
        "yes_no": _("yes or no"),
        "first_word": _("first word, such as the province of an address"),
        "date:year_first": _("date, the year first"),
        "date:month_first": _("date, the month first"),
        "date:day_first": _("date, the day first"),
    }
