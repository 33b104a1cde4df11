"""Messages put aside, as the inbox writes and reads them; people's decisions are in quarantine.

Guarantees that what is put aside is whole (raw key, bytes and headers, so that it can be applied
later as if it had just come) and that a decision made once is honoured by every rebuild.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg

from services.chassis.streams.message import Envelope, Message


class Identity(NamedTuple):
    """What names a message that is put aside."""

    konsument: str
    vyversion: str
    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Aside:
    """A message to put aside; ``envelope`` is ``None`` when its partition stops at it."""

    message: Message
    envelope: Envelope | None
    lage: str
    orsak: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands about a partition: keys with messages aside, and (epok, pos, index) decided."""

    held_keys: frozenset[str]
    thrown: frozenset[tuple[int, int, int]]
    passed: frozenset[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Released:
    """A message aside that may have its turn now."""

    identity: Identity
    nyckel: str
    lage: str

    def message(self, connection: psycopg.Connection[Any]) -> Message:
        """Itself, whole: read one at a time, for there may be many and they may be large."""
        row = connection.execute(
            "SELECT ra_nyckel, ra, huvuden FROM karantan WHERE konsument = %s AND vyversion = %s"
            ' AND topic = %s AND partition = %s AND "offset" = %s',
            self.identity,
        ).fetchone()
        assert row is not None
        key, raw, headers = row
        _, _, topic, partition, offset = self.identity
        return Message(topic, partition, offset, bytes(key), bytes(raw), decode_headers(headers))

    def decide(self, connection: psycopg.Connection[Any], lage: str, orsak: str | None) -> None:
        """Write what became of it."""
        connection.execute(
            "UPDATE karantan SET lage = %s, orsak = coalesce(%s, orsak) WHERE konsument = %s"
            ' AND vyversion = %s AND topic = %s AND partition = %s AND "offset" = %s',
            (lage, orsak, *self.identity),
        )


def put_aside(
    connection: psycopg.Connection[Any],
    konsument: str,
    vyversion: str,
    topic: str,
    partition: int,
    aside: Sequence[Aside],
) -> None:
    """Store messages whole. What stopped a partition and is met again stays as it is decided.

    Another message may stand under the same offset: the topic has been made again since. It is
    moved away, for it may still wait for somebody.
    """
    for one in aside:
        assert one.message.offset is not None
        identity = Identity(konsument, vyversion, topic, partition, one.message.offset)
        if _insert(connection, identity, one):
            if one.envelope is None:
                _honour(connection, identity)
            continue
        if not _stands(connection, identity, one.message):
            _move_away(connection, identity)
            _insert(connection, identity, one)
        elif one.envelope is not None:
            connection.execute(
                f"UPDATE karantan SET lage = %s, orsak = %s WHERE {_IDENTITY}",
                (one.lage, _text(one.orsak), *identity),
            )


def _insert(connection: psycopg.Connection[Any], identity: Identity, one: Aside) -> bool:
    """Whether there was room for it."""
    read = one.envelope
    known = (
        (None,) * 7
        if read is None
        else (read.kommunkod, read.nyckel, read.epok, *read.place, read.registrerad, read.typ)
    )
    cursor = connection.execute(
        'INSERT INTO karantan (konsument, vyversion, topic, partition, "offset", kommunkod,'
        ' nyckel, epok, pos, "index", registrerad, typ, ra_nyckel, ra, huvuden, orsak, lage)'
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (*identity, *known, *_raw(one.message), _text(one.orsak), one.lage),
    )
    return cursor.rowcount == 1


_HONOUR = (
    "UPDATE karantan AS ny SET lage = f.lage, beslutad_av = f.beslutad_av,"
    " beslut_skal = f.beslut_skal, beslutad = f.beslutad FROM karantan AS f"
    " WHERE ny.konsument = %s AND ny.vyversion = %s AND ny.topic = %s AND ny.partition = %s"
    " AND ny.\"offset\" = %s AND f.vyversion <> ny.vyversion AND f.lage = 'kastad'"
    ' AND f.pos IS NULL AND (f.konsument, f.topic, f.partition, f."offset", f.ra)'
    '  = (ny.konsument, ny.topic, ny.partition, ny."offset", ny.ra)'
    " AND f.ra_nyckel IS NOT DISTINCT FROM ny.ra_nyckel AND f.huvuden = ny.huvuden"
)


def _honour(connection: psycopg.Connection[Any], identity: Identity) -> None:
    """What stops a partition and was thrown away in another version of the views is so here too.

    It has no place in the stream by which the decision could be found: its bytes stand for it.
    """
    connection.execute(_HONOUR, identity)


def _stands(connection: psycopg.Connection[Any], identity: Identity, message: Message) -> bool:
    """Whether what stands there is this very message."""
    row = connection.execute(
        "SELECT (ra_nyckel, ra, huvuden) IS NOT DISTINCT FROM (%s::bytea, %s::bytea, %s::jsonb)"
        f" FROM karantan WHERE {_IDENTITY}",
        (*_raw(message), *identity),
    ).fetchone()
    return row is not None and bool(row[0])


_MOVED_FROM = 4 * 10**18
"""Offsets that no topic comes to: where messages of a topic's earlier life are kept."""


def _move_away(connection: psycopg.Connection[Any], identity: Identity) -> None:
    connection.execute(
        'UPDATE karantan SET "offset" = (SELECT greatest(max("offset"), %s::bigint) + 1'
        ' FROM karantan WHERE konsument = %s AND topic = %s AND "offset" >= %s)'
        f" WHERE {_IDENTITY}",
        (_MOVED_FROM, identity.konsument, identity.topic, _MOVED_FROM, *identity),
    )


_IDENTITY = 'konsument = %s AND vyversion = %s AND topic = %s AND partition = %s AND "offset" = %s'


def _raw(message: Message) -> tuple[bytes, bytes, str]:
    return message.key, message.value, encode_headers(message.headers)


def _text(orsak: str) -> str:
    return orsak.replace("\x00", "")


def decided_about(
    connection: psycopg.Connection[Any], konsument: str, topic: str, partition: int
) -> Decided:
    """What stands about a partition, in every version of the views."""
    rows = connection.execute(
        'SELECT lage, nyckel, epok, pos, "index" FROM karantan WHERE konsument = %s AND topic = %s'
        " AND partition = %s AND pos IS NOT NULL AND lage <> 'tillampad' AND lage <> 'okand_typ'",
        (konsument, topic, partition),
    ).fetchall()
    places: dict[str, set[tuple[int, int, int]]] = {"kastad": set(), "passerad": set()}
    held: set[str] = set()
    for lage, nyckel, epok, pos, index in rows:
        if lage in places:
            places[lage].add((epok, pos, index))
        else:
            held.add(nyckel)
    return Decided(frozenset(held), frozenset(places["kastad"]), frozenset(places["passerad"]))


def released_rows(
    connection: psycopg.Connection[Any],
    konsument: str,
    vyversion: str,
    topic: str,
    partition: int,
) -> list[Released]:
    """Messages aside of the keys whose first one is not in quarantine any more, in order.

    Later ones in quarantine come along: they block what stands behind them.
    """
    rows = connection.execute(
        'WITH har AS (SELECT nyckel, pos, "index", "offset", lage FROM karantan'
        "  WHERE konsument = %s AND vyversion = %s AND topic = %s AND partition = %s"
        "  AND nyckel IS NOT NULL AND lage IN ('karantan', 'hallen', 'slappt')),"
        " forst AS (SELECT DISTINCT ON (nyckel) nyckel, lage FROM har"
        '  ORDER BY nyckel, pos, "index")'
        ' SELECT har."offset", har.nyckel, har.lage FROM har JOIN forst USING (nyckel)'
        " WHERE forst.lage <> 'karantan' ORDER BY har.pos, har.\"index\"",
        (konsument, vyversion, topic, partition),
    ).fetchall()
    return [
        Released(Identity(konsument, vyversion, topic, partition, offset), nyckel, lage)
        for offset, nyckel, lage in rows
    ]


def settle(connection: psycopg.Connection[Any], identity: Identity) -> str | None:
    """What a person decided about what stopped a partition: 'kastad', 'slappt' or nothing yet.

    A released one is taken away: it is read again and may be put aside anew.
    """
    row = connection.execute(
        "SELECT lage FROM karantan WHERE konsument = %s AND vyversion = %s AND topic = %s"
        ' AND partition = %s AND "offset" = %s AND pos IS NULL',
        identity,
    ).fetchone()
    if row is None or row[0] not in ("kastad", "slappt"):
        return None
    if row[0] == "slappt":
        connection.execute(
            "DELETE FROM karantan WHERE konsument = %s AND vyversion = %s AND topic = %s"
            ' AND partition = %s AND "offset" = %s',
            identity,
        )
    return str(row[0])


def encode_headers(headers: Sequence[tuple[str, bytes | None]]) -> str:
    """Headers as JSON pairs, values in base64: bytes that are no text survive."""
    return json.dumps(
        [
            [name.replace("\x00", "\N{REPLACEMENT CHARACTER}"), _base64(value)]
            for name, value in headers
        ]
    )


def decode_headers(pairs: Sequence[Sequence[str | None]]) -> tuple[tuple[str, bytes], ...]:
    """The headers of :func:`encode_headers`."""
    return tuple((str(name), base64.b64decode(value or "")) for name, value in pairs)


def _base64(value: bytes | None) -> str:
    return base64.b64encode(value or b"").decode()
