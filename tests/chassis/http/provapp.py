"""A service of nothing but one kind of thing, over HTTP: the frame without any field of work.

It lives on the database of the service leverantor, of which it uses nothing but the store.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from services.chassis.auth.roles import Roll
from services.chassis.http import resources
from services.chassis.http.app import create_app
from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.forms import Form, Ore
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Service, Tjanst
from services.chassis.rules import Breach, Refused
from services.chassis.settings import ServiceSettings
from services.chassis.store.decision import Done
from services.chassis.store.errors import Contended
from tests.chassis.store.provsak import Provapplikation, Sak, SakBorjad

ANDRA = Roll.EKONOM
LASA = Roll.REVISOR
HEMLIG = "Åsa-Hemlig-19121212"
"""Stands in bodies and queries, and may stand nowhere else."""

router = service_router("prov")


class NySak(Form):
    varde: Annotated[int, Field(strict=True, ge=0)]
    text: Annotated[str, Field(max_length=500_000)] = ""
    dag: date | None = None
    pris_ore: Ore | None = None


class AndradSak(Form):
    varde: int


class SakUt(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    varde: int


@router.post("/saker", status_code=201, response_model=Kvitto, **roles(ANDRA))
async def borja(call: Anrop, form: NySak) -> JSONResponse:
    id = uuid4()
    return receipt(
        await call.execute(
            lambda app: app.borja(call.sammanhang, id, varde=form.varde, text=form.text)
        )
    )


@router.post("/saker/{id}/andring", response_model=Kvitto, **roles(ANDRA))
async def andra(call: Anrop, id: UUID, form: AndradSak) -> JSONResponse:
    return receipt(
        await call.execute(lambda app: app.andra(call.sammanhang, id, varde=form.varde), changes=id)
    )


def _vagra(_: Any) -> Done:
    raise Refused(
        Breach("R-PRO-1", "/varde", "Värdet är för stort."), Breach(None, "/text", "Texten är fel.")
    )


def _samtidig(_: Any) -> Done:
    raise Contended


def _trasig(_: Any) -> Done:
    raise RuntimeError(HEMLIG)


@router.post("/vagra", **roles(ANDRA))
async def vagra(call: Anrop) -> JSONResponse:
    return receipt(await call.execute(_vagra))


@router.post("/samtidig", **roles(ANDRA))
async def samtidig(call: Anrop) -> JSONResponse:
    return receipt(await call.execute(_samtidig))


@router.post("/trasig", **roles(ANDRA))
async def trasig(call: Anrop) -> JSONResponse:
    return receipt(await call.execute(_trasig))


@router.get("/saker", response_model=resources.Sida[SakUt], **roles(ANDRA, LASA))
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[SakUt]:
    return await resources.page(
        tjanst, anropare, Sak, SakBorjad.TOPIC, SakUt.model_validate, markor, antal
    )


@router.get("/saker/{id}", response_model=SakUt, **roles(ANDRA, LASA))
async def las(tjanst: Tjanst, anropare: Anropare, id: UUID) -> JSONResponse:
    return await resources.one(tjanst, anropare, Sak, id, SakUt.model_validate)


def provapp(settings: ServiceSettings) -> FastAPI:
    return create_app(
        name="prov",
        title="Prov",
        description="Prov",
        settings=settings,
        application=lambda recorder, valda, _: Provapplikation(
            recorder, event_max_bytes=valda.event_max_bytes
        ),
        routers=[router],
    )


def provapp_med_krav(*svar: str | None) -> Any:
    """The same, with readiness checks that answer this."""

    def fabrik(settings: ServiceSettings) -> FastAPI:
        def forbered(service: Service) -> None:
            for ett in svar:

                async def krav(ett: str | None = ett) -> str | None:
                    return ett

                service.checks.append(krav)

        return create_app(
            name="prov",
            title="Prov",
            description="Prov",
            settings=settings,
            application=lambda recorder, _valda, _: Provapplikation(recorder),
            routers=[],
            prepare=forbered,
        )

    return fabrik
