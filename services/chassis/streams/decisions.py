"""What people have decided about messages put aside, carried from one build to another.

Guarantees that a message that was thrown away, or let pass, in the build that is read is so in the
one that is built beside it too, whether the new one has met it already or not; a decision that was
carried is never carried back or doubled. (A message that was released is judged anew in each build
and needs no carrying.)
"""

from typing import Any

import psycopg
from psycopg import sql

from services.chassis.streams.builds import Build

_SAME = (
    'konsument, topic, partition, "offset", kommunkod, nyckel, epok, pos, "index", registrerad,'
    " typ, ra_nyckel, ra, huvuden, orsak, lage, inkommen, beslutad_av, beslut_skal, beslutad"
)
_CARRY = (
    f"INSERT INTO {{new}} AS ny (vyversion, {_SAME})"
    f' SELECT DISTINCT ON (konsument, topic, partition, "offset") %s, {_SAME} FROM {{old}}'
    " WHERE lage IN ('kastad', 'passerad')"
    ' ORDER BY konsument, topic, partition, "offset", beslutad DESC NULLS LAST'
    ' ON CONFLICT (konsument, vyversion, topic, partition, "offset") DO UPDATE SET'
    " lage = excluded.lage, beslutad_av = excluded.beslutad_av,"
    " beslut_skal = excluded.beslut_skal, beslutad = excluded.beslutad"
    " WHERE ny.pos IS NOT DISTINCT FROM excluded.pos AND ny.lage <> excluded.lage"
    " AND (ny.lage IN ('karantan', 'okand_typ')"
    "      OR ny.lage IN ('hallen', 'passerad') AND excluded.lage = 'kastad')"
)


def carry_decisions(connection: psycopg.Connection[Any], old: str, new: Build) -> int:
    """Carry from the schema ``old`` what ``new`` lacks; how many decisions were carried."""
    return connection.execute(
        sql.SQL(_CARRY).format(
            old=sql.Identifier(old, "karantan"), new=sql.Identifier(new.schema, "karantan")
        ),
        (new.vyversion,),
    ).rowcount
