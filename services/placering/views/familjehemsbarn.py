"""The children in familjehem on a day, for the yearly list to IVO (R-KLO-8).

Guarantees that a child is told to who reaches it, that protected ones are left out and counted,
and that a birth date is read only of who turns 18 in that very month; of whom is told, so that the
caller can record it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.chassis.crypto import Keyring
from services.chassis.store.reader import Reader, Rows
from services.placering.domain.alder import fyller, fyllt
from services.placering.domain.klient import Klient
from services.placering.domain.klockor import MYNDIG
from services.placering.views.bevakningar import fodelsedatum, position
from services.placering.views.bevakningsvikning import VYVERSION


@dataclass(frozen=True, slots=True)
class Familjehemsbarn:
    """The children's stays, as rows by column; ``lasta``: whose birth date was read."""

    rader: list[dict[str, Any]]
    skyddade: int
    lasta: list[Klient]


async def familjehemsbarn(
    connection: Rows, reader: Reader, keyring: Keyring, per: date
) -> Familjehemsbarn:
    """Those placed on the day; :class:`NotBuilt` while the view is being made."""
    await position(connection)
    cursor = await connection.execute(_SQL, {"vyversion": VYVERSION, "per": per})
    rader = [rad for rad in await cursor.fetchall() if not _fyllt(rad, per)]
    oppna = [rad for rad in rader if not rad["skyddad"]]
    ovissa = {rad["klient"] for rad in oppna if _fyllt(rad, per) is None}
    klienter = await reader.aggregates(connection, Klient, sorted(ovissa))
    vuxna: set[UUID] = set()
    for klient in klienter.values():
        fodd = await fodelsedatum(connection, keyring, klient)
        if fodd is not None and fyller(fodd, MYNDIG) <= per:
            vuxna.add(klient.id)
    return Familjehemsbarn(
        [rad for rad in oppna if rad["klient"] not in vuxna],
        len(rader) - len(oppna),
        list(klienter.values()),
    )


def _fyllt(rad: dict[str, Any], per: date) -> bool | None:
    """Whether the person is of age; ``None`` where the birth day decides."""
    manad = rad["fodelsemanad"]
    return False if manad is None else fyllt(manad, MYNDIG, per)


_SQL = """
SELECT klient, kon, fodelsemanad, placering, regi, natverk, hem, enhet, leverantor, fran, skyddad
FROM bevakningsvistelse
WHERE vyversion = %(vyversion)s AND kommunkod = current_setting('dygn.kommunkod')
    AND form = 'familjehem' AND fran <= %(per)s AND (till IS NULL OR till >= %(per)s)
ORDER BY fran, placering
"""
