"""Writes derived rows: a subject's rows are replaced as a set, many subjects in few statements.

Guarantees that after a write exactly the folded rows of the subjects are there, and no statement
per row.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql

from services.uppfoljning.domain.rader import (
    DagRad,
    EvbRad,
    KostnadsRad,
    LeverantorRad,
)

Rad = tuple[Any, ...]

_DAG = (
    ("klient", "uuid"),
    ("placering", "uuid"),
    ("beslut", "uuid"),
    ("placeringsform", "text"),
    ("regi", "text"),
    ("leverantor", "text"),
    ("enhet", "uuid"),
    ("avtal", "uuid"),
    ("omrade", "text"),
    ("lagrum", "text"),
    ("kon", "text"),
    ("fodelsemanad", "text"),
    ("fran", "date"),
    ("till", "date"),
)
_PRIS = (("pris_ore", "bigint"), ("grund_ore", "bigint"), ("tillagg_ore", "bigint"))
_KAND = (("handelser", "text"), ("kand_fran", "timestamptz"), ("kand_till", "timestamptz"))
_EVB = (
    ("klient", "uuid"),
    ("beslut", "uuid"),
    ("fran", "date"),
    ("till", "date"),
    ("lage", "text"),
    ("klocka_fran", "date"),
    ("beslutsdatum", "date"),
    ("avbrottsdatum", "date"),
    ("lag", "text"),
    ("lagrum", "text"),
    ("insatstyp", "text"),
    ("kon", "text"),
    ("namnd", "text"),
    ("arbetsenhet", "text"),
    ("orsak", "text"),
)
_LEVERANTOR = (
    ("leverantor", "uuid"),
    ("organisationsnummer", "text"),
    ("namn", "text"),
    ("typ", "text"),
)
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "vistelseintervall": _DAG + _KAND,
    "vardygnsintervall": _DAG + _KAND,
    "kostnadsintervall": _DAG + _PRIS + _KAND,
    "evbintervall": _EVB + _KAND,
    "leverantorsuppgift": _LEVERANTOR + _KAND,
}
"""Columns of each derived table after kommunkod, in the order in which rows are built here."""

_AVDELARE = "\x1f"
"""Between event ids: PostgreSQL's unnest would flatten an array of arrays."""


def dagrader(rader: Iterable[DagRad]) -> list[Rad]:
    """Rows of ``vistelseintervall`` and ``vardygnsintervall``."""
    return [(*_dag(rad), *_kand(rad)) for rad in rader]


def kostnadsrader(rader: Iterable[KostnadsRad]) -> list[Rad]:
    """Rows of ``kostnadsintervall``."""
    return [
        (*_dag(rad), rad.pris_ore, rad.grund_ore, rad.tillagg_ore, *_kand(rad)) for rad in rader
    ]


def evbrader(rader: Iterable[EvbRad]) -> list[Rad]:
    """Rows of ``evbintervall``."""
    return [(*(getattr(rad, name) for name, _ in _EVB), *_kand(rad)) for rad in rader]


def leverantorsrader(rader: Iterable[LeverantorRad]) -> list[Rad]:
    """Rows of ``leverantorsuppgift``."""
    return [(*(getattr(rad, name) for name, _ in _LEVERANTOR), *_kand(rad)) for rad in rader]


def _dag(rad: DagRad) -> Rad:
    dim = rad.dim
    return (
        dim.klient,
        dim.placering,
        dim.beslut,
        dim.placeringsform,
        dim.regi,
        dim.leverantor,
        dim.enhet,
        dim.avtal,
        dim.omrade,
        dim.lagrum,
        dim.kon,
        dim.fodelsemanad,
        rad.fran,
        rad.till,
    )


def _kand(rad: DagRad | EvbRad | LeverantorRad) -> Rad:
    return (_AVDELARE.join(rad.handelser), rad.kand_fran, rad.kand_till)


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
    columns = COLUMNS[table]
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns)
    statement = sql.SQL(
        "INSERT INTO {table} (kommunkod, {names}) SELECT %s, {values} FROM unnest({arrays})"
        " AS nya ({names})"
    ).format(
        table=sql.Identifier(table),
        names=names,
        values=sql.SQL(", ").join(_value(name) for name, _ in columns),
        arrays=sql.SQL(", ").join(sql.SQL(f"%s::{typ}[]") for _, typ in columns),
    )
    connection.execute(
        statement, [kommunkod, *(list(column) for column in zip(*rader, strict=True))]
    )


def _value(name: str) -> sql.Composable:
    if name == "handelser":
        return sql.SQL("string_to_array(handelser, {})").format(sql.Literal(_AVDELARE))
    return sql.Identifier(name)
