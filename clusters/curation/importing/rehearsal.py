"""The rehearsal: what an import would create and change, and everything wrong with it, before anything is written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from clusters.curation import history
from clusters.models import Publication, Record

from . import snapshots, suspicion, validity
from .drafts import Draft, Drafts, Place, Problem
from .lookup import chunks, many_to_many
from .matching import Matches
from .planning import Planner
from .plans import FieldChange, Item, Plan, in_order


def rehearse(
    read: Drafts,
    *,
    by=None,
    publication: str = "",
    reason: str = "",
    reasons: Mapping[str, str] | None = None,
) -> Plan:
    """Plan an import. `publication` is set on new records; `reason` lets all suspicious rows pass.

    `reasons` lets single rows pass, each with its own, by `Place.label`: {"companies.csv:12": "…"}.
    """
    plan = Plan(problems=list(read.problems))
    matches = Matches()
    careful = _Careful(plan, matches, by=by, publication=publication, reason=reason, reasons=reasons or {})
    careful.look(read.drafts)
    planner = Planner(matches, by=by, publication=publication)
    planner.plan(read.sheets)
    plan.rows, plan.kinds = planner.rows, planner.planned
    matches.planned = planner.planned
    careful.look([draft for sheet in read.sheets for draft in planner.doubtful(sheet)])
    plan.unchanged = {model: len(list(planner.unchanged(model))) for model in in_order()}
    for model, prefix in read.whole.items():
        spoken = {*planner.unchanged(model)}
        plan.problems += _missing(model, plan.careful, spoken, prefix, _file(read, model))
    plan.problems += careful.problems()
    order = {name: n for n, name in enumerate(dict.fromkeys(p.place.file for p in plan.problems))}
    plan.problems.sort(key=lambda p: (p.kind == "missing", order[p.place.file], p.place.row))
    return plan


def _file(read: Drafts, model: type[models.Model]) -> str:
    return next((s.name for s in read.sheets for part in s.parts if part.model is model), "")


class _Careful:
    """Looks at drafts one by one: everything wrong is said where it stands."""

    def __init__(
        self, plan: Plan, matches: Matches, *, by, publication: str, reason: str, reasons: Mapping[str, str]
    ) -> None:
        self.plan, self.matches = plan, matches
        self.by, self.publication = by, publication
        self.reason, self.reasons = reason, reasons
        self.unsaved: dict[int, Item] = {}
        self.drafts: list[Draft] = []

    def look(self, drafts: list[Draft]) -> None:
        self.drafts += drafts
        by_model: dict[type[models.Model], list[Draft]] = defaultdict(list)
        for draft in drafts:
            by_model[draft.model].append(draft)
        for model in in_order():
            if of_model := by_model.get(model):
                self.matches.find(model, of_model)
                made = list(_items(model, of_model, self.matches, self.publication))
                _check(model, made)
                suspicion.look(model, made)
                _permissions(model, made, self.by)
                _settle(made, self.unsaved, self.reason, self.reasons)
                self.plan.careful += made

    def problems(self) -> Iterator[Problem]:
        """One cause, one message: a cell of which several records of its row are made is complained of once."""
        told: dict[tuple[Place, str], Draft] = {}
        for draft in self.drafts:
            for problem in draft.problems:
                if told.setdefault((problem.place, problem.column), draft) is draft or not problem.column:
                    yield problem


def _items(
    model: type[models.Model], drafts: list[Draft], matches: Matches, publication: str
) -> Iterator[Item]:
    stored = list({record.pk: record for d, record in matches.stored.items() if d.model is model}.values())
    several = many_to_many(stored, model)
    claimed: dict[Any, Draft] = {}
    for draft in drafts:
        earlier = matches.same.get(draft)
        if earlier is None and draft in matches.stored:
            earlier = claimed.setdefault(matches.stored[draft].pk, draft)
        if earlier is None or earlier is draft:
            yield (
                _changed(draft, matches, several)
                if draft in matches.stored
                else _created(draft, matches, publication)
            )
            continue
        matches.same[draft] = earlier
        # A company may stand in several rows of a portal's file, once for each of its places.
        if not draft.by_name or draft.values != earlier.values:
            draft.complain(
                draft.keys[0][-1],
                _("Row %(row)d speaks of the same record.") % {"row": earlier.place.row},
                _("Keep one of the two rows."),
            )


def _created(draft: Draft, matches: Matches, publication: str) -> Item:
    values = {**draft.defaults, **draft.values}
    if publication and issubclass(draft.model, Record):
        values["publication"] = publication
    item = Item(draft, draft.model(), "create")
    matches.made[draft] = item.record
    item.relations = _put(draft, item.record, values, matches)
    return item


def _changed(draft: Draft, matches: Matches, several: dict) -> Item:
    stored = matches.stored[draft]
    item = Item(draft, stored, "unchanged", before=snapshots.of(stored, several))
    if draft.only_reference:
        return item
    values = {name: value for name, value in draft.values.items() if name != "slug"}
    item.relations = _put(draft, stored, values, matches)
    assert item.before is not None
    for name in values:
        field: Any = draft.model._meta.get_field(name)
        before = item.before[name]
        if field.many_to_many:
            after: Any = sorted(one.pk or 0 for one in item.relations[name])
        elif field.is_relation and (related := matches.resolve(values[name])) is not None:
            after = related.pk or 0
        else:
            after = snapshots.plain(field, getattr(stored, field.attname))
        if before != after:
            item.changes.append(
                FieldChange(name, matches.shown(field, before), matches.shown(field, after, values[name]))
            )
    if item.changes:
        item.action = "change"
    return item


def _put(
    draft: Draft, record: models.Model, values: dict[str, Any], matches: Matches
) -> dict[str, list[Any]]:
    """Set the values; what they refer to is looked up, and complained of where there is no such record."""
    relations: dict[str, list[Any]] = {}
    for name, value in values.items():
        field: Any = draft.model._meta.get_field(name)
        if not field.is_relation:
            setattr(record, name, value)
            continue
        several = value if field.many_to_many else [value] if value is not None else []
        found = [(given, matches.resolve(given)) for given in several]
        for given, one in found:
            if one is None:
                _no_such(draft, name, given)
        records = [one for _given, one in found if one is not None]
        if field.many_to_many:
            relations[name] = records
        else:
            setattr(record, name, records[0] if records else None)
    return relations


def _no_such(draft: Draft, name: str, given: Any) -> None:
    if isinstance(given, Draft):  # what is wrong with it is said where it stands
        return
    draft.complain(
        name,
        _("There is no %(kind)s with the code “%(slug)s”.")
        % {"kind": given.model._meta.verbose_name, "slug": given.slug[:80]},
        _("Correct the code, or add that record to the import."),
        value=given.slug,
    )


def _check(model: type[models.Model], items: list[Item]) -> None:
    """Validation as in a form, and unique keys inside the import and against the directory."""
    written = [item for item in items if item.action in ("create", "change")]
    for item in written:
        told = {problem.column for problem in item.draft.problems}
        drafted = not issubclass(model, Record) or item.record.publication == Publication.DRAFT  # type: ignore[attr-defined]
        for fault in validity.faults(item.record, item.draft.may_be_blank if drafted else ()):
            if item.draft.column(fault.field) not in told:
                value = getattr(item.record, fault.field, "") if fault.field else ""
                item.draft.complain(
                    fault.field, fault.reason, _("Correct the value in the file."), value=value
                )
    by_record = {id(item.record): item for item in written}
    sound = [item.record for item in written if not item.draft.faulty]
    for record, name, message, other in validity.clashes(sound, model):
        item = by_record[id(record)]
        twin = by_record.get(id(other))
        where = _("row %(row)d") % {"row": twin.draft.place.row} if twin else str(other)
        item.draft.complain(
            name, f"{message} ({where})", _("Keep one of the two."), value=getattr(record, name)
        )


def _permissions(model: type[models.Model], items: list[Item], by) -> None:
    """What somebody may not do in the admin they may not do by a file. Nobody given means the machine's operator."""
    if by is None:
        return
    label, name = model._meta.app_label, model._meta.model_name
    may = {verb: by.has_perm(f"{label}.{verb}_{name}") for verb in ("add", "change")}
    publishes = history.may_publish(by, model) if issubclass(model, Record) else True
    for item in items:
        if item.action not in ("create", "change"):
            continue
        states = {getattr(item.record, "publication", ""), (item.before or {}).get("publication", "")}
        allowed = may["add" if item.action == "create" else "change"]
        if not allowed:
            item.draft.complain(
                "", _("You may not write records of this kind."), _("Ask an editor to import the file.")
            )
        elif states & history.CLOSED and not publishes:
            item.draft.complain(
                "publication",
                _("Only an editor may publish, or change what is published."),
                _("Import as drafts, or ask an editor."),
                value=getattr(item.record, "publication", ""),
            )


