"""What the comparison says of districts: every row with its words, its cells, and bars where the values allow them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clusters.models import Indicator, PathStep

from . import holdings
from .alignment import Aligned, Kind, align
from .cells import Cell, Group, Row, Table, listed, row_of, said
from .comparability import bars, explain
from .profile import Gathered, Profile

CAPITAL_AREA = {"seoul", "gyeonggi", "incheon"}


def tables(gathered: Gathered) -> list[Table]:
    """The tables of districts side by side, in the reader's language."""
    profiles = gathered.profiles
    return [
        Table(
            "facts",
            _("Figures side by side"),
            _("Character, indicators, and what this directory lists"),
            [_identity(profiles), *_topics(profiles), holdings.in_directory(profiles)],
        ),
        Table(
            "mix",
            _("Who and what is there"),
            _("Technologies, industries, companies, institutions and programs"),
            holdings.mixes(gathered),
            _(
                "Counted among the records of this directory, not among all that exist. A bar is the share within"
                " the district; the longest share of each group fills the width."
            ),
        ),
        Table(
            "findings",
            _("Claims, strengths and weaknesses"),
            _("What is said of the districts, and what we found"),
            [holdings.claims(profiles), holdings.traits(profiles)],
        ),
    ]


def _yes(answer: bool) -> str:
    return pgettext("answer", "Yes") if answer else pgettext("answer", "No")


def _path(profile: Profile) -> str:
    district = profile.district
    if not district.path_start or not district.path_end:
        return _("Not judged yet")
    steps = [str(PathStep(step).label) for step in dict.fromkeys((district.path_start, district.path_end))]
    return " → ".join(steps)


def _identity(profiles: Sequence[Profile]) -> Group:
    row, judged = row_of(profiles), _("Editorial judgment")
    return Group(
        "identity",
        _("Character"),
        [
            row("role", _("Role"), lambda p: said(p.district.role), judged),
            row(
                "path", _("From research to market"), lambda p: said(_path(p), p.district.path_label), judged
            ),
            row(
                "municipality",
                _("Municipality"),
                lambda p: said(p.district.municipality, str(p.district.province)),
            ),
            row("in_seoul", _("In Seoul"), lambda p: said(_yes(p.district.in_seoul))),
            row(
                "capital_area",
                _("In the capital area"),
                lambda p: said(_yes(p.district.province.slug in CAPITAL_AREA)),
            ),
            row(
                "managing_body",
                _("Managing body"),
                lambda p: said(p.district.managing_body, source=p.district.public_source),
            ),
            row("stations", _("Stations"), lambda p: listed(p.stations), form="stations"),
        ],
    )


def _topics(profiles: Sequence[Profile]) -> list[Group]:
    measures = [profile.measures for profile in profiles]
    known = {
        (number, measure.indicator.pk): {line.slug for line in measure.lines}
        for number, district in enumerate(measures)
        for measure in district
    }
    aligned = align(measures)
    groups = []
    for topic, title in Indicator._meta.get_field("topic").flatchoices:
        found = [row for row in aligned if row.indicator.topic == topic]
        rows = [_indicator_row(row, aligned, known) for row in found]
        groups.append(Group(topic, str(title), sorted(rows, key=lambda row: row.folded)))
    return groups


def _indicator_row(row: Aligned, aligned: Sequence[Aligned], known: dict[tuple[int, int], set[str]]) -> Row:
    siblings = [other for other in aligned if other.indicator.pk == row.indicator.pk]
    latest = siblings[-1] is row
    values = [placed.value if placed else None for placed in row.placed]
    drawn = bars(values)
    cells = []
    for number, (placed, bar) in enumerate(zip(row.placed, drawn, strict=True)):
        if placed is None:
            note = _("no value in this survey") if row.kind is Kind.SURVEY else _("no public survey found")
            cells.append(Cell(gap="not_surveyed", note=note))
            continue
        shown = {other.placed[number].line.slug for other in siblings if other.placed[number]}  # type: ignore[union-attr]
        further = len(known[number, row.indicator.pk] - shown) if latest else 0
        cells.append(Cell(placed=placed, bar=bar, further=further))
    sub = ""
    if row.kind is Kind.SURVEY:
        survey = row.known[0].line.survey
        sub = _("Same survey: %(survey)s") % {"survey": survey}
    elif row.kind is Kind.LATEST and len(siblings) > 1:
        sub = _("Latest value of each district")
    return Row(
        f"{row.indicator.slug}-{siblings.index(row) + 1}" if len(siblings) > 1 else row.indicator.slug,
        row.indicator.name,
        cells,
        "figure",
        sub,
        why=explain([placed.value for placed in row.known]),
        folded=row.kind is Kind.SINGLE,
    )
