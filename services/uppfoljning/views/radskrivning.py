"""Writes derived rows: a subject's rows are replaced as a set, many subjects in few statements.

Guarantees that after a write exactly the folded rows of the subjects are there, and no statement
per row. Rows travel as one JSON document whose keys are the table's columns: an array for each
column costs the driver a third of the whole folding, and an array of arrays would be flattened.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from services.uppfoljning.domain.rader import (
    DagRad,
    EvbRad,
    KostnadsRad,
    LeverantorRad,
)

Rad = dict[str, Any]
"""Values by column; kommunkod is added when the row is written."""


def dagrader(rader: Iterable[DagRad]) -> list[Rad]:
    """Rows of ``vistelseintervall`` and ``vardygnsintervall``."""
    return [_dag(rad) for rad in rader]


def kostnadsrader(rader: Iterable[KostnadsRad]) -> list[Rad]:
    """Rows of ``kostnadsintervall``."""
    return [
        _dag(rad)
        | {
            "pris_ore": rad.pris_ore,
            "grund_ore": rad.grund_ore,
            "tillagg_ore": rad.tillagg_ore,
        }
        for rad in rader
    ]


def faltrader(rader: Iterable[EvbRad | LeverantorRad]) -> list[Rad]:
    """Rows of ``evbintervall`` and ``leverantorsuppgift``: the columns are the fields."""
    return [msgspec.structs.asdict(rad) for rad in rader]


def _dag(rad: DagRad) -> Rad:
    return {
        **rad.dim._asdict(),
        "fran": rad.fran,
        "till": rad.till,
        "pagar": rad.pagar,
        "handelser": rad.handelser,
        "kand_fran": rad.kand_fran,
        "kand_till": rad.kand_till,
    }


def ersatt(
    connection: psycopg.Connection[Any],
    table: str,
    kommunkod: str,
    subject: str,
    amnen: Sequence[str],
    rader: Sequence[Rad],
) -> None:
    """Let exactly ``rader`` be the rows of these subjects (values of the column ``subject``)."""
    connection.execute(
        sql.SQL("DELETE FROM {} WHERE kommunkod = %s AND {} = ANY (%s::uuid[])").format(
            sql.Identifier(table), sql.Identifier(subject)
        ),
        (kommunkod, list(amnen)),
    )
    if not rader:
        return
    kommun = {"kommunkod": kommunkod}
    document = msgspec.json.encode([rad | kommun for rad in rader])
    connection.execute(
        sql.SQL(
            "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s::json)"
        ).format(table=sql.Identifier(table)),
        (document.decode(),),
    )
