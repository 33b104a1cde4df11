"""Report 1, dygnskostnader: persons, placements, days and cost, cut by one key.

Guarantees that the figures are sums over the same rows that ``varfor`` opens: debiterade dygn and
cost from ``kostnadsintervall``, vårddygn from ``vardygnsintervall``, persons and placements from
``vistelseintervall`` (one counts with at least one day of stay, R-LEV-2). The sum over all keys
counts each person once.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.ord import PLACERINGSFORM
from services.chassis.store.reader import Rows
from services.uppfoljning.domain.aldersklass import KLASSER
from services.uppfoljning.domain.summering import dygnskostnad_ore
from services.uppfoljning.views.leverantorsnamn import namn_pa_leverantorer
from services.uppfoljning.views.period import DYGN, INOM, KAND, Snitt, nycklar
from services.uppfoljning.views.underlag import Underlag


@dataclass(frozen=True, slots=True)
class Tal:
    """The figures of a row. Amounts in whole öre, exclusive of moms."""

    antal_placerade: int = 0
    antal_placeringar: int = 0
    debiterade_dygn: int = 0
    varddygn: int = 0
    kostnad_ore: int = 0
    dygn_utan_pris: int = 0

    @property
    def dygnskostnad_ore(self) -> int | None:
        """Cost per debiterat dygn (R-KOS-17), half an öre away from zero; ``None`` at 0 dygn."""
        return dygnskostnad_ore(self.kostnad_ore, self.debiterade_dygn)


@dataclass(frozen=True, slots=True)
class Dygnskostnader:
    """The report: figures by key in the order in which they are shown, and over the whole."""

    rader: tuple[tuple[str, str, Tal], ...]
    """(key, readable name, figures)."""
    summa: Tal


_SQL = """
SELECT CASE WHEN grouping(d.nyckel) = 1 THEN NULL ELSE d.nyckel END AS nyckel,
       grouping(d.nyckel) = 1 AS summa, {figures}
FROM {table} AS r CROSS JOIN LATERAL ({keys}) AS d
WHERE {inom} AND {kand} AND {dygn} > 0
GROUP BY GROUPING SETS ((d.nyckel), ())
"""

_FIGURES = {
    "vistelseintervall": (
        "count(DISTINCT r.klient) AS antal_placerade,"
        " count(DISTINCT r.placering) AS antal_placeringar"
    ),
    "kostnadsintervall": (
        "coalesce(sum({dygn}), 0)::bigint AS debiterade_dygn,"
        " coalesce(sum({dygn} * r.pris_ore), 0)::bigint AS kostnad_ore,"
        " coalesce(sum({dygn}) FILTER (WHERE r.grund_ore IS NULL), 0)::bigint AS dygn_utan_pris"
    ),
    "vardygnsintervall": "coalesce(sum({dygn}), 0)::bigint AS varddygn",
}


def fraga(table: str, snitt: Snitt) -> str:
    """The statement that sums one derived table by a key, with the whole as one row more."""
    return _SQL.format(
        figures=_FIGURES[table].format(dygn=DYGN),
        table=table,
        keys=nycklar(snitt),
        inom=INOM,
        kand=KAND,
        dygn=DYGN,
    )


async def dygnskostnader(
    connection: Rows, underlag: Underlag, fran: date, till: date, snitt: Snitt
) -> Dygnskostnader:
    """The report for the days ``fran`` to ``till``, both in it."""
    parameters = {
        "fran": fran,
        "till": till,
        "idag": underlag.idag,
        "kand": underlag.kand_per,
    }
    summa: dict[str, int] = {}
    per_nyckel: dict[str, dict[str, int]] = defaultdict(dict)
    for table in _FIGURES:
        cursor = await connection.execute(fraga(table, snitt), parameters)
        for row in await cursor.fetchall():
            figures = _figures(row)
            (summa if row["summa"] else per_nyckel[row["nyckel"]]).update(figures)
    namn = await _namn(connection, underlag, snitt)
    ordnade = sorted(per_nyckel, key=_ordning(snitt))
    return Dygnskostnader(
        tuple((nyckel, namn.get(nyckel, nyckel), Tal(**per_nyckel[nyckel])) for nyckel in ordnade),
        Tal(**summa),
    )


def _figures(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: value for name, value in row.items() if name not in ("nyckel", "summa")}


async def _namn(connection: Rows, underlag: Underlag, snitt: Snitt) -> dict[str, str]:
    match snitt:
        case Snitt.PLACERINGSFORM:
            return {kod: rad.namn for kod, rad in PLACERINGSFORM.items()}
        case Snitt.LEVERANTOR:
            return {
                "": "Egna hem och SiS",
                **await namn_pa_leverantorer(connection, underlag.kand_per),
            }
        case Snitt.ALDERSKLASS:
            return {
                "0-12": "0–12 år",
                "13-20": "13–20 år",
                "21+": "21 år och äldre",
                "okand": "Okänd ålder",
            }
        case Snitt.MANAD:
            return {}


def _ordning(snitt: Snitt) -> Any:
    ordning = {
        Snitt.PLACERINGSFORM: list(PLACERINGSFORM),
        Snitt.ALDERSKLASS: list(KLASSER),
    }.get(snitt)
    if ordning is None:
        return str
    return lambda nyckel: (ordning.index(nyckel) if nyckel in ordning else len(ordning), nyckel)
