"""Builds: which schema holds the views of a version, and how a connection comes to see them.

Guarantees that whoever feeds or reads views sees one build whole: a build's tables lie in a schema
of their own, a connection or a transaction puts that schema first in its search path, and the row
in ``public.vybygge`` that says which build a version reads is changed in one transaction. Those
who feed look again every second, and go over to the build that has taken over.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from services.chassis.streams.health import Connect, Refuses

FIRST = "public"
"""The schema of the build that was there first."""

PATH_SQL = (
    "(SELECT quote_ident(schema) || ', public' FROM public.vybygge WHERE lage = 'aktiv'"
    " AND (vyversion = %s OR vyversion IS NULL) ORDER BY vyversion NULLS LAST LIMIT 1)"
)
"""The search path of a version's readers, NULL while its views are built; takes the version."""

_FIND = (
    "SELECT generation, schema, vyversion, lage FROM public.vybygge"
    " WHERE lage IN ('aktiv', 'byggs') AND (vyversion = %s OR vyversion IS NULL)"
    " ORDER BY vyversion NULLS LAST, lage LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Build:
    """A build: ``vyversion`` is NULL while nobody has claimed it."""

    generation: int
    schema: str
    vyversion: str | None
    lage: str


def view_version_text(number: int, handled: frozenset[str]) -> str:
    """The version of the views: a number raised by hand and a print of the handled types."""
    types = "\n".join(sorted(handled)).encode()
    return f"{number}-{hashlib.sha256(types).hexdigest()[:12]}"


def number_of(vyversion: str) -> int:
    """The number of a version of the views, which is raised by hand."""
    return int(vyversion.split("-")[0])


def find_build(connection: psycopg.Connection[Any], vyversion: str) -> Build | None:
    """The build that the version reads; else the one that is being built for it."""
    row = connection.execute(_FIND, (vyversion,)).fetchone()
    return None if row is None else Build(*row)


def reference(connection: psycopg.Connection[Any], build: Build) -> Build | None:
    """The build that is read meanwhile: of the same version, else the one that came last."""
    row = connection.execute(
        "SELECT generation, schema, vyversion, lage FROM public.vybygge"
        " WHERE lage = 'aktiv' AND generation <> %s"
        " ORDER BY vyversion = %s DESC NULLS LAST, aktiv_sedan DESC LIMIT 1",
        (build.generation, build.vyversion),
    ).fetchone()
    return None if row is None else Build(*row)


def use_schema(connection: psycopg.Connection[Any], schema: str) -> None:
    """Let names without schema mean this build's tables, then those that all builds share."""
    connection.execute(
        sql.SQL("SET search_path TO {}, public").format(sql.Identifier(schema))
        if schema != FIRST
        else sql.SQL("SET search_path TO public")
    )


def schema_of(connection: psycopg.Connection[Any]) -> str:
    """The schema of the build that the connection sees."""
    row = connection.execute("SELECT current_schema()").fetchone()
    assert row is not None
    return str(row[0])


def use_version(connection: psycopg.Connection[Any], vyversion: str) -> None:
    """Hold the version (see :mod:`build_schema`) for as long as the connection lives."""
    connection.execute(HOLD_SQL, (vyversion,))


HOLD_SQL = "SELECT pg_advisory_lock_shared(hashtextextended('vyversion/' || %s::text, 0))"
"""Takes the session's share in a version: its builds are not taken away while anybody has one."""


class Builds:
    """What the processes of one version of the views feed."""

    def __init__(self, connect: Connect, vyversion: str, *, schema: str | None = None) -> None:
        """``schema`` names one build, fed by whoever makes it beside the one that is read."""
        self._connect = connect
        self._vyversion = vyversion
        self._schema = schema

    def connect(self) -> psycopg.Connection[Any]:
        """A connection that sees the version's build; :class:`Refuses` when it has none."""
        connection = self._connect()
        try:
            use_version(connection, self._vyversion)
            use_schema(connection, self._schema or self._claimed(connection).schema)
        except BaseException:
            connection.close()
            raise
        return connection

    def moved(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether another build has taken over from the one that the connection sees."""
        if self._schema is not None:
            return False
        found = find_build(connection, self._vyversion)
        return found is None or found.schema != schema_of(connection)

    def _claimed(self, connection: psycopg.Connection[Any]) -> Build:
        found = find_build(connection, self._vyversion)
        if found is not None and found.vyversion is None:
            connection.execute(
                "UPDATE public.vybygge SET vyversion = %s WHERE generation = %s"
                " AND vyversion IS NULL",
                (self._vyversion, found.generation),
            )
            found = find_build(connection, self._vyversion)
        if found is None:
            raise Refuses(
                f"vyversionen {self._vyversion} har ingenstans att bygga sina vyer: kör migrera"
            )
        return found
