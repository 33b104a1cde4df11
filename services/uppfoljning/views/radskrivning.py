"""Writes derived rows: a subject's rows are replaced as a set, many subjects in few statements.

Guarantees that after a write exactly the folded rows of the subjects are there, and no statement
per row.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from services.chassis.streams.binary_rows import (
    Rows,
    bigint,
    boolean,
    day,
    instant,
    text,
    texts,
    uuid,
)
from services.uppfoljning.domain.rader import (
    DagRad,
    Dimensioner,
    EvbRad,
    KostnadsRad,
    LeverantorRad,
)

Kolumner = Callable[[Any], bytes]
"""A row's columns in the order of the table's, but for the first, which is kommunkod.

A column too many, too few or of another type is refused by the database; that each value is in its
own is tested.
"""


class Tabell(NamedTuple):
    """A table of derived rows: its name, its subject's column, its width and its rows' writer.

    ``kolumner`` makes a writer for one write: it may remember what many rows share.
    """

    namn: str
    amne: str
    bredd: int
    kolumner: Callable[[], Kolumner]


def _dag() -> Callable[[DagRad], bytes]:
    """Rows of a placering's days. Many of them share their keys, which are then written once."""
    nycklar: dict[int, bytes] = {}

    def kolumner(rad: DagRad) -> bytes:
        dim = rad.dim
        nyckel = nycklar.get(id(dim))
        if nyckel is None:
            nyckel = nycklar[id(dim)] = _nycklar(dim)
        return nyckel + day(rad.fran) + day(rad.till) + boolean(rad.pagar)

    return kolumner


def _nycklar(dim: Dimensioner) -> bytes:
    return b"".join(
        (
            uuid(dim.klient),
            uuid(dim.placering),
            uuid(dim.beslut),
            text(dim.placeringsform),
            text(dim.regi),
            text(dim.leverantor),
            uuid(dim.enhet),
            uuid(dim.avtal),
            text(dim.omrade),
            text(dim.lagrum),
            text(dim.kon),
            text(dim.fodelsemanad),
        )
    )


def _kand(rad: DagRad | EvbRad | LeverantorRad) -> bytes:
    return texts(rad.handelser) + instant(rad.kand_fran) + instant(rad.kand_till)


def _vistelse() -> Callable[[DagRad], bytes]:
    dag = _dag()
    return lambda rad: dag(rad) + _kand(rad) + text(rad.dim.arbetsenhet)


def _kostnad() -> Callable[[KostnadsRad], bytes]:
    dag = _dag()

    def kolumner(rad: KostnadsRad) -> bytes:
        belopp = bigint(rad.pris_ore) + bigint(rad.grund_ore) + bigint(rad.tillagg_ore)
        return dag(rad) + belopp + _kand(rad) + text(rad.dim.arbetsenhet)

    return kolumner


def _evb() -> Callable[[EvbRad], bytes]:
    """Rows of beslut; those of one beslut hold the same id."""
    nycklar: dict[int, bytes] = {}

    def kolumner(rad: EvbRad) -> bytes:
        nyckel = nycklar.get(id(rad.beslut))
        if nyckel is None:
            nyckel = nycklar[id(rad.beslut)] = uuid(rad.klient) + uuid(rad.beslut)
        return b"".join(
            (
                nyckel,
                day(rad.fran),
                day(rad.till),
                text(rad.lage),
                day(rad.klocka_fran),
                day(rad.beslutsdatum),
                day(rad.avbrottsdatum),
                text(rad.lag),
                text(rad.lagrum),
                text(rad.insatstyp),
                text(rad.kon),
                text(rad.namnd),
                text(rad.arbetsenhet),
                text(rad.orsak),
                _kand(rad),
            )
        )

    return kolumner


def _leverantor() -> Callable[[LeverantorRad], bytes]:
    def kolumner(rad: LeverantorRad) -> bytes:
        vem = text(rad.organisationsnummer) + text(rad.namn) + text(rad.typ)
        return uuid(rad.leverantor) + vem + _kand(rad)

    return kolumner


VISTELSE = Tabell("vistelseintervall", "klient", 20, _vistelse)
VARDDYGN = Tabell("vardygnsintervall", "klient", 20, _vistelse)
KOSTNAD = Tabell("kostnadsintervall", "klient", 23, _kostnad)
EVB = Tabell("evbintervall", "klient", 19, _evb)
LEVERANTORER = Tabell("leverantorsuppgift", "leverantor", 8, _leverantor)


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
    rader, kommun, kolumner = list(rader), text(kommunkod), tabell.kolumner()
    if rader:
        skrivna = Rows(
            connection, tabell.namn, tabell.bredd, [kommun + kolumner(rad) for rad in rader]
        )
        connection.execute(
            sql.SQL("INSERT INTO {tabell} SELECT * FROM unnest(%b::{tabell}[])").format(
                tabell=namn
            ),
            (skrivna,),
        )
