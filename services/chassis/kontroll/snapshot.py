"""One frozen view of a service's database, which the database itself keeps from being written to.

Guarantees that a check cannot disturb what it looks at: every transaction is READ ONLY (only
temporary tables can be written), takes no lock that a writer waits for, and sees one and the same
commit from beginning to end. Rows come through a cursor on the server, so that a table of any
length takes the same memory.

Whoever checks connects as the service's stream role: the least of the roles that there are which
sees every kommun. (The API's role sees one kommun, the owner may change tables, the administrator
anything.) What that role may write is shut by READ ONLY.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import psycopg

from services.chassis.streams.builds import PATH_SQL

BATCH = 2_000
"""Rows fetched at a time."""


def connect(conninfo: str) -> psycopg.Connection[Any]:
    """A connection in autocommit mode that names itself in the server's list."""
    return psycopg.connect(
        conninfo, autocommit=True, connect_timeout=10, application_name="dygn-kontrollera"
    )


class Snapshot:
    """A read-only view of one database; statements run on ``connection``."""

    def __init__(
        self, conninfo: str, connection: psycopg.Connection[Any], name: str, path: str
    ) -> None:
        self.connection = connection
        self._conninfo = conninfo
        self._name = name
        self._path = path

    def rows(self, query: str, params: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows, fetched as they are asked for."""
        with self.connection.cursor(f"kontroll_{uuid4().hex}", binary=True) as cursor:
            cursor.itersize = BATCH
            cursor.execute(query.encode(), params)
            yield from cursor

    def one(self, query: str, params: Sequence[object] = ()) -> Any:
        """The one value of a query that gives one."""
        row = self.connection.execute(query.encode(), params).fetchone()
        assert row is not None
        return row[0]

    @contextlib.contextmanager
    def beside(self) -> Iterator["Beside"]:
        """A second connection, whose transactions see the same commit."""
        with connect(self._conninfo) as connection:
            use_path(connection, self._path, "false")
            yield Beside(connection, self._name)


class Beside:
    """Short read-only transactions in the view of a snapshot, with temporary tables of its own."""

    def __init__(self, connection: psycopg.Connection[Any], name: str) -> None:
        self.connection = connection
        self._name = name

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction; its end empties the temporary tables that are made so."""
        self.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            self.connection.execute(f"SET TRANSACTION SNAPSHOT '{self._name}'".encode())
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            if not self.connection.closed:
                self.connection.execute("ROLLBACK")
            raise


def use_path(connection: psycopg.Connection[Any], path: str, local: str) -> None:
    """See the tables of this search path; ``local`` ('true'): in this transaction."""
    connection.execute("SELECT set_config('search_path', %s, %s)", (path, local))


@contextlib.contextmanager
def snapshot(
    conninfo: str, *, temporary: Sequence[str] = (), views: str | None = None
) -> Iterator[Snapshot]:
    """The view as of now, until the context ends; ``temporary`` are statements run before it.

    ``views`` is the version of the views to look at; where that has none, those are seen that are
    read by another version.
    """
    with connect(conninfo) as connection:
        for statement in temporary:
            connection.execute(statement.encode())
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        path = "public" if views is None else _path(connection, views)
        use_path(connection, path, "true")
        try:
            yield Snapshot(conninfo, connection, row[0], path)
        finally:
            if not connection.closed:
                connection.execute("ROLLBACK")


def _path(connection: psycopg.Connection[Any], views: str) -> str:
    row = connection.execute(
        f"SELECT coalesce({PATH_SQL}, (SELECT quote_ident(schema) || ', public'"
        " FROM public.vybygge WHERE lage = 'aktiv' ORDER BY aktiv_sedan DESC LIMIT 1), 'public')",
        (views,),
    ).fetchone()
    assert row is not None
    return str(row[0])
