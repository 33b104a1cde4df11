"""Routes of units and their list prices."""

from uuid import UUID, uuid4

from starlette.responses import JSONResponse

from services.chassis.http import resources
from services.chassis.http.commands import Anrop, Kvitto, receipt
from services.chassis.http.paging import PAGE, Antal, Markor
from services.chassis.http.routes import roles, service_router
from services.chassis.http.service import Anropare, Tjanst
from services.leverantor.api.roller import ANDRA, LASA
from services.leverantor.api.scheman import EnhetUt, NyEnhet, NyttPris
from services.leverantor.domain.enhet import Enhet
from services.leverantor.domain.handelser import EnhetRegistrerad

router = service_router("enheter")


@router.post(
    "/enheter",
    status_code=201,
    response_model=Kvitto,
    summary="Registrera en enhet",
    **roles(*ANDRA),
)
async def registrera(call: Anrop, form: NyEnhet) -> JSONResponse:
    """Enheten hör till en leverantör i registret."""
    id = uuid4()
    answer = await call.execute(
        lambda app: app.registrera_enhet(call.sammanhang, id, **form.model_dump())
    )
    return receipt(answer)


@router.post(
    "/enheter/{id}/priser",
    response_model=Kvitto,
    summary="Sätt grunddygnspris",
    **roles(*ANDRA),
)
async def satt_pris(call: Anrop, id: UUID, form: NyttPris) -> JSONResponse:
    """Priset gäller från dagen tills nästa pris tar vid; samma dag igen ersätter."""
    answer = await call.execute(
        lambda app: app.satt_grunddygnspris(call.sammanhang, id, **form.model_dump()), changes=id
    )
    return receipt(answer)


@router.get(
    "/enheter", response_model=resources.Sida[EnhetUt], summary="Lista enheter", **roles(*LASA)
)
async def lista(
    tjanst: Tjanst, anropare: Anropare, markor: Markor = None, antal: Antal = PAGE
) -> resources.Sida[EnhetUt]:
    """I den ordning de registrerades."""
    return await resources.page(
        tjanst,
        anropare,
        Enhet,
        EnhetRegistrerad.TOPIC,
        EnhetUt.model_validate,
        markor,
        antal,
    )


@router.get("/enheter/{id}", response_model=EnhetUt, summary="Läs en enhet", **roles(*LASA))
async def las(tjanst: Tjanst, anropare: Anropare, id: UUID) -> JSONResponse:
    """Som den är nu, med version (ETag)."""
    return await resources.one(tjanst, anropare, Enhet, id, EnhetUt.model_validate)
