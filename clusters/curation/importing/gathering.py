"""From files to drafts: reads tables, tells the canonical format from portals' files, and picks their profiles."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from django.utils.translation import gettext as _

from clusters.curation import fixtures

from . import canonical, profiles, saved_profiles
from .drafts import Drafts, Place, Problem
from .looking import EVERYTHING, Choice, opened
from .profiles import Profile
from .reading import Table, UnreadableFile


def gather(
    paths: Iterable[Path],
    *,
    profile: str = "",
    given: Mapping[str, str] | None = None,
    known: Mapping[str, Profile] | None = None,
    choice: Choice = EVERYTHING,
) -> tuple[Drafts, list[str]]:
    """Read files and folders; also gives the names of the profiles used. What cannot be read becomes an error."""
    known = saved_profiles.known() if known is None else known
    result, used = Drafts(), []
    with ExitStack() as open_files:
        for path in paths:
            try:
                reading = open_files.enter_context(opened(path, choice))
                for note in reading.notes:
                    if not _is_empty_fixture(path, note.place):
                        result.problems.append(_noted(note, path.name))
                for table in reading.tables:
                    if name := _take(table, profile, given, known, result):
                        used.append(name)
            except UnreadableFile as refusal:
                place = Place(refusal.file or path.name)
                result.problems.append(Problem("error", place, "", "", refusal.message, refusal.fix))
    return result, list(dict.fromkeys(used))


def _take(
    table: Table, wanted: str, given: Mapping[str, str] | None, known: Mapping[str, Profile], result: Drafts
) -> str:
    chosen = known.get(wanted) if wanted else None
    model = None if chosen else canonical.model_of(table)
    if model is not None:
        canonical.drafts_of(table, model, result)
        return ""
    chosen = chosen or profiles.best_for(table, known)
    if chosen is None:
        names = ", ".join(sorted(known))
        result.problems.append(
            Problem(
                "error",
                Place(table.name, table.first_row),
                "",
                ", ".join(table.columns)[:200],
                _("No profile knows these columns."),
                _("Name one with --profile: %(names)s.") % {"names": names},
            )
        )
        return ""
    if lacking := chosen.lacking(table):
        result.problems.append(
            Problem(
                "error",
                Place(table.name, table.first_row),
                ", ".join(lacking),
                "",
                _("The table lacks columns that the profile %(name)s needs.") % {"name": chosen.name},
                _("Choose another profile, or add the new name of the column to the profile."),
            )
        )
        return ""
    profiles.drafts_of(table, chosen, result, given)
    result.problems += [_noted(note, table.name) for note in table.notes]
    return chosen.name


def _is_empty_fixture(folder: Path, name: str) -> bool:
    """A kind without records has an empty list in a folder of fixtures."""
    fixture = any(name == fixtures.fixture_name(model) for model in fixtures.fixture_models())
    return fixture and (folder / name).is_file() and not (folder / name).read_bytes().strip(b"[] \n")


def _noted(note, file: str) -> Problem:
    return Problem("error" if note.error else "note", Place(file), note.place, "", note.message)
