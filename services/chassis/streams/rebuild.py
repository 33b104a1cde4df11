"""Rebuilding: what a consumer knows of one stream is thrown away and read again from the start.

Guarantees that a new epok, or a new version of the views, never leaves facts of the old beside
those of the new: facts, marks, control record and undecided quarantine of the topic go in one
transaction, every subject they touched is marked dirty, and the settled instant is gone until the
stream has been read again. What a person threw away stays thrown away.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg

from services.chassis.streams.dirty import ON_CONFLICT


def lock_topic(connection: psycopg.Connection[Any], konsument: str, topic: str) -> None:
    """Shut out other rebuilds of the topic and first readings of a partition."""
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"inkorg/{konsument}/{topic}",)
    )


def newest_epok(connection: psycopg.Connection[Any], konsument: str, topic: str) -> int:
    """The highest epok that any partition of the topic has come to; 0 when none is read."""
    row = connection.execute(
        "SELECT coalesce(max(epok), 0) FROM inkorg WHERE konsument = %s AND topic = %s",
        (konsument, topic),
    ).fetchone()
    assert row is not None
    return int(row[0])


def rebuild_for_epok(
    connection: psycopg.Connection[Any],
    konsument: str,
    topic: str,
    kinds: Sequence[str],
    epok: int,
    installation: UUID,
) -> None:
    """Begin anew with ``epok``, every partition; offsets stay: what is older is passed over.

    All partitions of a topic are always at the same epok.
    """
    with connection.transaction():
        _lock_rows(connection, konsument, topic)
        if newest_epok(connection, konsument, topic) >= epok:
            return
        _forget(connection, konsument, topic, kinds)
        connection.execute(
            'UPDATE inkorg SET epok = %s, pos = 0, "index" = 0, installation = %s,'
            " lage = 'oppen', skal = NULL WHERE konsument = %s AND topic = %s",
            (epok, installation, konsument, topic),
        )


def rebuild_for_version(
    connection: psycopg.Connection[Any],
    konsument: str,
    topic: str,
    kinds: Sequence[str],
    vyversion: str,
) -> None:
    """Begin anew from the first message with another version of the views."""
    with connection.transaction():
        _lock_rows(connection, konsument, topic)
        _forget(connection, konsument, topic, kinds)
        connection.execute(
            'UPDATE inkorg SET vyversion = %s, "offset" = NULL, pos = 0, "index" = 0,'
            " lage = 'oppen', skal = NULL WHERE konsument = %s AND topic = %s",
            (vyversion, konsument, topic),
        )


def _lock_rows(connection: psycopg.Connection[Any], konsument: str, topic: str) -> None:
    lock_topic(connection, konsument, topic)
    connection.execute(
        "SELECT FROM inkorg WHERE konsument = %s AND topic = %s ORDER BY partition FOR UPDATE",
        (konsument, topic),
    )


def _forget(
    connection: psycopg.Connection[Any], konsument: str, topic: str, kinds: Sequence[str]
) -> None:
    connection.execute(
        "INSERT INTO smutsig (slag, kommunkod, amne, registrerad)"
        " SELECT slag, kommunkod, amne, lagst FROM ("
        "  SELECT a.slag, a.kommunkod, a.amne, min(f.registrerad) AS lagst FROM rafakta_amne a"
        '  JOIN rafakta f USING (topic, pos, "index") WHERE a.topic = %s'
        "  GROUP BY a.slag, a.kommunkod, a.amne) AS berord"
        " ORDER BY array_position(%s::text[], slag), kommunkod, amne" + ON_CONFLICT,
        (topic, list(kinds)),
    )
    connection.execute("DELETE FROM rafakta_amne WHERE topic = %s", (topic,))
    connection.execute("DELETE FROM rafakta WHERE topic = %s", (topic,))
    connection.execute(
        "DELETE FROM styrpost WHERE konsument = %s AND topic = %s", (konsument, topic)
    )
    connection.execute(
        "DELETE FROM karantan WHERE konsument = %s AND topic = %s"
        " AND lage NOT IN ('kastad', 'passerad', 'tillampad')",
        (konsument, topic),
    )
