"""Routes of the yearly list of children in familjehem: read, given to IVO (R-KLO-8)."""

import asyncio
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from contracts.ord import Kon, Regi
from services.chassis.calendar import day_of
from services.chassis.http.commands import Anrop, Kvitto, receipt, sammanhang_of
from services.chassis.http.forms import Form
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.placering.api.beslutsformer import Makulering
from services.placering.api.lasning import atkomstlogg
from services.placering.api.roller import BESLUTA, LASA_PERSON
from services.placering.domain.atkomst import Lasskal, Last
from services.placering.domain.familjehemslista import (
    Familjehemslista,
    lamnas_senast,
    listans_dag,
)
from services.placering.views.atkomst import Lasning
from services.placering.views.familjehemsbarn import familjehemsbarn

router = service_router("bevakningar")
FORSTA_AR, SISTA_AR = 1901, 2199


class Lamnad(Form):
    """The year's list was given to IVO."""

    ar: Annotated[
        int,
        Field(strict=True, ge=FORSTA_AR, le=SISTA_AR, description="Året då den ska lämnas."),
    ]
    datum: Annotated[date, Field(description="Dagen då den lämnades.", examples=["2026-01-29"])]


class BarnUt(BaseModel):
    """A child in a familjehem."""

    model_config = ConfigDict(from_attributes=True)

    klient: UUID
    kon: Kon
    fodelsemanad: str | None
    placering: UUID
    regi: Regi
    natverk: bool
    hem: UUID | None
    enhet: UUID | None
    leverantor: str | None
    fran: date


class FamiljehemslistaUt(BaseModel):
    """A year's list."""

    ar: int
    per: Annotated[date, Field(description="Dagen vars placeringar listan visar.")]
    forfaller: Annotated[date, Field(description="Sista dagen att lämna den till IVO.")]
    id: Annotated[UUID | None, Field(description="Anteckningens id, när den är lämnad.")]
    version: int | None
    lamnad: date | None
    forsenad: bool
    skyddade: Annotated[
        int, Field(description="Barn med skyddade personuppgifter; de står inte i listan.")
    ]
    poster: list[BarnUt]


@router.get(
    "/bevakningar/familjehemsbarn",
    response_model=FamiljehemslistaUt,
    summary="Lista barn i familjehem för IVO",
    **roles(*LASA_PERSON),
)
async def lista(
    request: Request,
    tjanst: Tjanst,
    anropare: Anropare,
    ar: Annotated[
        int | None,
        Query(ge=FORSTA_AR, le=SISTA_AR, description="Året då listan ska lämnas; i år."),
    ] = None,
) -> FamiljehemslistaUt:
    """Barnen den 31 december året före. Den ska lämnas senast den 31 januari (R-KLO-8)."""
    idag = day_of(datetime.now(UTC))
    aret = ar or idag.year
    id = Familjehemslista.id_for(anropare.rackvidd.kommunkod, aret)
    async with tjanst.reader.reading(anropare.rackvidd) as connection:
        barn = await familjehemsbarn(connection, tjanst.reader, tjanst.keyring, listans_dag(aret))
        sagt = (await tjanst.reader.aggregates(connection, Familjehemslista, [id])).get(id)
    await asyncio.gather(
        *(
            atkomstlogg(tjanst).anteckna(
                sammanhang_of(request), Lasning.om(Last.FODELSEDATUM, last, Lasskal.UPPFOLJNING)
            )
            for last in barn.lasta
        )
    )
    lamnad = None if sagt is None else sagt.lamnad
    return FamiljehemslistaUt(
        ar=aret,
        per=listans_dag(aret),
        forfaller=lamnas_senast(aret),
        id=None if sagt is None else sagt.id,
        version=None if sagt is None else sagt.version,
        lamnad=lamnad,
        forsenad=lamnad is None and idag > lamnas_senast(aret),
        skyddade=barn.skyddade,
        poster=[BarnUt.model_validate(rad) for rad in barn.rader],
    )


@router.post(
    "/familjehemslistor",
    status_code=201,
    response_model=Kvitto,
    summary="Anteckna att listan över barn i familjehem lämnats till IVO",
    **roles(*BESLUTA),
)
async def lamna(call: Anrop, form: Lamnad) -> JSONResponse:
    """En gång per år, av den som arbetar för hela kommunen."""
    idag = day_of(datetime.now(UTC))
    answer = await call.execute(
        lambda app: app.lamna_familjehemslista(call.sammanhang, idag=idag, **form.model_dump())
    )
    return receipt(answer)


@router.post(
    "/familjehemslistor/{id}/makulering",
    response_model=Kvitto,
    summary="Makulera anteckningen om att listan lämnats",
    **roles(*BESLUTA),
)
async def makulera(call: Anrop, id: UUID, form: Makulering) -> JSONResponse:
    """Listan var inte lämnad: den ska lämnas."""
    answer = await call.execute(
        lambda app: app.makulera_familjehemslista(call.sammanhang, id, skal=form.skal), changes=id
    )
    return receipt(answer)
