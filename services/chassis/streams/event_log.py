"""A publishing service's own event table, read as a stream.

Guarantees that relay and embedded source take the same steps: whole saves only (every event of a
save has the same instant of recording, so a step that ended within one would let the watermark
pass events that are not out), each step giving its messages and the control record after them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from services.chassis.streams.control import Control
from services.chassis.streams.mapping import (
    Decode,
    Mapping,
    Recorded,
    StoredRow,
    Stream,
    encode_batch,
)
from services.chassis.streams.message import Message

CHANNEL = "handelse"
"""The writer notifies on this channel; readers poll as well, since a notice can be lost."""

STROM_SQL = "SELECT installation, epok, pos, registrerad, kedja, partitioner FROM strom"

_ROW = (
    "pos, registrerad, kommunkod, topic, originator_id, originator_version, state, kedja"
    " FROM handelse"
)


@dataclass(frozen=True, slots=True)
class Strom:
    """The stream row: the newest position and what the service says of its stream."""

    installation: UUID
    epok: int
    pos: int
    registrerad: datetime
    kedja: bytes
    partitioner: int

    def control_at(self, standing: Control) -> Control:
        """The control record of the whole stream, when ``standing`` has reached its position."""
        return Control(
            self.installation, self.epok, self.pos, self.registrerad, self.kedja, standing.sista
        )


@dataclass(frozen=True, slots=True)
class Step:
    """The messages of some whole saves and the control record after them."""

    messages: Sequence[Message]
    control: Control


@dataclass(frozen=True, slots=True)
class Publisher:
    """What a service brings to have its events published."""

    service: str
    mapping: Mapping
    decode: Decode

    def stream(self, strom: Strom) -> Stream:
        """The stream that the row tells of."""
        return Stream(self.service, strom.installation, strom.epok, strom.partitioner)

    def step(
        self, connection: psycopg.Connection[Any], stream: Stream, standing: Control, limit: int
    ) -> Step | None:
        """The next events after ``standing``, some ``limit`` of them; ``None`` when none wait."""
        rows = read_saves(connection, standing.pos, limit)
        if not rows:
            return None
        recorded = (
            Recorded(row.pos, row.registrerad, row.kommunkod, self.decode(row)) for row in rows
        )
        messages, sista = encode_batch(stream, recorded, self.mapping, standing.sista)
        newest = rows[-1]
        if newest.kedja is None:
            raise RuntimeError(f"event {newest.pos} ends no save: the event table is damaged")
        control = Control(
            stream.installation, stream.epok, newest.pos, newest.registrerad, newest.kedja, sista
        )
        return Step(messages, control)


def beginning(stream: Stream) -> Control:
    """Before the first event of the stream's epok."""
    return Control(stream.installation, stream.epok, 0, datetime(1970, 1, 1, tzinfo=UTC), b"", {})


def read_strom(connection: psycopg.Connection[Any]) -> Strom:
    """The stream row as committed."""
    row = connection.execute(STROM_SQL).fetchone()
    if row is None:
        raise RuntimeError("the table strom has no row: the migrations have not been run")
    installation, epok, pos, registrerad, kedja, partitioner = row
    return Strom(installation, epok, pos, registrerad, bytes(kedja or b""), partitioner)


def read_saves(connection: psycopg.Connection[Any], after: int, limit: int) -> list[StoredRow]:
    """Rows with positions above ``after``: ``limit`` of them and the rest of the last one's save.

    Positions are gapless, so the last row is found by counting.
    """
    rows = connection.execute(
        f"SELECT {_ROW} WHERE pos > %(after)s AND pos <= coalesce((SELECT min(pos) FROM handelse"
        " WHERE pos >= %(last)s AND kedja IS NOT NULL), %(last)s) ORDER BY pos",
        {"after": after, "last": after + limit},
    ).fetchall()
    found = [
        StoredRow(pos, at, kommunkod, topic, id, version, bytes(state), _bytes(kedja))
        for pos, at, kommunkod, topic, id, version, state, kedja in rows
    ]
    if found and (found[0].pos != after + 1 or found[-1].pos != after + len(found)):
        raise RuntimeError(f"positions after {after} are not gapless: the event table is damaged")
    return found


def kedja_at(connection: psycopg.Connection[Any], strom: Strom, pos: int) -> bytes | None:
    """The running hash at the position; ``None`` when the store knows no save that ends there."""
    if pos == strom.pos:
        return strom.kedja
    row = connection.execute("SELECT kedja FROM handelse WHERE pos = %s", (pos,)).fetchone()
    return None if row is None else _bytes(row[0])


def raise_registrerad(connection: psycopg.Connection[Any], strom: Strom) -> Strom | None:
    """Say that nothing more was recorded until now: later events get later instants.

    ``None`` when the stream has moved since ``strom`` was read.
    """
    row = connection.execute(
        "UPDATE strom SET registrerad ="
        " greatest(clock_timestamp(), registrerad + interval '1 microsecond')"
        " WHERE pos = %s AND epok = %s AND installation = %s RETURNING registrerad",
        (strom.pos, strom.epok, strom.installation),
    ).fetchone()
    if row is None:
        return None
    return Strom(strom.installation, strom.epok, strom.pos, row[0], strom.kedja, strom.partitioner)


def _bytes(raw: bytes | memoryview | None) -> bytes | None:
    return None if raw is None else bytes(raw)
