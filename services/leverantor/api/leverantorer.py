"""Routes of suppliers: register, correct, stop and allow call-offs, read.

Guarantees that only the avtalscontroller (or a system) changes the register.
"""

from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.http import resources
from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.leverantor.api.roller import ANDRA, LASA
from services.leverantor.api.scheman import (
    LeverantorUt,
    NyLeverantor,
    NyttAvropsstopp,
    RattadLeverantor,
)
from services.leverantor.domain.handelser import LeverantorRegistrerad
from services.leverantor.domain.leverantor import Leverantor

router = service_router("leverantörer")


@router.post(
    "/leverantorer",
    status_code=201,
    response_model=Kvitto,
    summary="Registrera en leverantör",
    **roles(*ANDRA),
)
async def registrera(call: Anrop, form: NyLeverantor) -> JSONResponse:
    """Leverantören känns igen på organisationsnumret (R-LEV-3)."""
    id = uuid4()
    answer = await call.execute(
        lambda app: app.registrera_leverantor(call.sammanhang, id, **form.model_dump())
    )
    return receipt(answer)


@router.post(
    "/leverantorer/{id}/rattelse",
    response_model=Kvitto,
    summary="Rätta en leverantörs uppgifter",
    **roles(*ANDRA),
)
async def ratta(call: Anrop, id: UUID, form: RattadLeverantor) -> JSONResponse:
    """Uppgifterna anges som de ska vara; det gamla finns kvar i historiken."""
    answer = await call.execute(
        lambda app: app.ratta_leverantor(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.post(
    "/leverantorer/{id}/avropsstopp",
    response_model=Kvitto,
    summary="Sätt avropsstopp",
    **roles(*ANDRA),
)
async def satt_avropsstopp(call: Anrop, id: UUID, form: NyttAvropsstopp) -> JSONResponse:
    """Inga nya placeringar hos leverantören från och med dagen (R-PLA-4)."""
    answer = await call.execute(
        lambda app: app.satt_avropsstopp(call.sammanhang, id, fran=form.fran), changes=id
    )
    return receipt(answer)


@router.post(
    "/leverantorer/{id}/avropsstopp/havning",
    response_model=Kvitto,
    summary="Häv avropsstopp",
    **roles(*ANDRA),
)
async def hav_avropsstopp(call: Anrop, id: UUID, form: NyttAvropsstopp) -> JSONResponse:
    """Placeringar hos leverantören går igen från och med dagen."""
    answer = await call.execute(
        lambda app: app.hav_avropsstopp(call.sammanhang, id, fran=form.fran), changes=id
    )
    return receipt(answer)


@router.get(
    "/leverantorer",
    response_model=resources.Sida[LeverantorUt],
    summary="Lista leverantörer",
    **roles(*LASA),
)
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[LeverantorUt]:
    """I den ordning de registrerades."""
    return await resources.page(
        tjanst,
        anropare,
        Leverantor,
        LeverantorRegistrerad.TOPIC,
        LeverantorUt.model_validate,
        markor,
        antal,
    )


@router.get(
    "/leverantorer/{id}",
    response_model=LeverantorUt,
    summary="Läs en leverantör",
    **roles(*LASA),
)
async def las(tjanst: Tjanst, anropare: Anropare, id: UUID) -> JSONResponse:
    """Som den är nu, med version (ETag)."""
    return await resources.one(tjanst, anropare, Leverantor, id, LeverantorUt.model_validate)
