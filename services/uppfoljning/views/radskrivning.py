"""Writes derived rows: a subject's rows are replaced as a set, many subjects in few statements.

Guarantees that after a write exactly the folded rows of the subjects are there, and no statement
per row. Rows travel as the texts that PostgreSQL itself reads a row of the table from
(``(1490,…,"{placering:1:17.0}",…)``), all of them in one parameter: a JSON document with the rows
costs the database three times as much, and an array for each column costs the driver that.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from services.chassis.streams.columns import CUT, SEPARATOR, column
from services.uppfoljning.domain.rader import DagRad, EvbRad, KostnadsRad, LeverantorRad

Radtext = Callable[[Any], str]
"""A row as text, in the order of the table's columns, but for the first, which is kommunkod.

A column too many or too few is refused by the database; that each value is in its own is tested.
"""


class Tabell(NamedTuple):
    """A table of derived rows: its name, its subject's column, and its rows' writer.

    ``radtext`` makes a writer for one write: it may remember what many rows share.
    """

    namn: str
    amne: str
    radtext: Callable[[], Radtext]


def _dagtext() -> Callable[[DagRad], str]:
    """Rows of a placering's days. Many of them share their keys, which are then written once."""
    nycklar: dict[int, str] = {}

    def text(rad: DagRad) -> str:
        dim = rad.dim
        nyckel = nycklar.get(id(dim))
        if nyckel is None:
            nyckel = nycklar[id(dim)] = (
                f"{dim.klient},{dim.placering},{dim.beslut},{_text(dim.placeringsform)},"
                f"{_text(dim.regi)},{_text(dim.leverantor)},{dim.enhet or ''},{dim.avtal or ''},"
                f"{_text(dim.omrade)},{_text(dim.lagrum)},{_text(dim.kon)},"
                f"{_text(dim.fodelsemanad)}"
            )
        return f"{nyckel},{rad.fran.isoformat()},{_dag(rad.till)},{'t' if rad.pagar else 'f'}"

    return text


def _kand(rad: DagRad | EvbRad | LeverantorRad) -> str:
    ids, till = ",".join(rad.handelser), rad.kand_till
    return f'"{{{ids}}}",{rad.kand_fran.isoformat()},{_dag(till)}'


def _vistelsetext() -> Callable[[DagRad], str]:
    dagtext = _dagtext()
    return lambda rad: f"{dagtext(rad)},{_kand(rad)},{_text(rad.dim.arbetsenhet)}"


def _kostnadstext() -> Callable[[KostnadsRad], str]:
    dagtext = _dagtext()

    def text(rad: KostnadsRad) -> str:
        pris, grund = _tal(rad.pris_ore), _tal(rad.grund_ore)
        belopp = f"{pris},{grund},{rad.tillagg_ore}"
        return f"{dagtext(rad)},{belopp},{_kand(rad)},{_text(rad.dim.arbetsenhet)}"

    return text


def _evbtext() -> Callable[[EvbRad], str]:
    """Rows of beslut; those of one beslut hold the same id."""
    nycklar: dict[int, str] = {}

    def text(rad: EvbRad) -> str:
        nyckel = nycklar.get(id(rad.beslut))
        if nyckel is None:
            nyckel = nycklar[id(rad.beslut)] = f"{rad.klient},{rad.beslut}"
        return (
            f"{nyckel},{rad.fran.isoformat()},{_dag(rad.till)},{_text(rad.lage)},"
            f"{_dag(rad.klocka_fran)},{rad.beslutsdatum.isoformat()},{_dag(rad.avbrottsdatum)},"
            f"{_text(rad.lag)},{_text(rad.lagrum)},{_text(rad.insatstyp)},{_text(rad.kon)},"
            f"{_text(rad.namnd)},{_text(rad.arbetsenhet)},{_text(rad.orsak)},{_kand(rad)}"
        )

    return text


def _leverantorstext() -> Callable[[LeverantorRad], str]:
    def text(rad: LeverantorRad) -> str:
        vem = f"{_text(rad.organisationsnummer)},{_text(rad.namn)},{_text(rad.typ)}"
        return f"{rad.leverantor},{vem},{_kand(rad)}"

    return text


VISTELSE = Tabell("vistelseintervall", "klient", _vistelsetext)
VARDDYGN = Tabell("vardygnsintervall", "klient", _vistelsetext)
KOSTNAD = Tabell("kostnadsintervall", "klient", _kostnadstext)
EVB = Tabell("evbintervall", "klient", _evbtext)
LEVERANTORER = Tabell("leverantorsuppgift", "leverantor", _leverantorstext)


def ersatt(
    connection: psycopg.Connection[Any],
    tabell: Tabell,
    kommunkod: str,
    amnen: Sequence[str],
    rader: Iterable[DagRad | EvbRad | LeverantorRad],
) -> None:
    """Let exactly ``rader`` be the rows of these subjects (values of the subject's column)."""
    namn, amne = sql.Identifier(tabell.namn), sql.Identifier(tabell.amne)
    connection.execute(
        sql.SQL("DELETE FROM {} WHERE kommunkod = %s AND {} = ANY (%s::uuid[])").format(namn, amne),
        (kommunkod, list(amnen)),
    )
    # The writers know shared objects by their identity: every row must live until all are written.
    rader, radtext = list(rader), tabell.radtext()
    texter = [f"({kommunkod},{radtext(rad)})" for rad in rader]
    if texter:
        # OFFSET 0 keeps the planner from reading the text anew for each column.
        connection.execute(
            sql.SQL(
                "INSERT INTO {tabell} SELECT (hel.rad).* FROM"
                " (SELECT text::{tabell} AS rad FROM " + CUT + " AS text OFFSET 0) AS hel"
            ).format(tabell=namn),
            (column(texter),),
        )


# -- values as they stand in a row's text ----------------------------------------------------------


@lru_cache(maxsize=4_096)
def _text(text: str | None) -> str:
    """Quoted, where it is more than letters and digits; an unquoted empty text is NULL.

    The separator of the rows becomes a space: no word of a report has it.
    """
    if text is None:
        return ""
    if text.isalnum():
        return text
    rent = text.replace("\\", "\\\\").replace('"', '\\"').replace(SEPARATOR, " ")
    return f'"{rent}"'


def _dag(dag: date | datetime | None) -> str:
    return "" if dag is None else dag.isoformat()


def _tal(tal: int | None) -> str:
    return "" if tal is None else str(tal)
