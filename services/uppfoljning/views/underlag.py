"""What an answer rests on: as known when, final or preliminary, and how far each stream was.

Guarantees that every answer says whether it can still change. As known at or before the settled
instant W it is *slutlig*, the same for ever; a later one is *preliminär* and says what it waits
for. Without ``kand_per`` a report takes all that is known, which is preliminary by nature.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from services.chassis.calendar import day_of, end_of_day
from services.chassis.rules import rule
from services.chassis.store.reader import Rows
from services.chassis.streams.mapping import event_topic
from services.chassis.streams.settled import Limit, Settled, settled_from, settled_query

KONSUMENT = "uppfoljning"
TOPICS = tuple(event_topic(service) for service in ("leverantor", "placering"))


@dataclass(frozen=True, slots=True)
class Strom:
    """How far a stream had been read."""

    strom: str
    epok: int
    pos: int
    registrerad: datetime | None


@dataclass(frozen=True, slots=True)
class Underlag:
    """What an answer rests on. Instants in UTC; ``kand_per`` is ``None`` for all that is known.

    ``idag`` is the calendar day up to which an open placement is counted.
    """

    kand_per: datetime | None
    w: datetime | None
    skal: tuple[str, ...]
    framtagen: datetime
    idag: date
    strommar: tuple[Strom, ...]

    @property
    def slutlig(self) -> bool:
        """Whether the answer is the same for ever."""
        return not self.skal


KandPer = date | datetime | None
"""A date (its end in Sweden), an instant with offset, or all that is known."""


@rule("R-KOS-7", source="systemets eget val", consequence="compute")
def instant_of(kand_per: KandPer) -> datetime | None:
    """Varje rapport kan ställas som den var känd en viss dag (dagens slut) eller tidpunkt."""
    if kand_per is None:
        return None
    if isinstance(kand_per, datetime):
        return kand_per.astimezone(UTC)
    return end_of_day(kand_per)


async def las_underlag(connection: Rows, kommunkod: str, kand_per: KandPer) -> Underlag:
    """What an answer in this transaction rests on; it must be one snapshot."""
    now = datetime.now(UTC)
    known = instant_of(kand_per)
    statement, parameters = settled_query(KONSUMENT, TOPICS, kommunkod)
    cursor = await connection.execute(statement, parameters)
    settled = settled_from(
        [(row["slag"], row["vad"], row["grans"]) for row in await cursor.fetchall()]
    )
    cursor = await connection.execute(
        "SELECT topic, epok, pos, registrerad FROM styrpost WHERE konsument = %s ORDER BY topic",
        (KONSUMENT,),
    )
    return Underlag(
        kand_per=known,
        w=settled.w,
        skal=tuple(_skal(settled, known)),
        framtagen=now,
        idag=day_of(now if known is None else min(now, known)),
        strommar=tuple(
            Strom(row["topic"].split(".")[1], row["epok"], row["pos"], row["registrerad"])
            for row in await cursor.fetchall()
        ),
    )


def _skal(settled: Settled, known: datetime | None) -> Sequence[str]:
    if known is None:
        return ["Ingen tidpunkt är angiven: det som registreras härefter kan ändra svaret."]
    if settled.w is not None and known <= settled.w:
        return []
    return [_vantan(limit) for limit in settled.explain(known)] or [
        "Strömmarna är inte lästa till den tidpunkten."
    ]


def _vantan(limit: Limit) -> str:
    if limit.slag == "strom":
        return f"Strömmen {limit.vad} är inte läst till den tidpunkten."
    if limit.slag == "smutsig":
        return f"Inte vikt än: {limit.vad}."
    return f"I karantän ({limit.slag}): {limit.vad}."
