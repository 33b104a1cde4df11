"""Routes of the access log, for systematic checks (R-SEK-3). A search of it leaves a record too."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from services.chassis.http import paging
from services.chassis.http.commands import sammanhang_of
from services.chassis.http.forms import QueryDate
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.resources import Sida
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.placering.api.faltslag import ENRADIG
from services.placering.api.lasning import Skal, atkomstlogg
from services.placering.api.roller import GRANSKA_LOGGEN
from services.placering.domain.atkomst import Anmarkning, Last
from services.placering.views.atkomst import Lasning
from services.placering.views.logglasning import Bara, Urval, rader

router = service_router("åtkomstlogg")
_STORSTA_NR = 2**63 - 1


class Loggrad(BaseModel):
    """Who read what, when and why."""

    model_config = ConfigDict(from_attributes=True)

    nr: Annotated[int, Field(description="Löpnummer i kommunens logg, utan luckor.")]
    tid: datetime
    aktor: Annotated[str, Field(description="Den som läste, som i sin token.")]
    klient: Annotated[UUID | None, Field(description="Saknas: sökningen gav ingen träff.")]
    vad: str
    varfor: str | None
    arbetsenhet: Annotated[str | None, Field(description="Personens arbetsenhet vid läsningen.")]
    nodlage: Annotated[bool, Field(description="Läsningen gjordes med ett nödskäl.")]
    anmarkningar: list[Anmarkning]
    urval: Annotated[str | None, Field(description="Vad en sökning i loggen gällde.")]
    korrelation: Annotated[str, Field(description="Anropet som läsningen gjordes med.")]


def _urval(
    klient: Annotated[UUID | None, Query(description="Personen som läsningarna gäller.")] = None,
    aktor: Annotated[
        str | None,
        Query(description="Den som läste.", max_length=200, pattern=ENRADIG),
    ] = None,
    fran: Annotated[QueryDate, Query(description="Periodens första dag.")] = None,
    till: Annotated[QueryDate, Query(description="Periodens sista dag.")] = None,
) -> Urval:
    return Urval(klient, aktor, fran, till)


class Fraga:
    """A search of the log: what it asks for, why, and which page."""

    def __init__(
        self,
        request: Request,
        tjanst: Tjanst,
        anropare: Anropare,
        urval: Annotated[Urval, Depends(_urval)],
        skal: Skal = None,
        markor: Markor = None,
        antal: Antal = PAGE,
    ) -> None:
        self._tjanst = tjanst
        self._rackvidd = anropare.rackvidd
        self._sammanhang = sammanhang_of(request)
        self._urval = urval
        self._skal = skal
        self._fore = _fore(markor)
        self._antal = antal

    async def svar(self, bara: Bara | None) -> Sida[Loggrad]:
        """The page, when the search has been recorded."""
        async with self._tjanst.reader.reading(self._rackvidd) as connection:
            funna = await rader(
                connection,
                self._rackvidd,
                self._urval,
                bara=bara,
                fore=self._fore,
                antal=self._antal + 1,
            )
        vad = [*([] if bara is None else [bara.name.lower()]), self._urval.som_text()]
        await atkomstlogg(self._tjanst).anteckna(
            self._sammanhang,
            Lasning(
                Last.LOGGEN,
                klient=self._urval.klient,
                varfor=None if self._skal is None else self._skal.value,
                urval=" ".join(filter(None, vad)) or None,
            ),
        )
        visade = funna[: self._antal]
        return Sida(
            poster=[Loggrad.model_validate(rad) for rad in visade],
            nasta=paging.cursor(str(visade[-1]["nr"])) if len(funna) > self._antal else None,
        )


EnFraga = Annotated[Fraga, Depends(Fraga)]


@router.get(
    "/atkomstlogg",
    response_model=Sida[Loggrad],
    summary="Sök i åtkomstloggen",
    **roles(*GRANSKA_LOGGEN),
)
async def sok(fraga: EnFraga) -> Sida[Loggrad]:
    """De nyaste först. Också sökningen antecknas i loggen, innan svaret lämnas."""
    return await fraga.svar(None)


@router.get(
    "/atkomstlogg/nodlasningar",
    response_model=Sida[Loggrad],
    summary="Lista nödläsningar",
    **roles(*GRANSKA_LOGGEN),
)
async def nodlasningar(fraga: EnFraga) -> Sida[Loggrad]:
    """Läsningar av personer utanför läsarens arbetsenheter, som gjorts med ett nödskäl."""
    return await fraga.svar(Bara.NODLASNINGAR)


@router.get(
    "/atkomstlogg/kontroll",
    response_model=Sida[Loggrad],
    summary="Lista läsningar att kontrollera",
    **roles(*GRANSKA_LOGGEN),
)
async def kontroll(fraga: EnFraga) -> Sida[Loggrad]:
    """Ovanliga läsningar: eget efternamn, skyddade uppgifter, utanför läsarens arbetsenheter."""
    return await fraga.svar(Bara.KONTROLL)


def _fore(markor: str | None) -> int | None:
    nyckel = paging.key_of(markor)
    if not nyckel:
        return None
    if not nyckel.isdecimal() or int(nyckel) > _STORSTA_NR:
        raise paging.invalid()
    return int(nyckel)
