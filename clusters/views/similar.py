"""What a district's profile says of the districts like it: the likeness, and the lists behind each reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters.compare import similar
from clusters.directory import mixes
from clusters.models import District, Station, Status
from clusters.models.district import line_names

ASPECTS: dict[str, Promise] = {
    "technology": _("Technology"),
    "size": _("Company size"),
    "institution": _("Institutions"),
    "support": _("Support"),
    "lines": _("Subway lines"),
    "province": _("Province or city"),
    "nearness": _("Distance"),
}


@dataclass(frozen=True)
class Count:
    """How many of a kind a district has, of how many, and the list of them."""

    district: District
    number: int
    total: int
    address: str


@dataclass(frozen=True)
class Said:
    """A reason as the page gives it."""

    aspect: str
    words: str
    counts: tuple[Count, ...]
    km: int


@dataclass(frozen=True)
class Like:
    district: District
    aspects: list[tuple[Promise, list[Said]]]  # in the same order for every district
    unknown: list[str]  # what could not be compared


def of(
    district: District,
    others: Iterable[District],
    stations: Iterable[Station],
    data_version: int,
    now: datetime,
) -> list[Like] | None:
    """The three districts most like one. None when too little is known of it."""
    language = get_language() or "ko"
    everyone = [district, *others]
    counted = mixes.of_districts(everyone, data_version, language, now)
    lines = _lines(stations)
    held = [_held(one, counted[one.slug], frozenset(lines.get(one.pk, {}))) for one in everyone]
    found = similar.similar(held[0], held[1:])
    if found is None:
        return None
    label = mixes.labels(data_version, language, now)
    called = {line: name for names in lines.values() for line, name in names.items()}
    return [
        Like(
            like.other.district,
            _by_aspect(
                [_said(reason, (district, like.other.district), label, called) for reason in like.reasons]
            ),
            [str(ASPECTS[aspect]) for aspect in like.unknown],
        )
        for like in found
    ]


def _by_aspect(reasons: list[Said]) -> list[tuple[Promise, list[Said]]]:
    sorted_out = [
        (label, [reason for reason in reasons if reason.aspect == aspect])
        for aspect, label in ASPECTS.items()
    ]
    return [(label, said) for label, said in sorted_out if said]


def _held(district: District, counted: dict[str, mixes.Mix], lines: frozenset[str]) -> similar.Held:
    return similar.Held(
        district,
        {name: mix.total for name, mix in counted.items()},
        {name: mix.kinds for name, mix in counted.items()},
        lines,
    )


def _lines(stations: Iterable[Station]) -> dict[int, dict[str, str]]:
    """By district the lines of its stations, known by their Korean name, and what the reader calls them."""
    found: dict[int, dict[str, str]] = {}
    for station in stations:
        if station.status != Status.OUTDATED:
            korean, shown = line_names(station.lines_ko), line_names(str(station.lines))
            names = shown if len(shown) == len(korean) else korean
            found.setdefault(station.district_id, {}).update(zip(korean, names, strict=True))
    return found


def _said(
    reason: similar.Reason,
    pair: tuple[District, District],
    label: Callable[[str, str], str],
    lines: dict[str, str],
) -> Said:
    counts: tuple[Count, ...] = ()
    words = ", ".join(lines[line] for line in reason.lines)
    if reason.kind:
        words = label(reason.aspect, reason.kind)
        directory, parameter = mixes.MIXES[reason.aspect]
        counts = tuple(
            Count(
                one,
                number,
                total,
                f"{reverse(directory)}?{urlencode({'district': one.slug, parameter: reason.kind})}",
            )
            for one, number, total in zip(pair, reason.counts, reason.totals, strict=True)
        )
    return Said(reason.aspect, words, counts, reason.km)
