"""The tests' database, kept as it stood at some moment and brought back to it: `Keeper`.

What takes long to make is made once by each worker. On SQLite a copy of the file is kept, on
PostgreSQL a database beside it. Nothing here may be called within a transaction.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from django.db import connection


class Keeper:
    """Copies of the database by name; the first is of what the migrations left."""

    def __init__(self) -> None:
        self._database = str(connection.settings_dict["NAME"])
        self._made: dict[str, Any] = {}
        self.as_migrated()

    def as_migrated(self) -> None:
        self.stand("as migrated", lambda: None)

    def stand(self, name: str, make: Callable[[], Any]) -> Any:
        """Put the database where `make` leaves it, and give what `make` gave.

        The first call of a name makes it, from what the database is then; later ones bring it back.
        """
        if name in self._made:
            _copy(self._copy_of(name), self._database)
        else:
            self._made[name] = make()
            _copy(self._database, self._copy_of(name))
        return self._made[name]

    def leave(self) -> None:
        """Take the copies off the server."""
        for name in self._made:
            _drop(self._copy_of(name))

    def _copy_of(self, name: str) -> str:
        return f"{self._database} {name}"


def _copy(source: str, target: str) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        # Not as a file: the browser's server may still be reading it.
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            new.execute("PRAGMA synchronous = OFF")
            old.backup(new)
        return
    _drop(target)
    _tell_server(f"CREATE DATABASE {_quoted(target)} TEMPLATE {_quoted(source)}")


def _drop(name: str) -> None:
    if connection.vendor == "postgresql":
        _tell_server(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


def _tell_server(command: str) -> None:
    """Neither what is copied nor what is replaced may be in use meanwhile."""
    connection.close_pool()
    with connection._nodb_cursor() as cursor:
        cursor.execute(command)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