def _settle(items: list[Item], unsaved: dict[int, Item], reason: str, reasons: Mapping[str, str]) -> None:
    """Decide what is written: refused and held rows are not, nor what stands on them."""
    for item in items:
        doubtful = any(problem.kind == "suspicious" for problem in item.draft.problems)
        if item.draft.faulty:
            item.action = "refused"
        elif doubtful and item.action != "unchanged":
            item.reason = reasons.get(item.draft.place.label, "").strip() or reason
            if not item.reason:
                item.action = "held"
        if item.action in ("create", "change", "unchanged") and any(
            unsaved[id(one)].action != "create" for one in _stands_on(item) if id(one) in unsaved
        ):
            item.action = "waiting"
        if item.before is None:
            unsaved[id(item.record)] = item


def _stands_on(item: Item) -> Iterator[models.Model]:
    yield from item.record._state.fields_cache.values()
    for records in item.relations.values():
        yield from records


def _missing(
    model: type[models.Model], items: Iterable[Item], spoken: set[int], prefix: str, file: str
) -> Iterator[Problem]:
    """Records of the kind a file speaks for that it does not hold. They are reported, never deleted."""
    spoken |= {item.record.pk for item in items if item.draft.model is model and item.record.pk}
    records = model._default_manager.all()
    if prefix:
        records = records.filter(slug__startswith=prefix)
    for part in chunks(pk for pk in records.order_by("pk").values_list("pk", flat=True) if pk not in spoken):
        rows = model._default_manager.filter(pk__in=part)
        for record in rows.select_related(*model.named_by) if model.named_by else rows:  # type: ignore[attr-defined]
            yield Problem(
                "missing",
                Place(file),
                "",
                str(record),
                _("It is in the directory but not in the file; it stays as it is."),
            )
