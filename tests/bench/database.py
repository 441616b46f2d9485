"""The database that is measured: one of its own on the PostgreSQL server of DATABASE_URL, or SQLite in a folder."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg


@contextmanager
def scratch() -> Iterator[str]:
    """The address of an empty database that is gone afterwards; empty itself for SQLite, which needs none."""
    server = urlsplit(os.environ.get("DATABASE_URL", ""))
    if server.scheme not in ("postgres", "postgresql"):
        yield ""
        return
    name = f"clusters_bench_{secrets.token_hex(6)}"
    tell(server.geturl(), f"CREATE DATABASE {name}")
    try:
        yield server._replace(path=f"/{name}").geturl()
    finally:
        tell(server.geturl(), f"DROP DATABASE {name} WITH (FORCE)")


def tell(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
