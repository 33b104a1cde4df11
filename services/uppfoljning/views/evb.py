"""Report 2, ej verkställda beslut: which beslut are on the list of a day, and since when.

Guarantees one row per beslut and never fewer (R-EVB-7), that beslut never carried out and those
interrupted are counted apart (R-EVB-9), and that the list is what the domain's own rule says
(R-KLO-1): the query only fetches the beslut whose clock runs.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.store.reader import Rows
from services.uppfoljning.domain.evb import Lage
from services.uppfoljning.domain.klocka import Grans, dagar_sedan, listas
from services.uppfoljning.views.period import KAND
from services.uppfoljning.views.underlag import Underlag


@dataclass(frozen=True, slots=True)
class EvbListrad:
    """One beslut on the list."""

    beslut: UUID
    namnd: str
    insatstyp: str
    kon: str
    lage: str
    lagrum: str
    beslutsdatum: date
    avbrottsdatum: date | None
    klocka_fran: date
    dagar_sedan_beslut: int
    dagar_sedan_avbrott: int | None
    orsak: str | None
    handelser: tuple[str, ...]

    @property
    def ej_aterupptagen(self) -> bool:
        """Whether it is interrupted and not resumed, rather than never carried out."""
        return self.lage == Lage.AVBRUTEN


@dataclass(frozen=True, slots=True)
class EvbLista:
    """The list of a day, and the nämnder that have beslut under the law but none on the list."""

    rader: tuple[EvbListrad, ...]
    namnder_utan: tuple[str, ...]


SQL = f"""
SELECT r.* FROM evbintervall AS r
WHERE r.kommunkod = current_setting('dygn.kommunkod') AND r.lag = %(lag)s AND {KAND}
  AND r.fran <= %(per)s AND (r.till IS NULL OR r.till >= %(per)s)
  AND r.klocka_fran <= %(per)s
"""

SQL_NAMNDER = f"""
SELECT DISTINCT r.namnd FROM evbintervall AS r
WHERE r.kommunkod = current_setting('dygn.kommunkod') AND r.lag = %(lag)s AND {KAND}
  AND r.beslutsdatum <= %(per)s AND r.namnd IS NOT NULL
"""


async def evb_lista(
    connection: Rows, underlag: Underlag, per: date, lag: str, grans: Grans
) -> EvbLista:
    """The list of the day ``per`` for one law."""
    parameters = {"lag": lag, "per": per, "kand": underlag.kand_per}
    cursor = await connection.execute(SQL, parameters)
    rader = [
        _rad(row, per) for row in await cursor.fetchall() if listas(row["klocka_fran"], per, grans)
    ]
    cursor = await connection.execute(SQL_NAMNDER, parameters)
    namnder = {row["namnd"] for row in await cursor.fetchall()}
    utan = sorted(namnder - {rad.namnd for rad in rader}, key=svensk_ordning)
    return EvbLista(tuple(sorted(rader, key=_ordning)), tuple(utan))


@dataclass(frozen=True, slots=True)
class EvbLage:
    """How a beslut stood on some days, both in it."""

    fran: date
    till: date | None
    lage: str
    klocka_fran: date | None
    handelser: tuple[str, ...]


async def evb_lagen(connection: Rows, underlag: Underlag, beslut: UUID) -> list[EvbLage]:
    """Every interval of one beslut, in order of date; empty when EVB does not follow it."""
    cursor = await connection.execute(
        "SELECT r.fran, r.till, r.lage, r.klocka_fran, r.handelser FROM evbintervall AS r"
        " WHERE r.kommunkod = current_setting('dygn.kommunkod') AND r.beslut = %(beslut)s"
        f" AND {KAND} ORDER BY r.fran",
        {"beslut": beslut, "kand": underlag.kand_per},
    )
    return [
        EvbLage(row["fran"], row["till"], row["lage"], row["klocka_fran"], tuple(row["handelser"]))
        for row in await cursor.fetchall()
    ]


def _rad(row: dict[str, Any], per: date) -> EvbListrad:
    avbrott = row["avbrottsdatum"]
    return EvbListrad(
        beslut=row["beslut"],
        namnd=row["namnd"] or "",
        insatstyp=row["insatstyp"],
        kon=row["kon"],
        lage=row["lage"],
        lagrum=row["lagrum"],
        beslutsdatum=row["beslutsdatum"],
        avbrottsdatum=avbrott,
        klocka_fran=row["klocka_fran"],
        dagar_sedan_beslut=dagar_sedan(row["beslutsdatum"], per),
        dagar_sedan_avbrott=None if avbrott is None else dagar_sedan(avbrott, per),
        orsak=row["orsak"],
        handelser=tuple(row["handelser"]),
    )


_SIST = str.maketrans("åäöÅÄÖ", "{|}{|}")


def svensk_ordning(text: str) -> str:
    """Sort key of Swedish text: å, ä, ö last and in that order, capitals as small letters."""
    return text.translate(_SIST).casefold()


def _ordning(rad: EvbListrad) -> tuple[Any, ...]:
    return (
        svensk_ordning(rad.namnd),
        svensk_ordning(rad.insatstyp),
        -rad.dagar_sedan_beslut,
        rad.kon,
        rad.beslut,
    )
