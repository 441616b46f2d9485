"""A list as an Atom feed: the same rows as the page, those that changed last first unless another order was asked for."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from clusters import atom
from clusters.models import Event, Program
from clusters.programs import deadlines, moves

from .found import KINDS
from .registry import Directory
from .selection import Selection

NEWEST_FIRST, ENTRIES = "-updated", 50


def selection(directory: Directory, params: QueryDict, data_version: int | None = None) -> Selection:
    return Selection(
        directory, params, data_version=data_version, usual_sort=NEWEST_FIRST, usual_length=ENTRIES
    )


def feed(of: Selection, *, site: str, name: str, rights: str, rights_url: str) -> bytes:
    """One page of the list; `site` is the site's address, `name` what it is called."""

    def absolute(address: str) -> str:
        return site + address

    directory, records = of.directory, of.page_rows
    news = NEWS.get(directory.name, _nothing)(records, of.now)
    kind = (directory.model._meta.model_name or "", str(KINDS[directory.model]))
    asked = of.address(suffix=".atom").partition("?")[2]
    page, last = of.page, of.last_page
    return atom.written(
        atom.Feed(
            # The same list in both languages is two feeds: their entries read differently.
            id=atom.tag(site, of.language, directory.name + (f"?{asked}" if asked else "")),
            title=f"{of.caption} | {name}",
            subtitle=of.announcement,
            language=of.language,
            author=name,
            url=absolute(of.address(suffix=".atom", page=page if page > 1 else None)),
            page=absolute(of.address(per_page=None)),
            rights=rights,
            rights_url=rights_url,
            next=absolute(of.address(suffix=".atom", page=page + 1)) if page < last else "",
            previous=absolute(of.address(suffix=".atom", page=page - 1)) if page > 1 else "",
        ),
        [_entry(record, of, kind, news.get(record.pk, []), site) for record in records],
    )


def last_change(record: Any, directory: Directory) -> datetime:
    """When a row last changed: the record, or what of it shows in its row."""
    parts = getattr(record, directory.parts, []) if directory.parts else []
    return max(record.updated_at, *(part.updated_at for part in parts)) if parts else record.updated_at


def _entry(record: Any, of: Selection, kind: tuple[str, str], news: list[str], site: str) -> atom.Entry:
    directory = of.directory
    return atom.Entry(
        id=atom.tag(site, of.language, directory.name, record.slug),
        title=str(getattr(record, directory.heading)),
        url=site + record.get_absolute_url(),
        updated=last_change(record, directory),
        published=record.created_at,
        summary="\n".join([*news, str(getattr(record, directory.subtitle))]).strip(),
        kind=kind,
    )


# ---- what an entry says before the line that describes its record ------------------------------------


def _nothing(records: Sequence[Any], now: datetime) -> dict[int, list[str]]:
    return {}


def _of_programs(programs: Sequence[Program], now: datetime) -> dict[int, list[str]]:
    """The deadline that matters now, and how the dates of the calls moved, the latest move first."""
    calls = [call for program in programs for call in program.public_calls]  # type: ignore[attr-defined]
    moved = moves.of_calls(calls)
    found = {}
    for program in programs:
        told = []
        for call in program.public_calls:  # type: ignore[attr-defined]
            words: dict[str, Any] = {"closes_at": _("closing"), "opens_at": _("opening")}
            for name, label in words.items():
                told += [(move.when, call.label, label, move) for move in moved[call.pk][name]]
        told.sort(key=lambda one: one[0], reverse=True)
        current = deadlines.current_call(program.public_calls, now)  # type: ignore[attr-defined]
        lines = [
            _("%(call)s: %(what)s %(before)s → %(after)s (noted %(when)s)")
            % {
                "call": label,
                "what": what,
                "before": moves.short(move.before),
                "after": moves.short(move.after),
                "when": moves.short(move.when)[:10],
            }
            for _when, label, what, move in told
        ]
        if current is not None:
            deadline = deadlines.describe(current, now)
            lines.append(f"{current.label}: {deadline.words or deadline.label}")
        found[program.pk] = lines
    return found


def _of_events(events: Sequence[Event], now: datetime) -> dict[int, list[str]]:
    found = {}
    for event in events:
        days = [f"{day:%Y-%m-%d}" for day in (event.starts_on, event.ends_on) if day]
        found[event.pk] = [" ~ ".join(dict.fromkeys(days))] if days else []
    return found


NEWS: dict[str, Callable[[Sequence[Any], datetime], dict[int, list[str]]]] = {
    "programs": _of_programs,
    "events": _of_events,
}
