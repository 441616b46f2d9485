"""The database: reachable, of a version that works, whole, set up as shipped, migrated, and at home in Hangul."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from .findings import Finding, error, ok, warning

GROUPS = {"curator", "editor", "administrator"}
# What settings.py asks of SQLite so that several people can write; 20 seconds are in milliseconds.
PRAGMAS: dict[str, Any] = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 20000, "synchronous": 1}


def _ask(sql: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


def reachable() -> Iterator[Finding]:
    try:
        _ask("SELECT 1")
        version = ".".join(map(str, connection.get_database_version()))
    except DatabaseError as problem:
        yield error(
            "database",
            _("The database does not answer: %(problem)s") % {"problem": str(problem).splitlines()[0][:200]},
            _("Start it, and see that DATABASE_URL or DATA_DIR is right."),
        )
        return
    said = f"{connection.display_name} {version}"
    wanted = connection.features.minimum_database_version
    if wanted and connection.get_database_version() < wanted:
        needed = ".".join(map(str, wanted))
        yield error("database", said, _("Version %(version)s or newer is needed.") % {"version": needed})
    else:
        yield ok("database", said)


def set_up_as_shipped() -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        return
    wrong = []
    for name, wanted in PRAGMAS.items():
        found = _ask(f"PRAGMA {name}")
        enough = found >= wanted if name == "busy_timeout" else found == wanted
        if not enough:
            wrong.append(f"{name} = {found}")
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        wrong.append("transaction_mode")
    if wrong:
        yield error(
            "sqlite",
            _("SQLite is not set up for several people: %(names)s") % {"names": ", ".join(wrong)},
            _(
                "Take the options from config/settings.py; keep the file on a local disk, since network disks "
                "know no WAL."
            ),
        )
    else:
        yield ok("sqlite", "WAL, foreign_keys, IMMEDIATE")


def whole() -> Iterator[Finding]:
    """A quick look for damage; references to rows that are not there are damage too."""
    if connection.vendor == "sqlite":
        found = _ask("PRAGMA quick_check(1)")
        if found != "ok":
            yield error(
                "integrity",
                _("The database file is damaged: %(problem)s") % {"problem": str(found)[:200]},
                _("Stop the site, keep a copy of the file, and restore the last backup."),
            )
            return
        if dangling := _ask("SELECT count(*) FROM pragma_foreign_key_check"):
            yield error(
                "integrity",
                _("%(number)s rows refer to rows that are not there.") % {"number": dangling},
                _("Restore the last backup, or look at PRAGMA foreign_key_check."),
            )
            return
        yield ok("integrity", "quick_check, foreign_key_check")
        return
    if invalid := _ask("SELECT count(*) FROM pg_index WHERE NOT indisvalid"):
        yield error(
            "integrity",
            _("%(number)s indexes are not valid.") % {"number": invalid},
            _("Run REINDEX DATABASE while nobody works."),
        )
    else:
        yield ok("integrity", _("All indexes are valid."))


def at_home_in_hangul() -> Iterator[Finding]:
    encoding = str(_ask("PRAGMA encoding" if connection.vendor == "sqlite" else "SHOW server_encoding"))
    if encoding.replace("-", "").upper() != "UTF8":
        yield error(
            "encoding",
            _("The database stores text as %(encoding)s.") % {"encoding": encoding},
            _("Make a new database with the encoding UTF8, and load a backup into it."),
        )
        return
    text = "판교 ㆍ 테크노밸리 🏙"
    if _ask("SELECT %s", text) != text:
        yield error(
            "encoding",
            _("Hangul comes back from the database changed."),
            _("Set the client encoding of the database to UTF8."),
        )
        return
    yield ok("encoding", _("The database stores Hangul as it is (%(encoding)s).") % {"encoding": encoding})


def migrated() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _back in missing[:5])
        yield error(
            "migrations",
            _("%(number)d migrations are not applied: %(names)s") % {"number": len(missing), "names": names},
            _("Make a backup and run manage.py migrate."),
        )
        return
    unknown = [
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app == "clusters" and (app, name) not in executor.loader.disk_migrations
    ]
    if unknown:
        yield error(
            "migrations",
            _("The database was migrated by a newer version: %(names)s")
            % {"names": ", ".join(sorted(unknown)[:5])},
            _("Install that version again."),
        )
    else:
        yield ok("migrations", _("All migrations are applied."))


def groups_are_there() -> Iterator[Finding]:
    lacking = GROUPS - set(Group.objects.filter(permissions__isnull=False).values_list("name", flat=True))
    if lacking:
        yield warning(
            "groups",
            _("These groups are missing or may do nothing: %(names)s")
            % {"names": ", ".join(sorted(lacking))},
            _("Give them their permissions under Groups; README says what each may do."),
        )
    else:
        yield ok("groups", ", ".join(sorted(GROUPS)))


CHECKS = (reachable, set_up_as_shipped, whole, at_home_in_hangul, migrated, groups_are_there)
