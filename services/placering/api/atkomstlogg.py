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
from services.placering.domain.atkomst import Last
from services.placering.views.atkomst import Lasning
from services.placering.views.logglasning import Urval, rader

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


@router.get(
    "/atkomstlogg",
    response_model=Sida[Loggrad],
    summary="Sök i åtkomstloggen",
    **roles(*GRANSKA_LOGGEN),
)
async def sok(
    request: Request,
    tjanst: Tjanst,
    anropare: Anropare,
    urval: Annotated[Urval, Depends(_urval)],
    skal: Skal = None,
    markor: Markor = None,
    antal: Antal = PAGE,
) -> Sida[Loggrad]:
    """De nyaste först. Också sökningen antecknas i loggen, innan svaret lämnas."""
    fore = _fore(markor)
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        funna = await rader(connection, anropare.rackvidd, urval, fore, antal + 1)
    await atkomstlogg(tjanst).anteckna(
        sammanhang_of(request),
        Lasning(
            Last.LOGGEN,
            klient=urval.klient,
            varfor=None if skal is None else skal.value,
            urval=urval.som_text(),
        ),
    )
    visade = funna[:antal]
    return Sida(
        poster=[Loggrad.model_validate(rad) for rad in visade],
        nasta=paging.cursor(str(visade[-1]["nr"])) if len(funna) > antal else None,
    )


def _fore(markor: str | None) -> int | None:
    nyckel = paging.key_of(markor)
    if not nyckel:
        return None
    if not nyckel.isdecimal() or int(nyckel) > _STORSTA_NR:
        raise paging.invalid()
    return int(nyckel)
