"""What the routes that read about one person share: who may, why, and the record of it (R-SEK-3).

Guarantees that such a read is bounded and recorded alike wherever it is made: a route gives
:meth:`Insyn.grans` to the frame as its bound, and calls :meth:`Insyn.anteckna` before it answers.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from starlette.requests import Request

from services.chassis.aggregate import Aggregat
from services.chassis.auth.roles import Identity
from services.chassis.context import Rackvidd, Sammanhang
from services.chassis.http.commands import sammanhang_of
from services.chassis.http.service import Anropare, Service, Tjanst
from services.chassis.rules import Breach
from services.chassis.store.reader import Reader, Rows
from services.placering.api.roller import BRYTA_GLASET
from services.placering.domain.atkomst import Lasskal, Last, Nodskal, anmarkningar, nodlasning
from services.placering.domain.klient import Klient
from services.placering.views.atkomst import Atkomstlogg, Lasning
from services.placering.views.personuppgifter import las_namn
from services.placering.views.rackvidd import klienter_bakom, utom_rackhall

Skal = Annotated[
    Lasskal | None, Query(description="Varför uppgifterna läses: skrivs i åtkomstloggen.")
]
Nod = Annotated[
    Nodskal | None,
    Query(
        description="Varför någon som hör till en annan arbetsenhet ändå måste läsas (nödläsning):"
        " skrivs i åtkomstloggen och visas för enhetschefen."
    ),
]


def atkomstlogg(tjanst: Service) -> Atkomstlogg:
    """The log of the running service."""
    logg = tjanst.extras["atkomstlogg"]
    assert isinstance(logg, Atkomstlogg)
    return logg


class Insyn:
    """One call's look at one person: whether it is let through, and what is recorded of it."""

    def __init__(
        self,
        tjanst: Service,
        anropare: Identity,
        sammanhang: Sammanhang,
        skal: Lasskal | None,
        nodskal: Nodskal | None,
    ) -> None:
        self._tjanst = tjanst
        self._anropare = anropare
        self._sammanhang = sammanhang
        self._skal = skal
        self._nodskal = nodskal
        self._klient: Klient | None = None
        self._namn: str | None = None
        self._utom = False
        self._nodlage = False

    async def grans(
        self, reader: Reader, connection: Rows, rackvidd: Rackvidd, saker: Sequence[Aggregat]
    ) -> Mapping[UUID, Breach]:
        """The bound of a read of one thing: why it may not be seen, broken glass considered."""
        [sak] = saker
        self._klient = (await klienter_bakom(reader, connection, saker))[sak.id]
        if self._anropare.efternamn is not None:
            self._namn = await las_namn(connection, self._tjanst.keyring, self._klient)
        utom = (await utom_rackhall(reader, connection, rackvidd, saker)).get(sak.id)
        far = bool(self._anropare.roller.intersection(BRYTA_GLASET))
        brott = nodlasning(utom, self._nodskal, far=far)
        self._utom = utom is not None
        self._nodlage = self._utom and brott is None
        return {} if brott is None else {sak.id: brott}

    async def anteckna(self, vad: Last) -> None:
        """Record it, as a look that found nobody where none was bounded."""
        klient = self._klient
        skal = self._nodskal if self._nodlage else self._skal
        await atkomstlogg(self._tjanst).anteckna(
            self._sammanhang,
            Lasning(
                vad,
                klient=None if klient is None else klient.id,
                varfor=None if skal is None else skal.value,
                arbetsenhet=None if klient is None else klient.arbetsenhet,
                nodlage=self._nodlage,
                anmarkningar=anmarkningar(
                    utom=self._utom,
                    skyddad=klient is not None and klient.skyddad,
                    lasarens_efternamn=self._anropare.efternamn,
                    namn=self._namn,
                ),
            ),
        )


def _insyn(
    request: Request, tjanst: Tjanst, anropare: Anropare, skal: Skal = None, nodskal: Nod = None
) -> Insyn:
    return Insyn(tjanst, anropare, sammanhang_of(request), skal, nodskal)


EnInsyn = Annotated[Insyn, Depends(_insyn)]
"""Parameter of every route that reads about one person."""
