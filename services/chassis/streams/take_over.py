"""The take-over: the build that was made beside becomes the one that is read, in one transaction.

Guarantees that readers notice nothing but newer answers. The build that is read is stopped from
taking in more (a lock on its inbox, for a moment, which no reader waits for) until the new one has
every message that it has, has folded them, knows what people have decided, and is settled at least
as far in every kommun: nothing that was final becomes preliminary, and no answer goes back. If that
does not happen within the moment, the transaction is given up, everything goes on, and it is tried
again.
"""

import time
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from services.chassis.streams.builds import Build, reference
from services.chassis.streams.decisions import carry_decisions

HOLD_SECONDS = 2.0
"""How long the build that is read is stopped, at most, in one try."""

NEAR = 500
"""Own events behind, at most, before a try is worth stopping anything for."""


class _NotYet(Exception):
    """Text in Swedish: what the new build lacks."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build has come against the one that is read.

    ``read`` of ``events`` own events are taken in, ``dirty`` subjects wait to be folded.
    """

    read: int
    events: int
    dirty: int

    @property
    def near(self) -> bool:
        """Whether the rest can be done in a moment."""
        return self.events - self.read <= NEAR and self.dirty <= NEAR


def progress(connection: psycopg.Connection[Any], konsument: str, build: Build) -> Progress:
    """How far the build has come."""
    read = reference(connection, build)
    row = connection.execute(
        sql.SQL(
            "SELECT coalesce(sum(coalesce(n.pos, 0)), 0),"
            " coalesce(sum(greatest(coalesce(g.pos, 0), coalesce(n.pos, 0))), 0),"
            " (SELECT count(*) FROM {smutsig})"
            " FROM {ny} AS n FULL JOIN {gammal} AS g ON g.konsument = n.konsument"
            " AND g.topic = n.topic AND g.epok = n.epok"
            " WHERE coalesce(n.konsument, g.konsument) = %s"
        ).format(
            smutsig=sql.Identifier(build.schema, "smutsig"),
            ny=sql.Identifier(build.schema, "styrpost"),
            gammal=sql.Identifier((read or build).schema, "styrpost"),
        ),
        (konsument,),
    ).fetchone()
    assert row is not None
    return Progress(int(row[0]), int(row[1]), row[2])


def take_over(
    connection: psycopg.Connection[Any], konsument: str, build: Build, *, hold: float = HOLD_SECONDS
) -> str | None:
    """Let the build be read from now on; ``None`` when it is, else what it lacks (Swedish).

    ``connection`` must see the tables by their schemas' names only (nothing depends on its path).
    Database faults are raised; a lock that is not given in time is not one.
    """
    read = reference(connection, build)
    if read is not None:
        # What waited behind a message that is thrown away must be read before the take-over.
        carry_decisions(connection, read.schema, build)
    try:
        with connection.transaction():
            connection.execute("SET LOCAL lock_timeout = '2s'")
            # What was built may not have been made durable before: this commit makes it so.
            connection.execute("SET LOCAL synchronous_commit = on")
            _in_transaction(connection, konsument, build, hold)
    except _NotYet as lack:
        return str(lack)
    except psycopg.errors.LockNotAvailable:
        return "det som läses nu är upptaget"
    return None


def _in_transaction(
    connection: psycopg.Connection[Any], konsument: str, build: Build, hold: float
) -> None:
    connection.execute("SELECT FROM public.vybygge ORDER BY generation FOR UPDATE")
    state = connection.execute(
        "SELECT lage FROM public.vybygge WHERE generation = %s", (build.generation,)
    ).fetchone()
    if state is None or state[0] == "gammal":
        raise _NotYet("bygget är borttaget")
    if state[0] == "aktiv":
        return
    read = reference(connection, build)
    if read is not None:
        # The inbox takes the row of its partition before anything else: it holds nothing here.
        connection.execute(
            sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(_of(read.schema, "inkorg"))
        )
        connection.execute(
            sql.SQL("LOCK TABLE {} IN SHARE MODE").format(_of(read.schema, "karantan"))
        )
        if carry_decisions(connection, read.schema, build):
            raise _NotYet("ett beslut om karantän har just fattats")
        _wait_until_level(connection, konsument, read.schema, build, time.monotonic() + hold)
        if read.vyversion in (build.vyversion, None):
            connection.execute(
                "UPDATE public.vybygge SET lage = 'gammal', gammal_sedan = clock_timestamp()"
                " WHERE generation = %s",
                (read.generation,),
            )
    else:
        _folded(connection, build)
    connection.execute(
        "UPDATE public.vybygge SET lage = 'aktiv', aktiv_sedan = clock_timestamp()"
        " WHERE generation = %s",
        (build.generation,),
    )


def _wait_until_level(
    connection: psycopg.Connection[Any], konsument: str, old: str, build: Build, end: float
) -> None:
    while True:
        lack = _lacks(connection, konsument, old, build.schema)
        if lack is None:
            return
        if time.monotonic() > end:
            raise _NotYet(lack)
        time.sleep(0.02)


