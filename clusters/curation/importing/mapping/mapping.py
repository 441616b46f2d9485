"""A mapping as a curator settles it: what each column fills, what tells rows apart, and what is wrong with it."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .offers import Offer, companion, converters, model_named, offers, required_choices


@dataclass
class Column:
    """What a column fills ("" for nothing), how its cells are read, and whether it tells rows apart."""

    field: str = ""
    converter: str = ""
    key: bool = False


@dataclass
class Mapping:
    """What a curator settles, or the program proposes.

    values: by column, texts that the directory does not know and what each means; NOTHING for no value at all
    defaults: choices for what the file does not say
    source: a slug, or what a new source needs
    """

    name: str = ""
    title: str = ""
    target: str = ""
    columns: dict[str, Column] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Mapping":
        columns = {name: Column(**column) for name, column in stored.get("columns", {}).items()}
        return cls(**{**stored, "columns": columns})

    def filled(self) -> dict[str, str]:
        """The column of each field that has one."""
        return {column.field: name for name, column in self.columns.items() if column.field}

    def keys(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.key]

    def problems(self) -> dict[str, str]:
        """What keeps the mapping from being used: by "target", "key", "defaults.<field>" or "columns.<name>"."""
        model = model_named(self.target)
        if model is None:
            return {"target": _("Choose what a row is.")}
        known = {offer.name: offer for offer in offers(self.target)}
        found: dict[str, str] = {}
        taken: dict[str, str] = {}
        for name, column in self.columns.items():
            if problem := self._column_problem(column, known, taken):
                found[f"columns.{name}"] = problem
            elif column.field:
                taken[column.field] = name
        found |= self._lacking(model, taken)
        for needed in required_choices(self.target):
            if needed.name not in taken and not self.defaults.get(needed.name):
                found[f"defaults.{needed.name}"] = _(
                    "The file does not say it: choose what holds for all rows."
                )
        return found

    def _column_problem(self, column: Column, known: dict[str, Offer], taken: dict[str, str]) -> str:
        if not column.field:
            return ""
        offer = known.get(column.field)
        if offer is None:
            return _("There is no such field.")
        if column.field in taken:
            return _("The column “%(column)s” fills this field already.") % {"column": taken[column.field]}
        if column.converter not in converters():
            return _("There is no such way to read a cell.")
        if column.converter and not fits(offer, column.converter):
            return _("This way of reading does not suit the field “%(field)s”.") % {"field": offer.label}
        return ""

    def _lacking(self, model: Any, taken: dict[str, str]) -> dict[str, str]:
        labels = {offer.name: offer.label for offer in offers(self.target)}
        if _has_slug(model):
            naming = next((name for name in ("name_ko", "title") if name in labels), "")
            if naming and naming not in taken:
                return {"target": _needs(labels[naming])}
            relations = [
                f
                for f in model._meta.concrete_fields
                if f.is_relation and not f.null and not f.blank and f.name not in taken
            ]
            if relations:
                return {"target": _needs(capfirst(str(relations[0].verbose_name)))}
            if "slug" not in taken and not self.keys():
                return {"key": _("Choose at least one column that tells the rows apart.")}
            return {}
        for path in model.natural_key_fields:
            name = path.split("__")[0]
            if name in labels and name not in taken and not model._meta.get_field(name).blank:
                return {"target": _needs(labels[name])}
        return {}

    def has_companion(self) -> bool:
        """Whether some column fills a field of the record that goes with the main one."""
        other = companion(self.target)
        prefix = f"{other[0].__name__.lower()}." if other else ""
        return bool(prefix) and any(name.startswith(prefix) for name in self.filled())


def fits(offer: Offer, converter: str) -> bool:
    """Whether a way of reading gives a value such as the field holds."""
    kind = converter.split(":")[0]
    inner = offer.field.get_internal_type() if offer.field is not None else "Period"
    text = inner in {"CharField", "TextField"}
    if kind == "date":
        return (
            inner in {"Period", "DateField", "DateTimeField"}
            or type(offer.field).__name__ == "PartialDateField"
        )
    if kind in {"number", "count", "share", "won", "area"}:
        return inner in {
            "DecimalField",
            "FloatField",
            "IntegerField",
            "PositiveIntegerField",
            "PositiveSmallIntegerField",
        }
    if kind == "yes_no":
        return inner == "BooleanField"
    if kind == "list":
        return type(offer.field).__name__ == "TextListField" or inner == "ManyToManyField"
    if kind == "first_word":
        return text or inner == "ForeignKey"
    return text and not offer.field.choices and type(offer.field).__name__ != "PartialDateField"


def _has_slug(model: Any) -> bool:
    return model.natural_key_fields == ("slug",)


def _needs(label: str) -> str:
    return _("Some column must fill the field “%(field)s”.") % {"field": label}
