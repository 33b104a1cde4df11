"""Reading for HTTP: asynchronous, in the name of one kommun, never blocking the writer.

Guarantees that every read runs in a transaction that names the caller's kommun and arbetsenheter,
so that row level security decides what it sees; that all its statements see one snapshot, so that
what an answer says of itself fits its rows, and all rows are of one build of the views (the one
that is read when the transaction begins); and that a database that does not answer becomes
:class:`Unavailable` within the setting's seconds.
"""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from services.chassis.aggregate import Aggregat, Handelse
from services.chassis.context import Rackvidd
from services.chassis.store.errors import NotBuilt, NotFound, Unavailable
from services.chassis.store.mapper import decode
from services.chassis.streams.builds import HOLD_SQL, PATH_SQL

A = TypeVar("A", bound=Aggregat)
Rows = psycopg.AsyncConnection[DictRow]


def _as_setting(arbetsenheter: frozenset[str] | None) -> str:
    """``null`` for all of them, else a JSON list; services.chassis.migration.roles reads it."""
    return json.dumps(None if arbetsenheter is None else sorted(arbetsenheter))


class Reader:
    """A pool of connections with the API's role."""

    def __init__(
        self,
        conninfo: str,
        *,
        connections: int = 8,
        timeout: float = 5.0,
        views: str | None = None,
    ) -> None:
        """``views`` is the version of the views to read; ``None``: the service has none."""
        self._timeout = timeout
        self._views = views
        # An empty path leaves nothing to see, and nothing is read then.
        self._path = (
            "'-'"
            if views is None
            else (f"set_config('search_path', coalesce({PATH_SQL}, ''), true)")
        )
        self._asked = [] if views is None else [views]
        self._pool: AsyncConnectionPool[Rows] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=connections,
            timeout=timeout,
            open=False,
            check=AsyncConnectionPool.check_connection,
            reconnect_timeout=30,
            configure=self._prepare,
            kwargs={"row_factory": dict_row, "autocommit": True, "connect_timeout": 2},
        )

    async def _prepare(self, connection: psycopg.AsyncConnection[DictRow]) -> None:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        if self._views is not None:
            await connection.execute(HOLD_SQL, (self._views,))

    async def open(self) -> None:
        """Start the pool without waiting for the database."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close()

    @asynccontextmanager
    async def reading(self, rackvidd: Rackvidd) -> AsyncIterator[Rows]:
        """A connection in a transaction that sees no further than the caller.

        :class:`NotBuilt` while there is no build of the service's views to read.
        """
        try:
            async with self._pool.connection() as connection, connection.transaction():
                cursor = await connection.execute(
                    "SELECT set_config('dygn.kommunkod', %s, true),"
                    f" set_config('dygn.arbetsenheter', %s, true), {self._path} AS vag",
                    (rackvidd.kommunkod, _as_setting(rackvidd.arbetsenheter), *self._asked),
                )
                row = await cursor.fetchone()
                if not row or not row["vag"]:
                    raise NotBuilt
                yield connection
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise Unavailable from error

    @asynccontextmanager
    async def appending(self, kommuner: Iterable[str]) -> AsyncIterator[Rows]:
        """A transaction for rows that follow upon one another and that no event goes with.

        It acts for these kommuner, sees what others have committed while it waited for them
        (READ COMMITTED), and is committed when the context ends.
        """
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                await connection.execute(
                    "SELECT set_config('dygn.kommunkod', %s, true)", (",".join(kommuner),)
                )
                yield connection
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise Unavailable from error

    async def ping(self) -> None:
        """:class:`Unavailable` when the database does not answer."""
        try:
            async with self._pool.connection(timeout=min(self._timeout, 2.0)) as connection:
                await connection.execute("SELECT 1")
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise Unavailable from error

    async def built(self) -> bool:
        """Whether there is a build of the service's views to read; :class:`Unavailable`."""
        if self._views is None:
            return True
        try:
            async with self._pool.connection(timeout=min(self._timeout, 2.0)) as connection:
                cursor = await connection.execute(
                    f"SELECT {PATH_SQL} IS NOT NULL AS finns", (self._views,)
                )
                row = await cursor.fetchone()
                return row is not None and bool(row["finns"])
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise Unavailable from error

    async def aggregate(self, connection: Rows, kind: type[A], id: UUID) -> A:
        """The aggregate as it is now; :class:`NotFound` when the kommun has none."""
        found = await self.aggregates(connection, kind, [id])
        if id not in found:
            raise NotFound(kind.__name__, id)
        return found[id]

    async def aggregates(
        self, connection: Rows, kind: type[A], ids: Sequence[UUID]
    ) -> dict[UUID, A]:
        """Those of the aggregates that the kommun has, as they are now, in one statement."""
        cursor = await connection.execute(
            "SELECT originator_id AS id, originator_id, originator_version, topic, state"
            " FROM handelse WHERE originator_id = ANY (%s)"
            " ORDER BY originator_id, originator_version",
            (list(ids),),
        )
        return _rebuilt(kind, await cursor.fetchall())

    async def events(
        self, connection: Rows, id: UUID, known: datetime | None = None
    ) -> list[tuple[datetime, Handelse]]:
        """The thing's events in order, each with the instant at which it was recorded.

        ``known`` leaves out what was recorded later; a thing that the kommun has not has none.
        """
        cursor = await connection.execute(
            "SELECT registrerad, topic, originator_id, originator_version, state FROM handelse"
            " WHERE originator_id = %s AND registrerad <= coalesce(%s, 'infinity'::timestamptz)"
            " ORDER BY originator_version",
            (id, known),
        )
        return [
            (
                row["registrerad"],
                decode(
                    row["topic"],
                    row["originator_id"],
                    row["originator_version"],
                    bytes(row["state"]),
                ),
            )
            for row in await cursor.fetchall()
        ]

    async def page(
        self, connection: Rows, kind: type[A], first_topic: str, after: int, limit: int
    ) -> list[tuple[int, A]]:
        """Aggregates that began behind position ``after``, in the order in which they began.

        Each with the position of its first event, which is the key to go on from.
        """
        cursor = await connection.execute(
            "SELECT f.pos AS id, h.originator_id, h.originator_version, h.topic, h.state"
            " FROM (SELECT pos, originator_id FROM handelse"
            " WHERE kommunkod = current_setting('dygn.kommunkod') AND topic = %s"
            " AND originator_version = 1 AND pos > %s ORDER BY pos LIMIT %s) AS f"
            " JOIN handelse AS h USING (originator_id) ORDER BY f.pos, h.originator_version",
            (first_topic, after, limit),
        )
        return list(_rebuilt(kind, await cursor.fetchall()).items())


def _rebuilt(kind: type[A], rows: Iterable[DictRow]) -> dict[Any, A]:
    """The aggregates by the column ``id``, from their events in order of version."""
    found: dict[Any, Any] = {}
    for row in rows:
        event = decode(
            row["topic"], row["originator_id"], row["originator_version"], bytes(row["state"])
        )
        found[row["id"]] = event.mutate(found.get(row["id"]))
    return {id: aggregate for id, aggregate in found.items() if isinstance(aggregate, kind)}
