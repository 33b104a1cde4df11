"""One transaction that appends a group of decided commands to the event table.

Guarantees, for the whole group:

- the stream row is taken first, so positions are gapless and in commit order, and ``registrerad``
  rises with them whatever the clock does;
- versions and keys are read under that row, so a command that lost a race, or whose key is already
  answered, is told so and leaves its neighbours untouched;
- events, idempotency answers and further rows are stored together or not at all;
- ``kedja`` binds every row to all rows before it: sha256(previous ‖ this transaction's rows).
"""

import hashlib
import struct
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg import sql

from services.chassis.store.decision import Answer, Decision, Mark, Row

CHANNEL = "handelse"
"""NOTIFY on this channel wakes the relay; it polls as well."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """The decision is stored."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Known:
    """The key was answered before; ``same`` says whether with the same body."""

    answer: Answer
    same: bool


Outcome = Stored | Known | Literal["lost"]


def chain(previous: bytes, rows: Sequence[tuple[Any, ...]]) -> bytes:
    """The running hash after ``rows``: (pos, id, version, topic, state, kommunkod, registrerad)."""
    digest = hashlib.sha256(previous)
    for pos, originator_id, version, topic, state, kommunkod, registrerad in rows:
        micros = (registrerad - _EPOCH) // timedelta(microseconds=1)
        digest.update(struct.pack(">qqq", pos, version, micros))
        for part in (originator_id.bytes, topic.encode(), bytes(state), kommunkod.encode()):
            digest.update(struct.pack(">q", len(part)))
            digest.update(part)
    return digest.digest()


def append(connection: psycopg.Connection[Any], group: Sequence[Decision]) -> list[Outcome]:
    """Store the group in one transaction; one outcome for each decision, in order.

    Raises what psycopg raises when the transaction fails as a whole; nothing is stored then.

    In a pipeline, so that the server is waited for three times and not once a statement: the
    stream row is held no longer than it takes.
    """
    with connection.pipeline(), connection.transaction(), connection.cursor() as cursor:
        kommuner = ",".join(sorted({decision.kommunkod for decision in group}))
        cursor.execute(
            "SELECT pos, greatest(clock_timestamp(), registrerad + interval '1 microsecond'),"
            " kedja, set_config('dygn.kommunkod', %s, true) FROM strom FOR UPDATE",
            (kommuner,),
        )
        row = cursor.fetchone()
        assert row is not None
        position, recorded, previous, _ = row
        outcomes, taken = _admit(connection, group, position)
        if taken:
            _store(cursor, taken, position, recorded, bytes(previous))
    return outcomes


def _admit(
    connection: psycopg.Connection[Any], group: Sequence[Decision], position: int
) -> tuple[list[Outcome], list[tuple[Decision, Answer]]]:
    """Judge each decision on what is stored and on the earlier ones of the group."""
    with connection.cursor() as one, connection.cursor() as other:
        # Both are asked before the first answer is waited for.
        one.execute(_VERSIONS, (list({id for decision in group for id in decision.touched}),))
        _ask_answers(other, [(d.kommunkod, d.key) for d in group if d.key is not None])
        versions = dict(one.fetchall())
        answered = _told(other)
    outcomes: list[Outcome] = []
    taken: list[tuple[Decision, Answer]] = []
    for decision in group:
        key = (decision.kommunkod, decision.key or "")
        if decision.key is not None and key in answered:
            body, answer = answered[key]
            outcomes.append(Known(answer, body == decision.body))
            continue
        if not _follows(decision.events, versions):
            outcomes.append("lost")
            continue
        position += len(decision.events)
        done = decision.done
        answer = Answer(done.status, done.id, done.version, position, detail=done.detail)
        answered[key] = (decision.body, answer)
        outcomes.append(Stored(answer))
        taken.append((decision, answer))
    return outcomes, taken


_VERSIONS = (
    "SELECT originator_id, max(originator_version) FROM handelse"
    " WHERE originator_id = ANY (%s::uuid[]) GROUP BY originator_id"
)


def _follows(events: Sequence[StoredEvent], versions: dict[UUID, int]) -> bool:
    """Whether every event is the next of its aggregate; if so, count them in."""
    after: dict[UUID, int] = {}
    for event in events:
        id = event.originator_id
        assert isinstance(id, UUID)
        if event.originator_version != after.get(id, versions.get(id, 0)) + 1:
            return False
        after[id] = event.originator_version
    versions.update(after)
    return True


