"""The site itself: its pages answer, what was collected and compiled is up to date, and the search finds what is there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import get_commands
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext as _

from clusters.curation import fixtures
from clusters.directory.registry import DIRECTORIES
from clusters.models import LinkCheck, SyncRun, SyncState

from .findings import Finding, error, note, ok, warning

OWN_FILES = Path(settings.BASE_DIR) / "clusters" / "static"


def static_files() -> Iterator[Finding]:
    if settings.DEBUG:
        return
    stale = [
        name
        for path in sorted(OWN_FILES.rglob("*"))
        if path.is_file() and not _is_collected(name := path.relative_to(OWN_FILES).as_posix(), path)
    ]
    if stale:
        yield error(
            "static-files",
            _("These files are not collected, or older than their source: %(names)s")
            % {"names": ", ".join(stale[:5])},
            _("Run manage.py collectstatic --noinput, and restart the site."),
        )
    else:
        yield ok("static-files", str(settings.STATIC_ROOT))


def _is_collected(name: str, source: Path) -> bool:
    try:
        staticfiles_storage.url(name)
        collected = Path(settings.STATIC_ROOT) / name
        return collected.read_bytes() == source.read_bytes()
    except (OSError, ValueError):  # the manifest knows no such file
        return False


def translations() -> Iterator[Finding]:
    """Words of our own and of the admin come out in Korean."""
    with translation.override("ko"):
        said = [translation.gettext("Published"), translation.gettext("Log out")]
    if all(any("가" <= character <= "힣" for character in word) for word in said):
        yield ok("translations", ", ".join(said))
    else:
        yield error(
            "translations",
            _("Korean texts come out in English: %(words)s") % {"words": ", ".join(said)},
            _("Restore clusters/locale/ko/LC_MESSAGES/django.mo, or run make messages."),
        )


def pages() -> Iterator[Finding]:
    """The first page in both languages, as a visitor would ask for it."""
    for path in ("/", "/en/", "/healthz"):
        answer = _ask(path)
        if answer.status_code != 200:
            yield error(
                "pages",
                _("%(path)s answers with HTTP status %(status)d.")
                % {"path": path, "status": answer.status_code},
                _("The findings above may say why; else look into the log of the site."),
            )
            return
    yield ok("pages", "/, /en/, /healthz")


def _ask(path: str, **asked: str):
    """An answer of the site, given in this process, to a visitor who came by its public address."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    client = Client(raise_request_exception=False, SERVER_NAME=host)
    forwarded = {"X-Forwarded-Proto": "https"} if settings.SITE_IS_HTTPS else {}
    return client.get(path, asked, secure=settings.SITE_IS_HTTPS, headers=forwarded)


def search() -> Iterator[Finding]:
    """In every directory the newest published record is found by its own name."""
    lost, tried = [], 0
    for entry in DIRECTORIES:
        record = cast("Any", entry.model).objects.published().order_by("-pk").first()
        name = record and (getattr(record, "name_ko", "") or getattr(record, "title", ""))
        if not name:
            continue
        tried += 1
        answer = _ask(f"/{entry.name}.json", q=name[:80], per_page="100")
        found = answer.json()["results"] if answer.status_code == 200 else []
        if not any(one["slug"] == record.slug for one in found):
            lost.append(f"{entry.name}: {name[:80]}")
    if lost:
        yield error(
            "search",
            _("The search does not find what is published: %(names)s") % {"names": "; ".join(lost)},
            _("Run manage.py rebuild_search.")
            if "rebuild_search" in get_commands()
            else _("Look into the log of the site for what the search says."),
        )
    elif tried:
        yield ok("search", _("Found by name, in directories: %(number)d") % {"number": tried})
    else:
        yield note(
            "search",
            _("Nothing is published, so there is nothing to find."),
            "manage.py load_fixtures --if-empty",
        )


def upkeep() -> Iterator[Finding]:
    """Whether the commands that cron should run do run."""
    if fixtures.directory_is_empty():
        return
    checked = LinkCheck.objects.order_by("-checked_at").first()
    if checked is None:
        yield note(
            "links", _("No link has been checked yet."), _("Run manage.py check_links from cron, once a day.")
        )
    else:
        yield ok("links", f"{checked.checked_at:%Y-%m-%d}")
    for run in SyncRun.objects.latest_of_each_portal():
        if run.state in (SyncState.ALARM, SyncState.FAILED):
            yield warning(
                "sync",
                f"{run}: {run.message}"[:300],
                _("Run manage.py sync %(portal)s by hand and see what it says.") % {"portal": run.portal},
            )
        else:
            yield ok("sync", str(run))


CHECKS = (static_files, translations, pages, search, upkeep)
