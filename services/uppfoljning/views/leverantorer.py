"""Report 3, privata utförare: which suppliers were used in a period, per område.

Guarantees that only private suppliers are in it (R-LEV-1), that one counts as used with at least
one day of placement in the period (R-LEV-2), once per område, and that own homes and SiS never do
(R-PLA-14). A supplier that the register does not know is listed and counted as private: leaving it
out would hide it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from contracts.ord import Form, Leverantorstyp
from services.chassis.rules import rule
from services.chassis.store.reader import Rows
from services.uppfoljning.views.leverantorsnamn import Uppgift, leverantorsuppgifter
from services.uppfoljning.views.period import DYGN, INOM, KAND
from services.uppfoljning.views.underlag import Underlag


@dataclass(frozen=True, slots=True)
class Leverantorsrad:
    """One supplier in one område; amounts in whole öre, exclusive of moms."""

    omrade: str
    organisationsnummer: str
    namn: str
    antal_placeringar: int
    varddygn: int
    kostnad_ore: int


@dataclass(frozen=True, slots=True)
class Leverantorsrapport:
    """The report; the two totals are both right and count different things (R-LEV-2)."""

    rader: tuple[Leverantorsrad, ...]

    @property
    def antal_per_omrade(self) -> dict[str, int]:
        """Used suppliers per område."""
        return dict(sorted(Counter(rad.omrade for rad in self.rader).items()))

    @property
    def summa_over_omraden(self) -> int:
        """The sum over områden: a supplier in two of them counts twice."""
        return len(self.rader)

    @property
    def antal_leverantorer(self) -> int:
        """Distinct suppliers."""
        return len({rad.organisationsnummer for rad in self.rader})


_UTAN_SIS = f"r.leverantor <> '' AND r.placeringsform <> '{Form.SIS.value}'"
_PERIOD = "(SELECT %(fran)s::date AS fran, %(till)s::date AS till) AS d"

SQL = f"""
WITH anvanda AS (
    SELECT r.omrade, r.leverantor, count(DISTINCT r.placering) AS antal_placeringar
    FROM vistelseintervall AS r, {_PERIOD}
    WHERE {INOM} AND {KAND} AND {DYGN} > 0 AND {_UTAN_SIS}
    GROUP BY r.omrade, r.leverantor
), dygn AS (
    SELECT r.omrade, r.leverantor, sum({DYGN})::bigint AS varddygn
    FROM vardygnsintervall AS r, {_PERIOD}
    WHERE {INOM} AND {KAND} AND {DYGN} > 0 AND {_UTAN_SIS}
    GROUP BY r.omrade, r.leverantor
), kostnad AS (
    SELECT r.omrade, r.leverantor, sum({DYGN} * r.pris_ore)::bigint AS kostnad_ore
    FROM kostnadsintervall AS r, {_PERIOD}
    WHERE {INOM} AND {KAND} AND {DYGN} > 0 AND {_UTAN_SIS}
    GROUP BY r.omrade, r.leverantor
)
SELECT omrade, leverantor, antal_placeringar, coalesce(varddygn, 0) AS varddygn,
       coalesce(kostnad_ore, 0) AS kostnad_ore
FROM anvanda LEFT JOIN dygn USING (omrade, leverantor)
LEFT JOIN kostnad USING (omrade, leverantor)
ORDER BY omrade, leverantor
"""


@rule("R-LEV-1", source="KL 5 kap. 3 § och 10 kap. 7–9 §§", consequence="compute")
def ar_privat(uppgift: Uppgift | None) -> bool:
    """Uppföljningen gäller privata utförare, inte kommuners, regioners eller egna bolags hem."""
    return uppgift is None or uppgift.typ == Leverantorstyp.PRIVAT


async def leverantorer(
    connection: Rows, underlag: Underlag, fran: date, till: date
) -> Leverantorsrapport:
    """The report for the days ``fran`` to ``till``, both in it."""
    kanda = await leverantorsuppgifter(connection, underlag.kand_per)
    cursor = await connection.execute(
        SQL,
        {"fran": fran, "till": till, "idag": underlag.idag, "kand": underlag.kand_per},
    )
    rader = [
        Leverantorsrad(
            omrade=row["omrade"],
            organisationsnummer=row["leverantor"],
            namn=_namn(kanda.get(row["leverantor"])),
            antal_placeringar=row["antal_placeringar"],
            varddygn=row["varddygn"],
            kostnad_ore=row["kostnad_ore"],
        )
        for row in await cursor.fetchall()
        if ar_privat(kanda.get(row["leverantor"]))
    ]
    return Leverantorsrapport(tuple(rader))


def _namn(uppgift: Uppgift | None) -> str:
    return "(finns inte i registret)" if uppgift is None else uppgift.namn