def _of(schema: str, table: str) -> sql.Identifier:
    return sql.Identifier(schema, table)


def _folded(connection: psycopg.Connection[Any], build: Build) -> None:
    row = connection.execute(
        sql.SQL("SELECT (SELECT count(*) FROM {}), EXISTS (SELECT FROM {})").format(
            _of(build.schema, "styrpost"), _of(build.schema, "smutsig")
        )
    ).fetchone()
    assert row is not None
    if row[0] == 0 or row[1]:
        raise _NotYet("strömmarna är inte lästa och vikta än")


def _lacks(connection: psycopg.Connection[Any], konsument: str, old: str, new: str) -> str | None:
    """What the new build lacks of the old, which stands still; ``None`` when nothing."""
    names = {
        f"{which}_{table}": _of(schema, table)
        for which, schema in (("old", old), ("new", new))
        for table in ("inkorg", "styrpost", "rafakta", "smutsig", "karantan")
    }
    for text, query in _LEVEL:
        row = connection.execute(
            sql.SQL(query).format(**names), {"konsument": konsument}
        ).fetchone()
        if row is not None:
            return text.format(*row)
    return None


_WAITING = "('karantan', 'hallen', 'okand_typ', 'slappt')"
_LEVEL = (
    (
        "{0} är läst till {1}, det som läses nu till {2}",
        "SELECT g.topic, coalesce(n.pos, 0), g.pos FROM {old_styrpost} AS g"
        " LEFT JOIN {new_styrpost} AS n USING (konsument, topic)"
        " WHERE g.konsument = %(konsument)s AND (n.topic IS NULL"
        "  OR (n.epok, n.registrerad) < (g.epok, g.registrerad)) LIMIT 1",
    ),
    (
        "{0} partition {1} är inte läst så långt som det som läses nu",
        "SELECT g.topic, g.partition FROM {old_inkorg} AS g"
        " LEFT JOIN {new_inkorg} AS n USING (konsument, topic, partition)"
        " WHERE g.konsument = %(konsument)s AND g.pos > 0"
        '  AND (n.topic IS NULL OR (n.epok, n.pos, n."index") < (g.epok, g.pos, g."index"))'
        " LIMIT 1",
    ),
    (
        "partition {1} av {0} har stannat: {2}",
        "SELECT n.topic, n.partition, n.skal FROM {new_inkorg} AS n"
        " JOIN {old_inkorg} AS g USING (konsument, topic, partition)"
        " WHERE n.konsument = %(konsument)s AND n.lage IN ('lucka', 'stopp')"
        "  AND g.lage NOT IN ('lucka', 'stopp') LIMIT 1",
    ),
    (
        "{0} {1} är inte vikt än",
        # What cannot be folded in either build holds both alike.
        "SELECT n.slag, n.amne FROM {new_smutsig} AS n WHERE n.registrerad <= ("
        "  SELECT max(sist.registrerad) FROM (SELECT DISTINCT topic FROM {old_styrpost}) AS t"
        "  CROSS JOIN LATERAL (SELECT r.registrerad FROM {old_rafakta} AS r"
        "   WHERE r.topic = t.topic ORDER BY r.pos DESC LIMIT 1) AS sist)"
        " AND NOT EXISTS (SELECT FROM {old_smutsig} AS g WHERE g.fel IS NOT NULL"
        "  AND (g.slag, g.kommunkod, g.amne) = (n.slag, n.kommunkod, n.amne)) LIMIT 1",
    ),
    (
        "kommun {0} är avgjord till {1}, i det som läses nu till {2}",
        # W of each build where anything but the streams bounds it; the streams are judged above.
        "WITH strom AS (SELECT (SELECT min(registrerad) FROM {new_styrpost}"
        "   WHERE konsument = %(konsument)s) AS ny, (SELECT min(registrerad) FROM {old_styrpost}"
        "   WHERE konsument = %(konsument)s) AS gammal),"
        " ny AS (SELECT kommunkod, min(registrerad) AS w FROM (SELECT kommunkod, registrerad"
        "   FROM {new_smutsig} UNION ALL SELECT kommunkod, registrerad FROM {new_karantan}"
        f"   WHERE kommunkod IS NOT NULL AND lage IN {_WAITING}) AS r GROUP BY 1),"
        " gammal AS (SELECT kommunkod, min(registrerad) AS w FROM (SELECT kommunkod, registrerad"
        "   FROM {old_smutsig} WHERE fel IS NOT NULL UNION ALL SELECT kommunkod, registrerad"
        f"   FROM {{old_karantan}} WHERE kommunkod IS NOT NULL AND lage IN {_WAITING}) AS r"
        "   GROUP BY 1)"
        " SELECT kommunkod, ny.w, least(strom.gammal, gammal.w) FROM ny"
        " LEFT JOIN gammal USING (kommunkod) CROSS JOIN strom"
        " WHERE ny.w <= least(strom.gammal, gammal.w)"
        "  AND ny.w IS DISTINCT FROM gammal.w LIMIT 1",
    ),
)
"""Each gives a row when the new build lacks something, and the words for it."""
