"""The settled instant W of a kommun: up to it, what is known never changes.

Guarantees that W is no later than what any upstream stream has said of itself and this consumer
has stored and folded: it is the lowest watermark of the streams, held back to just before the
oldest message of the kommun that is put aside, and just before the oldest fact not yet folded.
Answers as known at or before W are final; others are preliminary and can say what they wait for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

_NEVER = datetime.min.replace(tzinfo=UTC)

SETTLED_SQL = """
SELECT 'strom' AS slag, ask.topic AS vad, s.registrerad AS grans
FROM unnest(%(topics)s::text[]) AS ask (topic)
LEFT JOIN styrpost s ON s.konsument = %(konsument)s AND s.topic = ask.topic
UNION ALL
(SELECT lage, topic || ' ' || partition || '/' || "offset" || ': ' || orsak,
        registrerad - interval '1 microsecond'
 FROM karantan
 WHERE konsument = %(konsument)s AND kommunkod = %(kommunkod)s
   AND lage IN ('karantan', 'hallen', 'okand_typ', 'slappt')
 ORDER BY registrerad LIMIT 5)
UNION ALL
(SELECT 'smutsig', slag || ' ' || amne || coalesce(': ' || fel, ''),
        registrerad - interval '1 microsecond'
 FROM smutsig WHERE kommunkod = %(kommunkod)s
 ORDER BY registrerad LIMIT 5)
"""
"""One statement, one snapshot: rows of (what holds, which, up to when)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that bounds W: a stream, a message aside, or a subject not folded.

    ``slag`` is 'strom', 'smutsig' or the state of the message; ``grans`` in UTC, ``None`` = a
    stream that has not been read yet.
    """

    slag: str
    vad: str
    grans: datetime | None


@dataclass(frozen=True, slots=True)
class Settled:
    """W of one kommun, ``None`` when nothing is settled yet, and all that bounds it."""

    w: datetime | None
    limits: tuple[Limit, ...]

    def final(self, kand_per: datetime) -> bool:
        """Whether an answer as known at ``kand_per`` will be the same for ever."""
        return self.w is not None and kand_per <= self.w

    def explain(self, kand_per: datetime | None = None) -> list[Limit]:
        """What keeps W where it is, the tightest first; with ``kand_per`` all below that."""
        if kand_per is None:
            return [limit for limit in self.limits if limit.grans == self.w]
        return [limit for limit in self.limits if limit.grans is None or limit.grans < kand_per]


def settled_query(
    konsument: str, topics: Sequence[str], kommunkod: str
) -> tuple[str, dict[str, Any]]:
    """The statement and its parameters, for whoever reads with another kind of connection."""
    return SETTLED_SQL, {
        "konsument": konsument,
        "topics": list(topics),
        "kommunkod": kommunkod,
    }


def settled_from(rows: Sequence[tuple[str, str, datetime | None]]) -> Settled:
    """W of the statement's rows."""
    limits = sorted(
        (Limit(*row) for row in rows),
        key=lambda limit: (limit.grans is not None, limit.grans or _NEVER),
    )
    if not limits:
        return Settled(None, ())
    return Settled(limits[0].grans, tuple(limits))


def settled(
    connection: psycopg.Connection[Any], konsument: str, topics: Sequence[str], kommunkod: str
) -> Settled:
    """W of a kommun for a consumer of ``topics``."""
    return settled_from(connection.execute(*settled_query(konsument, topics, kommunkod)).fetchall())


@dataclass(frozen=True, slots=True)
class Position:
    """How far a consumer has come in a stream, and the partitions that have stopped."""

    topic: str
    epok: int
    pos: int
    registrerad: datetime | None
    stannade: tuple[tuple[int, str, str | None], ...]


POSITIONS_SQL = """
SELECT ask.topic, coalesce(s.epok, 0), coalesce(s.pos, 0), s.registrerad,
       coalesce((SELECT jsonb_agg(jsonb_build_array(i.partition, i.lage, i.skal)
                                  ORDER BY i.partition)
                 FROM inkorg i WHERE i.konsument = %(konsument)s AND i.topic = ask.topic
                   AND i.lage IN ('lucka', 'stopp')), '[]')
FROM unnest(%(topics)s::text[]) AS ask (topic)
LEFT JOIN styrpost s ON s.konsument = %(konsument)s AND s.topic = ask.topic
ORDER BY ask.topic
"""


def positions_from(rows: Sequence[tuple[Any, ...]]) -> list[Position]:
    """The positions of the statement's rows."""
    return [
        Position(topic, epok, pos, registrerad, tuple((p, lage, skal) for p, lage, skal in stopped))
        for topic, epok, pos, registrerad, stopped in rows
    ]


def positions(
    connection: psycopg.Connection[Any], konsument: str, topics: Sequence[str]
) -> list[Position]:
    """How far the consumer has come in each stream."""
    rows = connection.execute(
        POSITIONS_SQL, {"konsument": konsument, "topics": list(topics)}
    ).fetchall()
    return positions_from(rows)
