"""Why a figure is what it is: the placements, intervals and events behind it.

Guarantees that what is shown sums to the figure exactly, because both are the same overlap of the
same rows: ``varfor`` lists what the report adds up.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.store.reader import Rows
from services.uppfoljning.views.dygnskostnader import Tal
from services.uppfoljning.views.period import DYGN, INOM, KAND, SLUT, Snitt, nycklar
from services.uppfoljning.views.underlag import Underlag


@dataclass(frozen=True, slots=True)
class Kostnadsdel:
    """Days with one price; ``kostnad_ore`` is days times price, 0 where no price is known."""

    fran: date
    till: date
    dygn: int
    pris_ore: int | None
    grund_ore: int | None
    tillagg_ore: int
    kostnad_ore: int
    handelser: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Varddygnsdel:
    """Days that are this placement's vårddygn."""

    fran: date
    till: date
    dygn: int
    handelser: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placeringsdel:
    """One placement's part of the figure; ``fran`` and ``till`` are the days of stay in it."""

    placering: UUID
    klient: UUID
    fran: date | None
    till: date | None
    kostnadsdelar: tuple[Kostnadsdel, ...]
    varddygnsdelar: tuple[Varddygnsdel, ...]

    @property
    def debiterade_dygn(self) -> int:
        """Days that are paid for."""
        return sum(del_.dygn for del_ in self.kostnadsdelar)

    @property
    def varddygn(self) -> int:
        """Days in care that are counted here."""
        return sum(del_.dygn for del_ in self.varddygnsdelar)

    @property
    def kostnad_ore(self) -> int:
        """What they cost."""
        return sum(del_.kostnad_ore for del_ in self.kostnadsdelar)


@dataclass(frozen=True, slots=True)
class Varfor:
    """The placements behind a figure."""

    placeringar: tuple[Placeringsdel, ...]

    @property
    def tal(self) -> Tal:
        """The figures that the parts add up to."""
        vistas = [del_ for del_ in self.placeringar if del_.fran is not None]
        return Tal(
            antal_placerade=len({del_.klient for del_ in vistas}),
            antal_placeringar=len(vistas),
            debiterade_dygn=sum(del_.debiterade_dygn for del_ in self.placeringar),
            varddygn=sum(del_.varddygn for del_ in self.placeringar),
            kostnad_ore=sum(del_.kostnad_ore for del_ in self.placeringar),
            dygn_utan_pris=sum(
                kostnad.dygn
                for del_ in self.placeringar
                for kostnad in del_.kostnadsdelar
                if kostnad.grund_ore is None
            ),
        )


_SQL = """
SELECT r.placering, r.klient, r.handelser,
       greatest(r.fran, d.fran) AS fran, least({slut}, d.till) AS till,
       {dygn} AS dygn {more}
FROM {table} AS r CROSS JOIN LATERAL ({keys}) AS d
WHERE {inom} AND {kand} AND {dygn} > 0 AND {only}
ORDER BY r.placering, 4
"""
_PRICE = ", r.pris_ore, r.grund_ore, r.tillagg_ore"


async def varfor_nyckel(
    connection: Rows, underlag: Underlag, fran: date, till: date, snitt: Snitt, nyckel: str
) -> Varfor:
    """The placements behind the row ``nyckel`` of report 1."""
    return await _varfor(
        connection,
        _parameters(underlag, fran, till) | {"nyckel": nyckel},
        nycklar(snitt),
        "d.nyckel = %(nyckel)s",
    )


async def varfor_leverantor(
    connection: Rows,
    underlag: Underlag,
    fran: date,
    till: date,
    omrade: str,
    organisationsnummer: str,
) -> Varfor:
    """The placements behind a row of report 3."""
    return await _varfor(
        connection,
        _parameters(underlag, fran, till) | {"omrade": omrade, "nyckel": organisationsnummer},
        nycklar(Snitt.LEVERANTOR),
        "d.nyckel = %(nyckel)s AND r.omrade = %(omrade)s AND r.placeringsform <> 'sis'",
    )


async def varfor_placering(
    connection: Rows, underlag: Underlag, fran: date, till: date, placering: UUID
) -> Varfor:
    """One placement's days and cost in the period."""
    return await _varfor(
        connection,
        _parameters(underlag, fran, till) | {"placering": placering},
        nycklar(Snitt.PLACERINGSFORM),
        "r.placering = %(placering)s",
    )


def _parameters(underlag: Underlag, fran: date, till: date) -> dict[str, Any]:
    return {"fran": fran, "till": till, "idag": underlag.idag, "kand": underlag.kand_per}


async def _varfor(connection: Rows, parameters: dict[str, Any], keys: str, only: str) -> Varfor:
    found: dict[str, dict[UUID, list[dict[str, Any]]]] = {}
    for table, more in (
        ("vistelseintervall", ""),
        ("kostnadsintervall", _PRICE),
        ("vardygnsintervall", ""),
    ):
        statement = _SQL.format(
            table=table, keys=keys, inom=INOM, kand=KAND, slut=SLUT, dygn=DYGN, only=only, more=more
        )
        cursor = await connection.execute(statement, parameters)
        found[table] = defaultdict(list)
        for row in await cursor.fetchall():
            found[table][row["placering"]].append(row)
    placeringar = sorted({placering for rows in found.values() for placering in rows})
    return Varfor(tuple(_del(placering, found) for placering in placeringar))


def _del(placering: UUID, found: dict[str, dict[UUID, list[dict[str, Any]]]]) -> Placeringsdel:
    vistelser, kostnader, varddygn = (rows.get(placering, []) for rows in found.values())
    first = (vistelser or kostnader or varddygn)[0]
    return Placeringsdel(
        placering=placering,
        klient=first["klient"],
        fran=min((row["fran"] for row in vistelser), default=None),
        till=max((row["till"] for row in vistelser), default=None),
        kostnadsdelar=tuple(
            Kostnadsdel(
                fran=row["fran"],
                till=row["till"],
                dygn=row["dygn"],
                pris_ore=row["pris_ore"],
                grund_ore=row["grund_ore"],
                tillagg_ore=row["tillagg_ore"],
                kostnad_ore=row["dygn"] * (row["pris_ore"] or 0),
                handelser=tuple(row["handelser"]),
            )
            for row in kostnader
        ),
        varddygnsdelar=tuple(
            Varddygnsdel(row["fran"], row["till"], row["dygn"], tuple(row["handelser"]))
            for row in varddygn
        ),
    )
