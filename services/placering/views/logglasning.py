"""Searches of the access log: by person, reader and period (R-SEK-3).

Guarantees that whoever is bound to arbetsenheter finds the reads of persons who belonged to one of
them when they were read: a reorganisation opens no older records (R-SEK-6). A search that found
nobody belongs to no arbetsenhet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from services.chassis.calendar import end_of_day
from services.chassis.context import Rackvidd
from services.chassis.store.reader import Rows


class Bara(Enum):
    """A list of its own of the log: those that broke the glass, or those to look at."""

    NODLASNINGAR = "nodlage"
    KONTROLL = "anmarkningar <> '{}'"


@dataclass(frozen=True, slots=True)
class Urval:
    """Which records; ``fran`` and ``till`` are days in Sweden, both included."""

    klient: UUID | None = None
    aktor: str | None = None
    fran: date | None = None
    till: date | None = None

    def som_text(self) -> str:
        """What the log remembers of a search of the log."""
        delar = {"klient": self.klient, "aktor": self.aktor, "fran": self.fran, "till": self.till}
        return " ".join(f"{namn}={vad}" for namn, vad in delar.items() if vad is not None)


async def rader(
    connection: Rows,
    rackvidd: Rackvidd,
    urval: Urval,
    *,
    bara: Bara | None,
    fore: int | None,
    antal: int,
) -> Sequence[dict[str, Any]]:
    """At most ``antal`` records with a lower number than ``fore``, the newest first."""
    villkor = ["kommunkod = %(kommunkod)s", *([] if bara is None else [bara.value])]
    falt: dict[str, Any] = {"kommunkod": rackvidd.kommunkod, "antal": antal}
    if rackvidd.arbetsenheter is not None:
        villkor.append("arbetsenhet = ANY (%(arbetsenheter)s)")
        falt["arbetsenheter"] = sorted(rackvidd.arbetsenheter)
    for kolumn in ("klient", "aktor"):
        if (varde := getattr(urval, kolumn)) is not None:
            villkor.append(f"{kolumn} = %({kolumn})s")
            falt[kolumn] = varde
    if urval.fran is not None:
        villkor.append("tid > %(efter)s")
        falt["efter"] = end_of_day(urval.fran - timedelta(days=1))
    if urval.till is not None:
        villkor.append("tid <= %(till)s")
        falt["till"] = end_of_day(urval.till)
    if fore is not None:
        villkor.append("nr < %(fore)s")
        falt["fore"] = fore
    cursor = await connection.execute(
        "SELECT nr, tid, aktor, klient, vad, varfor, arbetsenhet, nodlage, anmarkningar,"
        " urval, korrelation"
        f" FROM atkomstlogg WHERE {' AND '.join(villkor)} ORDER BY nr DESC LIMIT %(antal)s",
        falt,
    )
    return await cursor.fetchall()
