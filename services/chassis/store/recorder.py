"""The event table as the library sees it, over the writer's one connection.

Guarantees that a decision reads and appends over one and the same connection, in the name of one
kommun: :meth:`Recorder.act_for` names it, and row level security does the rest. Appending is not
here but in ``append``, because a whole group of commands is appended in one transaction.
"""

from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID

import psycopg
from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent

from services.chassis.store.errors import NotBuilt
from services.chassis.streams.builds import HOLD_SQL, PATH_SQL

TRANSACTION_SECONDS = 30
"""How long a transaction may last. A stopped process (SIGSTOP, a frozen machine) would otherwise
hold the stream row, and with it everybody's commands, for as long as it is stopped. (A limit to how
long it may be idle would not do: in the middle of a pipeline the server does not call it idle.)"""

_SELECT = "SELECT originator_id, originator_version, topic, state FROM handelse"


class Elsewhere(RuntimeError):
    """The library's base class has this method, but here another part does it: see the text."""


class Recorder(ApplicationRecorder):
    """Reads stored events; opens its connection when first needed and again when it is lost."""

    def __init__(self, conninfo: str, *, views: str | None = None) -> None:
        """``views`` is the version of the views that decisions may read."""
        self._conninfo = conninfo
        self._views = views
        self._connection: psycopg.Connection[Any] | None = None
        self._kommun: str | None = None

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The open connection; :class:`psycopg.OperationalError` when there is no database."""
        if self._connection is None or self._connection.closed:
            self._kommun = None
            self._connection = psycopg.connect(
                self._conninfo, autocommit=True, connect_timeout=2, application_name="dygn-writer"
            )
            self._connection.execute(f"SET transaction_timeout = '{TRANSACTION_SECONDS}s'")
            if self._views is not None:
                self._connection.execute(HOLD_SQL, (self._views,))
                self._see(self._connection)
        return self._connection

    def act_for(self, kommunkod: str) -> None:
        """Read in the name of this kommun from now on."""
        connection = self.connection
        if self._kommun != kommunkod:
            connection.execute("SELECT set_config('dygn.kommunkod', %s, false)", (kommunkod,))
            self._kommun = kommunkod

    def see_views(self) -> None:
        """See the build that is read now, from now on; :class:`NotBuilt` when there is none."""
        connection = self.connection
        if self._views is not None and not self._see(connection):
            raise NotBuilt

    def _see(self, connection: psycopg.Connection[Any]) -> bool:
        row = connection.execute(
            "SELECT set_config('search_path', coalesce(bygge.vag, 'public'), false), bygge.vag"
            f" FROM (SELECT {PATH_SQL} AS vag) AS bygge",
            (self._views,),
        ).fetchone()
        return row is not None and row[1] is not None

    def close(self) -> None:
        """Close the connection; the next use opens a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one aggregate in order of version."""
        rows = self.connection.execute(
            f"{_SELECT} WHERE originator_id = %(id)s"
            " AND originator_version > %(gt)s AND originator_version <= %(lte)s"
            f" ORDER BY originator_version {'DESC' if desc else 'ASC'} LIMIT %(limit)s",
            {"id": originator_id, "gt": gt or 0, "lte": lte or 2**62, "limit": limit},
        ).fetchall()
        return [StoredEvent(*row) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The events of every aggregate in order of position."""
        rows = self.connection.execute(
            "SELECT originator_id, originator_version, topic, state, pos FROM handelse"
            " WHERE pos >= %(start)s AND pos <= %(stop)s"
            " AND (%(topics)s::text[] = '{}' OR topic = ANY (%(topics)s))"
            " ORDER BY pos LIMIT %(limit)s",
            {
                "start": (start or 0) + (0 if inclusive_of_start else 1),
                "stop": stop or 2**62,
                "topics": list(topics),
                "limit": limit,
            },
        ).fetchall()
        return [Notification(*row) for row in rows]

    def max_notification_id(self) -> int | None:
        """The position of the newest event, ``None`` when there is none."""
        row = self.connection.execute("SELECT max(pos) FROM handelse").fetchone()
        assert row is not None
        position: int | None = row[0]
        return position

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> NoReturn:
        """Refused: only the writer appends, because only it keeps positions and keys together."""
        del stored_events, kwargs
        raise Elsewhere("händelser skrivs av skrivaren (store.writer)")

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> NoReturn:
        """Refused: events leave through the relay (streams.relay)."""
        del gt, topics
        raise Elsewhere("händelser lämnar tjänsten genom relät (streams.relay)")
