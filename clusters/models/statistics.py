"""What the database knows about how its rows are spread, by which it chooses its way to them."""

from typing import Any

from django.apps import apps
from django.db import connection

# From so many written records on the old knowledge misleads. PostgreSQL refreshes it by itself, but a minute late.
MANY = 1000
INDEX = "clusters_search%"  # tables


def refresh() -> None:
    """Count anew, after many records were written; half a second for 100,000 companies.

    All rows are looked at. From a sample SQLite takes "published" for a rare value.
    """
    models = apps.get_app_config("clusters").get_models(include_auto_created=True)
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in tables:
                cursor.execute(f"ANALYZE {table}")
            # The tables within the index are not ours to count: a plain ANALYZE while they were small had made
            # every write to the index read all of it. This connection keeps what it is told until it is told more.
            cursor.execute(
                "UPDATE sqlite_stat1 SET stat = '1000000' || substr(stat, instr(stat || ' ', ' '))"
                " WHERE tbl LIKE %s",
                [INDEX],
            )
            cursor.execute("ANALYZE sqlite_schema")
            cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl LIKE %s", [INDEX])
        else:
            cursor.execute(f"ANALYZE {', '.join(tables)}")


def compile_nothing(connection: Any, **kwargs) -> None:
    """Keep PostgreSQL from compiling a statement that it expects to be long.

    It expects so of those that count what needs attention, and compiles for seconds what takes a tenth of one.
    """
    if connection.vendor == "postgresql":
        connection.connection.execute("SET jit = off")
