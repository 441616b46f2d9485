"""Which stored record a draft speaks of: by key, or by a name that an address or telephone confirms; a name alone only suggests."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from clusters.models import Company

from .drafts import Draft, Ref
from .lookup import Names, by_slug, confirmed_by_office, given_up, simple, stored_by
from .planned import Planned


class Matches:
    """Stored records of drafts, and the drafts that speak of the same record as an earlier one."""

    def __init__(self) -> None:
        self.stored: dict[Draft, models.Model] = {}
        self.made: dict[Draft, models.Model] = {}
        self.same: dict[Draft, Draft] = {}
        self.related: dict[Ref, models.Model] = {}
        self.first: dict[tuple, Draft] = {}
        self.slugs: dict[tuple, str] = {}
        self.planned: dict[type[models.Model], Planned] = {}
        self._names: dict[type[models.Model], Names] = {}

    def names(self, model: type[models.Model]) -> Names:
        if model not in self._names:
            self._names[model] = Names(model)
        return self._names[model]

    def resolve(self, value: Any) -> Any:
        """A reference as the record it names, which is stored or made by this import; None where there is none."""
        if isinstance(value, Ref):
            if found := self.related.get(value):
                return found
            if (planned := self.planned.get(value.model)) and (record := planned.named_by(value.slug)):
                return record
            value = self.first.get((value.model, ("slug",), (value.slug,)))
        while isinstance(value, Draft) and value in self.same:
            value = self.same[value]
        if isinstance(value, Draft):
            return self.stored.get(value) or self.made.get(value)
        return value

    def shown(self, field: Any, value: Any, given: Any = None) -> str:
        """A plain value in words: codes for related records; `given` tells those that are not stored yet."""
        if field.is_relation:
            pks = value if isinstance(value, list) else [] if value is None else [value]
            named = given if isinstance(given, list) else [given]
            new = [
                one.slug
                for one in named
                if isinstance(one, Ref) and getattr(self.resolve(one), "pk", None) is None
            ]
            return ";".join([*(self._slug(field.related_model, pk) for pk in pks if pk), *new])
        if isinstance(value, list):
            return ";".join(map(str, value))
        return "" if value is None else str(value)

    def _slug(self, model: Any, pk: Any) -> str:
        if (model, pk) not in self.slugs:
            self.slugs[model, pk] = getattr(model._default_manager.filter(pk=pk).first(), "slug", str(pk))
        return self.slugs[model, pk]

    def find(self, model: type[models.Model], drafts: list[Draft]) -> None:
        """Match the drafts of one kind. Kinds they refer to are matched before."""
        refs = [
            v
            for d in drafts
            for v in [*d.values.values(), *d.defaults.values()]
            for v in (v if isinstance(v, list) else [v])
            if isinstance(v, Ref)
        ]
        self.related.update(by_slug(set(refs) - self.related.keys()))
        _follow_moves(model, drafts)
        for names in dict.fromkeys(names for draft in drafts for names in draft.keys):
            self._by_key(
                model, names, [draft for draft in drafts if names in draft.keys and draft not in self.same]
            )
        self._by_name(model, [d for d in drafts if d.by_name and d not in self.stored and d not in self.same])

    def _by_key(self, model: type[models.Model], names: tuple[str, ...], drafts: list[Draft]) -> None:
        waiting: dict[tuple, list[Draft]] = defaultdict(list)
        for draft in drafts:
            key = self._key(model, draft, names)
            if key is None:
                continue
            earlier = self.first.setdefault((model, names, key), draft)
            if earlier is draft:
                if draft not in self.stored:
                    waiting[key].append(draft)
            else:
                self.same[draft] = earlier
        for key, found in stored_by(model, names, set(waiting)).items():
            for draft in waiting[key]:
                if len(found) == 1:
                    self.stored[draft] = found[0]
                else:
                    draft.complain(
                        names[-1], _("Several records have this key."), _("Correct the records first.")
                    )

    def _key(self, model: type[models.Model], draft: Draft, names: tuple[str, ...]) -> tuple | None:
        """The draft's values of the key; None where it has none to be known by."""
        wrong = {problem.column for problem in draft.problems if problem.kind == "error"}
        key = []
        for name in names:
            given = draft.match.get(name, draft.values.get(name, draft.defaults.get(name)))
            value = self.resolve(given)
            field: Any = model._meta.get_field(name)
            if draft.column(name) in wrong or (value is None and given is not None):
                return None
            if value in (None, "") and (len(names) == 1 or not field.blank):
                return None
            key.append(("" if not field.null else None) if value is None else simple(value))
        return tuple(key)

    def _by_name(self, model: type[models.Model], drafts: Iterable[Draft]) -> None:
        drafts = list(drafts)
        if not drafts:
            return
        names = self.names(model)
        alike = {draft: names.like(draft.values.get("name_ko", "")) for draft in drafts}
        alike = {draft: pks for draft, pks in alike.items() if pks}
        confirmed = confirmed_by_office(drafts, alike) if model is Company else {}
        records = model._default_manager.in_bulk({pk for pks in alike.values() for pk in pks})
        for draft, pks in alike.items():
            if draft in confirmed:
                self.stored[draft] = records[confirmed[draft]]
                continue
            others = ", ".join(f"{records[pk]} ({records[pk].slug})" for pk in sorted(pks))  # type: ignore[attr-defined]
            draft.complain(
                "name_ko",
                _(
                    "The directory has a record with this name: %(records)s. The name alone does not prove it is the same."
                )
                % {"records": others},
                _("Give its key in the file, or a reason if it is another one."),
                kind="suspicious",
            )


def _follow_moves(model: type[models.Model], drafts: Iterable[Draft]) -> None:
    """A row that names a record by a code name it no longer has, or that was merged away, means the present one."""
    named = [draft for draft in drafts if ("slug",) in draft.keys and "slug" in draft.values]
    moved = given_up(model) if named else {}
    for draft in named:
        if now := moved.get(draft.values["slug"]):
            draft.complain(
                "slug",
                _("This address name was given up; the row is taken for “%(slug)s”.") % {"slug": now},
                kind="note",
            )
            draft.values["slug"] = now
