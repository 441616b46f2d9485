"""The conditions by which changes are chosen, as the address holds them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clusters.curation import correctable
from clusters.curation.telling import kinds
from clusters.curation.telling.reading import Question
from clusters.dates import SEOUL, PartialDate
from clusters.directory.fields import SHOWN_OF_A_BAD_VALUE, CodesField, OnceField, cleaned
from clusters.models import Company, District, Institution, Program, Record, Redirect

FIRST_YEAR, LAST_YEAR = 2000, 9998
PROFILES: dict[str, type[Any]] = {
    "district": District,
    "company": Company,
    "institution": Institution,
    "program": Program,
}


class RecordField(OnceField):
    """A record with a profile, such as company:naver; an old address name leads to the present one."""

    def parse(self, text: str) -> Any:
        kind, _sign, slug = text.partition(":")
        found = find(kind, slug) if kind in PROFILES else None
        if found is None:
            raise ValidationError(_bad(text))
        return found


class DistrictField(OnceField):
    def __init__(self, districts: dict[str, District]) -> None:
        super().__init__()
        self.districts = districts

    def parse(self, text: str) -> District:
        if text not in self.districts:
            raise ValidationError(_bad(text))
        return self.districts[text]


class MomentField(OnceField):
    """A day in Seoul, from its beginning; `exactly` also takes a moment, as the addresses of older changes have it."""

    def __init__(self, *, exactly: bool = False) -> None:
        super().__init__()
        self.exactly = exactly

    def parse(self, text: str) -> datetime:
        try:
            if not text.isascii() or len(text) not in ((10, 26) if self.exactly else (10,)):
                raise ValueError
            found = datetime.strptime(text, "%Y-%m-%d" if len(text) == 10 else "%Y-%m-%dT%H:%M:%S.%f")
            if not FIRST_YEAR <= found.year <= LAST_YEAR:
                raise ValueError
        except ValueError:
            raise ValidationError(_("Write the day as 2026-09-01. This condition was not applied.")) from None
        return found.replace(tzinfo=SEOUL)


def _bad(text: str) -> str:
    return _("There is no such value: %(value)s. This condition was not applied.") % {
        "value": text[:SHOWN_OF_A_BAD_VALUE]
    }


def find(kind: str, slug: str) -> Record | None:
    """The published record at an address, or at the one that it has now."""
    if len(slug) > 80 or "\x00" in slug:
        return None
    published = PROFILES[kind].objects.published()
    found = published.filter(slug=slug).first()
    if found is None:
        moved = Redirect.objects.filter(kind=kind, old_slug=slug).values("new_slug")[:1]
        found = published.filter(slug__in=moved).first()
    return found


@dataclass
class Asked:
    """The conditions as the address puts them, and what was wrong with it, by parameter."""

    districts: list[District]
    given: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def question(self) -> Question:
        return Question(
            models=tuple(kinds.BY_CODE[code] for code in self.given.get("kind", ())),
            record=self.given.get("record"),
            district=self.given.get("district"),
            since=self.given.get("since"),
            before=self.given.get("before"),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.given.keys() - {"before"})

    def pairs(self) -> Iterator[tuple[str, str, str, str]]:
        """The conditions: each parameter and value, in words, and the mark of a district."""
        if record := self.given.get("record"):
            yield "record", correctable.key(record), str(record), ""
        if district := self.given.get("district"):
            yield "district", district.slug, str(district), district.mark
        for code in self.given.get("kind", ()):
            yield "kind", code, capfirst(kinds.label(kinds.BY_CODE[code])), ""
        if since := self.given.get("since"):
            day = PartialDate(f"{since:%Y-%m-%d}")
            yield "since", str(day), _("since %(day)s") % {"day": day.display()}, ""

    def address(
        self, suffix: str = "", *, without: tuple[str, str] | None = None, before: datetime | None = None
    ) -> str:
        """The address of these conditions from the newest change on, or from `before`."""
        query = [(name, value) for name, value, *_words in self.pairs() if (name, value) != without]
        if before is not None:
            query.append(("before", f"{before.astimezone(SEOUL):%Y-%m-%dT%H:%M:%S.%f}"))
        return reverse(f"changes{suffix}") + (f"?{urlencode(query, safe=':')}" if query else "")

    def chips(self) -> list[tuple[str, str, str]]:
        """Each condition in words, the address without it, and the mark of a district."""
        return [
            (words, self.address(without=(name, value)), mark) for name, value, words, mark in self.pairs()
        ]


def asked(parameters) -> Asked:
    districts = list(District.objects.published().order_by("order", "slug"))
    fields = {
        "record": RecordField(),
        "district": DistrictField({district.slug: district for district in districts}),
        "kind": CodesField(facet=SimpleNamespace(options=kinds.BY_CODE)),
        "since": MomentField(),
        "before": MomentField(exactly=True),
    }
    given, errors = cleaned(fields, parameters)
    return Asked(districts, given, errors)
