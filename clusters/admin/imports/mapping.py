"""The second page: what was recognized, and how the columns become records; proposed here, settled by a curator."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clusters.curation.importing import looking, profiles, saved_profiles
from clusters.curation.importing.looking import Choice, Look, SeenTable
from clusters.curation.importing.mapping import (
    NOTHING,
    Column,
    Mapping,
    body_of,
    meanings,
    offers,
    propose,
    required_choices,
    stored_words,
    targets,
    unknown_values,
)
from clusters.curation.importing.mapping.offers import converters, model_named
from clusters.curation.importing.profiles import Profile
from clusters.curation.importing.reading import UnreadableFile
from clusters.curation.importing.uploads import background, steps, storing
from clusters.models import SavedProfile, Source, Upload, UploadState

from .access import go_on, is_current, moved_on, needs, page, upload_at
from .settling import MOST_VALUES, Settled, read

SHOWN_SOURCES = 500


def propose_for(upload: Upload, seen: Look) -> dict[str, Any]:
    """The choices to begin with: by profile where every table has one, else a mapping of our own."""
    known = saved_profiles.known()
    strangers = [table for table in seen.tables if not _recognized(table, known)]
    table = (strangers or seen.tables)[:1]
    mapping = Mapping(name=_name(upload))
    if table:
        mapping = propose(table[0], known, name=_name(upload))
    return {"profile": steps.OWN if strangers else "", "mapping": mapping.as_json()}


def _name(upload: Upload) -> str:
    return f"upload-{upload.folder.rpartition('-')[2][:6]}"


def _recognized(table: SeenTable, known: dict[str, Profile]) -> str:
    """How a table is read without being told: as a kind of record of the canonical format, or by a profile."""
    if table.canonical:
        model = model_named(table.canonical)
        return _("canonical format, %(kind)s") % {"kind": model._meta.verbose_name_plural if model else ""}
    best = profiles.best_for(table.as_table(), known)
    return best.title if best else ""


@needs("import_data")
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    upload = upload_at(pk)
    if upload.is_working or upload.state == UploadState.APPLIED:
        return go_on(upload)
    seen = Look.from_json(storing.read_json(upload, "look.json") or {})
    known = saved_profiles.known()
    settled = Settled.of(upload, seen)
    if request.method == "POST":
        if not is_current(request, upload):
            return moved_on(request, upload)
        settled = read(request.POST, upload, seen, known, request.user)
        step = request.POST.get("step", "")
        if step == "look":
            answer = _look_again(request, upload, settled)
        elif step == "propose":
            answer = _propose(upload, seen, settled, known)
        elif step == "save":
            answer = _save(request, upload, settled)
        else:
            answer = _rehearse(request, upload, seen, settled)
        if answer is not None:
            return answer
    return page(
        request,
        "mapping",
        _("Map the columns"),
        step="mapping",
        status=200,
        **_context(request, upload, seen, settled, known),
    )


def _here(upload: Upload, **choices: Any) -> HttpResponse | None:
    """Keep what was chosen and show the page anew."""
    return go_on(upload) if steps.move(upload, UploadState.MAPPING, choices=choices) else None


def _look_again(request: HttpRequest, upload: Upload, settled: Settled) -> HttpResponse | None:
    if settled.errors.keys() & {"table", "start_row", "header_rows"}:
        return None
    choice = Choice(settled.table, settled.start_row, settled.header_rows)
    try:
        seen = looking.look(storing.paths_of(upload), choice, count_to=settings.IMPORT_AT_ONCE_UP_TO)
    except UnreadableFile as refusal:
        settled.errors["start_row"] = str(refusal)
        return None
    if not seen.tables:
        settled.errors["table"] = _("There is no such table.")
        return None
    choices = {**upload.choices, **settled.choices(), **propose_for(upload, seen)}
    if not steps.move(upload, UploadState.MAPPING, choices=choices):
        return moved_on(request, upload)
    first = storing.read_json(upload, "tables.json")
    if first is None:  # every table there is, for choosing another one later
        before = Look.from_json(storing.read_json(upload, "look.json") or {})
        storing.write_json(
            upload, "tables.json", [*(table.name for table in before.tables), *before.left_out]
        )
    storing.write_json(upload, "look.json", seen.as_json())
    return go_on(upload)


def _propose(upload: Upload, seen: Look, settled: Settled, known: dict[str, Profile]) -> HttpResponse | None:
    """Columns for the kind of record that was chosen; what else was settled stays."""
    table = settled.own_table(seen)
    if table is None:
        return None
    fresh = propose(table, known, target=settled.mapping.target, name=settled.mapping.name)
    fresh.title, fresh.source = settled.mapping.title, settled.mapping.source
    settled.mapping, settled.profile = fresh, steps.OWN
    return _here(upload, **{**upload.choices, **settled.choices()})


def _save(request: HttpRequest, upload: Upload, settled: Settled) -> HttpResponse | None:
    """Keep the mapping as a profile; the upload is then read by it like any later file of its kind."""
    if not request.user.has_perm("clusters.add_savedprofile"):  # type: ignore[union-attr]
        settled.errors["name"] = _("You may not save profiles.")
    settled.check_mapping()
    name = settled.mapping.name
    if not settled.errors and (
        saved_profiles.is_shipped(name) or SavedProfile.objects.filter(name=name).exists()
    ):
        settled.errors["name"] = _("There is a profile of this name already.")
    if settled.errors:
        return None
    try:
        with transaction.atomic():
            SavedProfile.objects.create(name=name, body=_toml(upload, settled), by=request.user)
    except IntegrityError:
        settled.errors["name"] = _("There is a profile of this name already.")
        return None
    settled.profile = name
    messages.success(request, _("The mapping was saved as the profile “%(name)s”.") % {"name": name})
    return _here(upload, **{**upload.choices, **settled.choices()})


def _toml(upload: Upload, settled: Settled) -> str:
    return saved_profiles.as_toml(body_of(settled.mapping, stored_words(), file=settled.file))


def _rehearse(request: HttpRequest, upload: Upload, seen: Look, settled: Settled) -> HttpResponse | None:
    if settled.profile == steps.OWN:
        settled.check_mapping()
    else:
        settled.forget_mapping_errors()
    if settled.errors:
        return None
    choices = {
        **upload.choices,
        **settled.choices(),
        "by": request.user.pk,
        "language": get_language(),
    }
    if settled.profile == steps.OWN:
        choices["body"] = _toml(upload, settled)
    at_once = not seen.more and seen.rows <= settings.IMPORT_AT_ONCE_UP_TO
    if not background.start(upload, UploadState.REHEARSING, at_once=at_once, choices=choices):
        return moved_on(request, upload)
    return go_on(upload)


def _context(
    request: HttpRequest, upload: Upload, seen: Look, settled: Settled, known: dict[str, Profile]
) -> dict[str, Any]:
    mapping = settled.mapping
    table = settled.own_table(seen)
    recognized = [(one, _recognized(one, known)) for one in seen.tables]
    names = storing.read_json(upload, "tables.json") or [
        *(one.name for one in seen.tables),
        *seen.left_out,
    ]
    return {
        "upload": upload,
        "tables": recognized,
        "notes": seen.notes,
        "names": names if len(names) > 1 else [],
        "settled": settled,
        "errors": settled.errors,
        "source_errors": {
            name.partition(".")[2]: said
            for name, said in settled.errors.items()
            if name.startswith("source.")
        },
        "own": steps.OWN,
        "all_recognized": bool(recognized) and all(name for _one, name in recognized),
        "profiles": _profiles(seen, known),
        "mapping": mapping,
        "table": table,
        "targets": [(model.__name__, capfirst(str(model._meta.verbose_name))) for model in targets()],
        "groups": _groups(mapping.target),
        "converters": converters().items(),
        "columns": _columns(table, settled) if table else [],
        "nothing": NOTHING,
        "needed": [
            (
                field,
                capfirst(str(field.verbose_name)),
                settled.errors.get(f"defaults.{field.name}"),
                mapping.defaults.get(field.name, ""),
            )
            for field in required_choices(mapping.target)
        ],
        "sources": Source.objects.order_by("-pk").values_list("slug", "title")[:SHOWN_SOURCES],
        "may_publish": settled.may_publish(request.user),
        "may_save": request.user.has_perm("clusters.add_savedprofile"),  # type: ignore[union-attr]
    }


def _columns(table: SeenTable, settled: Settled) -> list[dict[str, Any]]:
    """Each column with what it fills, what is wrong with that, and the texts nobody knows the meaning of yet."""
    mapping, words = settled.mapping, stored_words()
    fields = {offer.name: offer.field for offer in offers(mapping.target)}
    found = []
    for at, column in enumerate(table.columns):
        chosen = mapping.columns.get(column.name, Column())
        field = fields.get(chosen.field)
        unknown = unknown_values(column, field, words)[:MOST_VALUES]
        said = mapping.values.get(column.name, {})
        found.append(
            {
                "at": at,
                "name": column.name,
                "samples": column.samples,
                "chosen": chosen,
                "error": settled.errors.get(f"columns.{column.name}"),
                "unknown": [(number, text, said.get(text, "")) for number, text in enumerate(unknown)],
                "meanings": meanings(field, words) if unknown else [],
                "left_out": field is not None and field.is_relation,
            }
        )
    return found


def _groups(target: str) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for offer in offers(target):
        groups.setdefault(offer.group, []).append((offer.name, offer.label))
    return list(groups.items())


def _profiles(seen: Look, known: dict[str, Profile]) -> dict[str, list[tuple[str, str]]]:
    """The profiles that know every table's columns, best first, and the others."""
    ranked = []
    for name, profile in known.items():
        fits = [profile.fit(table.as_table()) for table in seen.tables]
        ranked.append((min(fits, default=(0, 0)), name, profile))
    ranked.sort(key=lambda one: (-one[0][0], -one[0][1], one[1]))
    return {
        "fitting": [
            (
                name,
                _("%(title)s: knows its columns %(columns)s")
                % {"title": p.title, "columns": ", ".join(_known(p))},
            )
            for fit, name, p in ranked
            if fit[0]
        ],
        "others": [(name, p.title) for fit, name, p in ranked if not fit[0]],
    }


def _known(profile: Profile) -> list[str]:
    return ["/".join(names[:2]) for names in profile.header[:6]]
