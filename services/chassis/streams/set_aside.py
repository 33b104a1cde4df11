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
    """A message to put aside; ``envelope`` is ``None`` when it could not be read."""

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
    message: Message

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
    """Store messages whole. One that stands there already (an unreadable one met again) stays."""
    for one in aside:
        assert one.message.offset is not None
        identity = Identity(konsument, vyversion, topic, partition, one.message.offset)
        read = one.envelope
        connection.execute(
            'INSERT INTO karantan (konsument, vyversion, topic, partition, "offset", kommunkod,'
            ' nyckel, epok, pos, "index", registrerad, typ, ra_nyckel, ra, huvuden, orsak, lage)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s)"
            + (" ON CONFLICT DO NOTHING" if read is None else ""),
            (
                *identity,
                *(
                    (None,) * 7
                    if read is None
                    else (
                        read.kommunkod,
                        read.nyckel,
                        read.epok,
                        *read.place,
                        read.registrerad,
                        read.typ,
                    )
                ),
                one.message.key,
                one.message.value,
                encode_headers(one.message.headers),
                one.orsak.replace("\x00", ""),
                one.lage,
            ),
        )


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
        ' SELECT har."offset", har.nyckel, har.lage, k.ra_nyckel, k.ra, k.huvuden'
        " FROM har JOIN forst USING (nyckel)"
        " JOIN karantan k ON k.konsument = %s AND k.vyversion = %s AND k.topic = %s"
        ' AND k.partition = %s AND k."offset" = har."offset"'
        " WHERE forst.lage <> 'karantan' ORDER BY har.pos, har.\"index\"",
        (konsument, vyversion, topic, partition) * 2,
    ).fetchall()
    return [
        Released(
            Identity(konsument, vyversion, topic, partition, offset),
            nyckel,
            lage,
            Message(topic, partition, offset, bytes(key), bytes(raw), decode_headers(headers)),
        )
        for offset, nyckel, lage, key, raw, headers in rows
    ]


def settle(connection: psycopg.Connection[Any], identity: Identity) -> str | None:
    """What a person decided about an unreadable message: 'kastad', 'slappt' or nothing yet.

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
