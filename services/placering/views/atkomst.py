"""The access log: who read which person's data, when and why (R-SEK-3).

Guarantees that the record is committed before the answer leaves, and that the application can add
to the log and never change it. The database numbers a kommun's records and chains them (migration
0008), one transaction at a time; so what many calls of a process want to record at once is added
in one.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from services.chassis.context import Sammanhang
from services.chassis.rules import rule
from services.chassis.store.errors import Unavailable
from services.chassis.store.reader import Reader
from services.placering.domain.atkomst import Anmarkning, Lasskal, Last, anmarkningar
from services.placering.domain.klient import Klient

GRUPP = 200
"""Records that are added in one transaction, at most."""


@dataclass(frozen=True, slots=True)
class Lasning:
    """One read or search.

    ``klient`` is the person, or the home whose carers it is about; ``arbetsenhet`` is theirs,
    then; ``nodlage`` says that the glass was broken, ``urval`` what a search of the log asked for.
    """

    vad: Last
    klient: UUID | None = None
    varfor: str | None = None
    arbetsenhet: str | None = None
    nodlage: bool = False
    anmarkningar: tuple[Anmarkning, ...] = ()
    urval: str | None = None

    @classmethod
    def om(cls, vad: Last, klient: Klient, varfor: Lasskal) -> Self:
        """A read, in a list, of the data of a person whom the reader reaches."""
        return cls(
            vad,
            klient=klient.id,
            varfor=varfor.value,
            arbetsenhet=klient.arbetsenhet,
            anmarkningar=anmarkningar(
                utom=False, skyddad=klient.skyddad, lasarens_efternamn=None, namn=None
            ),
        )


_Vantande = tuple[Sammanhang, Lasning, "asyncio.Future[None]"]


class Atkomstlogg:
    """A process's way to the log; used in its event loop only."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._vantar: list[_Vantande] = []
        self._skriver: asyncio.Task[None] | None = None

    @rule("R-SEK-3", source="SoLPuL (2001:454) 10 §", consequence="compute")
    async def anteckna(self, sammanhang: Sammanhang, lasning: Lasning) -> None:
        """Varje läsning av personuppgifter antecknas med vem, vad, när och varför.

        Returns when the record is committed; :class:`Unavailable` when it cannot be.
        """
        antecknad: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._vantar.append((sammanhang, lasning, antecknad))
        if self._skriver is None or self._skriver.done():
            self._skriver = asyncio.create_task(self._skriv())
        await antecknad

    async def _skriv(self) -> None:
        """Add what waits; what comes meanwhile is the next group."""
        while self._vantar:
            grupp, self._vantar = self._vantar[:GRUPP], self._vantar[GRUPP:]
            await self._lagra(grupp)

    async def _lagra(self, grupp: Sequence[_Vantande]) -> None:
        """One transaction; where it fails, one for each, so that a fault is one caller's own."""
        # Every process takes the kommuner's rows in the same order, so that none waits in a ring.
        grupp = sorted(grupp, key=lambda post: post[0].kommunkod)
        try:
            async with self._reader.appending({post[0].kommunkod for post in grupp}) as connection:
                await connection.execute(_INSERT, _kolumner(grupp))
        except Exception as fel:  # whoever waits must have an answer
            if len(grupp) > 1 and not isinstance(fel, Unavailable):
                for post in grupp:
                    await self._lagra([post])
                return
            for _, _, antecknad in grupp:
                if not antecknad.done():
                    antecknad.set_exception(fel)
            return
        for _, _, antecknad in grupp:
            if not antecknad.done():
                antecknad.set_result(None)


_INSERT = """
INSERT INTO atkomstlogg
    (kommunkod, aktor, korrelation, vad, klient, varfor, arbetsenhet, nodlage, anmarkningar, urval)
SELECT kommunkod, aktor, korrelation, vad, klient, varfor, arbetsenhet, nodlage,
    string_to_array(anmarkningar, ','), urval
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[],
    %s::boolean[], %s::text[], %s::text[]) WITH ORDINALITY AS rad
    (kommunkod, aktor, korrelation, vad, klient, varfor, arbetsenhet, nodlage, anmarkningar, urval,
    ordning)
ORDER BY ordning
"""


def _kolumner(grupp: Sequence[_Vantande]) -> list[list[object]]:
    rader = [
        (
            sammanhang.kommunkod,
            sammanhang.aktor,
            sammanhang.korrelation,
            lasning.vad.value,
            lasning.klient,
            lasning.varfor,
            lasning.arbetsenhet,
            lasning.nodlage,
            ",".join(lasning.anmarkningar),
            lasning.urval,
        )
        for sammanhang, lasning, _ in grupp
    ]
    return [list(kolumn) for kolumn in zip(*rader, strict=True)]
