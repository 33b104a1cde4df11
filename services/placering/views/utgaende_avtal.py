"""The avtal that end soon, and the persons placed under them.

Guarantees that a person is shown to who reaches the person (row level security), that protected
persons are left out and counted, and that an avtal that has ended is listed as long as somebody is
placed under it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.calendar import months_after
from services.chassis.rules import rule
from services.chassis.store.reader import Rows
from services.placering.views.bevakningar import position
from services.placering.views.bevakningsvikning import VYVERSION


@dataclass(frozen=True, slots=True)
class Placerad:
    """A person placed under an avtal; ``till`` is the last day where it is known."""

    klient: UUID
    placering: UUID
    fran: date
    till: date | None


@dataclass(frozen=True, slots=True)
class UtgaendeAvtal:
    """An avtal that ends with ``till``; ``skyddade``: so many more are placed under it."""

    avtal: UUID
    leverantor: str
    namn: str | None
    enhet: UUID | None
    till: date
    placerade: list[Placerad] = field(default_factory=list)
    skyddade: int = 0


@rule("R-KLO-10", source="nämndhandling, Borås Stad, augusti 2024", consequence="compute")
async def utgaende(connection: Rows, per: date, manader: int) -> list[UtgaendeAvtal]:
    """Avtal som slutar inom så många månader listas med dem som är placerade under dem.

    Both days included; the first to end first. :class:`NotBuilt` while the view is being made.
    """
    await position(connection)
    cursor = await connection.execute(
        _SQL, {"vyversion": VYVERSION, "per": per, "senast": months_after(per, manader)}
    )
    avtal: dict[UUID, UtgaendeAvtal] = {}
    for rad in await cursor.fetchall():
        ett = avtal.setdefault(rad["avtal"], _avtal(rad))
        if rad["placering"] is not None and not rad["skyddad"]:
            ett.placerade.append(Placerad(*(rad[falt] for falt in _PLACERAD)))
    return list(avtal.values())


def _avtal(rad: dict[str, Any]) -> UtgaendeAvtal:
    return UtgaendeAvtal(
        rad["avtal"],
        rad["organisationsnummer"],
        rad["namn"],
        rad["enhet"],
        rad["till"],
        skyddade=rad["skyddade"],
    )


_PLACERAD = ("klient", "placering", "placerad_fran", "placerad_till")
_SQL = """
SELECT a.avtal, a.organisationsnummer, l.namn, a.enhet, a.till, v.klient, v.placering,
    v.fran AS placerad_fran, v.till AS placerad_till, v.skyddad,
    count(*) FILTER (WHERE v.skyddad) OVER (PARTITION BY a.avtal) AS skyddade
FROM register_avtal AS a
LEFT JOIN register_leverantor AS l
    ON l.kommunkod = a.kommunkod AND l.leverantor = a.leverantor
LEFT JOIN bevakningsvistelse AS v
    ON v.vyversion = %(vyversion)s AND v.kommunkod = a.kommunkod AND v.avtal = a.avtal
    AND (v.till IS NULL OR v.till >= %(per)s)
WHERE a.kommunkod = current_setting('dygn.kommunkod') AND a.till <= %(senast)s
    AND (a.till >= %(per)s OR v.placering IS NOT NULL)
ORDER BY a.till, a.avtal, v.fran, v.placering
"""
