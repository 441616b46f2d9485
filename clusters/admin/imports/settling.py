"""Reads the form of the mapping page: what a curator settled, and what is wrong with it, field by field."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clusters.curation import history
from clusters.curation.importing.looking import Look, SeenTable
from clusters.curation.importing.mapping import NOTHING, Column, Mapping, required_choices
from clusters.curation.importing.mapping.offers import companion, model_named
from clusters.curation.importing.profiles import Profile
from clusters.curation.importing.uploads import steps
from clusters.models import Record, Source, Upload
from clusters.models.uploads import PROFILE_NAME

MOST_ROW = 100_000
MOST_VALUES = 60
CODE = re.compile(r"[a-z0-9_-]{1,80}")
MOST_HEADER_ROWS = 10
PUBLICATIONS = ("", "draft", "published")
SOURCE_FIELDS = ("url", "title", "publisher", "published")


@dataclass
class Settled:
    table: str = ""
    start_row: int | None = None
    header_rows: int | None = None
    profile: str = ""
    publication: str = ""
    mapping: Mapping = field(default_factory=Mapping)
    errors: dict[str, str] = field(default_factory=dict)
    file: str = ""  # that the mapping is for
    unsuited: list[str] = field(default_factory=list)  # tables that lack columns of the mapping

    @classmethod
    def of(cls, upload: Upload, seen: Look) -> "Settled":
        """What is settled so far."""
        chosen = upload.choices
        return cls(
            chosen.get("table", ""),
            chosen.get("start_row"),
            chosen.get("header_rows"),
            chosen.get("profile", ""),
            chosen.get("publication", ""),
            Mapping.from_json(chosen.get("mapping", {})),
        ).beside(seen)

    def choices(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "start_row": self.start_row,
            "header_rows": self.header_rows,
            "profile": self.profile,
            "publication": self.publication,
            "mapping": self.mapping.as_json(),
        }

    def own_table(self, seen: Look) -> SeenTable | None:
        """The table that the mapping speaks of: the one with its columns."""
        wanted = set(self.mapping.columns)
        fitting = [table for table in seen.tables if wanted and wanted <= set(table.names)]
        return (fitting or seen.tables or [None])[0]

    def beside(self, seen: Look) -> "Settled":
        """Note which table the mapping is for, and which others it would not suit."""
        table = self.own_table(seen)
        self.file = table.file if table else ""
        used = {*self.mapping.filled().values(), *self.mapping.keys()}
        self.unsuited = [one.name for one in seen.tables if not used <= set(one.names)]
        return self

    def check_mapping(self) -> None:
        self.errors = {**self.mapping.problems(), **self.errors}
        try:
            PROFILE_NAME(self.mapping.name)
            if len(self.mapping.name) > 40:
                raise ValidationError(_("A name has at most 40 characters."))
        except ValidationError as problem:
            self.errors.setdefault("name", problem.messages[0])
        if self.unsuited:
            self.errors.setdefault(
                "table",
                _("The mapping does not suit the table “%(table)s”: choose the one it is for.")
                % {"table": self.unsuited[0]},
            )
        self._check_source()

    def forget_mapping_errors(self) -> None:
        """A mapping that is not used may be half done."""
        kept = ("table", "start_row", "header_rows", "profile", "publication")
        self.errors = {name: said for name, said in self.errors.items() if name in kept}

    def _check_source(self) -> None:
        source = self.mapping.source
        if set(source) == {"slug"}:
            if not Source.objects.filter(slug=source["slug"]).exists():
                self.errors["source"] = _("There is no source with this code.")
        elif source:
            draft = Source(slug=self.mapping.name, **{**source, "published": source.get("published", "")})
            try:
                draft.clean_fields(exclude=["slug"])
            except ValidationError as problem:
                for name, texts in problem.message_dict.items():
                    self.errors.setdefault(f"source.{name}", " ".join(texts))
            if source.get("url") and not urlsplit(source["url"]).hostname:
                self.errors.setdefault("source.url", _("This is not a web address."))

    def may_publish(self, user: Any) -> bool:
        """Whether somebody may publish every kind of record that may come of this."""
        models = [model_named(self.mapping.target)]
        if (other := companion(self.mapping.target)) is not None:
            models.append(other[0])
        return all(
            history.may_publish(user, model) for model in models if model and issubclass(model, Record)
        )


def read(data: Any, upload: Upload, seen: Look, known: dict[str, Profile], user: Any) -> Settled:
    """What the form says; whatever no form of ours would send is taken for nothing said."""
    before = Settled.of(upload, seen)
    settled = Settled(
        table=data.get("table", "")[:400],
        profile=data.get("profile", ""),
        publication=data.get("publication", ""),
    )
    settled.start_row = _number(data, "start_row", MOST_ROW, settled.errors)
    settled.header_rows = _number(data, "header_rows", MOST_HEADER_ROWS, settled.errors)
    if settled.profile not in {"", steps.OWN, *known}:
        settled.errors["profile"] = _("There is no such profile.")
        settled.profile = before.profile
    settled.mapping = _mapping(data, before, seen)
    settled.beside(seen)
    if settled.publication not in PUBLICATIONS:
        settled.publication = ""
    elif settled.publication == "published" and not settled.may_publish(user):
        settled.errors["publication"] = _("Only an editor may publish. Import as drafts.")
    return settled


def _mapping(data: Any, before: Settled, seen: Look) -> Mapping:
    table = before.own_table(seen)
    columns = {
        name: Column(
            data.get(f"column-{at}-field", "")[:80],
            data.get(f"column-{at}-converter", "")[:40],
            f"column-{at}-key" in data,
        )
        for at, name in enumerate(table.names if table else [])
    }
    target = data.get("target", "") if model_named(data.get("target", "")) else before.mapping.target
    slug = _line(data, "source")
    source = (
        {"slug": slug}
        if slug
        else {name: text for name in SOURCE_FIELDS if (text := _line(data, f"source-{name}"))}
    )
    return Mapping(
        name=_line(data, "name")[:60],
        title=_line(data, "title")[:200],
        target=target,
        columns=columns,
        defaults={
            one.name: value
            for one in required_choices(target)
            if (value := data.get(f"default-{one.name}", "")) in dict(one.flatchoices)
        },
        source=source,
        values=_values(data, table),
    )


def _values(data: Any, table: SeenTable | None) -> dict[str, dict[str, str]]:
    """What unknown texts mean; each stands in the form beside its meaning, for the mapping may have changed."""
    found: dict[str, dict[str, str]] = {}
    for at, name in enumerate(table.names if table else []):
        for number in range(MOST_VALUES):
            text, code = data.get(f"column-{at}-text-{number}"), data.get(f"column-{at}-value-{number}")
            if text and code and len(text) <= 200 and (code == NOTHING or CODE.fullmatch(code)):
                found.setdefault(name, {})[text.replace("\x00", "")] = code
    return found


def _line(data: Any, name: str) -> str:
    text = " ".join(str(data.get(name, "")).replace("\x00", " ").split())[:500]
    return text.encode("utf-8", "ignore").decode()


def _number(data: Any, name: str, most: int, errors: dict[str, str]) -> int | None:
    text = data.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        errors[name] = _("Enter a whole number from 1 to %(most)d, or nothing.") % {"most": most}
        return None
    return int(text)
