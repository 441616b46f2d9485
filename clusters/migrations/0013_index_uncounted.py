"""Forget what was counted of the search index on SQLite: it made every write to the index read all of it."""

from django.db import migrations


def forget(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")
        if cursor.fetchone():
            # This connection, which may make the index anew in a moment, keeps what it is told until it is told more.
            cursor.execute(
                "UPDATE sqlite_stat1 SET stat = '1000000' || substr(stat, instr(stat || ' ', ' '))"
                " WHERE tbl LIKE 'clusters_search%%'",
                [],
            )
            cursor.execute("ANALYZE sqlite_schema")
            cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl LIKE 'clusters_search%%'", [])


class Migration(migrations.Migration):
    dependencies = [("clusters", "0012_office_edition")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
