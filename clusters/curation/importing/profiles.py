"""Profiles: what a portal's file is known by, and how its rows become records."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from clusters.models import Source

from .canonical import take_notes
from .cells import python
from .converting import Hints, Unconvertible, is_blank
from .drafts import Draft, Drafts, Place, Ref
from .reading import Row, Table
from .rules import BadProfile, Rule, column_places, fold
from .sheets import Origin, Part, Sheet


@dataclass
class Target:
    """One kind of record that a row makes. `when`: made only where one of these fields has a value."""

    name: str
    model: type[models.Model]
    rules: dict[str, Rule]
    keys: tuple[tuple[str, ...], ...] = (("slug",),)
    constants: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    may_be_blank: frozenset[str] = frozenset()
    when: tuple[str, ...] = ()
    by_name: bool = False


@dataclass
class Profile:
    name: str
    title: str
    targets: list[Target]
    files: tuple[str, ...] = ()
    header: tuple[tuple[str, ...], ...] = ()
    publication: str = "draft"
    source: Mapping[str, str] = field(default_factory=dict)

    def fit(self, table: Table) -> tuple[int, int]:
        """How well a table answers to the profile: columns known by, then the name; (0, 0) for not at all."""
        present = column_places(table.columns)
        if not all(any(fold(name) in present for name in names) for names in self.header):
            return 0, 0
        named = any(fnmatch(fold(Path(table.file).name), fold(pattern)) for pattern in self.files)
        return len(self.header), int(named)

    def lacking(self, table: Table) -> list[str]:
        present = column_places(table.columns)
        return ["/".join(names) for names in self.header if not any(fold(n) in present for n in names)]


def load(path: Path | None = None) -> dict[str, Profile]:
    """All profiles of a file, by name. Raises BadProfile."""
    path = path or Path(settings.BASE_DIR) / "fixtures" / "imports.toml"
    try:
        return parse(path.read_text(encoding="utf-8"))
    except BadProfile as problem:
        raise BadProfile(f"{path.name}: {problem}") from problem


def parse(toml: str, *, name: str = "") -> dict[str, Profile]:
    """Profiles from TOML, by name; with a `name`, the one profile that the whole text is. Raises BadProfile."""
    try:
        declared = tomllib.loads(toml)
        return {n: _profile(n, given) for n, given in ({name: declared} if name else declared).items()}
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as problem:
        raise BadProfile(str(problem)) from problem


def _profile(name: str, given: dict[str, Any]) -> Profile:
    return Profile(
        name=name,
        title=given["title"],
        targets=[_target(name, **target) for target in given["target"]],
        files=tuple(given.get("files", ())),
        header=tuple(_alternatives(column) for column in given["header"]),
        publication=given.get("publication", "draft"),
        source=given.get("source", {}),
    )


def _target(profile: str, *, model: str, fields: dict[str, Any], **given: Any) -> Target:
    kind = apps.get_model("clusters", model)
    known = {f.name for f in kind._meta.get_fields()} | {"period"}
    for name in (*fields, *given.get("constants", {}), *given.get("defaults", {})):
        if name not in known and not name.startswith("_"):
            raise BadProfile(f"{profile}: {model}.{name}")
    return Target(
        name=given.pop("name", model.lower()),
        model=kind,
        rules={name: _rule(rule) for name, rule in fields.items()},
        keys=tuple(tuple(key) for key in given.pop("keys", [["slug"]])),
        may_be_blank=frozenset(given.pop("may_be_blank", ())),
        when=tuple(given.pop("when", ())),
        **given,
    )


def _rule(given: Any) -> Rule:
    if not isinstance(given, dict):
        return Rule((_alternatives(given),))
    given = dict(given)
    columns = given.pop("columns", None)
    single = given.pop("column", [])
    order, pattern = given.pop("order", ""), given.pop("pattern", "")
    found = tuple(_alternatives(one) for one in columns) if columns else (_alternatives(single),)
    return Rule(found, hints=Hints(order=order, pattern=pattern), **given)


def _alternatives(names: Any) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def best_for(table: Table, profiles: Mapping[str, Profile]) -> Profile | None:
    """The profile a table answers to best; None when it answers to none, or to two equally."""
    ranked = sorted(((p.fit(table), name) for name, p in profiles.items()), reverse=True)
    if not ranked or ranked[0][0] == (0, 0) or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return profiles[ranked[0][1]]


def drafts_of(table: Table, profile: Profile, result: Drafts, given: Mapping[str, str] | None = None) -> None:
    """Read a table's rows as the profile says; `given` sets fields for all rows, over the profile's constants."""
    source = _source(profile, table, result)
    places = {t.name: {n: r.places(table.columns) for n, r in t.rules.items()} for t in profile.targets}
    for target in profile.targets:
        if (slug := target.rules.get("slug")) and slug.prefix:
            result.whole[target.model] = slug.prefix

    def drafts(row: Row) -> Iterator[Draft]:
        made: dict[str, Draft] = {}
        for target in profile.targets:
            draft = Draft(
                target.model,
                Place(table.name, row.number),
                keys=target.keys,
                defaults={**target.defaults},
                may_be_blank=target.may_be_blank,
                by_name=target.by_name,
            )
            if not made and take_notes(draft, row.notes):
                yield draft
                break
            _fill(draft, target, places[target.name], table, row.values, made)
            for name, value in {**target.constants, **(given or {})}.items():
                _set_constant(draft, name, value)
            if source is not None and _has(target.model, "source"):
                draft.defaults = {"source": source, **draft.defaults}
            # What could not be read is complained of, not passed over.
            if target.when and not draft.faulty and not any(draft.values.get(n) for n in target.when):
                continue
            draft.defaults = {"publication": profile.publication, **draft.defaults}
            made[target.name] = draft
            yield draft

    parts = [_part(t, places[t.name], profile, source, given, table) for t in profile.targets]
    sheet = Sheet(table.name, drafts, parts)
    result.sheets.append(sheet)
    sheet.keep(table.rows())


def _part(
    target: Target,
    places: dict[str, list[int | None]],
    profile: Profile,
    source: Draft | Ref | None,
    given: Mapping[str, str] | None,
    table: Table,
) -> Part:
    origins, columns = [], {}
    for name, rule in target.rules.items():
        where = places[name]
        if rule.target:
            origins.append(Origin(name, link=rule.target))
        elif any(index is not None for index in where):
            plain = not (rule.converter or rule.map or rule.shorten)
            origins.append(
                Origin(name, tuple(where), _reader(target, name, rule), _says_nothing, plain=plain)
            )
            columns[name] = table.columns[next(index for index in where if index is not None)]
    constants = Draft(target.model, Place(table.name))
    for name, value in {**target.constants, **(given or {})}.items():
        _set_constant(constants, name, value)
    defaults: dict[str, Any] = {"publication": profile.publication}
    if source is not None and _has(target.model, "source"):
        defaults["source"] = source
    return Part(
        target.name,
        target.model,
        origins,
        target.keys,
        constants=constants.values,
        defaults={**defaults, **target.defaults},
        may_be_blank=target.may_be_blank,
        when=target.when,
        by_name=target.by_name,
        columns=columns,
    )


def _says_nothing(value: Any) -> bool:
    return value in (None, "", [])


def _reader(target: Target, name: str, rule: Rule) -> Callable[[list[Any]], Any]:
    field: Any = None if name in ("period", "_address", "_phone") else target.model._meta.get_field(name)

    def read(cells: list[Any]) -> Any:
        value = rule.value(field, cells)
        return value if field is None or _says_nothing(value) else python(field, value)

    return read


def _fill(
    draft: Draft, target: Target, places: dict, table: Table, values: list, made: dict[str, Draft]
) -> None:
    draft.columns, draft.cells = {}, {}
    for name, rule in target.rules.items():
        if rule.target:
            if rule.target in made:
                draft.values[name] = made[rule.target]
            continue
        where = places[name]
        if all(index is None for index in where):
            continue
        cells = [None if index is None else values[index] for index in where]
        shown_at = next(index for index in where if index is not None)
        draft.columns[name], draft.cells[name] = table.columns[shown_at], values[shown_at]
        try:
            _take(draft, target, name, rule, cells)
        except Unconvertible as problem:
            said = " ~ ".join(str(c) for c in cells if not is_blank(c))
            kind = "note" if rule.optional else "error"
            used = [index for index, cell in zip(where, cells, strict=True) if not is_blank(cell)]
            if used:  # a value made of several cells is complained of under the names of all of them
                draft.columns[name] = ", ".join(table.columns[i] for i in used if i is not None)
            draft.complain(name, problem.message, problem.fix, said, kind=kind)


def _take(draft: Draft, target: Target, name: str, rule: Rule, cells: list[Any]) -> None:
    field = None if name in ("period", "_address", "_phone") else target.model._meta.get_field(name)
    value = rule.value(field, cells)  # type: ignore[arg-type]
    if isinstance(value, dict) and name == "period":
        draft.values.update(value)
        draft.columns = {**draft.columns, **dict.fromkeys(value, draft.columns[name])}
    elif name == "_address":
        draft.address = str(value or "")
    elif name == "_phone":
        draft.phone = str(value or "")
    elif value not in (None, "", []):
        draft.values[name] = python(field, value)  # type: ignore[arg-type]


def _set_constant(draft: Draft, name: str, value: Any) -> None:
    if not _has(draft.model, name):
        return
    field: Any = draft.model._meta.get_field(name)
    if field.many_to_many:
        value = [Ref(field.related_model, slug) for slug in (value if isinstance(value, list) else [value])]
    elif field.is_relation:
        value = Ref(field.related_model, value)
    draft.values[name] = value


def _has(model: type[models.Model], name: str) -> bool:
    return any(f.name == name for f in model._meta.get_fields())


def _source(profile: Profile, table: Table, result: Drafts) -> Draft | Ref | None:
    """The source all rows rest on: one that is stored already, or the profile's own."""
    if not profile.source:
        return None
    if set(profile.source) == {"slug"}:
        return Ref(Source, profile.source["slug"])
    for draft in result.drafts:
        if draft.model is Source and draft.values.get("slug") == profile.source["slug"]:
            return draft
    draft = Draft(
        Source,
        Place(table.name),
        values=dict(profile.source),
        keys=(("slug",), ("url",)),
        defaults={"publication": profile.publication},
        only_reference=True,
    )
    result.drafts.append(draft)
    return draft


__all__ = ["BadProfile", "Profile", "Target", "best_for", "drafts_of", "load", "parse"]