def known_answers(
    cursor: psycopg.Cursor[Any], keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[bytes, Answer]]:
    """What these (kommunkod, key) have been answered before: (hash of the body, answer)."""
    _ask_answers(cursor, keys)
    return _told(cursor)


def _ask_answers(cursor: psycopg.Cursor[Any], keys: Sequence[tuple[str, str]]) -> None:
    cursor.execute(
        "SELECT kommunkod, nyckel, kropp, status, id, version, pos FROM idempotens"
        " JOIN unnest(%s::text[], %s::text[]) AS fraga (k, n) ON kommunkod = k AND nyckel = n",
        ([kommun for kommun, _ in keys], [key for _, key in keys]),
    )


def _told(cursor: psycopg.Cursor[Any]) -> dict[tuple[str, str], tuple[bytes, Answer]]:
    return {
        (kommun, key): (bytes(body), Answer(status, id, version, pos, repeated=True))
        for kommun, key, body, status, id, version, pos in cursor.fetchall()
    }


def _store(
    cursor: psycopg.Cursor[Any],
    taken: Sequence[tuple[Decision, Answer]],
    position: int,
    recorded: datetime,
    previous: bytes,
) -> None:
    rows: list[tuple[Any, ...]] = []
    for decision, _ in taken:
        for event in decision.events:
            position += 1
            rows.append(
                (
                    position,
                    event.originator_id,
                    event.originator_version,
                    event.topic,
                    event.state,
                    decision.kommunkod,
                    recorded,
                )
            )
    if rows:
        link = chain(previous, rows)
        _insert_events(cursor, rows, link)
        cursor.execute(
            "UPDATE strom SET pos = %s, registrerad = %s, kedja = %s", (position, recorded, link)
        )
        cursor.execute(sql.SQL("NOTIFY {}").format(sql.Identifier(CHANNEL)))
    _insert_answers(cursor, taken, recorded)
    _write_rows(cursor, [row for decision, _ in taken for row in decision.rows])


def _insert_events(
    cursor: psycopg.Cursor[Any], rows: Sequence[tuple[Any, ...]], link: bytes
) -> None:
    columns = list(zip(*rows, strict=True))
    links: list[bytes | None] = [None] * len(rows)
    links[-1] = link
    cursor.execute(
        "INSERT INTO handelse (pos, originator_id, originator_version, topic, state, kommunkod,"
        " registrerad, kedja) SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[],"
        " %s::text[], %s::bytea[], %s::text[], %s::timestamptz[], %s::bytea[])",
        [*(list(column) for column in columns), links],
    )


def _insert_answers(
    cursor: psycopg.Cursor[Any], taken: Sequence[tuple[Decision, Answer]], recorded: datetime
) -> None:
    answers = [
        (d.kommunkod, d.key, d.body, a.status, a.id, a.version, a.pos, recorded)
        for d, a in taken
        if d.key is not None
    ]
    if answers:
        cursor.execute(
            "INSERT INTO idempotens (kommunkod, nyckel, kropp, status, id, version, pos, skapad)"
            " SELECT * FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::int[], %s::uuid[],"
            " %s::bigint[], %s::bigint[], %s::timestamptz[])",
            [list(column) for column in zip(*answers, strict=True)],
        )


def _write_rows(cursor: psycopg.Cursor[Any], rows: Sequence[Row | Mark]) -> None:
    by_shape: dict[tuple[str, tuple[str, ...]], list[list[Any]]] = defaultdict(list)
    for row in rows:
        if isinstance(row, Mark):
            _mark(cursor, row)
            continue
        by_shape[row.table, tuple(row.columns)].append(list(row.columns.values()))
    for (table, columns), values in by_shape.items():
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
        )
        cursor.executemany(statement, values)


def _mark(cursor: psycopg.Cursor[Any], mark: Mark) -> None:
    def equals(columns: Mapping[str, Any]) -> list[sql.Composable]:
        return [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in columns]

    cursor.execute(
        sql.SQL("UPDATE {} SET {} WHERE {}").format(
            sql.Identifier(mark.table),
            sql.SQL(", ").join(equals(mark.columns)),
            sql.SQL(" AND ").join(equals(mark.where)),
        ),
        [*mark.columns.values(), *mark.where.values()],
    )
