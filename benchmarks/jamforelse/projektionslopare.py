"""The library's way: its own application and PostgreSQL recorder, its ProjectionRunner, one row.

Tuned as its documentation says: the events are there before the runner starts (a catch-up, read
in pages), the recorder of tracking is PostgreSQL's, and a view's row is written in the transaction
of its tracking record. Each event is one statement and one commit: that is its design.
"""

from typing import Any
from uuid import uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from benchmarks.matt import Matt
from dygn.inbyggd.databaser import Anslutning


class Stay(Aggregate):
    """A placering with the fields of ours."""

    @event("Begun")
    def __init__(self, klient: str, beslut: str, fran: str, dygnspris_ore: int) -> None:
        self.klient = klient
        self.beslut = beslut
        self.fran = fran
        self.dygnspris_ore = dygnspris_ore


class Register(Application[Any]):
    """Holds them."""


class Rows(PostgresTrackingRecorder):
    """The view: one plain row an event, in the transaction of its tracking record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._table = "stay_rows"
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {}.{} (id uuid PRIMARY KEY, klient text, beslut text,"
                " fran date, dygnspris_ore bigint)"
            ).format(Identifier(self.datastore.schema), Identifier(self._table))
        )
        self._insert = SQL("INSERT INTO {}.{} VALUES (%s, %s, %s, %s, %s)").format(
            Identifier(self.datastore.schema), Identifier(self._table)
        )

    def add(self, stay: Any, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                self._insert,
                (stay.originator_id, stay.klient, stay.beslut, stay.fran, stay.dygnspris_ore),
                prepare=True,
            )


class Stays(Projection[Rows]):
    """Hands each event to the view."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.add(domain_event, tracking)


def mat(databas: Anslutning, server: int | None, antal: int) -> Matt:
    """Store so many events, then run the projection until it has caught up."""
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": databas.databas,
        "POSTGRES_HOST": databas.host,
        "POSTGRES_PORT": str(databas.port),
        "POSTGRES_USER": databas.roll,
        "POSTGRES_PASSWORD": databas.losenord or "-",
    }
    app = Register(env)
    for fran in range(0, antal, 500):
        app.save(
            *(
                Stay(str(uuid4()), str(uuid4()), "2024-01-01", 350_000 + nr)
                for nr in range(fran, min(fran + 500, antal))
            )
        )
    sist = app.recorder.max_notification_id()
    with (
        Matt(server) as matt,
        ProjectionRunner(
            application_class=Register, projection_class=Stays, view_class=Rows, env=env
        ) as runner,
    ):
        runner.wait(sist, timeout=300)
    app.close()
    return matt
